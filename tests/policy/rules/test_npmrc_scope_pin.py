"""npmrc-scope-pin."""

from __future__ import annotations

import json

import pytest

from lockward import engine
from lockward.memory import MemoryTree
from lockward.model import Change
from lockward.policy import Policy
from lockward.rules import npmrc_scope_pin
from tests.support import npm

ACME = Policy(scopes=("@acme",))
NAMED = Policy(scopes=("@acme",), registries={"@acme": "https://npm.acme.test/npm/"})
ONLY_NAMED = Policy(registries={"@acme": "https://npm.acme.test/npm/"})
OURS = "https://npm.acme.test"
APP: npm.Json = {"name": "app", "dependencies": {"@acme/ui": "^1.0.0", "a": "^1.0.0"}}
LOCKED = {
    "@acme/ui": npm.locked("@acme/ui", resolved=f"{OURS}/@acme/ui/-/ui-1.0.0.tgz"),
    "a": npm.locked("a"),
}


def findings(
    manifest: npm.Json,
    npmrc: str | None,
    policy: Policy,
    packages: npm.Json | None = None,
    more: dict[str, str | bytes] | None = None,
) -> list[tuple[str, int, str]]:
    contents = npm.files(manifest, packages or {}, more)
    contents.pop(".npmrc")
    if npmrc is not None:
        contents[".npmrc"] = npmrc
    if packages is None:
        contents.pop("package-lock.json")
    found = npmrc_scope_pin.check(npm.project(contents, policy), policy)
    return [(finding.path, finding.line, finding.message) for finding in found]


@pytest.mark.parametrize(
    ("npmrc", "policy", "path", "words"),
    [
        pytest.param(None, ACME, "package.json", "does not say where", id="no .npmrc"),
        pytest.param("registry=https://x.test", ACME, "package.json", "not say", id="no pin"),
        pytest.param(
            "[npm]\n@acme:registry=https://npm.acme.test/",
            ACME,
            "package.json",
            "line 2 of .npmrc is below a section",
            id="below a section",
        ),
        pytest.param(
            "@Acme:registry=https://npm.acme.test/",
            ACME,
            "package.json",
            "line 1 of .npmrc writes @Acme:registry",
            id="in another case",
        ),
        pytest.param(
            "@acme:registry=https://npm.acme.test/\n[@acme:registry]",
            ACME,
            "package.json",
            "does not say where",
            id="taken away by a section",
        ),
        pytest.param("; @acme:registry=https://npm.acme.test/", ACME, "package.json", "", id="off"),
        pytest.param("@acme:registry=http://npm.acme.test/", ACME, ".npmrc", "https", id="http"),
        pytest.param("@acme:registry=https://npmjs.com/", ACME, ".npmrc", "public", id="public"),
        pytest.param("@acme:registry=${R}", ACME, ".npmrc", "environment", id="from outside"),
        pytest.param("@acme:registry=", ACME, ".npmrc", "no URL", id="an empty one"),
        pytest.param("@acme:registry[]=https://a.test", ACME, ".npmrc", "a list", id="a list"),
        pytest.param(
            "@acme:registry=https://npm.acme.test/\n@acme:registry=https://npmjs.com/",
            ACME,
            ".npmrc",
            "public",
            id="the last one counts",
        ),
        pytest.param(
            "@acme:registry=https://npm.evil.test/npm/", NAMED, ".npmrc", "policy", id="other host"
        ),
        pytest.param(
            "@acme:registry=https://npm.acme.test/other/",
            NAMED,
            ".npmrc",
            "policy",
            id="other path",
        ),
        pytest.param(None, ONLY_NAMED, "package.json", "not say", id="only a registry declared"),
    ],
)
def test_refused(npmrc: str | None, policy: Policy, path: str, words: str) -> None:
    [(where, _, message)] = findings(APP, npmrc, policy)
    assert where == path
    assert message.startswith("@acme: ")
    assert words in message


@pytest.mark.parametrize(
    ("manifest", "npmrc", "policy"),
    [
        pytest.param(APP, "@acme:registry=https://npm.acme.test/", ACME, id="pinned"),
        pytest.param(APP, "@acme:registry=https://npm.acme.test/npm", NAMED, id="as named"),
        pytest.param(
            APP,
            "@acme:registry=https://NPM.acme.test:443/npm/ ; ours",
            NAMED,
            id="otherwise written",
        ),
        pytest.param({"name": "@acme/app"}, None, ACME, id="only the project's own name"),
        pytest.param({"dependencies": {"@acmeister/x": "1"}}, None, ACME, id="another scope"),
        pytest.param(APP, None, Policy(), id="no policy and no lockfile: nobody knows"),
    ],
)
def test_passes(manifest: npm.Json, npmrc: str | None, policy: Policy) -> None:
    assert findings(manifest, npmrc, policy) == []


