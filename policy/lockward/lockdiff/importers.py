"""What the lockfile says about this repository's own projects (invariant I10).

``packages[""]`` and the workspaces' entries repeat their package.json.  npm ci
takes the file's word for who is a workspace, and compares no more than versions.
"""

from __future__ import annotations

from lockward import semver, workspaces
from lockward.bounds import COPIES
from lockward.errors import BoundError
from lockward.lockdiff import folders
from lockward.lockdiff.records import Item
from lockward.lockdiff.requirements import OPTIONAL_PEER, peers_only, recorded, required, same
from lockward.model import Edge
from lockward.paths import join

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Final

    from lockward.lockdiff.answers import Asker
    from lockward.lockdiff.scene import Scene
    from lockward.model import Manifest
    from lockward.project import Project

_FETCHED: Final = frozenset({"registry", "git", "remote", "file"})


def judge(scene: Scene) -> Iterator[Item]:
    """Where a changed importer's record contradicts its package.json, and did not before."""
    if scene.era_after.flat:
        return
    for folder in scene.lockfile.importers:
        if not _differs(scene, folder):
            continue
        yield from _confused(scene, folder)
        if folder and folder not in scene.declared:
            yield from _undeclared(scene, folder)
        elif not folders.is_outside(scene, folder):
            yield from _drift(scene, folder)
    if "" in scene.keys:
        yield from _workspaces(scene)


def _confused(scene: Scene, folder: str) -> Iterator[Item]:
    """A folder that is called like a package's key: who depends on whom cannot be told then.

    bun's keys are plain names, and its reader tells the two apart; in the other formats
    such a folder exists only to hide the package from the judgement.
    """
    package = scene.lockfile.by_key.get(folder)
    if folder and package is not None and package.source in _FETCHED:
        cause = "a project's folder is called like the key of this package"
        yield Item("importer", after=package, pointer=folder, cause=cause, now=folder)


def _differs(scene: Scene, folder: str) -> bool:
    """Whether an importer's record is new or changed, or its entry is (npm)."""
    before = scene.lockfile_before
    old = None if before is None else before.importers.get(folder)
    new = scene.lockfile.importers[folder]
    return old is None or old.sections != new.sections or folder in scene.keys


def _undeclared(scene: Scene, key: str) -> Iterator[Item]:
    before = scene.lockfile_before
    if before is not None and key in before.importers:
        return
    held = join(scene.after.root, join(key, "package.json")) in scene.after.tree.entries()
    if held or not _is_generated(scene, key):
        yield Item(
            "importer",
            name=scene.lockfile.importers[key].name or key,
            pointer=key,
            cause=_UNDECLARED if held else _UNHELD,
            now=key,
        )


def _is_generated(scene: Scene, folder: str) -> bool:
    """pnpm: whether a folder that git does not hold is a declared workspace, and brings nothing.

    A build makes it, so it comes and goes with who ran one (mermaid 20c321076a).  What it asks
    for must be locked already or be somebody else's, too, under its own name.
    """
    if scene.traits.ranges or scene.lockfile_before is None:
        return False
    try:
        declared = workspaces.declared(scene.after).select([folder])
    except BoundError:
        return False
    edges = scene.graph.edges.get(folder, ())
    return bool(declared) and all(edge.via or _is_locked_anyway(scene, edge) for edge in edges)


def _is_locked_anyway(scene: Scene, edge: Edge) -> bool:
    """Whether what answers was locked before, or is what somebody else asks for."""
    if edge.target is None or scene.misnamed(edge):
        return False
    if scene.pair.after.answer(edge) in scene.pair.before.entries:
        return True
    asking = scene.graph.into(edge.target.key)
    COPIES.spend(len(asking))
    return any(other.source != edge.source for other in asking)


_UNDECLARED: Final = "no package.json makes this folder a workspace or asks for it"
_UNHELD: Final = "git holds no package.json in this folder: nothing says what it asks for"


