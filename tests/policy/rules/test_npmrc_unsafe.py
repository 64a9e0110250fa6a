"""What an .npmrc may hold and what not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lockward.memory import MemoryTree
from lockward.policy import Policy
from lockward.rules import npmrc_unsafe
from tests.support.npmrc import generate

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lockward.findings import Finding

TOKEN = "npm_1234567890abcdefghij"
PIN = "@acme:registry=https://npm.acme.test/\n"
NAMED = Policy(hosts=("npm.acme.test",))


def judge(
    text: str | bytes, policy: Policy | None = None, files: Mapping[str, str] | None = None
) -> list[Finding]:
    tree = MemoryTree({".npmrc": text, **(files or {})})
    return list(npmrc_unsafe.check(".npmrc", tree, policy or Policy()))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # Programs and code
        pytest.param("git=./evilgit", "npm runs this in place of git", id="git"),
        pytest.param("script-shell=./s.sh", "runs every script", id="script-shell"),
        pytest.param("script-shell=bash", "runs every script", id="a bare shell: .bin shadows it"),
        pytest.param("shell=./s.sh", "npm explore", id="shell"),
        pytest.param("node-options=--require ./r.js", "can load code", id="node-options"),
        pytest.param("node-options=--max-old-space-size=1 -r ./r", "can load", id="among harmless"),
        pytest.param("node-options=${OPTIONS}", "can load code", id="node-options from outside"),
        pytest.param("node-gyp=./g.js", "in place of node-gyp", id="node-gyp"),
        pytest.param("editor=./e", "npm edit", id="editor"),
        pytest.param("viewer=./v", "npm help", id="viewer"),
        pytest.param("browser=./b", "opens pages", id="browser"),
        pytest.param("init-module=./i.js", "npm init", id="init-module"),
        pytest.param("init.module=./i.js", "npm init", id="its older name"),
        pytest.param(
            "//npm.acme.test/:tokenHelper=./t", "pnpm runs this", id="a registry's tokenHelper"
        ),
        pytest.param("tokenHelper=./t", "pnpm runs this", id="tokenHelper"),
        # Other settings, other places
        pytest.param("globalconfig=./x", "another settings file", id="globalconfig"),
        pytest.param("userconfig=./x", "another settings file", id="userconfig"),
        pytest.param("global=true", "not the project", id="global"),
        pytest.param("location=global", "not the project", id="location"),
        pytest.param("scope=@e", "names without a scope", id="scope"),
        pytest.param("registry=http://npm.acme.test/", "without encryption", id="http registry"),
        pytest.param("@a:registry=http://npm.acme.test/", "without enc", id="http scope registry"),
        pytest.param("registry=https://e.test/${S}/", "environment", id="a secret in the path"),
        pytest.param("registry=https:\\\\e.test", "no URL", id="backslashes"),
        pytest.param("registry[]=https://e.test\nregistry[]=http://e.test", "without", id="a list"),
        pytest.param("user-agent=x ${NPM_TOKEN}", "to every registry", id="a leak by user-agent"),
        # Protections
        pytest.param("strict-ssl=false", "any certificate", id="strict-ssl"),
        pytest.param("strict-ssl=${X?}", "any certificate", id="empty is false here"),
        pytest.param("package-lock=false", "neither reads nor writes", id="package-lock"),
        pytest.param("package-lock=0", "neither reads nor writes", id="0"),
        pytest.param("shrinkwrap=false", "neither reads nor writes", id="its older name"),
        pytest.param("allow-git=all", "any git repository", id="allow-git"),
        pytest.param("allow-remote=all", "any URL", id="allow-remote"),
        pytest.param("dangerously-allow-all-scripts", "all packages run", id="a bare key is true"),
        pytest.param("ignore-scripts=0", "install scripts run", id="ignore-scripts=0"),
        pytest.param(
            "ignore-scripts=${X?}", "depends on the env", id="ignore-scripts from outside"
        ),
        pytest.param("ignore_scripts=true", "it is ignore-scripts", id="an underscore"),
        pytest.param("Ignore-Scripts=true", "it is ignore-scripts", id="capitals"),
        pytest.param("strictSSL=true", "it is strict-ssl", id="camel case"),
        pytest.param("[npm]\nignore-scripts=true", "nothing below", id="a section"),
        pytest.param("ignore-scripts=true\n[ignore-scripts.x]", "taken away", id="rewritten"),
        pytest.param("ignore-scripts=true\u2028", "skips this line", id="a line separator"),
        pytest.param("'null'=1", "cannot read this line", id="npm stops with a TypeError"),
        # Evasions
        pytest.param("reg${NOPE?}istry=http://e.test", "without enc", id="a variable in the key"),
        pytest.param("${K}=./evil", "decides which setting", id="a key from outside"),
        pytest.param('"\\u0067it"=./evil', "in place of git", id="JSON escapes"),
        pytest.param("'[\"git\"]'=./evil", "in place of git", id="a JSON list for a key"),
        pytest.param("\ufeffgit=./evil", "in place of git", id="a byte order mark"),
        pytest.param("\u00a0git=./evil", "in place of git", id="a no-break space"),
        pytest.param("fund=false\rgit=./evil", "in place of git", id="a lone CR"),
        pytest.param("git[]=./evil", "in place of git", id="an array"),
        pytest.param("git=ok\ngit=./evil", "git=./evil", id="the last one counts"),
    ],
)
def test_refused(text: str, expected: str) -> None:
    found = judge(text)
    assert [finding for finding in found if finding.severity == "error"]
    assert any(expected in finding.message for finding in found), [f.message for f in found]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="an empty file"),
        pytest.param(PIN + "//npm.acme.test/:_authToken=${NPM_TOKEN}", id="the recommended one"),
        pytest.param("registry=https://npm.acme.test/", id="a private registry"),
        pytest.param("node-options=--max-old-space-size=4096 --no-warnings", id="harmless options"),
        pytest.param("node-options=", id="no options"),
        pytest.param("engine-strict=true\nsave-exact=true\nfund=false", id="taste"),
        pytest.param("legacy-peer-deps=true\naudit=false", id="more taste"),
        pytest.param("strict-ssl=true\npackage-lock\nignore-scripts=true", id="protections"),
        pytest.param("allow-git=none\nallow-remote=root", id="narrower than the default"),
        pytest.param("min-release-age=7", id="a wait"),
        pytest.param("git=./evil\ngit=", id="taken back by a later line"),
        pytest.param("; git=./evil", id="a comment"),
        pytest.param("browser=false\nviewer=man\nproxy=null", id="values that name nothing"),
        pytest.param("cache=.npm", id="a cache folder that nobody committed"),
        pytest.param("; //npm.acme.test/:_authToken=<your token>", id="a placeholder"),
        pytest.param("//npm.acme.test/:_authToken=", id="no token"),
        pytest.param("https-proxy=\nca=", id="empty values"),
        pytest.param("replace-registry-host=never", id="the lockfile's own hosts"),
        pytest.param("[]", id="a section's header with nothing below"),
    ],
)
def test_passes(text: str) -> None:
    assert judge(text) == []


@pytest.mark.parametrize(
    ("text", "severity"),
    [
        pytest.param("ignore-scripts=false", "warning", id="scripts run, plainly written"),
        pytest.param("cafile=./ca.pem", "warning", id="an authority of the company's"),
        pytest.param("https-proxy=http://proxy.acme.test:3128", "warning", id="a proxy"),
        pytest.param("replace-registry-host=always", "warning", id="hosts replaced"),
        pytest.param("prefix=./x", "warning", id="a prefix"),
        pytest.param("force=true", "warning", id="force"),
        pytest.param("before=2099-01-01", "warning", id="a date in place of the wait"),
        pytest.param("min-release-age=0", "warning", id="no wait"),
        pytest.param("min-release-age=7d", "warning", id="a wait that npm drops"),
        pytest.param("allow-file=all", "warning", id="a default of npm's, made firm"),
        pytest.param("_authToken=${T}", "warning", id="a token for no registry"),
        pytest.param("//npm.acme.test/:_authToken=$T", "warning", id="a shell's variable"),
        pytest.param("//npm.acme.test/:_authToken=${T}", "warning", id="a host nobody vouches for"),
        pytest.param("//${HOST}/:_authToken=${T}", "warning", id="a host from outside"),
        pytest.param("[x]\ncolor=false", "warning", id="a section with nothing that matters"),
        pytest.param("omit-lockfile-registry-resolved=true", "note", id="no resolved"),
        pytest.param("allow-scripts[]=esbuild", "note", id="a script that may run"),
        pytest.param("noproxy=npm.acme.test", "note", id="noproxy"),
    ],
)
def test_lesser_findings(text: str, severity: str) -> None:
    assert [finding.severity for finding in judge(text)] == [severity]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(f"//npm.acme.test/:_authToken={TOKEN}", id="a token"),
        pytest.param(f"//npm.acme.test/:_auth={TOKEN}", id="_auth"),
        pytest.param(f"//npm.acme.test/:username=u\n//npm.acme.test/:_password={TOKEN}", id="pw"),
        pytest.param(f"_authToken={TOKEN}", id="for no registry"),
        pytest.param(f"//npm.acme.test/:_AuthToken={TOKEN}", id="whatever its case"),
        pytest.param(f'"//npm.acme.test/:_auth\\u0054oken" = "{TOKEN}"', id="quoted"),
        pytest.param(f"'[\"//h.test/:_authToken\"]'='[\"{TOKEN}\"]'", id="JSON lists"),
        pytest.param(f"//h.test/:_authToken[]={TOKEN}", id="an array"),
        pytest.param(f"//${{X?}}h.test/:_auth${{X?}}Token={TOKEN}", id="variables in the key"),
        pytest.param(f"//h.test/:_authToken=${{T?}}{TOKEN}", id="a variable before it"),
        pytest.param(f"//h.test/:_authToken=${{T-{TOKEN}}}", id="a default"),
        pytest.param(f"//h.test/:_authToken=\\${{{TOKEN}}}", id="an escaped reference"),
        pytest.param(f"[old]\n//h.test/:_authToken={TOKEN}", id="below a section"),
        pytest.param(f"; //h.test/:_authToken={TOKEN}", id="in a comment"),
        pytest.param(f"//h.test/:_authToken={TOKEN}\n//h.test/:_authToken=${{T}}", id="overruled"),
        pytest.param(f"registry=https://me:{TOKEN}@h.test/", id="in a registry's URL"),
        pytest.param(f"registry=https://{TOKEN}@h.test/", id="as a user name"),
        pytest.param(f"https-proxy=http://me:{TOKEN}^@h.test:1/", id="in an odd URL"),
        pytest.param(f"key=-----BEGIN PRIVATE KEY-----\\n{TOKEN}", id="a private key"),
    ],
)
def test_a_secret_is_found_and_never_shown(text: str) -> None:
    found = judge(text)
    secrets = [finding for finding in found if "secret is written out" in finding.message]
    assert len(secrets) == 1
    assert secrets[0].severity == "error"
    shown = "".join(
        f"{f.message}{f.was}{f.now}{f.why}{f.subject}{f.row}{f.remedy}{f.pointer}" for f in found
    )
    assert TOKEN[4:] not in shown


def test_a_secret_is_told_by_its_beginning_and_length() -> None:
    [finding] = judge(f"{PIN}\n//npm.acme.test/:_authToken={TOKEN}\n")
    assert finding.line == 3
    assert finding.message == (
        "//npm.acme.test/:_authToken: a secret is written out (npm_..., 24 characters)"
    )
    revoke, command = finding.remedy
    assert revoke == "revoke it where it was made: the history keeps it"
    assert command == (
        "npm config set '//npm.acme.test/:_authToken=${NPM_TOKEN}' --location=project; "
        "git add .npmrc"
    )


def test_another_secret_is_another_finding() -> None:
    one, two = (judge(f"//h.test/:_authToken={token}") for token in ("abcdefghij", "abcdefghik"))
    assert one[0].twin() != two[0].twin()
    assert one[0].twin() == judge("# moved\n\n//h.test/:_authToken=abcdefghij")[0].twin()


@pytest.mark.parametrize(
    ("text", "fires"),
    [
        pytest.param("registry=https://npm.acme.test/", False, id="the host that it names"),
        pytest.param("registry=https://npm.evil.test/", True, id="another default"),
        pytest.param("@x:registry=https://npm.evil.test/", True, id="another scope"),
        pytest.param("//npm.evil.test/:_authToken=${T}", True, id="a token to another"),
        pytest.param("//npm.acme.test:8443/:_authToken=${T}", False, id="a token to its host"),
    ],
)
def test_a_policy_that_names_hosts(text: str, fires: bool) -> None:  # noqa: FBT001 - a column
    assert [finding.severity for finding in judge(text, NAMED)] == ["error"] * fires


def test_reviewed_packages_may_run_scripts() -> None:
    policy = Policy(reviewed=("esbuild",))
    assert judge("allow-scripts[]=esbuild", policy) == []
    assert len(judge("allow-scripts[]=esbuild\nallow-scripts[]=evil", policy)) == 1


def test_a_cache_that_is_committed() -> None:
    [finding] = judge("cache=./c", files={"c/_cacache/index-v5/00": "x"})
    assert (finding.severity, "committed" in finding.message) == ("error", True)


def test_another_settings_file_is_named_and_searched() -> None:
    other = f"registry=https://e.test\n//e.test/:_auth={TOKEN}"
    found = judge("userconfig=./ci/rc", files={"ci/rc": other})
    assert [(finding.path, finding.line) for finding in found] == [
        (".npmrc", 1),
        (".npmrc", 1),
        ("ci/rc", 2),
    ]
    assert "which sets registry, //e.test/:_auth" in found[1].message


def test_nested_files_are_judged_and_others_are_not() -> None:
    tree = MemoryTree({"a/.npmrc": "git=./x", "a/npmrc": "git=./x", "b/.NPMRC": "git=./x"})
    [nested] = npmrc_unsafe.check("a/.npmrc", tree, Policy())
    assert nested.remedy == (
        "npm config delete git --location=project --prefix a; git add a/.npmrc",
    )
    assert list(npmrc_unsafe.check("a/npmrc", tree, Policy())) == []
    assert len(list(npmrc_unsafe.check("b/.NPMRC", tree, Policy()))) == 1
    assert list(npmrc_unsafe.check("gone/.npmrc", tree, Policy())) == []


def test_links_and_huge_files() -> None:
    linked = MemoryTree({".npmrc": "/etc/npmrc"}, {".npmrc": "120000"})
    [link] = npmrc_unsafe.check(".npmrc", linked, Policy())
    assert (link.message, link.undecided) == (".npmrc is a symbolic link", False)
    [huge] = judge(b"a" * (1 << 21))
    assert huge.undecided


def test_a_file_of_nothing_but_findings_is_cut() -> None:
    found = judge("".join(f"'null'={number}\n" for number in range(500)))
    assert len(found) == npmrc_unsafe.MOST + 1
    assert "left out" in found[-1].message
    assert found[-1].severity == "error"


def test_a_comment_keeps_npm_from_writing_the_file() -> None:
    [finding] = judge("# ours\ngit=./x\n")
    assert finding.remedy == ("delete line 2 of .npmrc; git add .npmrc",)


@given(st.binary(max_size=300))
@settings(max_examples=150, deadline=None)
def test_any_bytes_are_judged(data: bytes) -> None:
    for finding in judge(data):
        assert finding.line <= data.count(b"\n") + 1
        assert "\n" not in finding.message or b'"' in data or b"'" in data


def test_thousands_of_evasions_are_judged() -> None:
    found = [finding for file in generate(2000, seed=7) for finding in judge(file)]
    assert len(found) > 2000
    assert all(finding.message and finding.remedy for finding in found)
