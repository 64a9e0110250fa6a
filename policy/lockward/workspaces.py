"""Which folders a project declares as its workspaces.

By ``workspaces`` in package.json as @npmcli/map-workspaces decides, or for pnpm
by ``packages`` in pnpm-workspace.yaml as its projects-reader does.
"""

from __future__ import annotations

from lockward import bounds, globs, managers
from lockward.errors import BoundError
from lockward.paths import name_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping
    from typing import Final

    from lockward.model import Manifest
    from lockward.project import Project

    Chooser = Callable[[tuple[str, ...], frozenset[str]], tuple[str, ...]]

_MANIFEST: Final = "/package.json"
_IGNORED: Final = "node_modules"


class Declared:
    """Patterns, and how their manager selects folders by them; false when there is none.

    ``file`` is the name of the file that holds them.
    """

    __slots__ = ("chooses", "file", "patterns")

    def __init__(
        self,
        patterns: tuple[str, ...],
        select: Callable[[Iterable[str], Iterable[str]], tuple[str, ...]],
        file: str,
    ) -> None:
        self.patterns: Final = patterns
        self.chooses: Final = select
        self.file: Final = file

    def __bool__(self) -> bool:
        return bool(self.patterns)

    def select(self, folders: Iterable[str]) -> tuple[str, ...]:
        """Those folders, seen from the root and each with a manifest, that are workspaces."""
        return self.chooses(self.patterns, folders)


def declared(project: Project) -> Declared:
    """What decides for a project: pnpm looks at its own file alone, others at the manifest."""
    if _is_pnpms(project):
        from lockward import pnpm_settings

        listed = patterns(project.workspace_file.get("packages"))
        return Declared(listed, select_by_files, pnpm_settings.FILE)
    manifest = project.manifest
    listed = () if manifest is None else manifest.workspaces
    if any(pattern[:1] == "!" for pattern in listed):
        listed = _by_old_bun(project, listed)
    return Declared(listed, select, "package.json")


def _by_old_bun(project: Project, listed: tuple[str, ...]) -> tuple[str, ...]:
    """Leave out negated patterns, as bun before 1.3 does, when its lockfile shows that it did.

    Who declares it may have run a newer one: then the folder is not recorded.
    """
    name, version = managers.declared(project.manifest)
    major, _, rest = version.partition(".")
    old = name == "bun" and major in ("0", "1") and rest.partition(".")[0] in ("0", "1", "2")
    lockfile = project.lockfile if old else None
    if lockfile is None:
        return listed
    positive = tuple(pattern for pattern in listed if pattern[:1] != "!")
    folders = [folder for folder in lockfile.importers if folder]
    return positive if select(positive, folders) != select(listed, folders) else listed


def with_nested(
    members: Iterable[str], folders: Iterable[str], globs_in: Callable[[str], tuple[str, ...]]
) -> tuple[str, ...]:
    """Berry: a workspace may declare workspaces of its own, as seen from its folder.

    ``globs_in`` gives what the manifest of a folder declares.
    """
    found = dict.fromkeys(members)
    others = [folder for folder in folders if folder and folder not in found]
    waiting = list(found)
    while waiting and others:
        home = f"{waiting.pop()}/"
        below = [folder.removeprefix(home) for folder in others if folder.startswith(home)]
        if not below:
            continue  # nearly always: then nothing is read
        for folder in select(globs_in(home[:-1]), below):
            if f"{home}{folder}" not in found:
                found[f"{home}{folder}"] = None
                waiting.append(f"{home}{folder}")
    return tuple(sorted(found))


def above(project: Project) -> tuple[str, ...]:
    """pnpm: the importers that lie above the root, seen from there, and that its file declares.

    ``../packages/*``: the lockfile of a benchmark or a playground that holds the projects
    beside its folder, too (vitest-dev/vitest b90ecae39d).
    """
    lockfile = project.lockfile
    if lockfile is None or not any(folder.startswith(_ABOVE) for folder in lockfile.importers):
        return ()
    known = declared(project)
    reaching = tuple(one for one in known.patterns if one.startswith((_ABOVE, "!")))
    if known.chooses is not select_by_files or not reaching:
        return ()
    return select_by_files(
        reaching, [folder for folder in project.workspaces if folder.startswith(_ABOVE)]
    )


