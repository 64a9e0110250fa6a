"""Which requirements changed: step B of the judgement.

A requirement is what one project of the repository (an importer) asks of one
name.  It counts as changed by its text in package.json or in the catalog that the
text names, by an override, patch or extension that touches the name, or when the
lockfile had not yet caught up with an earlier change.  Moving a name from one
section to another is no change.
"""

from __future__ import annotations

from lockward import workspaces
from lockward.bounds import EXTENSIONS
from lockward.directives import bare
from lockward.errors import BoundError, LockwardError, TooLargeError
from lockward.lockdiff.answers import expanded
from lockward.lockdiff.selectors import is_of
from lockward.paths import relative_to
from lockward.registries import hosts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping
    from typing import Final, Literal

    from lockward.directives import Directives
    from lockward.lockdiff.answers import Asker
    from lockward.model import Importer, Manifest, Package
    from lockward.policy import Policy
    from lockward.project import Project
    from lockward.registries import Pin

    Why = Literal["requirement", "catch-up", "override", "patch", "extension", "hook"]


class Changed:
    """One changed requirement: ``folder`` is the importer's ("" the root), None for directives.

    ``name`` is the package that it touches (of a hook: its file), ``path`` an
    override's or a patch's whole key.
    """

    __slots__ = ("folder", "name", "path", "spec", "was", "why")

    def __init__(
        self,
        why: Why,
        folder: str | None,
        name: str,
        was: str,
        spec: str,
        *,
        path: tuple[str, ...] = (),
    ) -> None:
        self.why: Final[Why] = why
        self.folder: Final = folder
        self.name: Final = name
        self.was: Final = was
        self.spec: Final = spec
        self.path: Final = path


# Later sections win, as in npm; a peer that may be absent is another requirement.
_ORDER: Final = (
    "peerDependencies",
    "dependencies",
    "optionalDependencies",
    "devDependencies",
)
OPTIONAL_PEER: Final = "(optional peer) "


def wanted(manifest: Manifest | None) -> Mapping[str, str]:
    """Name -> the spec that counts, of everything a package.json asks for."""
    if manifest is None:
        return {}
    found: dict[str, str] = {}
    for section in _ORDER:
        found.update(manifest.sections.get(section, {}))
    for name in manifest.peer_optional:
        if name in found and _only_peer(manifest, name):
            found[name] = f"{OPTIONAL_PEER}{found[name]}"
    return found


def required(project: Project | None, manifest: Manifest | None) -> Mapping[str, str]:
    """The same, as the project's manager reads it: pnpm makes requirements of runtimes."""
    found = wanted(manifest)
    if manifest is None or project is None or project.manager.kind != "pnpm":
        return found
    from lockward.lockfiles.pnpm_engines import runtimes

    return {**{name: spec for _, name, spec in runtimes(manifest)}, **found}


def _only_peer(manifest: Manifest, name: str) -> bool:
    return not any(name in manifest.sections.get(section, {}) for section in _ORDER[1:])


def peers_only(manifest: Manifest) -> frozenset[str]:
    """The names that a manifest asks for as peers only."""
    peers = manifest.sections.get("peerDependencies", {})
    return frozenset(name for name in peers if _only_peer(manifest, name))


def recorded(importer: Importer) -> Mapping[str, str]:
    """Name -> spec, as the lockfile records an importer."""
    found: dict[str, str] = {}
    for section in _ORDER:
        found.update(importer.sections.get(section, {}))
    return found


def changed(before: Project | None, after: Project) -> list[Changed]:
    """Every requirement that differs between what the two states' files ask for."""
    old = {} if before is None else workspaces.locked(before)
    new = workspaces.locked(after)
    same_catalogs = before is None or before.directives.catalogs == after.directives.catalogs
    found: list[Changed] = []
    for folder in {**old, **new}:
        one, two = old.get(folder), new.get(folder)
        if one is not None and two is not None and one.data == two.data and same_catalogs:
            continue
        found.extend(_texts("requirement", folder, _asked(before, one), _asked(after, two)))
    found.extend(_directives(before, after))
    found.extend(_members(before, after))
    return found


def _asked(project: Project | None, manifest: Manifest | None) -> Mapping[str, str]:
    """What a manifest asks for, catalogs expanded."""
    found = required(project, manifest)
    if project is None or not any(text.startswith("catalog:") for text in found.values()):
        return found
    return {name: expanded(project, name, text) for name, text in found.items()}


def everything(after: Project) -> list[Changed]:
    """Every requirement there is: what a lockfile that is new has to answer."""
    found = list(_members(None, after))
    for folder, manifest in workspaces.locked(after).items():
        found.extend(_texts("requirement", folder, {}, _asked(after, manifest)))
    return found


