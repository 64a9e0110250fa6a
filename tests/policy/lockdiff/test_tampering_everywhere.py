"""What no package manager writes, in every format that carries the fact.

Each edit is refused alone, beside a cosmetic edit of package.json, and together
with a real change of another requirement: nothing else in a commit excuses it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.policy.lockdiff.test_every_format import BUMPED, WORLD, refused
from tests.support.worlds import (
    BERRY,
    FORMS,
    LOCKFILES,
    NPM,
    PNPM,
    WALKING,
    Pkg,
    World,
    sri,
    tarball,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Edit = Callable[[World], None]

REFUSING = frozenset({"lockfile-tampered", "lockfile-unmatched", "lockfile-unreadable"})
EVIL = "https://evil.example.net/"
COMMIT = "0123456789abcdef0123456789abcdef01234567"
YARN = ("yarn-classic", *BERRY)
SRI = tuple(form for form in FORMS if form not in BERRY)
ADDRESSED = (*NPM, "yarn-classic")  # every entry has its address


def replaced_hash(world: World) -> None:
    world.get("c").integrity = sri("evil")


def removed_hash(world: World) -> None:
    world.get("c").integrity = ""


def weakened_hash(world: World) -> None:
    world.get("c").integrity = sri("c@1.3.0", "sha1")


def doubled_hash(world: World) -> None:
    world.get("c").integrity += f" {sri('evil')}"


def upper_case_hash(world: World) -> None:
    world.get("c").integrity = "SHA512" + sri("c@1.3.0")[6:]


def cut_hash(world: World) -> None:
    world.get("c").integrity = sri("c@1.3.0")[:-12]


def old_key(world: World) -> None:
    world.get("c").facts["prefix"] = "9/"


def lowered_key(world: World) -> None:
    world.cache_key = "9"
    world.get("c").integrity = sri("evil")


def other_host(world: World) -> None:
    world.get("c").place = tarball("c", "1.3.0", EVIL)


def other_host_and_hash(world: World) -> None:
    other_host(world)
    replaced_hash(world)


def plain_http(world: World) -> None:
    world.get("c").place = tarball("c", "1.3.0").replace("https:", "http:")


def other_package(world: World) -> None:
    world.get("c").place = tarball("evil", "1.3.0")


def other_version(world: World) -> None:
    world.get("c").place = tarball("c", "9.9.9")


def user_name(world: World) -> None:
    world.get("c").place = "https://registry.example.org@evil.example.net/c/-/c-1.3.0.tgz"


def from_git(world: World) -> None:
    one = world.get("c")
    one.kind, one.place = "git", f"git+https://github.com/evil/c.git#{COMMIT}"


def linked(world: World) -> None:
    world.get("c").kind = "link"


def laundered(world: World) -> None:
    """Another package under the same name: the address, or the format's own naming, says so."""
    one = world.get("c")
    one.real, one.place = "evil", tarball("evil", "1.3.0")


def laundered_with_hash(world: World) -> None:
    laundered(world)
    replaced_hash(world)


def evil(version: str = "1.0.0") -> Pkg:
    return Pkg("evil", version)


def edge_to_new(world: World) -> None:
    world.packages.append(evil())
    world.get("b").deps = {**world.get("b").deps, "evil": "^1.0.0"}


def edge_to_known(world: World) -> None:
    world.get("c").deps = {"b": "^1.0.0"}


def edge_beside_others(world: World) -> None:
    world.get("b").deps = {**world.get("b").deps, "a": "^1.0.0"}


def edge_to_nothing(world: World) -> None:
    world.get("b").deps = {**world.get("b").deps, "evil": "^1.0.0"}


def edge_of_another_range(world: World) -> None:
    world.get("b").deps = {"c": "*"}


def edge_lost(world: World) -> None:
    world.get("b").deps = {}


def optional_edge(world: World) -> None:
    world.packages.append(evil())
    world.get("b").optional = {"evil": "^1.0.0"}


def orphan(world: World) -> None:
    world.packages.append(evil())


def out_of_range(world: World) -> None:
    at = world.packages.index(world.get("c"))
    world.packages[at] = Pkg("c", "99.0.0")


def downgrade(world: World) -> None:
    at = world.packages.index(world.get("c"))
    world.packages[at] = Pkg("c", "1.0.1")


def gone(world: World) -> None:
    world.packages.remove(world.get("c"))


def shadow(world: World) -> None:
    copy = Pkg("c", "1.9.9")
    copy.below = "b"
    world.packages.append(copy)


def shadow_as_evil(world: World) -> None:
    shadow(world)
    world.packages[-1].integrity = sri("evil")


def binary(world: World) -> None:
    world.get("c").facts["bin"] = {"node": "x.js"}


def restricted(world: World) -> None:
    world.get("c").facts["os"] = ["aix"]


def scripts(world: World) -> None:
    world.get("c").facts["hasInstallScript"] = True


def root_asks_more(world: World) -> None:
    world.packages.append(evil())
    world.recorded = {**world.asks, "evil": "^1.0.0"}


def root_asks_otherwise(world: World) -> None:
    world.recorded = {**world.asks, "a": "*"}


