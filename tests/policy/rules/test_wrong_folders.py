"""A folder of the repository that answers is the one that package.json asks for."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from lockward import engine
from lockward.memory import MemoryTree
from lockward.policy import Policy
from tests.support import pnpm
from tests.support.states import bun_state

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.support.states import Files

OF_FOO = json.dumps({"name": "foo", "version": "1.0.0"})
FOLDERS = {f"{one}/package.json": OF_FOO for one in ("x", "evil")}


def linked(place: str) -> Files:
    """pnpm, a link."""
    lock = pnpm.lockfile({"foo": ("link:./x", f"link:{place}")}, {}, {})
    return pnpm.files({"name": "app", "dependencies": {"foo": "link:./x"}}, lock, FOLDERS)


def copied(place: str, end: str = "") -> Files:
    """pnpm, a copy or a tarball."""
    lock = pnpm.lockfile(
        {"foo": (f"file:./x{end}", f"file:{place}{end}")},
        {f"foo@file:{place}{end}": {"version": "1.0.0"} if end else {}},
        {f"foo@file:{place}{end}": {}},
    )
    asks = {"foo": f"file:./x{end}"}
    return pnpm.files({"name": "app", "dependencies": asks}, lock, FOLDERS)


def of_bun(place: str) -> Files:
    """bun, a copy."""
    return {**bun_state({"foo": "file:./x"}, {"foo": [f"foo@file:{place}", {}]}), **FOLDERS}


def of_yarn(place: str, folder: str = "") -> Files:
    """Yarn 1, a tarball, for the root or for a workspace."""
    asking = {"name": "app", "version": "1.0.0", "dependencies": {"foo": "file:./x.tgz"}}
    root = {"name": "root", "private": True, "workspaces": [folder]} if folder else asking
    resolved = f"file:{folder and folder + '/'}{place}.tgz#{'a' * 40}"
    lock = (
        f'# yarn lockfile v1\n\n\n"foo@file:./x.tgz":\n  version "1.0.0"\n  resolved "{resolved}"\n'
    )
    files = {"package.json": json.dumps(root), "yarn.lock": lock}
    return {**files, f"{folder or 'unused'}/package.json": json.dumps(asking)}


@pytest.mark.parametrize(("place", "sound"), [("x", True), ("evil", False)])
def test_a_workspace_s_tarball_is_written_from_the_root(place: str, *, sound: bool) -> None:
    """endojs/endo aebabe88ef."""
    report = engine.scan(MemoryTree(of_yarn(place, "packages/a")), Policy())
    rules = {one.rule for one in report.findings}
    assert ("lockfile-wrong-package" not in rules) is sound


@pytest.mark.parametrize(
    "state", [of_yarn, linked, copied, lambda place: copied(place, ".tgz"), of_bun]
)
@pytest.mark.parametrize(("place", "sound"), [("x", True), ("evil", False)])
def test_another_folder_is_another_package(
    state: Callable[[str], Files], place: str, *, sound: bool
) -> None:
    report = engine.scan(MemoryTree(state(place)), Policy())
    rules = {one.rule for one in report.findings}
    assert ("lockfile-wrong-package" not in rules) is sound


def test_an_override_may_ask_for_another() -> None:
    files = linked("evil")
    raw = json.loads(files["package.json"])
    raw["pnpm"] = {"overrides": {"foo": "link:evil"}}
    report = engine.scan(MemoryTree({**files, "package.json": json.dumps(raw)}), Policy())
    assert "lockfile-wrong-package" not in {one.rule for one in report.findings}
