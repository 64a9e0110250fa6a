"""What a bunfig.toml may hold and what not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest

from lockward.memory import MemoryTree
from lockward.policy import Policy
from lockward.rules import npmrc_unsafe
from tests.support.bun_cli import Bun
from tests.support.registry import Registry

if TYPE_CHECKING:
    from pathlib import Path

    from lockward.findings import Finding

NAMED: Final = Policy(hosts=("npm.acme.test",))
TOKEN: Final = "npm_1234567890abcdefghij"


def judge(
    text: str, policy: Policy | None = None, files: dict[str, str] | None = None
) -> list[Finding]:
    tree = MemoryTree({"app/bunfig.toml": text, **(files or {})})
    return list(npmrc_unsafe.check("app/bunfig.toml", tree, policy or Policy()))


@pytest.mark.parametrize(
    ("text", "line", "severity", "words"),
    [
        pytest.param('registry = "http://e.test/"', 2, "error", "without encryption", id="http"),
        pytest.param('registry = "$R"', 2, "error", "the environment decides", id="a variable"),
        pytest.param('registry = "e.test"', 2, "error", "no URL", id="no scheme"),
        pytest.param('scopes.e = "http://e.test/"', 2, "error", "@e:registry=http", id="a scope's"),
        pytest.param(
            f'registry = {{ url = "https://e.test/", token = "{TOKEN}" }}',
            2,
            "error",
            "npm_..., 24 characters",
            id="a token",
        ),
        pytest.param(
            '[install.scopes.e]\nurl = "https://e.test/"\npassword = "hunter2hunter2"',
            4,
            "error",
            "a secret is written out",
            id="a password in a table of its own",
        ),
        pytest.param(
            'registry = "https://u:hunter2hunter2@e.test/"', 2, "error", "a secret", id="in the URL"
        ),
        pytest.param("saveTextLockfile = false", 2, "error", "bun.lockb", id="a binary lockfile"),
        pytest.param("lockfile.save = false", 2, "error", "writes no lockfile", id="no lockfile"),
        pytest.param("frozenLockfile = false", 2, "warning", "as it likes", id="not frozen"),
        pytest.param('frozenLockfile = "true"', 2, "warning", "drops anything", id="a text"),
        pytest.param("ignoreScripts = false", 2, "warning", "install scripts run", id="scripts"),
        pytest.param("minimumReleaseAge = 0", 2, "warning", "any age", id="no wait"),
        pytest.param('minimumReleaseAge = "7d"', 2, "warning", "seconds", id="a wait as a text"),
        pytest.param('minimumReleaseAgeExcludes = ["a"]', 2, "note", "any age", id="excludes"),
        pytest.param('auto = "force"', 2, "warning", "asks no lockfile", id="installs at run time"),
        pytest.param('cafile = "./ca.pem"', 2, "warning", "authorities", id="a CA"),
        pytest.param('globalDir = "./x"', 2, "warning", "global packages", id="a global folder"),
        pytest.param('security.scanner = "x"', 2, "warning", "every install", id="a scanner"),
        pytest.param('security.scanner = "./x.ts"', 2, "error", "every install", id="a local one"),
        pytest.param('cache.dir = "./cache"', 2, "error", "committed here", id="a committed cache"),
        pytest.param("frozen-lockfile = true", 2, "error", "[install] frozenLockfile", id="hyphen"),
        pytest.param("frozenlockfile = true", 2, "error", "[install] frozenLockfile", id="case"),
        pytest.param(
            "security.ignoreScripts = true", 2, "error", "[install] ignoreScripts", id="place"
        ),
    ],
)
def test_refused(text: str, line: int, severity: str, words: str) -> None:
    [finding] = judge(f"[install]\n{text}\n", files={"app/cache/x": ""})

    assert words in finding.message
    assert (finding.path, finding.line, finding.severity) == ("app/bunfig.toml", line, severity)
    assert TOKEN not in finding.message
    assert f"line {line} of app/bunfig.toml" in finding.remedy[-1]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param('[install]\nregistry = "https://npm.acme.test/"', id="a registry"),
        pytest.param(
            '[install.scopes]\n"@acme" = { token = "$TOKEN", url = "https://npm.acme.test/" }',
            id="a token from the environment",
        ),
        pytest.param('[install.scopes]\nacme = { token = "$TOKEN" }', id="a token alone"),
        pytest.param("[install]\nfrozenLockfile = true\nignoreScripts = true", id="protections"),
        pytest.param("[install]\nsaveTextLockfile = true\nexact = true", id="taste"),
        pytest.param("[install]\nminimumReleaseAge = 259200", id="a wait"),
        pytest.param('[install.cache]\ndir = "~/.cache/bun"', id="a cache elsewhere"),
        pytest.param('[install.lockfile]\nprint = "yarn"', id="a second lockfile's print-out"),
        pytest.param(
            'preload = ["./x.ts"]\n[test]\npreload = ["./y.ts"]', id="no part of installs"
        ),
        pytest.param("[test]\nfrozen = 1\n[run]\nbun = true", id="other tables"),
    ],
)
def test_passes(text: str) -> None:
    assert judge(f"{text}\n", NAMED) == []


def test_a_registry_that_the_policy_does_not_name_is_refused() -> None:
    [finding] = judge('[install]\nregistry = "https://e.test/"\n', NAMED)

    assert "the policy does not name e.test" in finding.message


def test_what_is_no_toml_is_undecided_and_named_by_line() -> None:
    [finding] = judge("[install]\nregistry =\n")

    assert finding.undecided
    assert finding.line == 2


def test_only_the_name_that_bun_reads_is_judged() -> None:
    tree = MemoryTree({"x.toml": "[install]\nlockfile.save = false\n"})

    assert list(npmrc_unsafe.check("x.toml", tree, Policy())) == []


@pytest.mark.node
def test_bun_does_what_the_findings_say(tmp_path: Path) -> None:
    packages: dict[str, dict[str, dict[str, Any]]] = {"d": {"1.0.0": {}}}
    scanner = (
        "await Bun.write('ran.txt', 'x')\n"
        "export const scanner = { version: '1', scan: async () => [] }\n"
    )
    with Registry(packages) as registry:
        itself = Bun(tmp_path, registry)

        def left(more: str) -> list[str]:
            files = {
                "package.json": {"name": "app", "dependencies": {"d": "1"}},
                "bunfig.toml": itself.settings() + more,
                "s.ts": scanner,
            }
            folder = itself.install(files).folder
            return sorted(p.name for p in folder.iterdir() if p.name in names)

        names = {"bun.lock", "bun.lockb", "ran.txt"}
        assert left("") == ["bun.lock"]
        assert left("saveTextLockfile = false\n") == ["bun.lockb"]
        assert left("[install.lockfile]\nsave = false\n") == []
        assert left('frozenLockfile = "true"\n') == ["bun.lock"]
        assert left('[install.security]\nscanner = "./s.ts"\n') == ["bun.lock", "ran.txt"]
