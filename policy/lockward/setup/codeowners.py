"""CODEOWNERS lines for every lockfile that nobody has to review."""

from __future__ import annotations

from lockward import owners
from lockward.paths import name_of
from lockward.rules import lockfile_review_missing
from lockward.setup.scene import Advice, Planned, UnsafeError, appended, in_the_way

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from lockward.setup.scene import Scene


def plan(scene: Scene) -> Iterator[Planned | Advice]:
    """The lines, behind those that stand: the last one that matches wins."""
    repository = scene.repository
    host = lockfile_review_missing.host(repository.tree) if scene.ci == "none" else scene.ci
    path = owners.place(repository.tree.entries().keys(), host) or owners.PLACES[host][0]
    try:
        text = scene.text(path)
    except UnsafeError as error:
        yield in_the_way(path, error)
        return
    read = None if text is None else owners.Owners(text.encode(), host)
    lockfiles = [p for p in repository.paths("lockfile") if not name_of(p).startswith(".")]
    names = sorted({name_of(p) for p in lockfiles if read is None or not read.covers(p)})
    if not names:
        return
    if not scene.owner:
        yield Advice(
            f"nobody has to review {', '.join(names)}: say who", "lockward init --owner @ORG/TEAM"
        )
        return
    lines = [f"**/{name} {scene.owner}" for name in names]
    if host == "gitlab":  # a section of its own: it decides beside the others
        lines = ["", f"[Lockfiles] {scene.owner}", *(f"**/{name}" for name in names)]
    before = None if text is None else text.encode()
    yield Planned(path, before, appended(text or "", lines).encode(), "who reviews lockfiles")
