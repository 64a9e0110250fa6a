"""Whether `yarn install --immutable` of Yarn 2 and later would install, offline; stricter than it.

Reference: berry's core, Project.resolveEverything and generateLockfile.  Yarn
resolves anew what a lockfile does not hold, and then compares texts.  A lockfile
therefore stays as it is exactly when

- each workspace's entry says what its package.json says,
- each descriptor that somebody asks for is a key, patches and their bases included,
- each key is asked for by somebody.

Beyond that, what `--immutable` lets pass and only Yarn's hardened mode refuses is
refused here too: a version outside of the range of its own key.
"""

from __future__ import annotations

from lockward import semver
from lockward.bounds import EXTENSIONS
from lockward.directives import yarn_berry as directives
from lockward.lockfiles.yarn_berry_extensions import ADDED_BY_YARN
from lockward.lockfiles.yarn_berry_plain import Document
from lockward.lockfiles.yarn_berry_specs import (
    base_of,
    book_of,
    canonical_of,
    locator_of,
    normalised,
    split,
)
from lockward.lockfiles.yarn_berry_text import first_difference
from lockward.paths import name_of
from lockward.sync import SyncProblem
from lockward.sync.yarn_berry_blocks import differences
from lockward.sync.yarn_berry_folders import differences as folder_differences
from lockward.sync.yarn_berry_kept import Kept
from lockward.sync.yarn_classic import another_yarn

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Final

    from lockward import yamlread
    from lockward.model import Manifest, Package
    from lockward.project import Project


_UNCOMPRESSED_SINCE: Final = 8  # __metadata.version of Yarn 4.0, whose default level is 0


PATCHES_SINCE: Final = 6  # __metadata.version from which on every Yarn brings the same patches


def problems(project: Project) -> tuple[SyncProblem, ...]:
    """Every difference between what the lockfile holds and what Yarn would write."""
    if project.manager.kind == "yarn-classic":
        return (another_yarn(project, "Yarn 2 or later"),)
    found = tuple(Judge(project).problems())
    return found or tuple(_text(project))


