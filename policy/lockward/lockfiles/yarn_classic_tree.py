"""The edges of a Yarn 1 lockfile: each requirement is looked up by its own pattern.

A pattern is ``name@range``.  The root's ``resolutions`` answer in its place; a
workspace member answers by name, without an entry of its own.
"""

from __future__ import annotations

from lockward.lockfiles.drawn import Drawn, importer_edges, live, package_edges, workspace_folders
from lockward.lockfiles.yarn_classic import split_pattern
from lockward.model import Edge
from lockward.paths import resolve as resolve_path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lockward.lockfiles.drawn import Answer
    from lockward.model import Lockfile, Manifest, Package


def resolve(
    lockfile: Lockfile, manifests: Mapping[str, Manifest], _directives: object = None
) -> Drawn:
    """Every importer's and every entry's edges."""
    answer = _answer(lockfile, manifests)
    members = workspace_folders(manifests)

    def member(name: str, spec: str) -> str:  # noqa: ARG001 - Yarn 1 asks for the name only
        return members.get(name, "")

    edges: dict[str, tuple[Edge, ...]] = {}
    for folder, sections in live({}, manifests):
        below = _from(folder, answer)
        edges[folder] = importer_edges(folder, sections, below, member)
    edges[""] = (*edges.get("", ()), *_resolved(lockfile, manifests, edges.get("", ())))
    roots = tuple(edges)
    for package in lockfile.packages:
        edges[package.key] = package_edges(package, answer, member)
    return Drawn(edges, roots)


def _resolved(
    lockfile: Lockfile, manifests: Mapping[str, Manifest], own: tuple[Edge, ...]
) -> Iterator[Edge]:
    """What ``resolutions`` ask for by themselves: Yarn locks it even when nobody depends on it.

    (jupyterlab/jupyterlab d5da9c2e5f; yarn 1.22.22 does so in an empty project.)
    """
    forced = resolutions(manifests)
    names = {edge.name for edge in own}
    patterns = by_pattern(lockfile) if forced else {}
    for name, spec in forced.items():
        target = patterns.get(f"{name}@{spec}")
        if target is not None and name not in names:
            yield Edge("", name, spec, "prod", target)


def _from(folder: str, answer: Answer) -> Answer:
    """How a member's requirements are answered: Yarn writes local paths as seen from the root."""

    def below(name: str, spec: str) -> Package | None:
        protocol, colon, path = spec.partition(":")
        place = resolve_path(folder, path) if colon and protocol in ("link", "file") else None
        found = None if place is None else answer(name, f"{protocol}:{written(place)}")
        return answer(name, spec) if found is None else found

    return below


def written(place: str) -> str:
    """How Yarn writes a folder, seen from the root, which is ``.`` (vercel/swr 1cd8b7b178)."""
    return f"./{place}" if place else "."


def by_pattern(lockfile: Lockfile) -> dict[str, Package]:
    """Each single pattern of the keys -> its entry."""
    return {
        pattern: package for package in lockfile.packages for pattern in package.key.split(", ")
    }


def resolutions(manifests: Mapping[str, Manifest]) -> dict[str, str]:
    """Package name -> the range that the root's ``resolutions`` put in the place of any other.

    A path (``a/**/b``) is taken by its last name: which parents it means does
    not change which entry can answer.
    """
    root = manifests.get("")
    listed = None if root is None else root.raw.get("resolutions")
    if not isinstance(listed, dict):
        return {}
    return {
        _last_name(path): spec
        for path, spec in listed.items()
        if isinstance(path, str) and isinstance(spec, str)
    }


def _last_name(path: str) -> str:
    parts = path.split("/")
    scoped = len(parts) > 1 and parts[-2].startswith("@")
    return "/".join(parts[-2:]) if scoped else parts[-1]


def _of_registry(patterns: Mapping[str, Package], name: str, spec: str) -> Package | None:
    """The entry of ``git+https://….git`` for a requirement on ``https://….git``.

    The registry's copy of a package.json spells such addresses with ``git+``, and
    ``owner/repo`` with ``github:``; the one in the tarball as its author did.  Yarn makes
    the key of the first, and the dependant's record of the second (owncloud/web
    7a30b109fd, callstack/react-native-paper 5b797a9ea5).
    """
    if spec.startswith("https://") and ".git" in spec:
        return patterns.get(f"{name}@git+{spec}")
    owner, slash, rest = spec.partition("#")[0].partition("/")
    is_shortcut = slash and owner and rest and "/" not in rest and ":" not in owner
    return patterns.get(f"{name}@github:{spec}") if is_shortcut else None


def _answer(lockfile: Lockfile, manifests: Mapping[str, Manifest]) -> Answer:
    patterns = by_pattern(lockfile)
    forced = resolutions(manifests)
    members = workspace_folders(manifests)
    by_name: dict[str, list[Package]] = {}
    for pattern, package in patterns.items():
        by_name.setdefault(split_pattern(pattern)[0], []).append(package)

    def answer(name: str, spec: str) -> Package | None:
        found = patterns.get(f"{name}@{spec}") or _of_registry(patterns, name, spec)
        if found is None and name in forced:
            found = patterns.get(f"{name}@{forced[name]}")
            if found is None and len(by_name.get(name, ())) == 1:
                return by_name[name][0]  # a version that the resolution wrote into the entry
        if found is None and not spec and name not in members:
            return patterns.get(name)
        return found

    return answer
