"""npmrc-unsafe on .yarnrc and .yarnrc.yml: what it refuses, and what it must not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lockward.memory import MemoryTree
from lockward.policy import Policy
from lockward.rules import npmrc_unsafe

RC = ".yarnrc"
YML = ".yarnrc.yml"
RELEASE = ".yarn/releases/yarn-4.9.1.cjs"
PLUGIN = ".yarn/plugins/@yarnpkg/plugin-workspace-tools.cjs"
COMMITTED = {RELEASE: "", PLUGIN: "", "tools/yarn.cjs": "", ".yarn/plugins/plugin-own.cjs": ""}


def found(path: str, text: str, policy: Policy | None = None) -> list[tuple[str, int, str]]:
    tree = MemoryTree({**COMMITTED, path: text})
    findings = npmrc_unsafe.check(path, tree, policy or Policy())
    return [(finding.severity, finding.line, finding.message) for finding in findings]


@pytest.mark.parametrize(
    ("path", "text", "severity", "words"),
    [
        # Yarn 1
        pytest.param(RC, 'registry "http://npm.acme.test"\n', "error", "encryption", id="http"),
        pytest.param(
            RC,
            '"@acme:registry" "http://npm.acme.test"\n',
            "error",
            "encryption",
            id="a scope's registry over http",
        ),
        pytest.param(
            RC, '--registry "http://e.test"\n', "error", "encryption", id="registry as an argument"
        ),
        pytest.param(
            RC, '--install.registry "x"\n', "error", "no URL", id="registry as install's argument"
        ),
        pytest.param(
            RC, 'registry "https://a:b-secret@npm.acme.test"\n', "error", "secret", id="a password"
        ),
        pytest.param(RC, "strict-ssl false\n", "error", "certificate", id="strict-ssl"),
        pytest.param(RC, '"strict-ssl" "false"\n', "error", "certificate", id="strict-ssl quoted"),
        pytest.param(RC, "strict-ssl: false\n", "error", "certificate", id="with a colon"),
        pytest.param(RC, "a, strict-ssl false\n", "error", "certificate", id="as a second key"),
        pytest.param(
            RC, "yarn-path ../evil.cjs\n", "error", "outside the repository", id="a program outside"
        ),
        pytest.param(
            RC, "yarn-path tools/yarn.cjs\n", "error", "lies outside of", id="a program elsewhere"
        ),
        pytest.param(
            RC,
            "yarn-path .yarn/releases/yarn-9.js\n",
            "warning",
            "no such file",
            id="not committed",
        ),
        pytest.param(RC, "script-shell ./evil.sh\n", "error", "every script", id="script-shell"),
        pytest.param(
            RC, 'env:\n  NODE_OPTIONS "-r ./x.js"\n', "error", "load code", id="NODE_OPTIONS"
        ),
        pytest.param(RC, "--install.no-lockfile true\n", "error", "neither", id="no lockfile"),
        pytest.param(
            RC, "--install.frozen-lockfile false\n", "warning", "CI rewrites", id="not frozen"
        ),
        pytest.param(
            RC, 'yarn-offline-mirror "./m"\n', "warning", "this folder", id="an offline mirror"
        ),
        pytest.param(RC, "? x: y\n", "error", "as YAML", id="a line of YAML"),
        # Berry
        pytest.param(YML, "npmAuthToken: 0123-abc\n", "error", "a secret", id="a token"),
        pytest.param(
            YML,
            "npmScopes:\n  acme:\n    npmAuthToken: 0123-abc\n",
            "error",
            "a secret",
            id="a scope's token",
        ),
        pytest.param(
            YML,
            'npmRegistries:\n  "//npm.acme.test":\n    npmAuthIdent: "a:secret"\n',
            "error",
            "a secret",
            id="a registry's user and password",
        ),
        pytest.param(
            YML, 'npmAuthToken: "${T:-0123abcd}"\n', "error", "a secret", id="a token as a default"
        ),
        pytest.param(
            YML, "npmRegistryServer: http://npm.acme.test\n", "error", "encryption", id="yml http"
        ),
        pytest.param(
            YML,
            'npmScopes:\n  acme:\n    npmRegistryServer: "${R:-https://e.test}"\n',
            "error",
            "environment decides",
            id="the environment's registry",
        ),
        pytest.param(YML, "enableStrictSsl: false\n", "error", "certificate", id="enableStrictSsl"),
        pytest.param(YML, "checksumBehavior: ignore\n", "error", "goes on", id="checksums ignored"),
        pytest.param(YML, "checksumBehavior: update\n", "error", "goes on", id="checksums updated"),
        pytest.param(
            YML, "unsafeHttpWhitelist:\n  - '*.test'\n", "error", "this host", id="http allowed"
        ),
        pytest.param(
            YML,
            "networkSettings:\n  '*':\n    httpsProxy: http://p.test\n",
            "warning",
            "all requests",
            id="a proxy for one host",
        ),
        pytest.param(
            YML, "enableHardenedMode: false\n", "warning", "never compares", id="hardened mode"
        ),
        pytest.param(
            YML, "enableImmutableInstalls: false\n", "warning", "CI rewrites", id="not immutable"
        ),
        pytest.param(YML, "enableLockfile: false\n", "error", "neither reads", id="enableLockfile"),
        pytest.param(YML, "npmMinimalAgeGate: 0\n", "warning", "any age", id="no age gate"),
        pytest.param(
            YML, "approvedGitRepositories: ['**']\n", "error", "any git", id="any git repository"
        ),
        pytest.param(YML, "enableScripts: true\n", "warning", "all packages", id="scripts run"),
        pytest.param(
            YML, "yarnPath: ../evil.cjs\n", "error", "outside the repository", id="yarnPath outside"
        ),
        pytest.param(
            YML, "yarnPath: tools/yarn.cjs\n", "error", "lies outside of", id="yarnPath elsewhere"
        ),
        pytest.param(
            YML, "plugins:\n  - tools/yarn.cjs\n", "error", "lies outside", id="a plugin elsewhere"
        ),
        pytest.param(
            YML,
            "plugins:\n  - path: .yarn/plugins/plugin-own.cjs\n    spec: https://e.test/p.js\n",
            "warning",
            "every command",
            id="a plugin that is not Yarn's",
        ),
        pytest.param(
            YML, "enable-hardened-mode: true\n", "error", "no such setting", id="another spelling"
        ),
        pytest.param(YML, "a: &x 1\nb: *x\n", "error", "anchor", id="an anchor"),
        pytest.param(
            YML, "enableLockfile: true\nenableLockfile: false\n", "error", "twice", id="twice"
        ),
    ],
)
def test_it_refuses(path: str, text: str, severity: str, words: str) -> None:
    told = found(path, text)

    assert [one[0] for one in told] == [severity], told
    assert words in told[0][2]
    assert told[0][1] >= 1


@pytest.mark.parametrize(
    ("path", "text"),
    [
        pytest.param(RC, 'registry "https://registry.example.org"\n', id="a registry"),
        pytest.param(RC, 'yarn-path ".yarn/releases/yarn-4.9.1.cjs"\n', id="its own release"),
        pytest.param(RC, "# c\n\nlastUpdateCheck 1600000000000\n", id="what yarn writes"),
        pytest.param(RC, "--install.frozen-lockfile true\nstrict-ssl true\n", id="protections"),
        pytest.param(RC, 'save-prefix ""\nnetwork-timeout 600000\n', id="matters of taste"),
        pytest.param(YML, "", id="an empty file"),
        pytest.param(YML, "# nothing\n", id="a comment"),
        pytest.param(YML, f"yarnPath: {RELEASE}\nnodeLinker: node-modules\n", id="its own yarn"),
        pytest.param(YML, f"plugins:\n  - path: {PLUGIN}\n    spec: x\n", id="Yarn's own plugin"),
        pytest.param(YML, 'npmAuthToken: "${NPM_TOKEN}"\n', id="a token of the environment"),
        pytest.param(YML, 'npmAuthToken: "${NPM_TOKEN:-}"\n', id="an empty default"),
        pytest.param(
            YML,
            "npmScopes:\n  acme:\n    npmRegistryServer: https://npm.acme.test/\n",
            id="a scope's registry",
        ),
        pytest.param(YML, "unsafeHttpWhitelist:\n  - localhost\n", id="http to this machine"),
        pytest.param(
            YML, "enableHardenedMode: true\nchecksumBehavior: throw\n", id="what protects"
        ),
    ],
)
def test_it_passes(path: str, text: str) -> None:
    assert found(path, text) == []


def test_a_registry_outside_of_the_policy_is_refused() -> None:
    policy = Policy(registries={"@acme": "https://npm.acme.test/"})

    told = found(YML, "npmRegistryServer: https://e.test\n", policy)

    assert [words for _, _, words in told] == [
        "npmRegistryServer: https://e.test: the policy does not name e.test"
    ]


@given(st.binary(max_size=200), st.sampled_from([RC, YML]))
def test_any_bytes_are_judged(data: bytes, path: str) -> None:
    tree = MemoryTree({path: data})

    assert all(finding.line for finding in npmrc_unsafe.check(path, tree, Policy()))
