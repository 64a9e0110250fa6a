"""Changes of pnpm lockfiles, judged whole: what passes and what does not."""

from __future__ import annotations

import pytest

from lockward import engine
from lockward.memory import MemoryTree
from lockward.model import Change
from lockward.policy import Policy
from tests.support import pnpm

OTHER = "sha512-" + "A" * 85 + "Q=="
Packages = dict[str, pnpm.Json]


NODE: pnpm.Json = {
    "version": "24.0.0",
    "resolution": {
        "type": "variations",
        "variants": [
            {
                "resolution": {
                    "integrity": "sha256-" + "A" * 43 + "=",
                    "url": "https://nodejs.org/download/release/v24.0.0/node-v24.0.0-linux-x64.tar.gz",
                }
            }
        ],
    },
}


def runtime(version: str) -> pnpm.Json:
    return {"engines": {"runtime": {"name": "node", "version": version, "onFail": "download"}}}


def state(
    manifest: pnpm.Json, told: dict[str, tuple[str, str]], packages: Packages, **more: object
) -> dict[str, str | bytes]:
    return pnpm.files(manifest, pnpm.lockfile(told, packages, **more))  # type: ignore[arg-type]  # snapshots are left to it


BASE = state({"dependencies": {"a": "^1.0.0"}}, {"a": ("^1.0.0", "1.0.0")}, {"a@1.0.0": {}})


@pytest.mark.parametrize(
    ("after", "rules"),
    [
        pytest.param(
            state({"dependencies": {"a": "^2.0.0"}}, {"a": ("^2.0.0", "2.0.0")}, {"a@2.0.0": {}}),
            [],
            id="a bump with its requirement",
        ),
        pytest.param(
            state(
                {"dependencies": {"a": "^1.0.0"}, "devDependencies": {"a": "1.1.0"}},
                {"a": ("^1.0.0", "1.1.0")},
                {"a@1.1.0": {}},
            ),
            [],
            id="a name in two sections: pnpm takes dependencies",
        ),
        pytest.param(
            state(
                {"dependencies": {"a": "^1.0.0"}, "pnpm": {"overrides": {"a": "1.2.0"}}},
                {"a": ("1.2.0", "1.2.0")},
                {"a@1.2.0": {}},
                overrides={"a": "1.2.0"},
            ),
            [],
            id="an override, recorded as pnpm does",
        ),
        pytest.param(
            state(
                {"dependencies": {"a": "^1.0.0"}, **runtime("24.0.0")},
                {"a": ("^1.0.0", "1.0.0"), "node": ("runtime:24.0.0", "runtime:24.0.0")},
                {"a@1.0.0": {}, "node@runtime:24.0.0": NODE},
            ),
            [],
            id="a runtime that package.json asks for",
        ),
        pytest.param(
            state({"dependencies": {"a": "^1.0.0"}}, {"a": ("^1.0.0", "1.1.0")}, {"a@1.1.0": {}}),
            ["lockfile-unmatched"],
            id="a refresh that nothing asked for",
        ),
        pytest.param(
            state(
                {"dependencies": {"a": "^1.0.0"}},
                {"a": ("^1.0.0", "1.0.0")},
                {"a@1.0.0": {"resolution": {"integrity": OTHER}}},
            ),
            ["lockfile-tampered"],
            id="other bytes under the same version",
        ),
    ],
)
def test_a_change(after: dict[str, str | bytes], rules: list[str]) -> None:
    paths = [path for path in after if after[path] != BASE.get(path)]
    report = engine.evaluate(Change(MemoryTree(BASE), MemoryTree(after), paths), Policy())

    assert [finding.rule for finding in report.findings] == rules