def _drift(scene: Scene, key: str) -> Iterator[Item]:
    stood = {}
    if scene.before is not None:
        stood = _differences(scene.before, scene.asker_before, key)
    moved = {one.name for one in scene.changed if one.folder == key}
    for name, (asked, told) in _differences(scene.after, scene.asker, key).items():
        if not scene.traits.mirrors and (name in moved or _left_behind(scene, name, told)):
            continue
        if asked and any(excuse(scene, key, name, told) for excuse in _EXCUSES):
            continue
        if stood.get(name) != (asked, told):
            place = f"{key}/package.json" if key else "package.json"
            yield Item(
                "importer",
                name=name,
                pointer=key,
                cause=f"{place} wants {asked}" if asked else f"{place} does not ask for it",
                was=asked,
                now=told,
            )


def _is_pinned(scene: Scene, folder: str, name: str, told: str) -> bool:
    """npm: whether a record is the very version that answers package.json, in its range.

    A bot writes so (depfu in tailwindlabs/tailwindcss 6e40a8ea80); where package.json takes
    any version, another writes any range of it ("*" for a tag: dequelabs/axe-core 851b4dba58,
    netlify/cli 10b3c765f9).  Where package.json has a version, Dependabot and Snyk record a
    caret before it (serverless/serverless 53d132ae45, parse-server 96cec3b7b3); whoever
    wrote a wider caret into package.json later leaves what npm had put there
    (mdx-js/mdx f97ec0084e).  npm ci installs what is locked, npm install reads package.json.
    """
    if not scene.traits.breaks:
        return False
    edges = [one for one in scene.graph.edges.get(folder, ()) if one.name == name]
    return any(
        one.target is not None
        and one.target.source in _ANSWERING
        and scene.asker.fits(one, one.target)
        and (
            told == one.target.version
            or (told[:1] in _LOOSER and told[1:] == one.spec == one.target.version)
            or (told == f"^{one.target.version}" and _is_caret(one.spec))
            or (_is_any(scene, one) and _takes(scene, one, told))
        )
        for one in edges
    )


def _is_member_s(scene: Scene, folder: str, name: str, told: str) -> bool:
    """bun: whether a record is a range of a workspace's own version, and that workspace answers.

    A bot's bun wrote ``1.0.0-beta.20`` for ``workspace:*`` (margelo/react-native-quick-crypto
    36b915ebc6); bun 1.2 and 1.3 leave it, frozen too: what is installed is the folder.
    """
    if scene.traits.mirrors or not told:
        return False
    edges = [one for one in scene.graph.edges.get(folder, ()) if one.name == name]
    return bool(edges) and all(_is_own_range(scene, edge, told) for edge in edges)


def _is_own_range(scene: Scene, edge: Edge, told: str) -> bool:
    place = None if edge.target is None else folders.answering(edge.target, edge)
    if place is None or scene.members.get(place) != edge.name:
        return False
    manifest = scene.after.manifests.get(place)
    version = None if manifest is None else manifest.version
    return version is not None and semver.satisfies(version, told)


def _is_updated(scene: Scene, folder: str, name: str, told: str) -> bool:
    """bun: whether a record is what an update leaves, and is answered as package.json is.

    ``bun update --latest`` records ``latest`` up to bun 1.3, and ``bun update`` the range that it
    found (Cap-go/capgo 63502c0578, 4cd2c458d7).  A frozen install answers package.json anew, and
    the next install writes the record again.
    """
    if scene.traits.mirrors or not told:
        return False
    edges = [one for one in scene.graph.edges.get(folder, ()) if one.name == name]
    return bool(edges) and all(_both_take(scene, edge, told) for edge in edges)


def _both_take(scene: Scene, asked: Edge, told: str) -> bool:
    """Whether a requirement, and what an update left of it, are answered by the same package."""
    target = asked.target
    if target is None or target.source != "registry" or not scene.asker.fits(asked, target):
        return False
    record = Edge(asked.source, asked.name, told, asked.kind, target)
    wanted, meant = scene.asker.wants(record), scene.asker.wants(asked)
    named = asked.name if wanted.alias is None else wanted.alias.name
    one, two = wanted.alias or wanted, meant.alias or meant
    left = (one.kind, one.fetch) == ("tag", "latest") or (
        one.kind in ("range", "version") and _is_raised(one.fetch, two.fetch)
    )
    return left and named == target.name and scene.asker.fits(record, target)


def _is_raised(one: str, two: str) -> bool:
    """Whether a range is another one with a higher version: ``^8.0.0`` and ``^8.1.1``."""
    if one[:1] != two[:1] or one[:1] not in _LOOSER:
        return False
    versions = one[1:], two[1:]
    return all(map(semver.valid, versions)) and semver.compare(*versions) < 0


