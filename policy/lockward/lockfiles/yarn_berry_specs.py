"""Berry's descriptors in one spelling: what a manifest asks for, and what a lockfile's key says.

Reference: berry's core, structUtils, Configuration.normalizeDependency,
Project.preparePackage and CorePlugin.reduceDependency; plugin-file's and
plugin-patch's bindDescriptor; plugin-compat.  A requirement of one package
becomes the descriptor in the lockfile in five steps, `Book.wanted`: a plugin that
replaces it, or the root's ``resolutions``, the catalogs, the folder that a path starts
from, and the patch that Yarn itself asks for.
"""

from __future__ import annotations

from lockward import semver
from lockward.errors import BoundError
from lockward.lockfiles.yarn_classic import names_in

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Final

    from lockward.directives import Directives
    from lockward.model import Lockfile, Manifest, Package

    Catalogs = Mapping[str, Mapping[str, str]]

_TAG: Final = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-")
# Packages that every Yarn 2 and later patches itself (plugin-compat).
PATCHED_BY_YARN: Final = frozenset({"fsevents", "resolve", "typescript"})
_FROM_A_FOLDER: Final = frozenset({"file", "link", "portal"})
_BUILTIN: Final = "builtin<compat/"
_DEEPEST: Final = 8  # patches of patches; Yarn itself makes two


def split(text: str) -> tuple[str, str]:
    """``@s/a@npm:^1`` -> ("@s/a", "npm:^1"), for descriptors and locators."""
    at = text.find("@", 1)
    return (text, "") if at < 0 else (text[:at], text[at + 1 :])


def normalised(spec: str) -> str:
    """A range or tag as a descriptor has it, ``npm:^1.0.0``; a path as ``file:``; others alike."""
    if spec.startswith("npm:") or ":" in spec.partition("@")[0]:
        return spec
    if spec.startswith(("./", "../", "/")) or spec.endswith((".tgz", ".tar.gz")):
        return f"file:{spec}"
    if "/" in spec or ":" in spec:
        return spec
    tag = spec[:1] not in ("v", "V") and bool(spec) and _TAG.issuperset(spec)
    return f"npm:{spec}" if tag or semver.is_range(spec) else spec


def canonical(name: str, spec: str) -> str:
    """A descriptor in the one spelling by which two of them compare.

    Of the bindings behind ``::`` only the ``locator`` is left; of a patch that
    Yarn brings along only that it is one, whatever version of Yarn wrote it.
    """
    if spec.startswith("npm:") and "::" not in spec:
        return f"{name}@{spec}"  # nearly all of them
    spec = normalised(spec)
    if not spec.startswith("patch:"):
        return f"{name}@{_located(spec)}"
    layers = [name]
    while spec.startswith("patch:"):
        if len(layers) > 2 * _DEEPEST - 1:  # the name, then a patch and the name in it
            raise BoundError(f"has more than {_DEEPEST} patches of patches: {name}")
        head, separator, bindings = spec[6:].partition("::")
        source, _, selector = head.rpartition("#")
        selector = _BUILTIN if _BUILTIN in selector else selector
        layers.append(_located(f"{selector}{separator}{bindings}"))
        inner, spec = split(percent_decoded(source))
        layers.append(inner)
        spec = normalised(spec)
    return f"{'@patch:'.join(layers)}@{_located(spec)}"


def canonical_of(descriptor: str) -> str:
    """The same for a descriptor in one piece."""
    if "@npm:" in descriptor and "::" not in descriptor and "@patch:" not in descriptor:
        return descriptor
    return canonical(*split(descriptor))


def _located(spec: str) -> str:
    """A spec without its bindings, but for the locator."""
    head, separator, bindings = spec.partition("::")
    locator = _binding(bindings, "locator") if separator else ""
    return f"{head}::{locator}" if locator else head


def base_of(descriptor: str) -> str:
    """The descriptor that a patch's descriptor (name@patch:…) patches; "" for any other."""
    spec = split(descriptor)[1]
    if not spec.startswith("patch:"):
        return ""
    source = spec[6:].partition("::")[0].rpartition("#")[0]
    return percent_decoded(source)


def percent_decoded(text: str) -> str:
    """``%3A`` -> ``:``; anything that is no such escape stays as it is."""
    head, *parts = text.split("%")
    decoded = [head]
    for part in parts:
        try:
            decoded.append(chr(int(part[:2], 16)) + part[2:])
        except ValueError:
            decoded.append(f"%{part}")
    return "".join(decoded)


def _binding(bindings: str, wanted: str) -> str:
    for binding in bindings.split("&"):
        name, _, value = binding.partition("=")
        if name == wanted:
            return percent_decoded(value)
    return ""


