"""What the judgement must know about each format: the one place for differences.

A row per lockfile format, and per lockfile the ``Era`` of who wrote it.  No other
module of the judgement asks for a format's name.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

    from lockward.model import Lockfile, Package


class Traits:
    """How a format's manager resolves, and what its lockfile carries.

    ``displaces``  an unchanged requirement may be answered anew because another
                   package took its place (a node_modules folder holds one copy)
    ``walks``      who answers a requirement follows from the entries' places, so a
                   nested copy shadows the shared one, and an alias that the project
                   asks for also answers who asks for the bare name
    ``ranges``     an entry records the ranges of its dependencies (pnpm: exact
                   references, which move with what they name, peers among them)
    ``prefixed``   ``npm:^1`` is a range, not an alias
    ``breaks``     below workspaces a package is hoisted over dependants that it does not
                   fit (npm/cli 9977); lockfile-out-of-sync then refuses the result
    ``bundles``    entries may lie in another's tarball (``inBundle``)
    ``facts``      fields of an entry that repeat what its tarball says
    ``placed``     fields that say how an entry came to its place: another place may differ
    ``implied``    optional peers of any version come and go with who wrote the lockfile, and
                   what answers them alone is no orphan (bun)
    ``late``       of those, the lists of platforms that only who has read a package's full
                   metadata records: one that comes or goes must leave in everybody usual
    ``highest``    every requirement is answered by itself, by the highest version in range or
                   one that is locked already, so a nested copy may stand beside a shared one
                   that fits, when the shared place is somebody else's (shadows.py)
    ``mirrors``    what is recorded of the project's own requirements is kept to the letter
                   (bun does not record a new text that the same package answers)
    ``mute``       peerDependenciesMeta of what is no peer means nothing, and is recorded by some
                   versions only (debug 4.3.1 of nextcloud/calendar 3f3f315e01)
    ``packs``      a git checkout's hash is of the archive that the manager packed itself: other
                   versions of it pack other bytes, and none compares them (npm/rfcs 525)
    ``below``      an override for what a package needs counts for all that lies below it (Yarn 1:
                   as its globs may say); elsewhere for the package's own requirements
    ``shares``     a checkout that a project asks for may answer whoever it fits: a folder holds one
                   copy, and Yarn 1 answers a range with what is resolved already
    ``splits``     a version after another comparator of a range is an alternative (bun before 1.4)
    ``scripts``    an entry says whether scripts run at install, as the tarball does
                   (pnpm's ``requiresBuild`` is a guess that it revises)
    """

    __slots__ = (
        "below",
        "breaks",
        "bundles",
        "displaces",
        "facts",
        "highest",
        "implied",
        "late",
        "mirrors",
        "mute",
        "packs",
        "placed",
        "prefixed",
        "ranges",
        "scripts",
        "shares",
        "splits",
        "walks",
    )

    def __init__(
        self,
        *,
        displaces: bool = False,
        walks: bool = False,
        ranges: bool = True,
        prefixed: bool = False,
        breaks: bool = False,
        bundles: bool = False,
        facts: tuple[str, ...] = (),
        placed: tuple[str, ...] = (),
        implied: bool = False,
        late: tuple[str, ...] = (),
        highest: bool = False,
        mirrors: bool = True,
        mute: bool = False,
        packs: bool = False,
        scripts: bool = True,
        shares: bool = False,
        splits: bool = False,
        below: bool = False,
    ) -> None:
        self.below: Final = below
        self.displaces: Final = displaces
        self.walks: Final = walks
        self.ranges: Final = ranges
        self.prefixed: Final = prefixed
        self.breaks: Final = breaks
        self.bundles: Final = bundles
        self.facts: Final = facts
        self.packs: Final = packs
        self.placed: Final = placed
        self.implied: Final = implied
        self.late: Final = late
        self.highest: Final = highest
        self.mirrors: Final = mirrors
        self.mute: Final = mute
        self.scripts: Final = scripts
        self.shares: Final = shares
        self.splits: Final = splits


TRAITS: Final = {
    "npm": Traits(
        displaces=True,
        walks=True,
        breaks=True,
        bundles=True,
        mute=True,
        packs=True,
        shares=True,
        below=True,
        facts=("bin", "engines", "os", "cpu", "acceptDependencies"),
    ),
    "yarn-classic": Traits(shares=True, below=True),
    "yarn-berry": Traits(
        prefixed=True,
        facts=("bin", "conditions", "dependenciesMeta", "languageName", "linkType"),
    ),
    "pnpm": Traits(
        displaces=True,
        ranges=False,
        facts=("engines", "os", "cpu", "hasBin", "bundledDependencies"),
        late=("os", "cpu"),
        scripts=False,
    ),
    "bun": Traits(
        displaces=True,
        walks=True,
        shares=True,
        highest=True,
        splits=True,
        mirrors=False,
        implied=True,
        facts=("bin", "binDir", "os", "cpu", "libc"),
        placed=("bundled",),
    ),
}


def folder_of_place(form: str, key: str, alias: str) -> str:
    """The place that holds an entry, with its separator; "" the root ("walks" formats only)."""
    if form == "npm":
        return key[: key.rfind("node_modules/")]
    place = key.removesuffix("/")  # bun: parent/child; one that is a workspace's folder ends so
    return place[: len(place) - len(alias)]


def is_patched(package: Package) -> bool:
    """Berry: whether an entry is another one with a patch: its bytes are neither's."""
    resolution = package.raw.get("resolution")
    return isinstance(resolution, str) and "@patch:" in resolution


def is_unpinned(package: Package) -> bool:
    """Berry: whether an entry has no checksum by design, being for some platforms only."""
    return "conditions" in package.raw and "resolution" in package.raw


# What Berry asks for on behalf of packages that build with it and forget to say so.
_FOR_BUILDS: Final = ("node-gyp", "latest")


def is_for_builds(name: str, text: str) -> bool:
    """Whether that is what Berry asks for itself; with ``npm:`` since version 8 of the lockfile."""
    return (name, text.removeprefix("npm:")) == _FOR_BUILDS


_USUAL: Final = {
    "os": frozenset({"darwin", "linux", "win32"}),
    "cpu": frozenset({"arm64", "x64"}),
}


def leaves_in_everybody(field: str, platforms: object) -> bool:
    """Whether a list of platforms leaves out none of the usual ones."""
    return isinstance(platforms, list) and _USUAL[field].issubset(map(str, platforms))


def leaves_out(field: str, platforms: object) -> bool:
    """Whether a list of platforms leaves out one of the usual ones; "!win32" is all but that."""
    if isinstance(platforms, str):
        platforms = [platforms]
    if not isinstance(platforms, list) or not platforms:
        return False
    names = {str(one) for one in platforms}
    if names & {"any", "all"}:
        return False
    if all(one.startswith("!") for one in names):
        return any(f"!{one}" in names for one in _USUAL[field])
    return not _USUAL[field] <= names


def leaves_out_everybody(field: str, platforms: object) -> bool:
    """Whether a list of platforms leaves out all of the usual ones, by naming them."""
    return isinstance(platforms, list) and {f"!{one}" for one in _USUAL[field]}.issubset(
        map(str, platforms)
    )


# pnpm: names whose development releases their authors publish under another, so that a
# package asks for them by an alias that a lockfile without ranges does not show.
NIGHTLY: Final = {
    "h3": "h3-nightly",  # of nitropack-edge: lucide-icons/lucide 5f442122ab
    "unenv": "unenv-nightly",
}


def is_asked_for_as_any(target: Package) -> bool:
    """Whether dependants ask for any version: of DefinitelyTyped's packages they do, by custom."""
    return target.name.startswith("@types/")


def is_stub_of(source: Package, target: Package) -> bool:
    """Whether a package is DefinitelyTyped's for one that brings its own types by now.

    Nothing is in it but a dependency on any version of that
    (@types/cache-manager, gitroomhq/postiz-app 29461017b8).
    """
    return source.name == "@types/" + target.name.removeprefix("@").replace("/", "__")


class Era:
    """What the writer of one lockfile left out.

    ``flat``    lockfileVersion 1 (or none): no peers, bins, engines, os, cpu; root requirements
                are in package.json only
    ``ancient`` no entry says what it requires (npm before 5.1): nothing can be reached
    ``exact``   requirements are recorded as the exact versions that answered them (npm 5),
                so they are not ranges and change without the package changing
    """

    __slots__ = ("ancient", "exact", "flat")

    def __init__(self, *, flat: bool, ancient: bool, exact: bool) -> None:
        self.flat: Final = flat
        self.ancient: Final = ancient
        self.exact: Final = exact


def same_layout(one: Lockfile, two: Lockfile) -> bool:
    """Whether the writers of two lockfiles record the same fields of an entry.

    In pnpm's a step from 6.0 to 6.1 adds sections, and nothing to an entry
    (cypress-io/github-action 6ea40ba52).  Berry's entries have the same fields since
    Yarn 3.1, which wrote ``conditions`` first, in version 5 as 3.0 did (Agoric/agoric-sdk
    277e6dfd6d, from 8 to 10 without any).  npm's version 3 leaves out version 2's second tree.
    """
    if one.format == two.format == "pnpm":
        return one.version.partition(".")[0] == two.version.partition(".")[0]
    if one.format == two.format == "yarn-berry":
        return one.version == two.version or all(int(x.version) > _MIXED for x in (one, two))
    if one.format == two.format == "npm" and _WITH_FACTS.issuperset((one.version, two.version)):
        return True
    return one.version == two.version


_MIXED: Final = 5  # Berry: Yarn 3.0 wrote no conditions, 3.1 did
_WITH_FACTS: Final = frozenset({"2", "3"})  # npm

# Packages whose requirements npm 6 wrote as the author's platform needs them.
PLATFORM_BOUND: Final = frozenset({"fsevents"})

_MODERN: Final = Era(flat=False, ancient=False, exact=False)


def era(lockfile: Lockfile) -> Era:
    """Which era wrote a lockfile; anything but npm's first formats is modern."""
    if lockfile.format != "npm" or isinstance(lockfile.raw.get("packages"), dict):
        return _MODERN
    specs = [
        text
        for package in lockfile.packages
        for text in (*package.dependencies.values(), *package.optional_dependencies.values())
    ]
    exact = sum(1 for text in specs if text[:1].isdigit() and " " not in text)
    return Era(
        flat=True,
        ancient=not specs and not any("requires" in p.raw for p in lockfile.packages),
        exact=exact * 2 > len(specs),
    )