# Name -> (the edit, the formats that carry the fact)
EDITS: dict[str, tuple[Edit, tuple[str, ...]]] = {
    "another hash": (replaced_hash, FORMS),
    "no hash": (removed_hash, FORMS),
    "a weaker hash": (weakened_hash, SRI),
    "a second hash": (doubled_hash, SRI),
    "a hash in upper case": (upper_case_hash, SRI),
    "a hash cut short": (cut_hash, FORMS),
    "a checksum under an old cacheKey": (old_key, ("berry-8",)),
    "a lowered cacheKey and one other checksum": (lowered_key, BERRY),
    "another host": (other_host, FORMS),
    "another host and hash": (other_host_and_hash, FORMS),
    "http": (plain_http, FORMS),
    "the tarball of another package": (other_package, FORMS),
    "the tarball of another version": (other_version, FORMS),
    "a user name before the host": (user_name, FORMS),
    "a git checkout": (from_git, FORMS),
    "a link to a folder": (linked, tuple(form for form in FORMS if form != "yarn-classic")),
    "another package under the name": (laundered, FORMS),
    "another package and its hash under the name": (laundered_with_hash, FORMS),
    "an edge to a new package": (edge_to_new, FORMS),
    "an edge to a known package": (edge_to_known, FORMS),
    "an edge to a known package beside others": (edge_beside_others, FORMS),
    "an edge to nothing": (edge_to_nothing, tuple(form for form in FORMS if form not in PNPM)),
    "another range on an edge": (
        edge_of_another_range,
        tuple(form for form in FORMS if form not in PNPM),
    ),
    "an optional edge to a new package": (optional_edge, FORMS),
    "an edge less": (edge_lost, FORMS),
    "an orphan": (orphan, FORMS),
    "out of range": (out_of_range, FORMS),
    "a downgrade": (downgrade, FORMS),
    "an entry less": (gone, FORMS),
    "a nested copy that shadows": (shadow, WALKING),
    "a nested copy with another hash": (shadow_as_evil, WALKING),
    "a bin": (binary, ("npm-v2", "npm-v3", *BERRY, *PNPM, "bun")),
    "an os": (restricted, ("npm-v2", "npm-v3", *BERRY, *PNPM, "bun")),
    "an install script": (scripts, ("npm-v2", "npm-v3")),
    "a requirement of the root that package.json lacks": (
        root_asks_more,
        tuple(form for form in FORMS if form != "npm-v1"),
    ),
    "another requirement of the root": (
        root_asks_otherwise,
        ("npm-v2", "npm-v3", *BERRY, *PNPM, "bun"),
    ),
}


def rows() -> Iterator[object]:
    for name, (edit, forms) in EDITS.items():
        for form in forms:
            yield pytest.param(edit, form, id=f"{name}, {form}")


def edited(world: World, edit: Edit) -> World:
    other = world.copy()
    edit(other)
    return other


@pytest.mark.parametrize(("edit", "form"), list(rows()))
def test_it_is_refused_whatever_else_is_in_the_commit(edit: Edit, form: str) -> None:
    before = WORLD.files(form)
    alone = edited(WORLD, edit)
    assert alone.files(form) != before, "the edit does nothing in this format"
    assert refused(before, alone.files(form)) & REFUSING, "alone"
    assert refused(before, alone.files(form, description="x")) & REFUSING, "with a cosmetic edit"
    real = edited(BUMPED, edit)
    assert refused(before, real.files(form)) & REFUSING, "with a real requirement change"


@pytest.mark.parametrize("form", FORMS)
def test_the_real_change_alone_passes(form: str) -> None:
    assert not refused(WORLD.files(form), BUMPED.files(form))


@pytest.mark.parametrize("form", FORMS)
def test_an_entry_that_is_there_twice_is_refused(form: str) -> None:
    before = WORLD.files(form)
    path = LOCKFILES[form]
    text = before[path].decode()
    lines = text.split("\n")
    mark = {"bun": '"c": [', "yarn-classic": '"c@', "pnpm-5": "/c/", "pnpm-6": "/c@"}
    needle = mark.get(form, '"c@npm' if form in BERRY else "c@1.3.0" if form in PNPM else 'c": {')
    at = next(
        n for n, line in enumerate(lines) if line.strip().startswith(needle) or needle in line
    )
    block = _block(lines, at)
    twice = "\n".join([*lines[: at + len(block)], *block, *lines[at + len(block) :]])
    if "npm" in form or form == "bun":
        twice = "\n".join([*lines[:at], *_ended(block), *lines[at:]])
    after = {**before, path: twice.encode()}
    assert "lockfile-unreadable" in refused(before, after)


def _block(lines: list[str], at: int) -> list[str]:
    indent = len(lines[at]) - len(lines[at].lstrip())
    end = at + 1
    while lines[end].strip() and len(lines[end]) - len(lines[end].lstrip()) > indent:
        end += 1
    if lines[end].strip().startswith(("}", "]")) or not lines[end].strip():
        end += 1
    return lines[at:end]


def _ended(block: list[str]) -> list[str]:
    return [*block[:-1], block[-1].rstrip(",") + ","]


@pytest.mark.parametrize(("form", "other"), [("npm-v3", "yarn-classic"), ("pnpm-9", "npm-v3")])
def test_a_second_lockfile_is_refused(form: str, other: str) -> None:
    before = WORLD.files(form)
    after = {**edited(WORLD, replaced_hash).files(other), **before}
    assert "lockfile-ambiguous" in refused(before, after)
