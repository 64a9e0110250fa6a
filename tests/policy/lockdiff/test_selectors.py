"""An override, a patch or an extension excuses what its key is about, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.policy.lockdiff.test_directives import judged, with_manifest
from tests.policy.lockdiff.test_every_format import WORLD, classes
from tests.support.worlds import Pkg, World, sri, tarball

if TYPE_CHECKING:
    Json = dict[str, Any]

LOWER = WORLD.replaced(Pkg("c", "1.0.1"))
LAUNDERED = WORLD.copy()
LAUNDERED.get("c").real = "evil"
LAUNDERED.get("c").place = tarball("evil", "1.3.0")
LAUNDERED.get("c").integrity = sri("evil@1.3.0")
BEYOND = WORLD.replaced(Pkg("c", "99.0.0"))
EDGED = WORLD.replaced(Pkg("b", "1.2.3", c="^1.0.0", evil="^1.0.0"), Pkg("evil"))
REFUSED = ("unexplained", "tampered")


def nested(parent: str, name: str, to: str) -> Json:
    return {"overrides": {parent: {name: to}}}


def pnpm(selector: str, to: str) -> Json:
    return {"pnpm": {"overrides": {selector: to}}}


def resolution(selector: str, to: str) -> Json:
    return {"resolutions": {selector: to}}


def patch(key: str) -> Json:
    return {"pnpm": {"patchedDependencies": {key: "patches/c.patch"}}}


def extension(key: str, name: str) -> Json:
    return {"pnpm": {"packageExtensions": {key: {"dependencies": {name: "*"}}}}}


# What the key is about is not what moved.
ABOUT_OTHERS: list[tuple[str, str, Json, World]] = [
    ("a parent that is not there, another package", "npm-v3",
     nested("nobody", "c", "npm:evil@1.3.0"), LAUNDERED),
    ("a parent that is not there, a lower version", "npm-v3",
     nested("nobody", "c", "1.0.1"), LOWER),
    ("a parent that is not there, out of range", "npm-v3", nested("nobody", "c", "99.0.0"), BEYOND),
    ("a parent of another version", "npm-v3", nested("a@^9", "c", "1.0.1"), LOWER),
    ("a range that nobody asks for", "npm-v3", {"overrides": {"c@0.0.1": "1.0.1"}}, LOWER),
    ("a parent that is not there, another package", "bun",
     nested("nobody", "c", "npm:evil@1.3.0"), LAUNDERED),
    ("a parent that is not there, a lower version", "bun", nested("nobody", "c", "1.0.1"), LOWER),
    ("a parent that is not there, a lower version", "yarn-classic",
     resolution("nobody/c", "1.0.1"), LOWER),
    ("a parent that is not there, a lower version", "berry-8",
     resolution("nobody/c", "1.0.1"), LOWER),
    ("a parent that is not there, another package", "pnpm-9",
     pnpm("nobody>c", "npm:evil@1.3.0"), LAUNDERED),
    ("a parent of somebody else than who changed", "pnpm-9",
     pnpm("a>c", "npm:evil@1.3.0"), LAUNDERED),
    ("a range that nobody asks for, another package", "pnpm-9",
     pnpm("c@0.0.1", "npm:evil@1.3.0"), LAUNDERED),
    ("a range that nobody asks for, a lower version", "pnpm-9", pnpm("c@0.0.1", "1.0.1"), LOWER),
    ("a range that nobody asks for, out of range", "pnpm-9", pnpm("c@0.0.1", "99.0.0"), BEYOND),
    ("a patch of another version", "pnpm-9", patch("c@9.9.9"), LOWER),
    ("an extension of another version", "pnpm-9", extension("b@9", "evil"), EDGED),
    ("an extension of one package with what all need", "pnpm-9", extension("d", "c"), LOWER),
]  # fmt: skip


@pytest.mark.parametrize(
    ("form", "members", "after"),
    [pytest.param(*row, id=f"{form}: {name}") for name, *row in ABOUT_OTHERS for form in row[:1]],
)
def test_what_it_is_not_about_is_refused(form: str, members: Json, after: World) -> None:
    diff = judged(WORLD.files(form), with_manifest(after.files(form), **members))
    assert diff.classification in REFUSED, classes(diff)


@pytest.mark.parametrize(
    ("form", "members", "after"),
    [
        pytest.param("npm-v3", nested("a", "c", "1.0.1"), LOWER, id="npm: all below a package"),
        pytest.param("npm-v3", nested("a@^1", "c", "1.0.1"), LOWER, id="npm: of its version"),
        pytest.param("npm-v3", {"overrides": {"c@1": "1.0.1"}}, LOWER, id="npm: a range"),
        pytest.param("yarn-classic", resolution("a/**/c", "1.0.1"), LOWER, id="Yarn 1: a glob"),
        pytest.param("yarn-classic", resolution("**/c", "1.0.1"), LOWER, id="Yarn 1: everywhere"),
        pytest.param("pnpm-9", pnpm("c@<1.3.1", "1.0.1"), LOWER, id="pnpm: a range"),
        pytest.param("pnpm-9", pnpm("c", "npm:evil@1.3.0"), LAUNDERED, id="pnpm: another package"),
        pytest.param("pnpm-9", extension("b@1", "evil"), EDGED, id="pnpm: an extension's range"),
    ],
)
def test_what_it_is_about_is_explained(form: str, members: Json, after: World) -> None:
    diff = judged(WORLD.files(form), with_manifest(after.files(form), **members))
    assert diff.classification == "matched", classes(diff)