def _texts(
    why: Why, folder: str | None, old: Mapping[str, str], new: Mapping[str, str]
) -> Iterator[Changed]:
    for name in {**old, **new}:
        one, two = old.get(name, ""), new.get(name, "")
        if one != two:
            yield Changed(why, folder, name, one, two)


def _directives(before: Project | None, after: Project) -> Iterator[Changed]:
    """Overrides, patches, extensions and hooks that differ."""
    two = after.directives
    one = type(two)() if before is None else before.directives
    for path in {**one.overrides, **two.overrides}:
        was, now = one.overrides.get(path, ""), two.overrides.get(path, "")
        if was != now:
            yield Changed("override", None, bare(path[-1]), was, now, path=path)
    for key in {**one.patches, **two.patches}:
        if one.patches.get(key) != two.patches.get(key):
            yield Changed("patch", None, bare(key), "", "", path=(key,))
    for name in set().union(*_by_extensions(one, two).values()):
        yield Changed("extension", None, name, "", "")
    for file in {**one.hooks, **two.hooks}:
        if one.hooks.get(file) != two.hooks.get(file):
            yield Changed("hook", None, file, "", "")


class Extended:
    """The dependencies that changed directives add to one package, alter or take away from it.

    ``own`` are what a directive says of it, ``mentioned`` what a changed hook names beside it.
    """

    __slots__ = ("_mentioned", "_own")

    def __init__(self, own: Collection[str], mentioned: Collection[str]) -> None:
        self._own: Final = own
        self._mentioned: Final = mentioned

    def __contains__(self, name: object) -> bool:
        return name in self._own or name in self._mentioned

    def __bool__(self) -> bool:
        return bool(self._own or self._mentioned)

    def beside(self, names: Iterable[str]) -> Extended:
        """These, and some more names."""
        return Extended({*self._own, *names}, self._mentioned)


class Extensions:
    """Those of every package.

    A changed ``packageExtensions`` entry names both; an override to ``-`` (pnpm)
    takes a dependency away from one parent.  A hook that rewrites manifests can
    do anything: it does it to those packages and dependencies that it names.
    """

    __slots__ = ("_by_package", "_mentioned")

    def __init__(self, before: Project | None, after: Project) -> None:
        two = after.directives
        one = type(two)() if before is None else before.directives
        found = _by_extensions(one, two)
        for path in {**one.overrides, **two.overrides}:
            pair = (one.overrides.get(path), two.overrides.get(path))
            if pair[0] != pair[1] and "-" in pair and len(path) > 1:
                found.setdefault(path[-2], set()).add(bare(path[-1]))
        self._by_package: Final[dict[str, list[tuple[str, set[str]]]]] = {}
        for key, names in found.items():
            self._by_package.setdefault(bare(key), []).append((key, names))
        self._mentioned: Final = _in_hooks(before, after) if one.hooks != two.hooks else set()

    def of(self, package: Package) -> Extended:
        """What there is for a package: under keys whose range, if there is one, it is in."""
        name = package.name
        own: set[str] = set()
        for key, names in self._by_package.get(name, ()):
            EXTENSIONS.spend()
            if is_of(package, key[len(name) + 1 :]):
                own |= names
        return Extended(own, self._mentioned if name in self._mentioned else ())


def _by_extensions(one: Directives, two: Directives) -> dict[str, set[str]]:
    """``name@range``, as packageExtensions have it -> the names that changed below it."""
    found: dict[str, set[str]] = {}
    for key in {**one.extensions, **two.extensions}:
        was, now = one.extensions.get(key, {}), two.extensions.get(key, {})
        names = {name for name in {**was, **now} if was.get(name) != now.get(name)}
        if names:
            found[key] = names
    return found


_LONGEST_HOOK: Final = 1 << 19  # bytes
_SEARCHED: Final = 1 << 16  # characters of a hook that are one step for each name