_ABOVE: Final = "../"


def locked(project: Project) -> Mapping[str, Manifest]:
    """The manifests, by folder, that a project's lockfile is for.

    With ``sharedWorkspaceLockfile: false`` (pnpm) each member has a lockfile of its own
    (huggingface/huggingface.js 985a4d33bb); one that the root's records is judged with it.
    """
    found, lockfile = project.manifests, project.lockfile
    if lockfile is None or lockfile.format != "pnpm" or len(found) < 2:  # noqa: PLR2004 - the root
        return found
    from lockward import pnpm_settings

    if not pnpm_settings.parted(project, pnpm_settings.of(project)):
        return found
    return {one: it for one, it in found.items() if not one or one in lockfile.importers}


def may_nest(project: Project) -> bool:
    """Whether Berry installs a project, told without reading its lockfile."""
    names = {name_of(path) for path in project.sibling_paths}
    if ".yarnrc.yml" not in names or "yarn.lock" not in names:
        return False
    name, version = managers.declared(project.manifest)
    return name in ("", "yarn") and managers.Manager("yarn-berry", version).major not in (0, 1)


def _is_pnpms(project: Project) -> bool:
    """Whether pnpm installs a project, told without reading its lockfile."""
    name, _ = managers.declared(project.manifest)
    owners = [managers.lockfile_owner(path) for path in project.lockfile_paths]
    if not name and owners:
        name = owners[0] or "pnpm"  # a lockfile of one branch
    return name == "pnpm" or (not name and bool(project.workspace_file))


def select_by_files(declared: Iterable[str], folders: Iterable[str]) -> tuple[str, ...]:
    """pnpm: a glob of manifests for each pattern; what any negated one matches is out."""
    return _kept(_by_files, declared, folders)


def select(declared: Iterable[str], folders: Iterable[str]) -> tuple[str, ...]:
    """Those folders that the globs declare, sorted."""
    return _kept(_by_globs, declared, folders)


def _kept(choose: Chooser, declared: Iterable[str], folders: Iterable[str]) -> tuple[str, ...]:
    """What ``choose`` says.

    The last answers are kept, and the bounds that were hit: the states before and after a
    change mostly ask the same, and each of them more than once.
    """
    asked = (choose, tuple(declared), frozenset(folders))
    found = _LAST.get(asked)
    if found is None:
        if len(_LAST) >= _MOST_KEPT:
            _LAST.clear()
        try:
            bounds.GLOBS.spend(_FOR_ONE * len(asked[1]))
            found = choose(asked[1], asked[2])
        except BoundError as fault:
            found = fault
        _LAST[asked] = found
    if isinstance(found, BoundError):
        raise found
    return found


_LAST: Final[
    dict[tuple[Chooser, tuple[str, ...], frozenset[str]], tuple[str, ...] | BoundError]
] = {}
_MOST_KEPT: Final = 4
_FOR_ONE: Final = 20  # steps to take a glob apart


def _by_files(declared: tuple[str, ...], folders: frozenset[str]) -> tuple[str, ...]:
    wanted = [glob for pattern in declared if pattern[:1] != "!" for glob in _globs(pattern)]
    unwanted = [glob for pattern in declared if pattern[:1] == "!" for glob in _globs(pattern[1:])]
    return tuple(
        sorted(
            folder
            for folder in folders
            for parts in [folder.split("/")]
            if _NEVER.isdisjoint(parts)
            and any(glob.matches(folder, parts) for glob in wanted)
            and not any(glob.matches(folder, parts, dot=True) for glob in unwanted)
        )
    )


def _as_deep(
    folders: Iterable[str], wild: Collection[_Glob], exact: Collection[str]
) -> Iterable[str]:
    """The folders as deep as a glob without ``**`` can reach, told without taking them apart.

    Hundreds of roots in one another each have thousands of folders below them, each a long path.
    """
    if any(glob.crosses for glob in wild):
        return folders
    depths = {glob.depth for glob in wild}
    return [one for one in folders if one.count("/") in depths or one in exact]


