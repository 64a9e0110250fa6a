"""The first document of pnpm's lockfile: pnpm itself and configDependencies, which pnpm runs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.policy.lockdiff.test_directives import judged
from tests.support.worlds import sri

if TYPE_CHECKING:
    from lockward.lockdiff import LockDiff

PROJECT = """---
lockfileVersion: '9.0'

importers:

  .: {}
"""
ROOTS = {
    "configDependencies": {"hooks": "1.0.0"},
    "packageManagerDependencies": {"pnpm": "11.0.0"},
}
PACKAGES = {
    "hooks@1.0.0": f"resolution: {{integrity: {sri('hooks')}}}",
    "pnpm@11.0.0": f"resolution: {{integrity: {sri('pnpm')}}}\n    hasBin: true",
    "part@11.0.0": f"resolution: {{integrity: {sri('part')}}}\n    os: [linux]",
}
EDGES = {"hooks@1.0.0": "{}", "part@11.0.0": "{}"}
PARTS = "\n    optionalDependencies:\n      part: 11.0.0"


def files(
    roots: dict[str, dict[str, str]] = ROOTS,
    packages: dict[str, str] = PACKAGES,
    *,
    manifest: dict[str, object] | None = None,
    hooks: str = "1.0.0",
    parts: str = PARTS,
) -> dict[str, bytes]:
    """A project whose lockfile has a document before its own."""
    lines = ["---", "lockfileVersion: '9.0'", "", "importers:", "", "  .:"]
    for section, found in roots.items():
        lines += [f"    {section}:"]
        for name, version in found.items():
            lines += [f"      {name}:", f"        specifier: {version}"]
            lines += [f"        version: {version}"]
    lines += ["", "packages:", ""]
    for key, text in packages.items():
        lines += [f"  {key}:", f"    {text}", ""]
    lines += ["snapshots:", ""]
    for key in packages:
        lines += [f"  {key}:{parts if key.startswith('pnpm@') else ' {}'}", ""]
    said = {"name": "app", "packageManager": "pnpm@11.0.0+sha512.abc", **(manifest or {})}
    return {
        "package.json": json.dumps(said).encode(),
        "pnpm-workspace.yaml": f"configDependencies:\n  hooks: {hooks}\n".encode(),
        "pnpm-lock.yaml": ("\n".join(lines) + PROJECT).encode(),
    }


def with_bytes(key: str, text: str) -> dict[str, str]:
    """The packages, one of them of other bytes."""
    _, _, rest = PACKAGES[key].partition("}")
    return {**PACKAGES, key: f"resolution: {{integrity: {sri(text)}}}{rest}"}


def moved(section: str, name: str, version: str) -> dict[str, dict[str, str]]:
    return {**ROOTS, section: {**ROOTS[section], name: version}}


def bumped(old: str, new: str) -> dict[str, str]:
    """The packages with one at another version, of other bytes."""
    other = {key: text for key, text in PACKAGES.items() if key != old}
    return {**other, new: f"resolution: {{integrity: {sri(new)}}}"}


CONFIG, PROGRAM = ROOTS
HOOKS = (moved(CONFIG, "hooks", "1.1.0"), bumped("hooks@1.0.0", "hooks@1.1.0"))
PNPM = (moved(PROGRAM, "pnpm", "11.1.0"), bumped("pnpm@11.0.0", "pnpm@11.1.0"))
COSMETIC: dict[str, object] = {"description": "an app"}
REAL: dict[str, object] = {"packageManager": "pnpm@11.1.0"}


def codes(diff: LockDiff) -> set[str]:
    return {item.code for item in diff.items}


@pytest.mark.parametrize(
    ("after", "code"),
    [
        pytest.param(
            files(packages={**PACKAGES, "pnpm@11.0.0": f"resolution: {{integrity: {sri('x')}}}"}),
            "integrity-replaced",
            id="other bytes of pnpm itself",
        ),
        pytest.param(
            files(packages={**PACKAGES, "hooks@1.0.0": f"resolution: {{integrity: {sri('x')}}}"}),
            "integrity-replaced",
            id="other bytes of a config dependency",
        ),
        pytest.param(
            files(
                packages={
                    **PACKAGES,
                    "hooks@1.0.0": f"resolution: {{integrity: {sri('hooks')}, "
                    "tarball: https://evil.example.net/hooks/-/hooks-1.0.0.tgz}",
                }
            ),
            "place-replaced",
            id="another place",
        ),
        pytest.param(
            files(
                packages={**PACKAGES, "part@11.0.0": f"resolution: {{integrity: {sri('part')}}}"}
            ),
            "facts-changed",
            id="platforms that its tarball names are gone",
        ),
        pytest.param(
            files(parts=f"{PARTS}\n      hooks: 1.0.0"), "edges-changed", id="an edge more"
        ),
        pytest.param(files(*HOOKS), "importer", id="a version that the settings do not say"),
        pytest.param(files(*PNPM), "importer", id="a pnpm that packageManager does not say"),
        pytest.param(
            files(*HOOKS, manifest=REAL), "importer", id="beside another root that does move"
        ),
        pytest.param(
            files(
                moved(CONFIG, "evil", "1.0.0"),
                {**PACKAGES, "evil@1.0.0": f"resolution: {{integrity: {sri('evil')}}}"},
            ),
            "importer",
            id="a root that no setting names",
        ),
        pytest.param(
            files(packages={**PACKAGES, "evil@1.0.0": f"resolution: {{integrity: {sri('e')}}}"}),
            "no-cause",
            id="a package that nothing leads to",
        ),
        pytest.param(
            files(
                PNPM[0],
                {**PNPM[1], "evil@1.0.0": f"resolution: {{integrity: {sri('e')}}}"},
                manifest=REAL,
            ),
            "no-cause",
            id="one beside a pnpm that does move",
        ),
        pytest.param(
            files(HOOKS[0], {**HOOKS[1], "hooks@1.1.0": "resolution: {}"}, hooks="1.1.0"),
            "integrity-missing",
            id="a new version without a hash",
        ),
    ],
)
def test_what_pnpm_runs_first_is_what_it_was(after: dict[str, bytes], code: str) -> None:
    for before in (files(), files(manifest={"version": "1.0.0"})):
        diff = judged(before, after)
        assert code in codes(diff), codes(diff)
        assert diff.classification in ("unexplained", "tampered")
    said = json.loads(after["package.json"])
    cosmetic = {**after, "package.json": json.dumps({**said, **COSMETIC}).encode()}
    assert judged(files(), cosmetic).classification in ("unexplained", "tampered")


@pytest.mark.parametrize(
    ("before", "after", "classification"),
    [
        pytest.param(files(), files(*HOOKS, hooks="1.1.0"), "matched", id="a config dependency"),
        pytest.param(
            files(),
            files(*HOOKS, hooks=f"1.1.0+{sri('hooks@1.1.0')}"),
            "matched",
            id="with its hash in the settings",
        ),
        pytest.param(files(), files(*PNPM, manifest=REAL), "matched", id="pnpm itself"),
        pytest.param(
            files(manifest={"packageManager": "pnpm@^11.0.0"}),
            files(*PNPM, manifest={"packageManager": "pnpm@^11.0.0"}),
            "refresh",
            id="another pnpm in the range that stays",
        ),
        pytest.param(
            {**files(), "pnpm-lock.yaml": PROJECT.encode().removeprefix(b"---\n")},
            files(),
            "metadata",
            id="pnpm 11 writes it for the first time",
        ),
        pytest.param(
            files(),
            {**files(), "pnpm-lock.yaml": PROJECT.encode().removeprefix(b"---\n")},
            "metadata",
            id="pnpm 10 leaves it out again",
        ),
        pytest.param(files(), files(manifest=COSMETIC), "metadata", id="nothing moves"),
    ],
)
def test_settings_move_what_pnpm_runs_first(
    before: dict[str, bytes], after: dict[str, bytes], classification: str
) -> None:
    diff = judged(before, after)
    assert diff.classification == classification, [(i.code, i.cause) for i in diff.items]
