"""The rules about lockfiles on pnpm's: what each refuses there, and what it must not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from lockward.policy import Policy
from lockward.rules import (
    internal_name_unscoped,
    lockfile_integrity,
    lockfile_out_of_sync,
    lockfile_unreadable,
    lockfile_untrusted_source,
    lockfile_wrong_package,
)
from tests.support import pnpm

if TYPE_CHECKING:
    from lockward.findings import Finding

RULES = (
    lockfile_unreadable,
    lockfile_out_of_sync,
    lockfile_untrusted_source,
    lockfile_integrity,
    lockfile_wrong_package,
)
SHA = "a" * 40
ARCHIVE = f"https://codeload.github.com/o/r/tar.gz/{SHA}"
EVIL = "https://evil.test/a-1.0.0.tgz"
OURS = "https://registry.example.org/archives/a.tgz"
NODE = "https://nodejs.org/download/release/v24.0.0/node-v24.0.0-linux-x64.tar.gz"


def found(files: dict[str, str | bytes]) -> list[tuple[str, str]]:
    """Rule and message of everything that is found, as one who commits the project sees it."""
    project = pnpm.project(files)
    findings: list[Finding] = []
    for rule in RULES:
        findings.extend(rule.check(project, Policy()))
    assert all(finding.severity == "error" for finding in findings)
    assert all("npm " not in line or "pnpm" in line for f in findings for line in f.remedy)
    return [(finding.rule, finding.message) for finding in findings]


def of(
    spec: str,
    reference: str,
    packages: dict[str, pnpm.Json],
    snapshots: dict[str, pnpm.Json] | None = None,
    *,
    manifest: pnpm.Json | None = None,
    more: dict[str, str | bytes] | None = None,
    **lock: object,
) -> dict[str, str | bytes]:
    """A project that asks for ``a`` by a spec, with the answer that the lockfile gives."""
    text = pnpm.lockfile({"a": (spec, reference)}, {"b@1.0.0": {}, **packages}, snapshots, **lock)
    return pnpm.files({"dependencies": {"a": spec}, **(manifest or {})}, text, more)


def resolution(**fields: object) -> pnpm.Json:
    return {"resolution": fields}


@pytest.mark.parametrize(
    ("files", "rule", "words"),
    [
        pytest.param(
            of("^1.0.0", "1.0.0", {"a@1.0.0": resolution(integrity=pnpm.HASH, tarball=EVIL)}),
            "lockfile-untrusted-source",
            "evil.test, which no setting names",
            id="the tarball of another host",
        ),
        pytest.param(
            of("^1.0.0", EVIL, {f"a@{EVIL}": resolution(integrity=pnpm.HASH, tarball=EVIL)}),
            "lockfile-untrusted-source",
            "a tarball from outside the registry, but package.json wants ^1.0.0",
            id="an address under a semver specifier",
        ),
        pytest.param(
            of(
                "^1.0.0",
                "1.0.0",
                {"a@1.0.0": resolution(integrity=pnpm.HASH, tarball=EVIL.replace("https", "http"))},
            ),
            "lockfile-untrusted-source",
            "fetched over http",
            id="http",
        ),
        pytest.param(
            of(
                "^1.0.0",
                "1.0.0",
                {"a@1.0.0": resolution(integrity=pnpm.HASH, tarball="file:a.tgz")},
            ),
            "lockfile-untrusted-source",
            "a tarball file, but package.json wants ^1.0.0",
            id="a file under a version",
        ),
        pytest.param(
            of(
                "file:../a",
                "file:../a",
                {"a@file:../a": resolution(type="directory", directory="../a")},
            ),
            "lockfile-untrusted-source",
            "outside the repository",
            id="a folder outside of the repository",
        ),
        pytest.param(
            of(
                "github:o/r",
                "git+https://git.test/o/r",
                {"a@git+https://git.test/o/r": resolution(type="git", repo="https://git.test/o/r")},
            ),
            "lockfile-untrusted-source",
            "no commit pins",
            id="git without a commit",
        ),
        pytest.param(
            of("^1.0.0", "1.0.0", {"a@1.0.0": {"resolution": {}}}),
            "lockfile-integrity",
            "no integrity",
            id="no integrity",
        ),
        pytest.param(
            of(
                OURS,
                OURS,
                {f"a@{OURS}": resolution(tarball=OURS, gitHosted=True)},
                more={".npmrc": "registry=https://registry.example.org/\n"},
            ),
            "lockfile-integrity",
            "no integrity",
            id="gitHosted is no excuse for a tarball of anywhere",
        ),
        pytest.param(
            of(
                "^1.0.0",
                "1.0.0",
                {"a@1.0.0": resolution(integrity="sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk=")},
            ),
            "lockfile-integrity",
            "weaker",
            id="sha1",
        ),
        pytest.param(
            of("^1.0.0", "b@1.0.0", {}),
            "lockfile-wrong-package",
            "answers a ^1.0.0, which nobody asked for by npm:b",
            id="another package's entry",
        ),
        pytest.param(
            of(
                "^1.0.0",
                "1.0.0",
                {
                    "a@1.0.0": resolution(
                        integrity=pnpm.HASH,
                        tarball="https://registry.example.org/b/-/b-1.0.0.tgz",
                    )
                },
                more={".npmrc": "registry=https://registry.example.org/\n"},
            ),
            "lockfile-wrong-package",
            "its tarball is b@1.0.0",
            id="another package's tarball of the same registry",
        ),
        pytest.param(
            of("^1.0.0", "2.0.0", {"a@2.0.0": {}}),
            "lockfile-out-of-sync",
            "wanted ^1.0.0, locked 2.0.0",
            id="out of range",
        ),
        pytest.param(
            of("^1.0.0", "1.0.0", {"a@1.0.0": {}}, manifest={"dependencies": {"a": "^2.0.0"}}),
            "lockfile-out-of-sync",
            "was written for ^1.0.0",
            id="another specifier",
        ),
        pytest.param(
            of("^1.0.0", "1.0.0", {"a@1.0.0": {}}, overrides={"b": "1.0.0"}),
            "lockfile-out-of-sync",
            "the override says nothing, the lockfile 1.0.0",
            id="an override that only the lockfile has",
        ),
    ],
)
def test_refused(files: dict[str, str | bytes], rule: str, words: str) -> None:
    assert [name for name, _ in found(files)] == [rule]
    assert words in found(files)[0][1]


def test_the_environment_is_judged_too() -> None:
    project = of("^1.0.0", "1.0.0", {"a@1.0.0": {}})
    evil = pnpm.lockfile({}, {"pnpm@12.0.0": resolution(integrity=pnpm.HASH, tarball=EVIL)})
    project["pnpm-lock.yaml"] = f"---\n{evil}\n---\n{project['pnpm-lock.yaml']!s}"

    assert [rule for rule, _ in found(project)] == ["lockfile-untrusted-source"]


@pytest.mark.parametrize(
    "files",
    [
        pytest.param(of("^1.0.0", "1.0.0", {"a@1.0.0": {}}), id="a package of the registry"),
        pytest.param(of("npm:b@^1.0.0", "b@1.0.0", {}), id="an alias that was asked for"),
        pytest.param(
            of(
                "catalog:",
                "b@1.0.0",
                {},
                more={"pnpm-workspace.yaml": "catalog:\n  a: npm:b@^1.0.0\n"},
                catalogs={"default": {"a": {"specifier": "npm:b@^1.0.0", "version": "1.0.0"}}},
            ),
            id="an alias by way of a catalog",
        ),
        pytest.param(
            of(
                "npm:b@1.0.0",
                "b@1.0.0",
                {},
                manifest={
                    "dependencies": {"a": "^1.0.0"},
                    "pnpm": {"overrides": {"a": "npm:b@1.0.0"}},
                },
                overrides={"a": "npm:b@1.0.0"},
            ),
            id="an alias by way of an override",
        ),
        pytest.param(
            of("github:o/r", ARCHIVE, {f"a@{ARCHIVE}": resolution(tarball=ARCHIVE)}),
            id="a git host's archive without integrity",
        ),
        pytest.param(
            of(
                "file:lib/a",
                "file:lib/a",
                {"a@file:lib/a": resolution(type="directory", directory="lib/a")},
            ),
            id="a folder of the repository",
        ),
        pytest.param(of("link:lib/a", "link:lib/a", {}), id="a link into the repository"),
        pytest.param(
            of(
                "^1.0.0", "1.0.0(b@1.0.0)", {"a@1.0.0": {}}, {"a@1.0.0(b@1.0.0)": {}, "b@1.0.0": {}}
            ),
            id="peers",
        ),
        pytest.param(
            of(
                "^1.0.0",
                "1.0.0",
                {
                    "a@1.0.0": {},
                    "node@runtime:24.0.0": {
                        "version": "24.0.0",
                        **resolution(
                            type="variations",
                            variants=[
                                {
                                    "resolution": {
                                        "url": NODE,
                                        "integrity": "sha256-" + "A" * 43 + "=",
                                    }
                                }
                            ],
                        ),
                    },
                },
                importers={
                    ".": {
                        "dependencies": {"a": {"specifier": "^1.0.0", "version": "1.0.0"}},
                        "devDependencies": {
                            "node": {"specifier": "runtime:24.0.0", "version": "runtime:24.0.0"}
                        },
                    }
                },
                manifest={
                    "devEngines": {
                        "runtime": {"name": "node", "version": "24.0.0", "onFail": "download"}
                    }
                },
            ),
            id="a runtime that package.json asks for",
        ),
    ],
)
def test_passes(files: dict[str, str | bytes]) -> None:
    assert found(files) == []


@pytest.mark.parametrize(
    ("text", "line"),
    [
        pytest.param("packages: []\noverrides:\n  a: npm:acme-ui@1\n", 3, id="an override's value"),
        pytest.param("overrides:\n  b>acme-ui: 1.0.0\n", 2, id="an override's key"),
        pytest.param("catalog:\n  # ours\n  acme-ui: ^1.0.0\n", 3, id="a catalog"),
        pytest.param("catalogs:\n  next:\n    a: npm:acme-ui@1\n", 3, id="a named catalog's alias"),
    ],
)
def test_an_internal_name_in_the_workspace_file(text: str, line: int) -> None:
    policy = Policy(scopes=("@acme",))
    files = pnpm.files({"private": True}, pnpm.lockfile({}, {}), {"pnpm-workspace.yaml": text})
    (finding,) = internal_name_unscoped.check(pnpm.project(files, policy), policy)

    assert (finding.path, finding.line) == ("pnpm-workspace.yaml", line)
    assert "acme-ui" in finding.message
