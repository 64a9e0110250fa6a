"""pnpm: what a resolution says beside hash and address, and lockfiles of branches."""

from __future__ import annotations

import json

import pytest

from tests.policy.lockdiff.test_directives import judged
from tests.policy.lockdiff.test_every_format import WORLD, refused
from tests.policy.lockdiff.test_tampering_everywhere import (
    REFUSING,
    downgrade,
    edge_to_new,
    edited,
    replaced_hash,
)
from tests.support.worlds import sri

Files = dict[str, bytes]
COMMIT = "a" * 40
REPO = "https://git.example.net/o/r.git"
MAKER = "https://nodejs.org/download/release/v22.0.0/"
COSMETIC = {"description": "an app"}


def checkout(path: str = "", *, tarball: str = "", **manifest: object) -> Files:
    """A package of a repository: all of it, or a folder."""
    reference = tarball or f"git+{REPO}#{COMMIT}"
    place = f"tarball: {tarball}" if tarball else f"type: git, repo: {REPO}, commit: {COMMIT}"
    folder = f", path: {path}" if path else ""
    lines = [
        *("lockfileVersion: '9.0'", "", "importers:", "", "  .:", "    dependencies:", "      x:"),
        *(f"        specifier: git+{REPO}", f"        version: {reference}", "", "packages:", ""),
        *(f"  x@{reference}:", f"    resolution: {{{place}{folder}}}", "    version: 1.0.0", ""),
        *("snapshots:", "", f"  x@{reference}: {{}}", ""),
    ]
    asks = {"name": "app", "dependencies": {"x": f"git+{REPO}"}, **manifest}
    return {
        "package.json": json.dumps(asks).encode(),
        "pnpm-lock.yaml": "\n".join(lines).encode(),
    }


def runtime(*archives: tuple[str, str, str], **manifest: object) -> Files:
    """Node.js, with (platform, hash's text, bin) of each archive."""
    lines = [
        *("lockfileVersion: '9.0'", "", "importers:", "", "  .:", "    devDependencies:"),
        *("      node:", "        specifier: runtime:22.0.0", "        version: runtime:22.0.0"),
        *("", "packages:", "", "  node@runtime:22.0.0:", "    hasBin: true", "    resolution:"),
        *("      type: variations", "      variants:"),
    ]
    for platform, text, program in archives:
        lines += [
            *(
                "        - resolution:",
                "            archive: tarball",
                f"            bin: {program}",
            ),
            *(f"            integrity: {sri(text)}", "            type: binary"),
            *(f"            url: {MAKER}node-{platform}.tar.gz", "          targets:"),
            *(f"            - cpu: {platform}", "              os: linux"),
        ]
    lines += ["    version: 22.0.0", "", "snapshots:", "", "  node@runtime:22.0.0: {}", ""]
    engine = {"name": "node", "version": "22.0.0", "onFail": "download"}
    asks = {"name": "app", "devEngines": {"runtime": engine}, **manifest}
    return {
        "package.json": json.dumps(asks).encode(),
        "pnpm-lock.yaml": "\n".join(lines).encode(),
    }


ARM, INTEL = ("arm64", "one", "bin/node"), ("x64", "two", "bin/node")
ARCHIVE = f"https://codeload.github.com/o/r/tar.gz/{COMMIT}"


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [
        pytest.param(checkout(), checkout("/evil"), "facts-changed", id="a folder of the checkout"),
        pytest.param(checkout("/a"), checkout("/evil"), "facts-changed", id="another folder"),
        pytest.param(checkout("/a"), checkout(), "facts-changed", id="no folder any more"),
        pytest.param(
            checkout(tarball=ARCHIVE),
            checkout("/evil", tarball=ARCHIVE),
            "facts-changed",
            id="a folder of an archive",
        ),
        pytest.param(
            runtime(ARM, INTEL),
            runtime(ARM, ("x64", "evil", "bin/node")),
            "integrity-replaced",
            id="other bytes of the second platform",
        ),
        pytest.param(
            runtime(ARM, INTEL),
            runtime(ARM, ("x64", "evil", "bin/node"), INTEL),
            "integrity-replaced",
            id="another archive before a platform's own",
        ),
        pytest.param(
            runtime(ARM, INTEL),
            runtime(ARM, ("x64", "two", "share/evil")),
            "facts-changed",
            id="another program of the archive",
        ),
    ],
)
def test_other_contents_are_refused(before: Files, after: Files, code: str) -> None:
    asks = json.loads(after["package.json"])
    cosmetic = {**after, "package.json": json.dumps({**asks, **COSMETIC}).encode()}
    for tampered in (after, cosmetic):
        diff = judged(before, tampered)
        assert diff.classification == "tampered", [item.code for item in diff.items]
        assert code in {item.code for item in diff.items}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(checkout("a"), checkout("/a/"), id="the folder is spelled otherwise"),
        pytest.param(runtime(ARM), runtime(ARM, INTEL), id="a platform joins"),
        pytest.param(runtime(ARM, INTEL), runtime(ARM), id="a platform goes"),
    ],
)
def test_the_same_contents_pass(before: Files, after: Files) -> None:
    diff = judged(before, after)
    assert diff.classification == "metadata", [(item.code, item.cause) for item in diff.items]


@pytest.mark.parametrize("edit", [replaced_hash, edge_to_new, downgrade])
def test_a_branch_s_lockfile_is_held_against_the_main_one(edit: object) -> None:
    before = WORLD.files("pnpm-9")
    evil = edited(WORLD, edit).files("pnpm-9")["pnpm-lock.yaml"]  # type: ignore[arg-type]  # an Edit
    same = {**before, "pnpm-lock.topic.yaml": before["pnpm-lock.yaml"]}
    assert judged(before, same).classification not in REFUSING
    assert refused(before, {**before, "pnpm-lock.topic.yaml": evil}) & REFUSING
    assert not refused(before, same) & REFUSING


def test_a_snapshot_does_not_hide_what_the_package_s_own_entry_says() -> None:
    """A package's entry lies over its snapshot for pnpm: so it must for who compares them."""
    before, after = checkout("/a"), checkout("/evil")
    said = f"    resolution: {{type: git, repo: {REPO}, commit: {COMMIT}, path: /a}}"
    lines = after["pnpm-lock.yaml"].decode().replace(": {}\n", f":\n{said}\n")
    assert lines.count("resolution:") == 2
    diff = judged(before, {**after, "pnpm-lock.yaml": lines.encode()})
    assert diff.classification == "tampered", [item.code for item in diff.items]


def test_another_server_in_a_resolution_is_another_place() -> None:
    """An entry named the server for pnpm before 6, whatever the settings say."""
    before = WORLD.files("pnpm-9")
    text = before["pnpm-lock.yaml"].decode()
    evil = text.replace("{integrity: ", "{registry: 'https://evil.example.net/', integrity: ", 1)
    assert evil != text
    diff = judged(before, {**before, "pnpm-lock.yaml": evil.encode()})
    assert diff.classification == "tampered", [item.code for item in diff.items]