class Judge:
    """What Yarn makes of one project."""

    def __init__(self, project: Project) -> None:
        assert project.lockfile is not None
        self.project: Final = project
        self.settings: Final = directives.settings_of(project)
        self.lockfile: Final = project.lockfile
        self.book: Final = book_of(self.lockfile, project.manifest, project.directives)
        self.extensions: Final = _extensions(self.settings)
        # A plugin of the repository's own in the place of the one that brings Yarn's patches
        # (fluentui-react-native 801d8b14f3)
        self.unpatched: Final = any(
            name_of(place).partition(".")[0] == "plugin-compat"
            for place in project.directives.hooks
        )
        self.transparent: Final = self.settings.get("enableTransparentWorkspaces") != "false"
        # Requirement that is answered alike everywhere -> see chain
        self.plain: Final[dict[tuple[str, str], tuple[str, ...]]] = {}
        self.unfit: Final[set[str]] = set()  # descriptors whose entry is no answer
        self._kept: Kept | None = None
        self.used: Final[set[str]] = set()
        self.waiting: Final[list[Package]] = []
        self.seen: Final[set[str]] = set()
        self.peers: Final[dict[str, frozenset[str]]] = {}  # key -> see _own_peers
        self.added: set[str] = set()  # what Yarn may add to what was seen

    @property
    def kept(self) -> Kept:
        """What the last state left."""
        if self._kept is None:
            self._kept = Kept(self)
        return self._kept

    def context(self) -> tuple[object, ...]:
        """Whatever has a say beside entries, manifests and the files of patches."""
        root = self.project.manifest
        return (
            self.settings,
            self.project.directives.replaced,
            self.unpatched,
            self.lockfile.version,
            self.book.top,
            None if root is None else root.raw.get("resolutions"),
        )

    def problems(self) -> Iterator[SyncProblem]:
        """Everything, in the order in which Yarn would meet it."""
        yield from self._problems()
        self.kept.keep()

    def of_workspace(self, folder: str, manifest: Manifest) -> Iterator[SyncProblem]:
        """What is wrong with one workspace and with what it asks for."""
        anchor = self.book.anchors.get(folder or ".")
        if anchor is None:
            yield _recorded(folder, manifest.name or folder, "the lockfile has no entry for it")
        else:
            yield from self._workspace(folder, manifest, anchor)

    def _problems(self) -> Iterator[SyncProblem]:
        yield from self._metadata()
        yield from self._workspaces()
        yield from self._walk()
        for descriptor, package in self.book.entries.items():
            if descriptor not in self.used and split(descriptor)[0] in self.added:
                self.used.add(descriptor)
                self._visit(package)
                yield from self._walk()
        yield from self._unused()

    def _walk(self) -> Iterator[SyncProblem]:
        while self.waiting:
            package = self.waiting.pop()
            for what, detail in folder_differences(self.project, package):
                yield _recorded(package.key, what, detail)
            known = self.kept.of(package)
            if known is not None:
                self._use(known)
                continue
            asked: list[str] = []
            locator = locator_of(package)
            required = self.required(package)
            for name, spec in required.items():
                yield from self._look(package.key, locator, name, spec, asked)
            self.kept.add(package, required, tuple(asked))

    def _use(self, descriptors: tuple[str, ...]) -> None:
        """What a package asks for, of which nothing can be wrong."""
        for descriptor in descriptors:
            if descriptor not in self.used:
                self.used.add(descriptor)
                self._visit(self.book.entries[descriptor])

    def _metadata(self) -> Iterator[SyncProblem]:
        """The cacheKey ends with the compression level, unless that is "mixed"."""
        metadata = self.lockfile.raw.get("__metadata")
        key = metadata.get("cacheKey") if isinstance(metadata, dict) else None
        usual = "0" if int(self.lockfile.version) >= _UNCOMPRESSED_SINCE else "mixed"
        level = self.settings.get("compressionLevel", usual)
        wanted_end = "" if level == "mixed" else f"c{level}"
        if isinstance(key, str) and key.lstrip("0123456789") != wanted_end:
            yield _recorded(
                "__metadata", "cacheKey", f"is {key}, but .yarnrc.yml says compressionLevel {level}"
            )

    # Workspaces

    def _workspaces(self) -> Iterator[SyncProblem]:
        live = dict(self.project.manifests)
        for folder, manifest in live.items():
            yield from self.of_workspace(folder, manifest)
        for folder, anchor in self.book.anchors.items():
            if ("" if folder == "." else folder) not in live:
                yield _recorded(
                    anchor.key, anchor.name, f"no workspace of the project lies in {folder}"
                )

    def _workspace(self, folder: str, manifest: Manifest, anchor: Package) -> Iterator[SyncProblem]:
        self.used.add(f"{anchor.name}@workspace:{folder or '.'}")
        self.seen.add(anchor.key)
        if manifest.name is not None and manifest.name != anchor.name:
            yield _recorded(folder, manifest.name, f"the lockfile calls it {anchor.name}")
        for what, detail in differences(manifest, anchor, own=True):
            yield _recorded(folder, what, detail)
        locator = locator_of(anchor)
        for name, spec in wanted(manifest).items():
            yield from self._look(folder, locator, name, spec)

    # What is asked for

    def required(self, package: Package) -> Mapping[str, str]:
        """What a locked package asks for, with what .yarnrc.yml adds."""
        rows = self.extensions.get(package.name, ())
        added: dict[str, str] = {}
        EXTENSIONS.spend(len(rows))
        for range_, specs in rows:
            if semver.satisfies(package.version, range_, include_prerelease=True):
                added.update(specs)
        return {**added, **package.dependencies} if added else package.dependencies

    def _look(
        self, source: str, locator: str, name: str, spec: str, asked: list[str] | None = None
    ) -> Iterator[SyncProblem]:
        """Find the descriptor of a requirement; what is wrong with what is there.

        ``asked`` gets the descriptors, and "" for one that is not there.
        """
        chain = self.chain(locator, name, spec)
        if asked is not None:
            asked.extend(chain)
        if chain == ("",):
            yield SyncProblem("missing", source, name, spec, "prod")
            return
        for descriptor in chain:
            if descriptor in self.used:
                return
            found = self.book.entries.get(descriptor)
            if found is None:
                yield SyncProblem("missing", source, *split(descriptor), "prod")
                return
            self.used.add(descriptor)
            if not self.fits(descriptor, found):
                self.unfit.add(descriptor)
                yield SyncProblem("invalid", source, *split(descriptor), "prod", found=found)
            self._visit(found)

    def chain(self, locator: str, name: str, spec: str) -> tuple[str, ...]:
        """The descriptor that answers a requirement, and those that its patches patch in turn.

        ``("",)`` when there is none; the last may be one that the lockfile does not have.
        """
        known = self.plain.get((name, spec))
        if known is None:
            known = tuple(self._find_chain(locator, name, spec))
            if self.book.is_plain(name, spec):
                self.plain[name, spec] = known
        return known

    def _find_chain(self, locator: str, name: str, spec: str) -> Iterator[str]:
        candidates = self.book.wanted(locator, name, spec)
        if int(self.lockfile.version) >= PATCHES_SINCE and not self.unpatched:
            candidates = candidates[:1]
        descriptor = next((one for one in candidates if one in self.book.entries), "")
        yield descriptor
        seen = {descriptor}
        while descriptor in self.book.entries:
            base = base_of(self.book.written(descriptor))
            descriptor = canonical_of(base) if base else ""
            if not descriptor or descriptor in seen:
                return
            seen.add(descriptor)
            yield descriptor

    def _visit(self, package: Package) -> None:
        if package.key in self.seen:
            return
        self.seen.add(package.key)
        if package.source != "workspace":
            self.waiting.append(package)
        self.added |= ADDED_BY_YARN.get(package.name, frozenset())

    def fits(self, descriptor: str, found: Package) -> bool:
        """Whether an entry's version is in the range of a key, where the key has one."""
        protocol, _, rest = split(descriptor)[1].partition(":")
        if protocol not in ("npm", "workspace") or found.source not in ("registry", "workspace"):
            return True
        range_ = split(rest)[1] if rest.find("@", 1) > 0 else rest
        if found.source == "registry":  # of what is no range: a tag, ^ or ~ alone
            return semver.satisfies(found.version, range_) or not semver.is_range(range_)
        if not semver.is_range(range_):
            return True  # a path
        return self._accepts(protocol, found, range_)

    def _accepts(self, protocol: str, found: Package, range_: str) -> bool:
        """Workspace.accepts: by the version in its package.json."""
        folder = "" if found.resolved in (".", None) else found.resolved
        manifest = self.project.manifests.get(folder or "")
        if manifest is None or (protocol == "workspace" and range_ == "*"):
            return True
        if protocol == "npm" and (not self.transparent or manifest.version is None):
            return False
        return semver.satisfies(manifest.version or "0.0.0", range_)

    def _unused(self) -> Iterator[SyncProblem]:
        """Keys that nobody asks for; a plugin may ask for what is written nowhere."""
        if has_plugins(self.settings):
            return
        for descriptor, package in self.book.entries.items():
            if descriptor in self.used or package.source == "workspace":
                continue
            if descriptor not in self._own_peers(package):
                name, spec = split(descriptor)
                yield _recorded(
                    package.key, name, f"nothing asks for {self.book.written(descriptor)}", spec
                )

    def _own_peers(self, package: Package) -> frozenset[str]:
        """The keys that Yarn writes because a dependency has its dependant as a peer.

        Up to Yarn 3 such a key is the package's locator, since then the range of its alias.
        """
        known = self.peers.get(package.key)
        if known is None:
            known = self.peers[package.key] = frozenset(self._find_own_peers(package))
        return known

    def _find_own_peers(self, package: Package) -> Iterator[str]:
        locator, name = locator_of(package), package.name
        found = (self.book.answer(locator, *one) for one in package.dependencies.items())
        if package.key in self.seen and any(
            name in peer.peer_dependencies for peer in found if peer is not None
        ):
            yield canonical_of(locator)
            for one in map(canonical_of, package.key.split(", ")):
                if one in self.used:
                    yield f"{name}@{split(one)[1]}"