# What passes though a record is not what package.json says, each for one manager.
_EXCUSES: Final = (_is_pinned, _is_member_s, _is_updated)
_ANSWERING: Final = frozenset({"registry", "workspace", "link"})
_ANY: Final = frozenset({"", "*"})
_LOOSER: Final = frozenset("^~")


def _is_caret(text: str) -> bool:
    """Whether a range is a caret alone: that of any version in it is narrower."""
    return text[:1] == "^" and not {" ", "|"} & set(text)


def _is_any(scene: Scene, asked: Edge) -> bool:
    """Whether a requirement takes any version, as a tag does once something is locked."""
    return asked.spec in _ANY or scene.asker.wants(asked).kind == "tag"


def _takes(scene: Scene, asked: Edge, told: str) -> bool:
    """Whether a record is a range or a tag of the registry's, and takes what answers."""
    edge = Edge(asked.source, asked.name, told, asked.kind, asked.target)
    wanted = scene.asker.wants(edge)
    plain = wanted.kind in ("range", "version", "tag") and wanted.alias is None
    return plain and edge.target is not None and scene.asker.fits(edge, edge.target)


def _left_behind(scene: Scene, name: str, told: str) -> bool:
    """bun: whether a record is the text under which something was locked in this change.

    When package.json is taken back afterwards, in a merge or by hand, bun leaves the
    record as long as the same package answers, and installs what package.json asks for
    (bun 1.2 to 1.4, frozen too).  What is locked must be needed, and be in the range.
    """
    if not told:
        return False
    edge = Edge("", name, told, "prod", None)
    reachable = scene.graph.reachable()
    artifacts = scene.pair.after.by_name.get(name, ())
    new = [one for one in artifacts if one in scene.pair.new]
    copies = [package for artifact in new for package in scene.pair.after.entries[artifact]]
    COPIES.spend(len(artifacts) + len(copies))
    return any(package.key in reachable and scene.asker.fits(edge, package) for package in copies)


def _differences(project: Project, asker: Asker, folder: str) -> dict[str, tuple[str, str]]:
    """Name -> (what package.json asks for, what the lockfile records), where they differ."""
    lockfile, manifest = project.lockfile, project.manifests.get(folder)
    importer = None if lockfile is None else lockfile.importers.get(folder)
    if importer is None or manifest is None:
        return {}
    asked = {
        name: text.removeprefix(OPTIONAL_PEER) for name, text in required(project, manifest).items()
    }
    told = recorded(importer)
    unrecorded = peers_only(manifest) if project.manager.kind == "pnpm" else frozenset()
    return {
        name: (asked.get(name, ""), told.get(name, ""))
        for name in {**asked, **told}
        if not same(asker, name, told.get(name, ""), asked.get(name, ""), folder)
        and not (name not in told and name in unrecorded)  # pnpm: only with autoInstallPeers
        and told.get(name) not in _texts(manifest, name)
    }


def _texts(manifest: Manifest, name: str) -> tuple[str, ...]:
    """What a manifest asks of a name, in any section: managers differ in which of two counts."""
    return tuple(specs[name] for specs in manifest.sections.values() if name in specs)


def _workspaces(scene: Scene) -> Iterator[Item]:
    """Workspace patterns that only the lockfile has."""
    told = _patterns(scene.lockfile.raw)
    before = scene.lockfile_before
    manifest = scene.after.manifest
    if manifest is None or (before is not None and told == _patterns(before.raw)):
        return
    asked = frozenset(manifest.workspaces)
    for pattern in told:
        if pattern not in asked:
            yield Item(
                "importer",
                name=pattern,
                cause="package.json does not name this workspace",
                now=f"workspaces: {pattern}",
            )


def _patterns(raw: object) -> tuple[str, ...]:
    """The workspaces that packages[""] records."""
    packages = raw.get("packages") if isinstance(raw, dict) else None
    root = packages.get("") if isinstance(packages, dict) else None
    found = root.get("workspaces") if isinstance(root, dict) else None
    if isinstance(found, dict):
        found = found.get("packages")
    return tuple(one for one in found if isinstance(one, str)) if isinstance(found, list) else ()
