"""Pins: every internal scope that a project uses, in the .npmrc that its manager reads."""

from __future__ import annotations

from lockward import internal, mentions
from lockward import policyvalues as values
from lockward.registries import REGISTRY
from lockward.setup import settings
from lockward.setup.scene import Advice, Planned, UnsafeError, appended, in_the_way, newline

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lockward.project import Project
    from lockward.setup.scene import Scene


def plan(scene: Scene) -> Iterator[Planned | Advice]:
    """One file for each project that lacks a pin."""
    known = {**settings.found(scene), **scene.repository.policy.registries}
    scopes = frozenset({*known, *internal.scopes(scene.repository.policy)})
    for project in scene.projects:
        if scopes:
            yield from _plan(scene, project, scopes, known)


def _plan(
    scene: Scene, project: Project, scopes: frozenset[str], known: Mapping[str, str]
) -> Iterator[Planned | Advice]:
    path = project.registries.path
    pins: list[str] = []
    for scope in sorted(mentions.first_of_scopes(project, scopes)):
        if project.registries.scope(scope) is not None or not project.registries.complete:
            continue
        url = known.get(scope, "")
        if not path.endswith(".npmrc"):
            yield Advice(f"pin {scope} in {path}: its format is left to you")
        elif not url or not _sound(url):
            yield Advice(f"pin {scope} in {path}: where it lives is not known")
        else:
            pins.append(f"{scope}{REGISTRY}={url}")
    if not pins:
        return
    try:
        text = scene.text(path)
    except UnsafeError as error:
        yield in_the_way(path, error)
        return
    after = _with(text or "", pins)
    before = None if text is None else text.encode()
    yield Planned(path, before, after.encode(), "where internal scopes live")


def _sound(url: str) -> bool:
    try:
        values.https_url(url)
    except values.Wrong:
        return False
    return True


def _with(text: str, pins: list[str]) -> str:
    """The file with the pins: below, or above a ``[section]``, under which npm ignores keys."""
    if any(line.lstrip().startswith("[") for line in text.splitlines()):
        return "".join(f"{pin}{newline(text)}" for pin in pins) + text
    return appended(text, pins)