def _in_hooks(before: Project | None, after: Project) -> set[str]:
    """The packages that a changed hook names: each may depend on every other one of them."""
    texts = [
        _text_of(project, path)
        for project in (before, after)
        if project is not None
        for path in project.directives.hooks
    ]
    lockfile = after.lockfile
    names = {package.name for package in lockfile.packages} if lockfile is not None else set()
    EXTENSIONS.spend(len(names) * (1 + sum(map(len, texts)) // _SEARCHED))
    return {name for name in names if any(name in text for text in texts)}


def _text_of(project: Project, path: str) -> str:
    try:
        data = project.tree.read(path, _LONGEST_HOOK)
    except TooLargeError:
        fault = f"is a hook of more than {_LONGEST_HOOK:,} bytes, and it changed"
        raise BoundError(fault, path=path) from None
    except LockwardError:
        return ""
    return "" if data is None else data.decode("utf-8", "replace")


def _members(before: Project | None, after: Project) -> Iterator[Changed]:
    """Workspaces that joined, left or were renamed: the root requires each by its name."""
    one = {} if before is None else member_names(before)
    two = member_names(after)
    for folder in {**one, **two}:
        if one.get(folder) != two.get(folder):
            for name in {one.get(folder), two.get(folder)} - {None}:
                assert name is not None
                yield Changed("requirement", "", name, "", f"workspace {folder}")


def member_names(project: Project) -> dict[str, str]:
    """Folder -> name of each member of the workspace."""
    names: dict[str, str] = {}
    below = (relative_to(project.root, member) for member in sorted(project.member_folders))
    for folder in (*below, *workspaces.above(project)):
        manifest = project.workspaces.get(folder)
        if manifest is not None:
            names[folder] = manifest.name or folder.rpartition("/")[2]
    return names


def pins_changed(before: Project | None, after: Project) -> bool:
    """Whether the settings name another registry for anything."""
    return before is not None and pins(before) != pins(after)


def named_anew(before: Project | None, after: Project, policy: Policy) -> tuple[Pin, ...]:
    """The registries that settings name since this change, and that nothing vouches for.

    Whoever names one decides from where all that is new is fetched.  The managers' own
    registry, and those that the policy knows, need no word.
    """
    if before is None:
        return ()
    old, found = before.registries, after.registries
    pairs = [(found.default, old.default)]
    pairs += [(pin, old.scopes.get(scope)) for scope, pin in found.scopes.items()]
    return tuple(
        pin
        for pin, was in pairs
        if pin is not None
        and (was is None or was.url != pin.url)
        and pin.host is not None
        and not hosts.is_default_registry(pin.host)
        and pin.host not in policy.hosts
        and not any(hosts.host_of(url) == pin.host for url in policy.registries.values())
    )


def pins(project: Project) -> Mapping[str, str]:
    """Scope ("" the default) -> URL of the registry that the settings name."""
    registries = project.registries
    found = {scope: pin.url for scope, pin in registries.scopes.items()}
    if registries.default is not None:
        found[""] = registries.default.url
    return found


def catch_up(before: Project, after: Project, asker: Asker, known: list[Changed]) -> list[Changed]:
    """Requirements that changed earlier, and that the lockfile before did not yet answer.

    Either the lockfile records another text than package.json asks for, or what
    was locked does not satisfy it.  ``asker`` is of the state before.
    """
    lockfile = before.lockfile
    if lockfile is None:
        return []
    done = {(one.folder, one.name) for one in known}
    found: list[Changed] = []
    for folder, manifest in workspaces.locked(after).items():
        asked = required(before, manifest)
        told = _told(before, folder, asked)
        answered = _answered(after, folder)
        for name in {**told, **asked}:
            follows = name in answered or name not in asked
            one, two = told.get(name, ""), asked.get(name, "").removeprefix(OPTIONAL_PEER)
            if follows and (folder, name) not in done and not same(asker, name, one, two, folder):
                found.append(Changed("catch-up", folder, name, one, two))
                done.add((folder, name))
        late = [one for one in _unanswered(before, asker, folder, done) if one.name in answered]
        found.extend(late)
    return found


def _answered(after: Project, folder: str) -> frozenset[str]:
    """The names for which an importer finds something now."""
    edges = () if after.graph is None else after.graph.edges.get(folder, ())
    return frozenset(edge.name for edge in edges if edge.target is not None or edge.via)


def _told(before: Project, folder: str, asked: Mapping[str, str]) -> Mapping[str, str]:
    """What the lockfile before records of an importer; what is asked when it records none."""
    lockfile = before.lockfile
    importer = None if lockfile is None else lockfile.importers.get(folder)
    if importer is not None:
        return recorded(importer)
    known = before.graph is not None and folder in before.graph.edges
    return asked if known else {}


def same(asker: Asker, name: str, recorded: str, asked: str, folder: str) -> bool:
    """Whether a lockfile's text of a requirement is the manifest's, as its manager writes it.

    Berry writes ``npm:`` before ranges; pnpm writes what overrides make of them.
    """
    if recorded == asked:
        return True
    if recorded == f"npm:{asked}" and asker.prefixed:
        return True
    return bool(recorded and asked) and asker.overrides_to(name, recorded, folder)


def _unanswered(
    before: Project, asker: Asker, folder: str, done: set[tuple[str | None, str]]
) -> Iterator[Changed]:
    if before.graph is None:
        return
    for edge in before.graph.edges.get(folder, ()):
        if (folder, edge.name) in done or edge.kind in ("peerOptional", "workspace"):
            continue
        if not asker.answered(edge):
            done.add((folder, edge.name))
            yield Changed("catch-up", folder, edge.name, "", edge.spec)