class Resolution:
    """One row of ``resolutions``: ``[from[@version]/]name[@range]``, and its spec."""

    __slots__ = ("name", "parent", "reference", "spec", "wanted")

    def __init__(self, key: str, spec: str) -> None:
        parent, own = _halves(key)
        self.name, wanted = split(own)
        self.parent, reference = split(parent)
        self.reference: Final = normalised(reference) if reference else ""
        self.wanted: Final = normalised(wanted) if wanted else ""
        self.spec: Final = spec


def _halves(key: str) -> tuple[str, str]:
    """``a@npm:1/@s/b@^2`` -> ("a@npm:1", "@s/b@^2"); ("", "") for what Yarn does not take."""
    names = names_in(key)
    if len(names) == 1:
        return "", names[0]
    return (names[0], names[1]) if len(names) == 2 else ("", "")  # noqa: PLR2004 - parent and name


def resolutions(manifest: Manifest | None) -> tuple[Resolution, ...]:
    """The root's resolutions; Yarn passes over those with globs, and says so."""
    listed = None if manifest is None else manifest.raw.get("resolutions")
    return tuple(
        Resolution(key, spec)
        for key, spec in (listed.items() if isinstance(listed, dict) else ())
        if isinstance(spec, str) and not key.startswith(("*/", "**/"))
    )


class Book:
    """The descriptors of one lockfile: each in its one spelling -> its entry.

    ``like`` is the book of another state under equal resolutions, catalogs and plugins.
    """

    def __init__(
        self,
        lockfile: Lockfile,
        root: Manifest | None,
        catalogs: Catalogs | None = None,
        replaced: Mapping[str, str] | None = None,
        like: Book | None = None,
    ) -> None:
        self.entries: Final[dict[str, Package]] = {}
        self._written: Final[dict[str, str]] = {}  # the one spelling -> the lockfile's, if another
        self.anchors: Final[dict[str, Package]] = {}  # folder as written -> a workspace's entry
        self._forced: Final[dict[tuple[str, str, str, str], tuple[int, Resolution]]] = {}
        self._catalogs: Final[Catalogs] = catalogs or {}
        self._replaced: Final[Mapping[str, str]] = replaced or {}
        self._packages: Final = lockfile.packages
        self._requiring: dict[str, list[Package]] | None = None
        for number, row in enumerate(resolutions(root)):
            place = (row.name, row.wanted, row.parent, row.reference)
            self._forced.setdefault(place, (number, row))
        self._names: Final = frozenset((*(place[0] for place in self._forced), *self._replaced))
        for package in lockfile.packages:
            if package.source == "workspace":
                self.anchors[package.resolved or "."] = package
            if getattr(package.raw, "sound", None) is not None:  # yarn_berry_plain.Entry
                for one in package.key.split(", "):
                    self.entries[one] = package  # npm: and a range: its own one spelling
                continue
            for own, descriptor in spellings(package.key):
                self.entries[own] = package
                if own is not descriptor:
                    self._written[own] = descriptor
        # Requirement that is answered alike everywhere -> what `wanted` says of it
        self.plain: Final[dict[tuple[str, str], tuple[str, ...]]] = (
            {} if like is None else like.plain
        )

    @property
    def top(self) -> str:
        """The locator of the root's workspace."""
        return locator_of(self.anchors.get("."))

    def wanted(self, locator: str, name: str, spec: str) -> tuple[str, ...]:
        """The descriptors that may answer a requirement, the one that Yarn asks for first."""
        if not self.is_plain(name, spec):
            return self._find_wanted(locator, name, spec)
        known = self.plain.get((name, spec))
        if known is None:
            if len(self.plain) >= _MOST_SPELLINGS:
                self.plain.clear()
            known = self.plain[name, spec] = self._find_wanted("", name, spec)
        return known

    def requiring(self, name: str) -> list[Package]:
        """The entries of no workspace that record a requirement on a name."""
        if self._requiring is None:
            self._requiring = {}
            for package in self._packages:
                if package.source != "workspace":
                    for one in package.dependencies:
                        held = self._requiring.get(one)
                        if held is None:
                            self._requiring[one] = [package]
                        else:
                            held.append(package)
        return self._requiring.get(name, [])

    def written(self, descriptor: str) -> str:
        """How the lockfile writes the descriptor of an entry."""
        return self._written.get(descriptor, descriptor)

    def _find_wanted(self, locator: str, name: str, spec: str) -> tuple[str, ...]:
        if name in self._replaced:  # whatever resolutions say of it, and in workspaces, too
            return (canonical(name, self._replaced[name]),)
        spec = normalised(spec)
        bound = self._bound(locator, name, spec)
        row = self._row(locator, name, spec) if name in self._names else None
        if row is not None:
            bound = self._bound(self.top, name, normalised(row.spec))
        plain = canonical(name, bound)
        if name in PATCHED_BY_YARN and _BUILTIN not in bound:
            return canonical(name, f"patch:{_encoded(f'{name}@{bound}')}#{_BUILTIN}"), plain
        return (plain,)

    def _row(self, locator: str, name: str, spec: str) -> Resolution | None:
        """The first resolution that holds, found without looking at all of them."""
        parent, reference = split(locator)
        places = ((parent, reference), (parent, ""), ("", ""))
        found = [
            row
            for wanted in (spec, "")
            for place in places
            if (row := self._forced.get((name, wanted, *place))) is not None
        ]
        return min(found, key=lambda row: row[0])[1] if found else None

    def _bound(self, locator: str, name: str, spec: str) -> str:
        """A normalised spec, what a catalog says instead, and the folder that it starts from."""
        protocol, colon, rest = spec.partition(":")
        if protocol == "catalog" and colon:
            listed = self._catalogs.get(rest, {})
            locator, spec = self.top, normalised(listed.get(name, spec))
            protocol = spec.partition(":")[0]
        relative = protocol == "patch" and _starts_from_parent(spec)
        if locator and (protocol in _FROM_A_FOLDER or relative) and "::" not in spec:
            spec = f"{spec}::locator={_encoded(locator)}"
        return spec

    def is_plain(self, name: str, spec: str) -> bool:
        """Whether a requirement is answered alike wherever it stands: a range, never forced."""
        if spec.startswith("npm:"):
            return name not in self._names
        path = "/" in spec or spec.endswith((".tgz", ".tar.gz"))
        return not path and ":" not in spec and name not in self._names

    def answer(self, locator: str, name: str, spec: str) -> Package | None:
        """The entry that answers a requirement of the package of a locator."""
        for descriptor in self.wanted(locator, name, spec):
            found = self.entries.get(descriptor)
            if found is not None:
                return found
        return None


