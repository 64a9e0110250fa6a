"""Whether a change can have put a Berry lockfile out of step, told by what changed alone.

`yarn_berry.problems` proves a whole state: it asks for every requirement of thousands
of packages.  A finding is new only if the state before did not have it, and where the
settings and the text of nearly everything stay, so does what is wrong with it.  Under

- equal settings, resolutions, plugins and metadata, and a text that is Yarn's,

no problem is new when

- each project that changed, or whose entry did, is recorded as it is,
- nobody asks for a descriptor that is gone,
- whatever changed entries and projects ask for is a key, fits, and was in use before
  if its entry stayed,
- each descriptor of a changed entry, and each that a changed or lost entry or project
  does not ask for any more, fits and is asked for by a project, or by an entry to which
  a way leads from a project.

For an entry that stayed and was in use before is in use still: take the first step on
its old way from a project that nobody takes now; it would be one of the last kind.
"""

from __future__ import annotations

from lockward.errors import BoundError
from lockward.lockfiles.yarn_berry_extensions import ADDED_BY_YARN
from lockward.lockfiles.yarn_berry_plain import Document
from lockward.lockfiles.yarn_berry_specs import (
    PATCHED_BY_YARN,
    bases,
    locator_of,
    names_of,
    spellings,
    split,
)
from lockward.sync.yarn_berry import PATCHES_SINCE, Judge, has_plugins, wanted
from lockward.sync.yarn_berry_folders import differences as folder_differences

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Final

    from lockward.model import Package, Since
    from lockward.project import Project

    Asked = set[str]  # descriptors

_FEW: Final = 64  # entries that may differ in a small lockfile; in a larger one an eighth of them
_MOST_STEPS: Final = 50_000  # askers that are looked at in a state: then it is not worth it
_OURS: Final = frozenset({"directory", "link"})  # sources whose package.json may change as well


