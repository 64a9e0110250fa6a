"""npmrc-unsafe on pnpm's own settings: what it refuses, and what it must not."""

from __future__ import annotations

import json

import pytest

from lockward.memory import MemoryTree
from lockward.policy import Policy
from lockward.rules import npmrc_unsafe

FILE = "pnpm-workspace.yaml"


def found(text: str, path: str = FILE) -> list[tuple[str, int, str]]:
    findings = npmrc_unsafe.check(path, MemoryTree({path: text}), Policy())
    return [(finding.severity, finding.line, finding.message) for finding in findings]


@pytest.mark.parametrize(
    ("text", "severity", "words"),
    [
        pytest.param("trustLockfile: true\n", "error", "compare the lockfile", id="trustLockfile"),
        pytest.param(
            "blockExoticSubdeps: false\n", "error", "any URL", id="exotic subdependencies"
        ),
        pytest.param("dangerouslyAllowAllBuilds: true\n", "error", "all packages run", id="builds"),
        pytest.param("neverBuiltDependencies: []\n", "error", "all packages run", id="never = all"),
        pytest.param("allowBuilds:\n  '*': true\n", "error", "all packages run", id="a wildcard"),
        pytest.param("onlyBuiltDependencies: ['*']\n", "error", "all packages", id="only = all"),
        pytest.param("strictDepBuilds: False\n", "warning", "only warn", id="strictDepBuilds"),
        pytest.param("minimumReleaseAge: 0\n", "warning", "any age", id="no release age"),
        pytest.param("minimumReleaseAgeExclude: ['*']\n", "warning", "any age", id="all excluded"),
        pytest.param("lockfile: false\n", "error", "neither reads", id="no lockfile"),
        pytest.param("frozenLockfile: false\n", "warning", "rewrites", id="not frozen"),
        pytest.param("strictSsl: false\n", "error", "any certificate", id="strictSsl"),
        pytest.param("verifyStoreIntegrity: false\n", "error", "hashes", id="the store's hashes"),
        pytest.param("scriptShell: ./evil.sh\n", "error", "every script", id="scriptShell"),
        pytest.param("nodeOptions: --require ./x.js\n", "error", "load code", id="nodeOptions"),
        pytest.param("pnpmfile: tools/hooks.cjs\n", "warning", "every install", id="pnpmfile"),
        pytest.param(
            "configDependencies:\n  pnpm-plugin-x: 1.0.0+sha512-x\n",
            "warning",
            "installs these first",
            id="configDependencies",
        ),
        pytest.param("trustPolicy: off\n", "warning", "provenance", id="trustPolicy"),
        pytest.param(
            "registry: http://npm.acme.test/\n",
            "error",
            "without encryption",
            id="registry over http",
        ),
        pytest.param(
            "registries:\n  '@e': http://npm.acme.test/\n",
            "error",
            "without encryption",
            id="a scope's registry over http",
        ),
        pytest.param(
            "registries:\n  'http://npm.acme.test/':\n    scopes: ['@e']\n",
            "error",
            "without encryption",
            id="a registry by its URL",
        ),
        pytest.param(
            "registries:\n  '@e': https://${HOST}/\n", "error", "environment decides", id="from env"
        ),
        pytest.param(
            "minimum-release-age: 1440\n", "error", "it is minimumReleaseAge", id="not in camelCase"
        ),
    ],
)
def test_refused(text: str, severity: str, words: str) -> None:
    assert [(one[0], one[1]) for one in found(f"packages: []\n{text}")] == [
        (severity, 3 if text.startswith("registries") else 2)
    ]
    assert words in found(text)[0][2]


def test_a_secret_in_a_registrys_address() -> None:
    text = "registries:\n  '@e': https://user:s3cr3t-s3cr3t@npm.acme.test/\n"
    messages = [message for _, _, message in found(text)]

    assert any("a secret is written out" in message for message in messages)
    assert not any("s3cr3t-s3cr3t" in message for message in messages)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("packages:\n  - packages/*\n", id="members"),
        pytest.param("allowBuilds:\n  esbuild: true\n  sharp: false\n", id="a reviewed list"),
        pytest.param("onlyBuiltDependencies:\n  - esbuild\n", id="a reviewed list of pnpm 10"),
        pytest.param("neverBuiltDependencies:\n  - canvas\n", id="one that is not built"),
        pytest.param("minimumReleaseAge: 1440\nminimumReleaseAgeExclude: ['@acme/*']\n", id="age"),
        pytest.param("trustPolicy: no-downgrade\nblockExoticSubdeps: true\n", id="protections"),
        pytest.param("scriptShell: bash\n", id="a shell that every machine has"),
        pytest.param("nodeOptions: --max-old-space-size=8192\n", id="memory"),
        pytest.param("registries:\n  default: https://npm.acme.test/\n", id="a registry"),
        pytest.param("lockfile: true\nautoInstallPeers: false\n", id="matters of taste"),
        pytest.param("a: [\n", id="an unreadable file is lockfile-unreadable's"),
        pytest.param("", id="nothing"),
    ],
)
def test_passes(text: str) -> None:
    assert found(text) == []


def test_the_manifests_own_pnpm_settings() -> None:
    manifest = {"name": "x", "pnpm": {"neverBuiltDependencies": [], "overrides": {}}}
    text = json.dumps(manifest, indent=2)

    assert [(one[0], one[1]) for one in found(text, "package.json")] == [("error", 4)]
    assert found(json.dumps({"name": "pnpm"}), "package.json") == []
    assert found('{"pnpm": [', "package.json") == []