# Key of an entry -> its descriptors: two states of a lockfile share nearly all keys.
_SPELLINGS: Final[dict[str, tuple[tuple[str, str], ...]]] = {}
_MOST_SPELLINGS: Final = 20_000


def spellings(key: str) -> tuple[tuple[str, str], ...]:
    """The descriptors of a key: each in its one spelling, and as the lockfile writes it."""
    known = _SPELLINGS.get(key)
    if known is None:
        if len(_SPELLINGS) >= _MOST_SPELLINGS:
            _SPELLINGS.clear()
        known = tuple((canonical_of(descriptor), descriptor) for descriptor in key.split(", "))
        _SPELLINGS[key] = known
    return known


def names_of(key: str) -> Iterator[str]:
    """The names under which dependants may ask for an entry."""
    return (split(descriptor)[0] for _, descriptor in spellings(key))


# The last books: a project's graph and its frozen install ask for the same one.
_BOOKS: Final[list[tuple[Lockfile, Manifest | None, object, Book]]] = []


def book_of(lockfile: Lockfile, root: Manifest | None, told: Directives) -> Book:
    """The book of a lockfile under the root's package.json, made once for each state."""
    context = (told.catalogs, told.replaced)
    for one, manifest, known, book in _BOOKS:
        if one is lockfile and manifest is root and known == context:
            return book
    forced = _forced_by(root)
    like = next(
        (row[3] for row in _BOOKS if row[2] == context and _forced_by(row[1]) == forced), None
    )
    made = Book(lockfile, root, *context, like=like)
    _BOOKS[:] = [*_BOOKS[-1:], (lockfile, root, context, made)]
    return made


def _forced_by(root: Manifest | None) -> object:
    return None if root is None else root.raw.get("resolutions")


def locator_of(package: Package | None) -> str:
    """The resolution that an entry writes; "" when there is none."""
    resolution = None if package is None else package.raw.get("resolution")
    return resolution if isinstance(resolution, str) else ""


def _encoded(text: str) -> str:
    """As much of encodeURIComponent as `canonical` takes back."""
    return text.replace("%", "%25").replace("&", "%26").replace("#", "%23").replace("::", "%3A%3A")


def _starts_from_parent(spec: str) -> bool:
    """Whether a patch's file is named from its dependant's folder: no ~/, no /, no builtin."""
    selector = spec.partition("::")[0].rpartition("#")[2]
    names = (path.rpartition("!")[2] for path in selector.split("&"))
    return any(name and not name.startswith(("~/", "/", "builtin<", "~builtin<")) for name in names)


def bases(package: Package) -> Iterator[str]:
    """The descriptors that an entry's patches patch, in the one spelling."""
    for descriptor in package.key.split(", ") if "patch:" in package.key else ():
        base = base_of(descriptor)
        if base:
            yield canonical(*split(base))
