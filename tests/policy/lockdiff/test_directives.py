"""What moves packages beside requirements: overrides, catalogs, patches, extensions, hooks.

Each explains what it names, in range, and nothing else.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from lockward import lockdiff
from lockward.memory import MemoryTree
from lockward.policy import Policy
from lockward.project import Project
from tests.policy.lockdiff.test_every_format import WORLD, classes
from tests.support.worlds import Pkg, World

if TYPE_CHECKING:
    from lockward.lockdiff import LockDiff

Files = dict[str, bytes]


def judged(before: Files, after: Files) -> LockDiff:
    policy = Policy()
    old, new = (Project(MemoryTree(files), "", policy) for files in (before, after))
    assert not (old.faults)
    assert not (new.faults)
    return lockdiff.compare(old, new, policy)


def with_manifest(files: Files, **members: object) -> Files:
    """The files with further members of package.json."""
    document = {**json.loads(files["package.json"]), **members}
    return {**files, "package.json": json.dumps(document).encode()}


UP = WORLD.replaced(Pkg("c", "2.5.0"))
LAUNDERED = WORLD.copy()
LAUNDERED.get("c").real = "other"


def overriding(form: str, spec: str) -> dict[str, object]:
    if form.startswith("pnpm"):
        return {"pnpm": {"overrides": {"c": spec}}}
    return (
        {"resolutions": {"c": spec}}
        if "yarn" in form or "berry" in form
        else {"overrides": {"c": spec}}
    )


@pytest.mark.parametrize("form", ["npm-v3", "pnpm-6", "bun"])
def test_an_override_explains_what_it_names_in_its_range(form: str) -> None:
    before, after = WORLD.files(form), UP.files(form)
    good = judged(before, with_manifest(after, **overriding(form, "^2.0.0")))
    assert good.classification == "matched", classes(good)
    assert "an override sets c to ^2.0.0" in {item.cause for item in good.items}


@pytest.mark.parametrize("form", ["npm-v3", "bun"])
def test_an_override_of_another_range_or_name_explains_nothing(form: str) -> None:
    before, after = WORLD.files(form), UP.files(form)
    for members in (overriding(form, "^3.0.0"), {"overrides": {"b": "^1.0.0"}}):
        assert judged(before, with_manifest(after, **members)).classification == "unexplained"


@pytest.mark.parametrize("form", ["npm-v3", "pnpm-6", "bun"])
def test_an_override_that_stood_before_explains_no_move(form: str) -> None:
    members = overriding(form, "^1.0.0")
    before = with_manifest(WORLD.files(form), **members)
    moved = with_manifest(WORLD.replaced(Pkg("c", "1.9.0")).files(form), **members)
    assert judged(before, moved).classification == "refresh"


GROWN = WORLD.replaced(Pkg("c", "1.3.0", x="^1.0.0"), Pkg("x", "1.0.0"))


def extending(name: str, dependency: str) -> dict[str, object]:
    return {"pnpm": {"packageExtensions": {name: {"dependencies": {dependency: "^1.0.0"}}}}}


def test_an_extension_excuses_the_edge_that_it_names() -> None:
    before, after = WORLD.files("pnpm-6"), GROWN.files("pnpm-6")
    diff = judged(before, with_manifest(after, **extending("c@1", "x")))
    assert diff.classification == "matched", classes(diff)
    for members in (extending("c@1", "y"), extending("b", "x"), {}):
        assert judged(before, with_manifest(after, **members)).classification == "tampered"


def test_a_hook_excuses_the_edges_between_packages_that_it_names() -> None:
    before, after = WORLD.files("pnpm-6"), GROWN.files("pnpm-6")
    for text, wanted in (("c x", "matched"), ("'c'", "tampered"), ("", "tampered")):
        hooked = {**after, ".pnpmfile.cjs": f"// {text}".encode()}
        assert judged(before, hooked).classification == wanted, text


CATALOG = "packages: []\ncatalog:\n  a: {spec}\n"


def of_catalog(world: World, spec: str) -> Files:
    """A pnpm project whose root asks for a by the catalog."""
    other = world.copy()
    other.asks = {**other.asks, "a": "catalog:"}
    files = other.files("pnpm-9")
    return {**files, "pnpm-workspace.yaml": CATALOG.format(spec=spec).encode()}


def test_a_catalog_is_a_requirement_of_all_who_name_it() -> None:
    moved = WORLD.replaced(Pkg("a", "2.0.0", b="^1.0.0", c="^1.0.0"))
    before = of_catalog(WORLD, "^1.0.0")
    diff = judged(before, of_catalog(moved, "^2.0.0"))
    assert diff.classification == "matched", classes(diff)
    assert diff.requirements_changed
    assert judged(before, of_catalog(moved, "^1.0.0")).classification == "unexplained"


def test_a_patch_explains_its_package_only() -> None:
    patched = {"pnpm": {"patchedDependencies": {"c@1.3.0": "patches/c.patch"}}}
    before = WORLD.files("pnpm-6")
    after = with_manifest(before, **patched)
    assert judged(before, {**after, "patches/c.patch": b"x"}).classification == "metadata"
    moved = with_manifest(WORLD.replaced(Pkg("b", "1.9.0", c="^1.0.0")).files("pnpm-6"), **patched)
    diff = judged(before, {**moved, "patches/c.patch": b"x"})
    assert [item.name for item in diff.refresh_alongside] == ["b"]