@pytest.mark.parametrize(
    ("manifest", "line"),
    [
        pytest.param({"devDependencies": {"@acme/ui": "1"}}, 3, id="devDependencies"),
        pytest.param({"optionalDependencies": {"@acme/ui": "1"}}, 3, id="optionalDependencies"),
        pytest.param({"peerDependencies": {"@acme/ui": "1"}}, 3, id="peerDependencies"),
        pytest.param({"dependencies": {"ui": "npm:@acme/ui@1"}}, 3, id="an alias"),
        pytest.param({"overrides": {"a": {"@acme/ui": "1"}}}, 4, id="a nested override"),
        pytest.param({"overrides": {"a": "npm:@acme/ui@1"}}, 3, id="an override's alias"),
        pytest.param({"overrides": {"@acme/ui@^1": "2"}}, 3, id="an override's range"),
        pytest.param({"bundleDependencies": ["@acme/ui"]}, 2, id="a bundled name"),
        pytest.param({"resolutions": {"a/**/@acme/ui": "1"}}, 3, id="yarn's resolutions"),
        pytest.param({"pnpm": {"overrides": {"a>@acme/ui": "1"}}}, 4, id="pnpm's overrides"),
        pytest.param({"dependencies": {"@acme/ui": "workspace:*"}}, 3, id="a workspace"),
    ],
)
def test_every_place_is_a_use(manifest: npm.Json, line: int) -> None:
    [(path, where, _)] = findings(manifest, None, ACME)
    assert (path, where) == ("package.json", line)


def test_a_use_in_a_workspace_and_in_the_lockfile() -> None:
    root: npm.Json = {"name": "app", "workspaces": ["packages/*"]}
    member = json.dumps({"name": "m", "dependencies": {"@acme/ui": "1"}}, indent=1)
    [(path, line, _)] = findings(root, None, ACME, more={"packages/m/package.json": member})
    assert (path, line) == ("packages/m/package.json", 4)
    transitive = {
        "a": npm.locked("a", dependencies={"@acme/ui": "1"}),
        "@acme/ui": LOCKED["@acme/ui"],
    }
    [(path, line, _)] = findings({"dependencies": {"a": "1"}}, None, ACME, transitive)
    assert path == "package-lock.json"
    assert line > 5


def test_a_pin_in_a_workspace_is_named() -> None:
    root: npm.Json = {"name": "app", "workspaces": ["m"], "dependencies": {"@acme/ui": "1"}}
    more: dict[str, str | bytes] = {
        "m/package.json": '{"name": "m"}',
        "m/.npmrc": "@acme:registry=https://npm.acme.test/",
    }
    [(_, _, message)] = findings(root, None, ACME, more=more)
    assert "npm ignores m/.npmrc" in message


@pytest.mark.parametrize(
    ("packages", "scopes"),
    [
        pytest.param(LOCKED, ["@acme"], id="a scope from elsewhere"),
        pytest.param(
            {**LOCKED, "@b/c": npm.locked("@b/c")}, ["@acme"], id="another from where the rest is"
        ),
        pytest.param(
            {**LOCKED, "a": npm.locked("a", resolved=f"{OURS}/a/-/a-1.0.0.tgz")},
            [],
            id="one mirror for all",
        ),
        pytest.param(
            {**LOCKED, "@acme/x": npm.locked("@acme/x")}, [], id="a scope from two places"
        ),
        pytest.param({"@acme/ui": LOCKED["@acme/ui"]}, [], id="nothing to compare with"),
        pytest.param(
            {
                "@acme/ui": LOCKED["@acme/ui"],
                "@t/x": npm.locked("@t/x", resolved="https://npmjs.com/@t/x/-/x-1.0.0.tgz"),
            },
            ["@acme"],
            id="a public scope to compare with",
        ),
        pytest.param({"a": npm.locked("a")}, [], id="no scope at all"),
    ],
)
def test_without_a_policy_the_lockfile_tells(packages: npm.Json, scopes: list[str]) -> None:
    manifest: npm.Json = {"dependencies": dict.fromkeys(packages, "^1.0.0")}
    found = findings(manifest, npm.PINNED, Policy(), packages)
    assert [message.partition(":")[0] for _, _, message in found] == scopes
    pinned = f"{npm.PINNED}@acme:registry={OURS}/"
    assert findings(manifest, pinned, Policy(), packages) == []


