"""Every rule about a project, on projects that bun installs: what fires and what does not."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import pytest

from lockward import engine
from lockward.memory import MemoryTree
from lockward.policy import Policy
from tests.support import bun
from tests.support.npm import HOME, sri

if TYPE_CHECKING:
    from lockward.findings import Report

Files = dict[str, str | bytes]

PLAIN: Final[bun.Json] = {"name": "app", "dependencies": {"a": "^1.0.0"}}
EVIL: Final = "https://evil.example.net"
HASH: Final = sri("other")
COMMIT: Final = "0123456789abcdef0123456789abcdef01234567"
ACME: Final = Policy(scopes=("@acme",), registries={"@acme": f"{HOME}/"})


def told(report: Report) -> set[str]:
    """The rules that refuse."""
    return {finding.rule for finding in report.findings if finding.severity == "error"}


def scan(files: Files, policy: Policy | None = None) -> set[str]:
    return told(engine.scan(MemoryTree(files), policy or Policy()))


def a(*, name: str = "a", version: str = "1.0.0", **changed: Any) -> bun.Entry:  # noqa: ANN401 - members of a tuple
    """The entry of a, with some of its members changed."""
    entry = bun.locked(name, version)
    for field, value in changed.items():
        entry[("", "url", "info", "integrity").index(field)] = value
    return entry


@pytest.mark.parametrize(
    ("manifest", "packages", "rules"),
    [
        pytest.param(PLAIN, {"a": a()}, set(), id="what bun writes"),
        pytest.param(PLAIN, {"a": a(url="")}, set(), id="the default registry"),
        pytest.param(
            PLAIN,
            {"a": a(url=f"{EVIL}/a/-/a-1.0.0.tgz", integrity=HASH), "b": bun.locked("b")},
            {"lockfile-untrusted-source"},
            id="another host's bytes",
        ),
        pytest.param(
            PLAIN,
            {"a": a(url="http://registry.example.org/a/-/a-1.0.0.tgz")},
            {"lockfile-untrusted-source"},
            id="http",
        ),
        pytest.param(
            PLAIN, {"a": a(integrity="")}, {"lockfile-integrity"}, id="an empty integrity"
        ),
        pytest.param(
            PLAIN,
            {"a": a(integrity="sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk=")},
            {"lockfile-integrity"},
            id="sha1",
        ),
        pytest.param(
            PLAIN,
            {"a": a(integrity=f"{sri('a')} {HASH}")},
            {"lockfile-integrity"},
            id="either of two hashes",
        ),
        pytest.param(
            PLAIN,
            {"a": a(name="evil")},
            {"lockfile-wrong-package"},
            id="another package under this name",
        ),
        pytest.param(
            PLAIN,
            {"a": a(url=f"{HOME}/a/-/a-0.9.0.tgz")},
            {"lockfile-wrong-package"},
            id="another version's tarball",
        ),
        pytest.param(
            PLAIN,
            {"a": ["a@./a.tgz", {}, HASH]},
            {"lockfile-untrusted-source"},
            id="a tarball in the repository, unasked",
        ),
        pytest.param(
            PLAIN,
            {"a": [f"a@{EVIL}/a.tgz", {}, HASH]},
            {"lockfile-untrusted-source"},
            id="a tarball elsewhere, unasked",
        ),
        pytest.param(
            PLAIN,
            {"a": ["a@github:evil/a#4af877d", {}, "evil-a-4af877d"]},
            {"lockfile-untrusted-source"},
            id="a GitHub checkout, unasked",
        ),
        pytest.param(
            PLAIN,
            {"a": ["a@evil/a#main", {}, "evil-a-main"]},
            {"lockfile-untrusted-source"},
            id="owner/repo, which bun reads though it never writes it",
        ),
        pytest.param(
            PLAIN,
            {"a": ["a@file:vendor", {}]},
            {"lockfile-untrusted-source"},
            id="a folder, unasked",
        ),
        pytest.param(
            PLAIN,
            {"a": ["a@link:vendor", {}]},
            {"lockfile-untrusted-source"},
            id="a link, unasked",
        ),
        pytest.param(
            {"name": "app", "dependencies": {"a": "npm:other@^1.0.0"}},
            {"a": a(name="other")},
            set(),
            id="an alias that is asked for",
        ),
        pytest.param(
            {
                "name": "app",
                "dependencies": {"a": "catalog:"},
                "catalog": {"a": "npm:other@^1.0.0"},
            },
            {"a": a(name="other")},
            set(),
            id="an alias that a catalog asks for",
        ),
        pytest.param(
            {**PLAIN, "overrides": {"a": "npm:other@1.0.0"}},
            {"a": a(name="other")},
            set(),
            id="an alias that an override asks for",
        ),
        pytest.param(
            {"name": "app", "dependencies": {"a": "github:o/a"}},
            {"a": ["a@github:o/a#4af877d", {}, "o-a-4af877d", HASH]},
            set(),
            id="GitHub asked for, as bun pins it",
        ),
        pytest.param(
            {"name": "app", "dependencies": {"a": "github:o/a"}},
            {"a": ["a@github:o/a#4af877d", {}, "o-a-4af877d"]},
            set(),
            id="likewise by an older bun, without a hash",
        ),
        pytest.param(
            {"name": "app", "dependencies": {"a": "github:o/a#main"}},
            {"a": ["a@github:o/a#main", {}, "o-a-main"]},
            {"lockfile-untrusted-source"},
            id="a branch pins nothing",
        ),
        pytest.param(
            {"name": "app", "dependencies": {"a": "git+ssh://git@x.example.org/o/a.git"}},
            {"a": [f"a@git+ssh://git@x.example.org/o/a.git#{COMMIT}", {}, COMMIT]},
            set(),
            id="git over ssh, asked for",
        ),
        pytest.param(
            {"name": "app", "dependencies": {"a": "file:./vendor"}},
            {"a": ["a@file:vendor", {}]},
            set(),
            id="a folder that is asked for",
        ),
        pytest.param(
            {"name": "app", "dependencies": {"a": "file:../out"}},
            {"a": ["a@file:../out", {}]},
            {"lockfile-untrusted-source"},
            id="a folder out of the repository",
        ),
        pytest.param(
            {"name": "app", "dependencies": {"a": "https://x.example.org/a.tgz"}},
            {"a": ["a@https://x.example.org/a.tgz", {}]},
            {"lockfile-integrity"},
            id="a tarball without a hash",
        ),
        pytest.param(
            {"name": "app", "dependencies": {"p": "1"}},
            {
                "p": bun.locked("p", dependencies={"a": "1"}),
                "p/a": [*bun.locked("a")[:2], {"bundled": True}, sri("p")],
            },
            set(),
            id="a bundled package",
        ),
    ],
)
def test_a_project(manifest: bun.Json, packages: dict[str, bun.Entry], rules: set[str]) -> None:
    top = {field: manifest[field] for field in ("overrides", "catalog") if field in manifest}
    assert scan(bun.files(manifest, packages, **top)) == rules


def test_workspaces_are_ours() -> None:
    root = {"name": "app", "workspaces": ["packages/*"]}
    members: dict[str, bun.Json] = {
        "packages/w": {"name": "w", "version": "1.0.0", "dependencies": {"v": "workspace:*"}},
        "packages/v": {"name": "v", "version": "1.0.0", "dependencies": {"a": "^1.0.0"}},
    }
    packages: dict[str, bun.Entry] = {
        "a": a(),
        "v": ["v@workspace:packages/v"],
        "w": ["w@workspace:packages/w"],
    }
    assert scan(bun.files(root, packages, members=members)) == set()


@pytest.mark.parametrize(
    ("bunfig", "url", "rules"),
    [
        pytest.param("", "", {"npmrc-scope-pin"}, id="no pin"),
        pytest.param(
            f'[install.scopes]\n"@acme" = "{HOME}/"\n', "", set(), id="a pin, the address left out"
        ),
        pytest.param(
            f'[install.scopes]\nacme = "{HOME}/"\n',
            bun.tarball("@acme/ui", "1.0.0"),
            set(),
            id="a pin without its @, and the address",
        ),
        pytest.param(
            '[install.scopes]\n"@acme" = "http://registry.example.org/"\n',
            "",
            {"npmrc-scope-pin", "npmrc-unsafe"},
            id="a pin over http",
        ),
        pytest.param(
            f'[install.scopes]\n"@acme" = "{HOME}/"\n',
            f"{EVIL}/@acme/ui/-/ui-1.0.0.tgz",
            {"internal-scope-source"},
            id="a pin, and another place in the lockfile",
        ),
    ],
)
def test_an_internal_scope(bunfig: str, url: str, rules: set[str]) -> None:
    manifest: bun.Json = {"name": "app", "dependencies": {"@acme/ui": "1.0.0"}}
    files = bun.files(manifest, {"@acme/ui": a(name="@acme/ui", url=url)})
    files["bunfig.toml"] = bunfig

    assert scan(files, ACME) == rules


def test_the_fix_of_a_pin_goes_where_bun_reads_it() -> None:
    manifest: bun.Json = {"name": "app", "dependencies": {"@acme/ui": "1.0.0"}}
    files = bun.files(manifest, {"@acme/ui": a(name="@acme/ui", url="")})
    files["bunfig.toml"] = "[install]\nexact = true\n"
    report = engine.scan(MemoryTree(files), ACME)
    [finding] = [finding for finding in report.findings if finding.severity == "error"]

    assert "bunfig.toml does not say" in finding.message
    assert f'write "@acme" = "{HOME}/" below [install.scopes]' in finding.remedy[-1]


def test_a_project_without_bun_lock_is_told_bun_s_command() -> None:
    files: Files = {
        "package.json": json.dumps({**PLAIN, "packageManager": "bun@1.4.5"}),
        "bunfig.toml": bun.PINNED,
    }
    [finding] = [
        f for f in engine.scan(MemoryTree(files), Policy()).findings if f.severity == "error"
    ]

    assert finding.rule == "lockfile-missing"
    assert any("bun install --lockfile-only" in command for command in finding.remedy)


def test_a_binary_lockfile_is_undecided() -> None:
    files: Files = {"package.json": json.dumps(PLAIN), "bun.lockb": b"#!/usr/bin/env bun\n"}
    report = engine.scan(MemoryTree(files), Policy())

    [finding] = [finding for finding in report.findings if finding.severity == "error"]

    assert report.verdict == "undecided"
    assert finding.rule == "lockfile-unreadable"
    assert "--save-text-lockfile" in finding.message