class _Glob:
    """A pattern without braces; what it begins with is compared first."""

    __slots__ = ("_length", "_number", "_parts", "_plain", "crosses", "depth")

    def __init__(self, text: str) -> None:
        parts = text.split("/")
        wild = (at for at, part in enumerate(parts) if not _WILD.isdisjoint(part))
        self._number: Final = next(wild, len(parts))
        self._plain: Final = parts[: self._number]
        self._parts: Final = parts
        self._length: Final = len(text)
        self.crosses: Final = globs.GLOBSTAR in parts  # any number of folders
        self.depth: Final = len(parts) - 1  # slashes

    def matches(self, path: str, parts: list[str], *, dot: bool = False) -> bool:
        """Whether a path, which has these parts, matches."""
        if parts[: self._number] != self._plain:
            bounds.GLOBS.spend()
            return False
        crossed = 2 * len(self._parts) * len(parts) if self.crosses else 0
        bounds.GLOBS.spend(_steps(self._length, path) + crossed)
        return globs.parts_match(self._parts, parts, dot=dot, extended=True)


_WILD: Final = globs.WILD | {"("}


def _steps(length: int, text: str) -> int:
    """What the comparison of a glob of some length with a text costs; next to nothing is 1."""
    return 8 + length * len(text) // 256


def _globs(pattern: str) -> list[_Glob]:
    return [_Glob(_plain(branch)) for branch in globs.expand(pattern)]


_NEVER: Final = frozenset({"node_modules", "bower_components"})


def workspace_folders(manifest: Manifest, paths: Iterable[str]) -> tuple[str, ...]:
    """The workspaces' folders, relative to the manifest's own and sorted.

    ``paths`` are files, relative to that folder too: a workspace is a folder
    with a package.json.
    """
    folders = [path.removesuffix(_MANIFEST) for path in paths if path.endswith(_MANIFEST)]
    return select(manifest.workspaces, folders)


def patterns(declared: object) -> tuple[str, ...]:
    """The globs in a ``workspaces`` value: those strings in the list or in its ``packages``."""
    if isinstance(declared, dict):
        declared = declared.get("packages")
    if not isinstance(declared, list):
        return ()
    return tuple(pattern for pattern in declared if isinstance(pattern, str))


def _by_globs(declared: tuple[str, ...], folders: frozenset[str]) -> tuple[str, ...]:
    wanted, negated = _split(declared)
    exact = {pattern for pattern in wanted if _WILD.isdisjoint(pattern)}
    wild = [glob for pattern in wanted if pattern not in exact for glob in _globs(pattern)]
    unwanted = [glob for pattern in negated for glob in _globs(pattern)]
    return tuple(
        sorted(
            folder
            for folder in _as_deep(folders, wild, exact)
            for parts in [folder.split("/")]
            if _IGNORED not in parts
            and (folder in exact or any(glob.matches(folder, parts) for glob in wild))
            and not any(glob.matches(folder, parts, dot=True) for glob in unwanted)
        )
    )


def _split(declared: Iterable[str]) -> tuple[list[str], list[str]]:
    """The globs, and the negated ones that still hold.

    A later glob takes back the negations that would exclude the glob itself;
    a negation takes back the earlier globs that it matches.
    """
    wanted: list[str] = []
    unwanted: list[str] = []
    for pattern in declared:
        bare = pattern.lstrip("!")
        plain = _plain(bare)
        if (len(pattern) - len(bare)) % 2:
            unwanted.append(plain)
        else:
            unwanted = [glob for glob in unwanted if not _takes(glob, plain)]
            wanted.append(plain)
    kept = [glob for glob in wanted if not any(_takes(negated, glob) for negated in unwanted)]
    return kept, unwanted


def _takes(negated: str, glob: str) -> bool:
    """Whether a negated glob matches the text of another glob."""
    bounds.GLOBS.spend(_steps(len(negated), glob))
    return globs.match_path(negated, glob, extended=True)


def _plain(pattern: str) -> str:
    """``./a//b/`` as ``a/b``."""
    parts = pattern.replace("\\", "/").split("/")
    return "/".join(part for part in parts if part not in ("", "."))