@pytest.mark.parametrize(
    ("npmrc", "policy", "remedy"),
    [
        pytest.param(
            None,
            ACME,
            f"echo @acme:registry={OURS}/ >>.npmrc; git add .npmrc",
            id="the lockfile knows the registry",
        ),
        pytest.param(
            "fund=false",
            NAMED,
            f"printf '\\n%s\\n' @acme:registry={OURS}/npm/ >>.npmrc; git add .npmrc",
            id="the policy does; no newline at the end",
        ),
        pytest.param(
            "@acme:registry=http://x.test/",
            NAMED,
            f"npm config set @acme:registry={OURS}/npm/ --location=project; git add .npmrc",
            id="another one is there",
        ),
        pytest.param(
            "# ours\n@acme:registry=http://x.test/",
            NAMED,
            f"write @acme:registry={OURS}/npm/ in its place in .npmrc; git add .npmrc",
            id="and a comment",
        ),
        pytest.param(
            "\n[x]\n",
            NAMED,
            f"write @acme:registry={OURS}/npm/ above line 2 of .npmrc",
            id="a section",
        ),
    ],
)
def test_the_remedy(npmrc: str | None, policy: Policy, remedy: str) -> None:
    contents = npm.files(APP, LOCKED)
    contents.pop(".npmrc")
    if npmrc is not None:
        contents[".npmrc"] = npmrc
    [finding] = npmrc_scope_pin.check(npm.project(contents), policy)
    assert finding.remedy == (remedy,)
    assert (finding.severity, finding.package) == ("error", "@acme")


def test_without_a_policy_the_remedy_asks_back() -> None:
    contents = npm.files(APP, LOCKED)
    [finding] = npmrc_scope_pin.check(npm.project(contents), Policy())
    assert finding.remedy[0] == "(if npm.acme.test is yours)"


@pytest.mark.parametrize(
    ("file", "text", "words"),
    [
        pytest.param(".npmrc", "", "does not say where it lives", id="no pin"),
        pytest.param(".npmrc", "@acme:registry=https://npm.acme.test/\n", "", id="a pin"),
        pytest.param(
            "pnpm-workspace.yaml",
            "registries:\n  '@acme': https://npm.acme.test/\n",
            "",
            id="a pin in the workspace file",
        ),
        pytest.param(
            "pnpm-workspace.yaml",
            "registries:\n  '@acme': http://npm.acme.test/\n",
            "not https",
            id="a pin there over http",
        ),
    ],
)
def test_pnpm_reads_both_files(file: str, text: str, words: str) -> None:
    manifest = json.dumps({**APP, "packageManager": "pnpm@10.34.9"})
    project = npm.project({"package.json": manifest, file: text})
    found = list(npmrc_scope_pin.check(project, ACME))

    assert len(found) == bool(words)
    assert all(words in finding.message for finding in found)
    assert all(file in finding.remedy[-1] for finding in found)


def test_a_linked_npmrc_pins_nothing() -> None:
    contents = npm.files(APP, LOCKED)
    project = npm.project(contents, modes={".npmrc": "120000"})
    [finding] = npmrc_scope_pin.check(project, ACME)
    assert finding.remedy[0].startswith("make .npmrc a plain file")


@pytest.mark.parametrize(
    ("before", "after", "number"),
    [
        pytest.param(f"@acme:registry={OURS}/", "", 1, id="a pin is lost"),
        pytest.param("", "fund=false", 0, id="it was never there"),
        pytest.param("", f"@acme:registry={OURS}/", 0, id="it is added"),
        pytest.param("@acme:registry=http://a.test", "@acme:registry=http://b.test", 1, id="moved"),
    ],
)
def test_only_what_a_change_introduces(before: str, after: str, number: int) -> None:
    trees = [MemoryTree(npm.files(APP, LOCKED, {".npmrc": npmrc})) for npmrc in (before, after)]
    change = Change(trees[0], trees[1], [".npmrc"])
    report = engine.evaluate(change, ACME, only=(npmrc_scope_pin.ID,))
    assert len(report.findings) == number
