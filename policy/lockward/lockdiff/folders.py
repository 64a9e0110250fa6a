"""Folders of this repository that are installed like packages: ``file:``, ``link:``, ``portal:``.

Their package.json lies in the tree, so what they ask for is asked for by this
repository, as by any importer.
"""

from __future__ import annotations

from lockward import workspaces
from lockward.errors import LockwardError
from lockward.lockdiff.requirements import wanted
from lockward.paths import join, relative_to, resolve

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from lockward.lockdiff.answers import Asker
    from lockward.lockdiff.scene import Scene
    from lockward.model import Edge, Package
    from lockward.project import Project


def requirements(project: Project, package: Package) -> Mapping[str, str]:
    """What the package.json of such a folder asks for; nothing when it cannot be read."""
    place = resolve(project.root, _folder(package))
    if place is None:
        return {}
    path = join(place, "package.json")
    try:
        data = project.tree.read(path, project.policy.max_bytes)
        if data is None:
            return {}
        from lockward import manifest

        return wanted(manifest.read(path, data))
    except LockwardError:
        return {}


def _folder(package: Package) -> str:
    """The folder, from the root: the address, or what stands in Yarn 1's key.

    It may lie outside of the root (``../vendor/windows-argv-parser`` of desktop 5fac5061e8).
    """
    text = package.resolved
    if text is None:
        text = package.key.partition(", ")[0].partition("@")[2]
        text = text.rpartition("@")[2] if "@" in text else text
    for protocol in ("file:", "link:", "portal:"):
        text = text.removeprefix(protocol)
    return text


def asked_anew(scene: Scene) -> Iterator[Edge]:
    """What such folders ask for by their package.json, and did not when they were locked last.

    Where a lockfile records no ranges (pnpm) the package.json of then tells what that was.
    """
    told: dict[str, dict[str, str]] = {}  # thousands of links may lead to one folder
    known: dict[str, Mapping[str, str]] = {}
    for key in scene.keys:
        package = scene.lockfile.by_key.get(key)
        if package is None or package.source not in ("directory", "link"):
            continue
        artifact = scene.pair.after.of_key.get(key, "")
        if artifact not in told:
            told[artifact] = recorded(scene.pair.before.entries.get(artifact, ()))
        before = told[artifact]
        folder = _folder(package)
        if folder not in known:
            known[folder] = requirements(scene.after, package)
        asked = known[folder]
        if not scene.traits.ranges:
            then = scene.before if before else None
            before = {} if then is None else dict(requirements(then, package))
        for edge in scene.graph.edges.get(key, ()):
            text = edge.spec if scene.traits.ranges else asked.get(edge.name)
            if before.get(edge.name) != text and _is_told(scene, edge, asked):
                yield edge


def _is_told(scene: Scene, edge: Edge, asked: Mapping[str, str]) -> bool:
    """Whether a folder's package.json asks for what the lockfile says that it asks for.

    Berry and pnpm spell it in their own way.
    """
    text = asked.get(edge.name, "")
    if scene.traits.prefixed or not scene.traits.ranges or text.startswith("catalog:"):
        return edge.name in asked
    return asked.get(edge.name) == edge.spec


def recorded(packages: Iterable[Package]) -> dict[str, str]:
    """What a lockfile said that such a folder depends on."""
    found: dict[str, str] = {}
    for one in packages:
        found.update(one.dependencies)
        found.update(one.optional_dependencies)
    return found


def declared_folders(project: Project, asker: Asker) -> frozenset[str]:
    """The importers that the manifests themselves name: members, and folders asked for.

    A folder that only the lockfile knows is no importer, whatever lies in it.
    """
    folders = {relative_to(project.root, member) for member in project.member_folders}
    folders.update(workspaces.above(project))
    graph, lockfile = project.graph, project.lockfile
    if lockfile is not None and not lockfile.importers:
        folders.update(project.manifests)  # Yarn 1 names none: each was found by what asks for it
    if graph is not None and lockfile is not None:
        for folder in lockfile.importers:
            if (
                folder
                and folder not in folders
                and any(map(asker.asks_for_folder, graph.into(folder)))
            ):
                folders.add(folder)
    return frozenset(folders)


def answering(target: Package, edge: Edge) -> str | None:
    """The folder of this repository that answers an edge; None when it is any other package."""
    if edge.via:
        return target.key
    if target.source == "workspace":
        return resolve("", target.resolved or "")
    return resolve("", target.resolved or "") if target.link else None


def is_member(scene: Scene, edge: Edge) -> bool:
    """Whether a member of the workspace, or Berry's root, answers that has the edge's name.

    (reselect itself of reduxjs/reselect 42b63810fb.)
    """
    target = edge.target
    folder = edge.via if target is None else answering(target, edge)
    if folder is None and target is not None and target.source == "directory":
        folder = _copied(scene.after, target)
    if folder is None:
        return False
    root = scene.after.manifest
    return edge.name == (root.name if folder == "" and root else scene.members.get(folder))


def _copied(project: Project, package: Package) -> str | None:
    """The folder that a package is a copy of, from the root: as good as the folder itself.

    bun gives one to a dependant that is a copy, too, and asks for it by name
    (``file:packages/redis`` of databuddy-analytics/Databuddy c5a0de151d).
    """
    place = resolve(project.root, _folder(package))
    return None if place is None else relative_to(project.root, place)


def is_outside(scene: Scene, folder: str) -> bool:
    """npm: whether a linked folder lies outside of the lockfile's own.

    npm records what it asks for, and installs nothing for it (``..`` of lit/lit 290a608aa2).
    """
    return scene.traits.breaks and folder.partition("/")[0] == ".."