def wanted(manifest: Manifest) -> dict[str, str]:
    """What a workspace requires: the sections in the order in which a later one wins."""
    sections = manifest.sections
    return {
        **sections["dependencies"],
        **sections["optionalDependencies"],
        **sections["devDependencies"],
    }


def _text(project: Project) -> Iterator[SyncProblem]:
    """A lockfile that says the right things in a text that is not Yarn's."""
    lockfile = project.lockfile
    if lockfile is not None and isinstance(lockfile.raw, Document):
        return  # read as what Yarn writes
    data = None if lockfile is None else project.tree.read(lockfile.path, project.policy.max_bytes)
    if lockfile is None or data is None:
        return
    line = first_difference(data.decode("utf-8", "replace"), lockfile.raw)  # type: ignore[arg-type]  # yamlread gave it
    if line:
        yield _recorded("yarn.lock", "yarn.lock", f"line {line} is not what Yarn writes there")


# Plugins of Yarn 2 and 3 that Yarn's own team publishes; they resolve nothing.
_OFFICIAL: Final = frozenset(
    (
        *("compat", "constraints", "essentials", "exec", "file", "git", "github", "http", "init"),
        *("interactive-tools", "link", "node-modules", "npm", "npm-cli", "pack", "patch", "pnp"),
        *("pnpm", "production-install", "stage", "typescript", "version", "workspace-tools"),
    )
)


def has_plugins(settings: Mapping[str, object]) -> bool:
    """Whether .yarnrc.yml names a plugin that may resolve what is written nowhere."""
    listed = settings.get("plugins")
    for plugin in listed if isinstance(listed, list) else ():
        path = plugin.get("path") if isinstance(plugin, dict) else plugin
        name = str(path).rpartition("/")[2].removeprefix("plugin-").partition(".")[0]
        if name not in _OFFICIAL:
            return True
    return False


def _recorded(source: str, name: str, detail: str, spec: str = "") -> SyncProblem:
    return SyncProblem("recorded", source, name, spec, "prod", detail=detail)


def _extensions(settings: yamlread.Mapping) -> dict[str, list[tuple[str, Mapping[str, str]]]]:
    """Package name -> (range of its versions, what they require beside their own)."""
    found: dict[str, list[tuple[str, Mapping[str, str]]]] = {}
    listed = settings.get("packageExtensions")
    for key, added in listed.items() if isinstance(listed, dict) else ():
        specs = added.get("dependencies") if isinstance(added, dict) else None
        if isinstance(specs, dict):
            name, range_ = split(key)
            texts = {one: normalised(text) for one, text in specs.items() if isinstance(text, str)}
            found.setdefault(name, []).append((range_ or "*", texts))
    return found