def nothing_new(before: Project, after: Project) -> bool:
    """Whether the state after surely has no problem that the one before did not have."""
    old, new = before.lockfile, after.lockfile
    if old is None or new is None or not isinstance(new.raw, Document):
        return False
    if before.manager.kind != "yarn-berry" or after.manager.kind != "yarn-berry":
        return False
    since = new.since(old.by_key)
    if len(since.changed) + len(since.gone) > max(_FEW, len(new.packages) // 8):
        return False
    try:
        return _Change(Judge(before), Judge(after), since).is_sound()
    except BoundError:
        return False  # whoever proves the whole state meets it again, and says so


class _Change:
    """Two states of one lockfile, and what differs."""

    def __init__(self, before: Judge, after: Judge, since: Since) -> None:
        self.before: Final = _State(before)
        self.after: Final = _State(after)
        old, new = before.lockfile.by_key, after.lockfile.by_key
        self.came: Final = [new[key] for key in since.changed]
        self.went: Final = [old[key] for key in (*since.changed, *since.gone) if key in old]
        now, then = after.project.manifests, before.project.manifests
        homes = {one.resolved or "." for one in (*self.came, *self.went) if one.source == _MEMBER}
        self.folders: Final = [
            folder
            for folder in {**then, **now}
            if then.get(folder) is not now.get(folder) or (folder or ".") in homes
        ]

    def is_sound(self) -> bool:
        """See the module; the cheap questions first."""
        return (
            self._same_rules()
            and self._known_kinds()
            and self._folders_recorded()
            and self._nothing_asks_in_vain()
            and self._all_in_use()
        )

    def _same_rules(self) -> bool:
        one, two = self.before.judge, self.after.judge
        metadata = one.lockfile.raw.get("__metadata"), two.lockfile.raw.get("__metadata")
        return one.context() == two.context() and metadata[0] == metadata[1]

    def _known_kinds(self) -> bool:
        """Whether no change is of a kind that has a say beyond its own requirements."""
        judge = self.after.judge
        patches_move = int(judge.lockfile.version) < PATCHES_SINCE
        for package in (*self.came, *self.went):
            name = package.name
            if name in judge.extensions or package.source in _OURS:
                return False
            if name in ADDED_BY_YARN and not (self.before.holds(name) and self.after.holds(name)):
                return False
            if patches_move and (name in PATCHED_BY_YARN or "@patch:" in package.key):
                return False
        return not self._peers_lost() and not any(
            any(folder_differences(judge.project, package))
            for package in judge.lockfile.packages
            if package.source in _OURS
        )

    def _peers_lost(self) -> bool:
        """Whether a package has a peer no more for which Yarn wrote a key (Judge._own_peers)."""
        lost = _peers(self.went) - _peers(self.came)
        names = {name for _, name in lost}
        return any(
            one.name in names and any((asked, one.name) in lost for asked in one.dependencies)
            for one in (self.after.judge.lockfile.packages if lost else ())
        )

    def _folders_recorded(self) -> bool:
        """Whether every project has an entry, and each that changed the one that Yarn writes."""
        judge = self.after.judge
        live = judge.project.manifests
        if {folder or "." for folder in live} != judge.book.anchors.keys():
            return False
        return not any(
            any(judge.of_workspace(folder, live[folder]))
            for folder in self.folders
            if folder in live
        )

    def _nothing_asks_in_vain(self) -> bool:
        """What changed asks for what is there, and nobody for what is gone."""
        before, after = self.before, self.after
        entries = after.judge.book.entries
        gone = {one for one in _descriptors(self.went) if one not in entries}
        if not after.asked({split(one)[0] for one in gone}) <= entries.keys():
            return False  # chain gives "" for what is not there
        asked = {one for folder in self.folders for one in after.asked_in(folder)}
        for package in self.came:
            if package.source != _MEMBER:
                asked |= after.asked_by(package)
        if not all(one in entries and after.judge.fits(one, entries[one]) for one in asked):
            return False
        stood = before.judge.lockfile.by_key
        stay = {entries[one].key for one in asked if stood.get(entries[one].key) is entries[one]}
        return before.lead_to(stood[key] for key in stay)

    def _all_in_use(self) -> bool:
        """Whether every key that may have lost its askers still has one."""
        after = self.after
        if has_plugins(after.judge.settings):
            return all(after.judge.fits(*pair) for pair in after.entries_of(self._doubtful()))
        for descriptor, found in after.entries_of(self._doubtful()):
            if not after.judge.fits(descriptor, found):
                return False
            if found.source != _MEMBER and not after.in_use(descriptor):
                return False
        return True

    def _doubtful(self) -> set[str]:
        """The descriptors of what changed, and those that are not asked for where they were."""
        found = _descriptors(self.came)
        for package in self.went:
            found.update(bases(package))
            if package.source != _MEMBER:
                found |= self.before.asked_by(package)
        for folder in self.folders:
            found |= self.before.asked_in(folder)
            anchor = self.after.judge.book.anchors.get(folder or ".")
            found |= set() if anchor is None else _descriptors((anchor,))
        return found


_MEMBER: Final = "workspace"


def _peers(packages: Iterable[Package]) -> set[tuple[str, str]]:
    """Each name under which a package is asked for, beside each of its peers."""
    return {
        (name, peer)
        for package in packages
        for peer in package.peer_dependencies
        for name in names_of(package.key)
    }


def _descriptors(packages: Iterable[Package]) -> set[str]:
    return {own for package in packages for own, _ in spellings(package.key)}


class _State:
    """One of the two states: who asks for what in it."""

    def __init__(self, judge: Judge) -> None:
        self.judge: Final = judge
        self._by_name: dict[str, list[str]] | None = None  # name -> folders that ask for it
        # those to which .yarnrc.yml adds requirements
        self._extended: Final = [
            one
            for one in (judge.lockfile.packages if judge.extensions else ())
            if one.name in judge.extensions and one.source != _MEMBER
        ]
        self._steps = 0
        self._led_to: Final[set[str]] = set()  # keys of entries to which a way leads

    def holds(self, name: str) -> bool:
        """Whether there is a package of a name."""
        return any(one.name == name for one in self.judge.lockfile.packages)

    def entries_of(self, descriptors: Iterable[str]) -> Iterator[tuple[str, Package]]:
        """Those that are keys, with their entries."""
        entries = self.judge.book.entries
        return ((one, entries[one]) for one in descriptors if one in entries)

    def asked_by(self, package: Package) -> Asked:
        """The descriptors that a locked package asks for."""
        locator = locator_of(package)
        required = self.judge.required(package)
        return {one for pair in required.items() for one in self.judge.chain(locator, *pair)}

    def asked_in(self, folder: str) -> Asked:
        """The descriptors that a project asks for; none where there is no project."""
        manifest = self.judge.project.manifests.get(folder)
        if manifest is None:
            return set()
        locator = locator_of(self.judge.book.anchors.get(folder or "."))
        return {
            one for pair in wanted(manifest).items() for one in self.judge.chain(locator, *pair)
        }

    def asked(self, names: set[str]) -> Asked:
        """Every descriptor that anybody asks for under some names."""
        found: Asked = set()
        for name in names:
            for _, asked in self._askers(name):
                found.update(asked)
        return found

    def in_use(self, descriptor: str) -> bool:
        """Whether a project asks for a descriptor, or an entry to which a way leads from one."""
        for asker, asked in self._askers(split(descriptor)[0]):
            if descriptor in asked and (asker is None or self.lead_to((asker,))):
                return True
        return False

    def lead_to(self, packages: Iterable[Package]) -> bool:
        """Whether a way leads to each entry from a project."""
        return all(self._leads_to(package) for package in packages)

    def _leads_to(self, package: Package) -> bool:
        if package.source == _MEMBER or package.key in self._led_to:
            return True
        seen = {package.key}
        waiting = [package]
        for one in waiting:  # grows while it is walked
            own = _descriptors((one,))
            for name in {split(descriptor)[0] for descriptor in own}:
                for asker, asked in self._askers(name):
                    if own.isdisjoint(asked):
                        continue
                    if asker is None or asker.key in self._led_to:
                        self._led_to.add(package.key)
                        return True
                    if asker.key not in seen:
                        seen.add(asker.key)
                        waiting.append(asker)
        return False

    def _askers(self, name: str) -> Iterator[tuple[Package | None, tuple[str, ...]]]:
        """Who asks for a name, None for a project; and the descriptors that this means."""
        judge = self.judge
        manifests = judge.project.manifests
        for folder in self._folders_asking(name):
            self._step()
            locator = locator_of(judge.book.anchors.get(folder or "."))
            yield None, judge.chain(locator, name, wanted(manifests[folder])[name])
        for package in (*judge.book.requiring(name), *self._extended):
            self._step()
            spec = judge.required(package).get(name)
            if spec is not None:
                yield package, judge.chain(locator_of(package), name, spec)

    def _step(self) -> None:
        self._steps += 1
        if self._steps > _MOST_STEPS:
            raise BoundError("takes long to tell by what changed")  # nothing_new takes it for a no

    def _folders_asking(self, name: str) -> list[str]:
        if self._by_name is None:
            self._by_name = {}
            for folder, manifest in self.judge.project.manifests.items():
                for one in wanted(manifest):
                    self._by_name.setdefault(one, []).append(folder)
        return self._by_name.get(name, [])
