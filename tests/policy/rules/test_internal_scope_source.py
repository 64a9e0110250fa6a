"""internal-scope-source."""

from __future__ import annotations

import pytest

from lockward.policy import Policy
from lockward.rules import internal_scope_source
from tests.support import npm

ACME = Policy(scopes=("@acme",))
NAMED = Policy(scopes=("@acme",), registries={"@acme": "https://npm.acme.test/npm/"})
OURS = "https://npm.acme.test/npm"
PIN = f"@acme:registry={OURS}/\n"
APP: npm.Json = {"name": "app", "dependencies": {"@acme/ui": "^1.0.0"}}
COMMIT = "0123456789abcdef0123456789abcdef01234567"


def findings(packages: npm.Json, policy: Policy, npmrc: str = PIN) -> list[str]:
    judged = npm.project(npm.files(APP, packages, {".npmrc": npmrc}), policy)
    return [finding.message for finding in internal_scope_source.check(judged, policy)]


def at(url: str) -> npm.Json:
    return {"@acme/ui": npm.locked("@acme/ui", resolved=url)}


@pytest.mark.parametrize(
    ("packages", "policy", "npmrc", "words"),
    [
        pytest.param(
            at("https://npmjs.com/@acme/ui/-/ui-1.0.0.tgz"), ACME, PIN, "public", id="public"
        ),
        pytest.param(
            at("https://npmjs.com/@acme/ui/-/ui-1.0.0.tgz"), ACME, "", "public", id="and no pin"
        ),
        pytest.param(
            at("https://npmjs.com/@acme/ui/-/ui-1.0.0.tgz"), Policy(), PIN, "public", id="no policy"
        ),
        pytest.param(
            at("https://evil.example.net/npm/@acme/ui/-/ui-1.0.0.tgz"),
            ACME,
            PIN,
            "from evil.example.net",
            id="another host",
        ),
        pytest.param(
            at("https://npm.acme.test/other/@acme/ui/-/ui-1.0.0.tgz"),
            NAMED,
            "",
            "from npm.acme.test, where its registry is https://npm.acme.test/npm/",
            id="another path of the host",
        ),
        pytest.param(
            at("https://npm.acme.test/npm/../other/@acme/ui/-/ui-1.0.0.tgz"),
            NAMED,
            PIN,
            "from npm.acme.test",
            id="dot segments",
        ),
        pytest.param(
            at("http://npm.acme.test/npm/@acme/ui/-/ui-1.0.0.tgz"), NAMED, PIN, "from", id="http"
        ),
        pytest.param(
            at("https://evil.example.net/@acme/ui/-/ui-1.0.0.tgz"),
            NAMED,
            "@acme:registry=https://evil.example.net/",
            "from evil.example.net",
            id="a pin moved along with the lockfile",
        ),
        pytest.param(
            at(f"git+ssh://git@example.org/ui.git#{COMMIT}"), ACME, PIN, "from git", id="git"
        ),
        pytest.param(at("https://example.org/ui.tgz"), ACME, PIN, "a tarball from", id="a tarball"),
        pytest.param(at("file:ui-1.0.0.tgz"), ACME, PIN, "a tarball file", id="a file"),
        pytest.param(
            {"@acme/ui": npm.locked("evil", name="evil")}, ACME, PIN, "asked for as", id="an alias"
        ),
        pytest.param(
            {
                "a": npm.locked("a"),
                "node_modules/a/node_modules/@acme/ui": {"version": "1.0.0", "inBundle": True},
            },
            ACME,
            PIN,
            "bundled inside",
            id="bundled by a stranger",
        ),
        pytest.param(
            at("https:\\\\npm.acme.test/npm/@acme/ui/-/ui-1.0.0.tgz"),
            ACME,
            PIN,
            "reads alike",
            id="an odd address",
        ),
        pytest.param(
            at("https://git.acme.test/api/v4/projects/../7/packages/npm/@acme/ui/-/ui-1.0.0.tgz"),
            ACME,
            "@acme:registry=https://git.acme.test/api/v4/packages/npm/",
            "from git.acme.test",
            id="no project of GitLab's",
        ),
    ],
)
def test_refused(packages: npm.Json, policy: Policy, npmrc: str, words: str) -> None:
    found = findings(packages, policy, npmrc)
    assert len(found) == 1
    assert words in found[0]


@pytest.mark.parametrize(
    ("packages", "policy", "npmrc"),
    [
        pytest.param(at(f"{OURS}/@acme/ui/-/ui-1.0.0.tgz"), ACME, PIN, id="the pinned registry"),
        pytest.param(at(f"{OURS}/@acme/ui/-/ui-1.0.0.tgz"), NAMED, "", id="the policy's"),
        pytest.param(
            at(f"{OURS}/@acme/ui/-/ui-1.0.0.tgz"),
            NAMED,
            "@acme:registry=https://evil.example.net/",
            id="the policy counts more than the pin",
        ),
        pytest.param(at(f"{OURS}/@acme/ui/-/ui-1.0.0.tgz"), ACME, "", id="nothing to compare with"),
        pytest.param(
            {"@acme/ui": npm.locked("@acme/ui", resolved=None)}, NAMED, "", id="no resolved"
        ),
        pytest.param(
            {
                "@acme/ui": {"resolved": "packages/ui", "link": True},
                "packages/ui": {"name": "@acme/ui", "version": "1.0.0"},
            },
            ACME,
            PIN,
            id="a link into the repository",
        ),
        pytest.param(
            {
                **at(f"{OURS}/@acme/ui/-/ui-1.0.0.tgz"),
                "node_modules/@acme/ui/node_modules/@acme/x": {
                    "version": "1.0.0",
                    "inBundle": True,
                },
            },
            ACME,
            PIN,
            id="bundled by one of ours",
        ),
        pytest.param(
            at("https://git.acme.test/api/v4/projects/7/packages/npm/@acme/ui/-/ui-1.0.0.tgz"),
            ACME,
            "@acme:registry=https://git.acme.test/api/v4/groups/3/-/packages/npm/",
            id="a project's tarball for a group of GitLab's",
        ),
        pytest.param(
            {
                "@other/ui": npm.locked(
                    "@other/ui", resolved="https://npmjs.com/@other/ui/-/ui-1.tgz"
                )
            },
            ACME,
            PIN,
            id="another scope",
        ),
        pytest.param(
            at("https://npmjs.com/@acme/ui/-/ui-1.0.0.tgz"),
            Policy(),
            "",
            id="nobody says it is ours",
        ),
        pytest.param(
            at("https://npmjs.com/@acme/ui/-/ui-1.0.0.tgz"),
            Policy(),
            "@acme:registry=https://npmjs.com/",
            id="a scope pinned to a public registry is not internal",
        ),
    ],
)
def test_passes(packages: npm.Json, policy: Policy, npmrc: str) -> None:
    assert findings(packages, policy, npmrc) == []


def test_the_finding_points_at_the_entry() -> None:
    packages = at("https://npmjs.com/@acme/ui/-/ui-1.0.0.tgz")
    judged = npm.project(npm.files(APP, packages, {".npmrc": PIN}))
    [finding] = internal_scope_source.check(judged, ACME)
    assert (finding.path, finding.package) == ("package-lock.json", "@acme/ui@1.0.0")
    text = npm.lockfile(APP, packages).splitlines()
    assert "node_modules/@acme/ui" in text[finding.line - 1]
    assert finding.remedy[0] == "git checkout HEAD -- package-lock.json"


def test_without_a_lockfile_there_is_nothing_to_say() -> None:
    assert list(internal_scope_source.check(npm.project({"package.json": "{}"}), ACME)) == []
