"""Which requirements changed: step B of the judgement.

A requirement is what one project of the repository (an importer) asks of one
name.  Three things make one count as changed: its text in package.json, an
override that touches the name, or a lockfile that had not yet caught up with an
earlier change.  Moving a name from one section to another is no change.
"""

from __future__ import annotations

from lockward.directives import bare
from lockward.lockdiff.answers import satisfied
from lockward.paths import relative_to

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Final, Literal

    from lockward.model import Importer, Manifest
    from lockward.project import Project

    Why = Literal["requirement", "catch-up", "override"]


class Changed:
    """One changed requirement: ``folder`` is the importer's ("" the root), None for overrides."""

    __slots__ = ("folder", "name", "spec", "was", "why")

    def __init__(self, why: Why, folder: str | None, name: str, was: str, spec: str) -> None:
        self.why: Final[Why] = why
        self.folder: Final = folder
        self.name: Final = name
        self.was: Final = was
        self.spec: Final = spec


# Later sections win, as in npm; a peer that may be absent is another requirement.
_ORDER: Final = (
    "peerDependencies",
    "dependencies",
    "optionalDependencies",
    "devDependencies",
)
_OPTIONAL_PEER: Final = "(optional peer) "


def wanted(manifest: Manifest | None) -> Mapping[str, str]:
    """Name -> the spec that counts, of everything a package.json asks for."""
    if manifest is None:
        return {}
    found: dict[str, str] = {}
    for section in _ORDER:
        found.update(manifest.sections.get(section, {}))
    for name in manifest.peer_optional:
        if name in found and _only_peer(manifest, name):
            found[name] = f"{_OPTIONAL_PEER}{found[name]}"
    return found


def _only_peer(manifest: Manifest, name: str) -> bool:
    return not any(name in manifest.sections.get(section, {}) for section in _ORDER[1:])


def recorded(importer: Importer) -> Mapping[str, str]:
    """Name -> spec, as the lockfile records an importer."""
    found: dict[str, str] = {}
    for section in _ORDER:
        found.update(importer.sections.get(section, {}))
    return found


def changed(before: Project | None, after: Project) -> list[Changed]:
    """Every requirement whose text differs between the two states' manifests."""
    old = {} if before is None else before.manifests
    new = after.manifests
    found: list[Changed] = []
    for folder in {**old, **new}:
        one, two = old.get(folder), new.get(folder)
        if one is not None and two is not None and one.data == two.data:
            continue
        found.extend(_texts("requirement", folder, wanted(one), wanted(two)))
    found.extend(_overrides(before, after))
    found.extend(_members(before, after))
    return found


def everything(after: Project) -> list[Changed]:
    """Every requirement there is: what a lockfile that is new has to answer."""
    found = list(_members(None, after))
    for folder, manifest in after.manifests.items():
        found.extend(_texts("requirement", folder, {}, wanted(manifest)))
    return found


def _texts(
    why: Why, folder: str | None, old: Mapping[str, str], new: Mapping[str, str]
) -> Iterator[Changed]:
    for name in {**old, **new}:
        one, two = old.get(name, ""), new.get(name, "")
        if one != two:
            yield Changed(why, folder, name, one, two)


def _overrides(before: Project | None, after: Project) -> Iterator[Changed]:
    one = {} if before is None else before.directives.overrides
    two = after.directives.overrides
    for path in {**one, **two}:
        if one.get(path) != two.get(path):
            name = bare(path[-1])
            yield Changed("override", None, name, one.get(path, ""), two.get(path, ""))


def _members(before: Project | None, after: Project) -> Iterator[Changed]:
    """Workspaces that joined, left or were renamed: the root requires each by its name."""
    one = {} if before is None else _member_names(before)
    two = _member_names(after)
    for folder in {**one, **two}:
        if one.get(folder) != two.get(folder):
            for name in {one.get(folder), two.get(folder)} - {None}:
                assert name is not None
                yield Changed("requirement", "", name, "", f"workspace {folder}")


def _member_names(project: Project) -> dict[str, str]:
    names: dict[str, str] = {}
    for member in sorted(project.member_folders):
        folder = relative_to(project.root, member)
        manifest = project.workspaces.get(folder)
        if manifest is not None:
            names[folder] = manifest.name or folder.rpartition("/")[2]
    return names


def pins_changed(before: Project | None, after: Project) -> bool:
    """Whether the settings name another registry for anything."""
    return before is not None and pins(before) != pins(after)


def pins(project: Project) -> Mapping[str, str]:
    """Scope ("" the default) -> URL of the registry that the settings name."""
    registries = project.registries
    found = {scope: pin.url for scope, pin in registries.scopes.items()}
    if registries.default is not None:
        found[""] = registries.default.url
    return found


def catch_up(before: Project, after: Project, known: list[Changed]) -> list[Changed]:
    """Requirements that changed earlier, and that the lockfile before did not yet answer.

    Either the lockfile records another text than package.json asks for, or what
    was locked does not satisfy it.
    """
    lockfile = before.lockfile
    if lockfile is None:
        return []
    done = {(one.folder, one.name) for one in known}
    found: list[Changed] = []
    for folder, manifest in after.manifests.items():
        asked = wanted(manifest)
        told = _told(before, folder, asked)
        answered = _answered(after, folder)
        for name in {**told, **asked}:
            follows = name in answered or name not in asked
            if follows and (folder, name) not in done and _differs(told, asked, name):
                found.append(
                    Changed("catch-up", folder, name, told.get(name, ""), asked.get(name, ""))
                )
                done.add((folder, name))
        late = [one for one in _unanswered(before, folder, done) if one.name in answered]
        found.extend(late)
    return found


def _answered(after: Project, folder: str) -> frozenset[str]:
    """The names for which an importer finds something now."""
    edges = () if after.graph is None else after.graph.edges.get(folder, ())
    return frozenset(edge.name for edge in edges if edge.target is not None)


def _told(before: Project, folder: str, asked: Mapping[str, str]) -> Mapping[str, str]:
    """What the lockfile before records of an importer; what is asked when it records none."""
    lockfile = before.lockfile
    importer = None if lockfile is None else lockfile.importers.get(folder)
    if importer is not None:
        return recorded(importer)
    known = before.graph is not None and folder in before.graph.edges
    return asked if known else {}


def _differs(told: Mapping[str, str], asked: Mapping[str, str], name: str) -> bool:
    return told.get(name, "") != asked.get(name, "").removeprefix(_OPTIONAL_PEER)


def _unanswered(
    before: Project, folder: str, done: set[tuple[str | None, str]]
) -> Iterator[Changed]:
    if before.graph is None:
        return
    for edge in before.graph.edges.get(folder, ()):
        if (folder, edge.name) in done or edge.kind in ("peerOptional", "workspace"):
            continue
        if edge.target is None or not satisfied(edge):
            done.add((folder, edge.name))
            yield Changed("catch-up", folder, edge.name, "", edge.spec)
