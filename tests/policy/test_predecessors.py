"""A lockfile under another name, in another folder or of another manager is no new one."""

from __future__ import annotations

import pytest

from tests.policy.lockdiff.test_every_format import BUMPED, WORLD, refused
from tests.policy.lockdiff.test_tampering_everywhere import (
    REFUSING,
    downgrade,
    edge_to_known,
    edge_to_new,
    edited,
    other_host,
    out_of_range,
    replaced_hash,
)
from tests.support.worlds import LOCKFILES, Pkg, World

Files = dict[str, bytes]
MIGRATIONS = [
    *(("npm-v3", "yarn-classic"), ("npm-v3", "pnpm-9"), ("npm-v3", "bun"), ("npm-v1", "pnpm-6")),
    *(("yarn-classic", "npm-v3"), ("yarn-classic", "pnpm-9"), ("pnpm-9", "npm-v3")),
    *(("pnpm-9", "bun"), ("bun", "npm-v3")),
]


def renamed(world: World, form: str, name: str) -> Files:
    files = world.files(form)
    files[name] = files.pop(LOCKFILES[form])
    return files


def moved(world: World, form: str, folder: str) -> Files:
    return {f"{folder}/{path}": data for path, data in world.files(form).items()}


@pytest.mark.parametrize(
    ("form", "name"),
    [("npm-v3", "npm-shrinkwrap.json"), ("npm-v1", "npm-shrinkwrap.json")],
)
@pytest.mark.parametrize(
    "edit", [replaced_hash, other_host, edge_to_new, edge_to_known, downgrade, out_of_range]
)
def test_tampering_under_another_name_is_refused(form: str, name: str, edit: object) -> None:
    before = WORLD.files(form)
    after = renamed(edited(WORLD, edit), form, name)  # type: ignore[arg-type]  # an Edit
    assert refused(before, after) & REFUSING
    assert not refused(before, renamed(WORLD, form, name)) & REFUSING
    assert not refused(before, renamed(BUMPED, form, name)) & REFUSING


@pytest.mark.parametrize("form", ["npm-v3", "yarn-classic", "pnpm-9", "bun"])
@pytest.mark.parametrize("edit", [replaced_hash, edge_to_new, downgrade])
def test_tampering_in_another_folder_is_refused(form: str, edit: object) -> None:
    before = moved(WORLD, form, "old")
    after = moved(edited(WORLD, edit), form, "new")  # type: ignore[arg-type]  # an Edit
    assert refused(before, after) & REFUSING
    assert not refused(before, moved(WORLD, form, "new")) & REFUSING


@pytest.mark.parametrize(("form", "later"), MIGRATIONS)
@pytest.mark.parametrize("edit", [replaced_hash, edge_to_new, edge_to_known])
def test_tampering_under_another_manager_is_refused(form: str, later: str, edit: object) -> None:
    before = WORLD.files(form)
    after = edited(WORLD, edit).files(later)  # type: ignore[arg-type]  # an Edit
    assert refused(before, after) & REFUSING
    assert not refused(before, WORLD.files(later)) & REFUSING
    assert not refused(before, edited(WORLD, downgrade).files(later)) & REFUSING, "its own choice"


def test_a_lockfile_beside_the_one_that_stays_is_judged_as_new() -> None:
    before = moved(WORLD, "npm-v3", "one")
    after = {**before, **moved(edited(WORLD, downgrade), "npm-v3", "two")}
    assert not refused(before, after) & REFUSING


def decoys(number: int) -> Files:
    """Lockfiles of other projects, which go with the same change."""
    other = World({"x": "^1.0.0"}, Pkg("x"))
    return {
        f"a{n:02}/{path}": data
        for n in range(number)
        for path, data in other.files("npm-v3").items()
    }


@pytest.mark.parametrize(
    ("folder", "name"),
    [
        pytest.param("old", "npm-shrinkwrap.json", id="under another name"),
        pytest.param("new/old", "package-lock.json", id="in another folder"),
    ],
)
def test_tampering_is_refused_where_dozens_of_lockfiles_go(folder: str, name: str) -> None:
    def there(world: World) -> Files:
        found = renamed(world, "npm-v3", name)
        return {f"{folder}/{path}": data for path, data in found.items()}

    before = {**moved(WORLD, "npm-v3", "old"), **decoys(70)}
    assert refused(before, there(edited(WORLD, replaced_hash))) & REFUSING
    assert not refused(before, there(WORLD)) & REFUSING
