"""The fields of one entry of a package-lock: their types, checked before anything uses them.

npm writes them from each package's own manifest (arborist, shrinkwrap.js,
metaFromNode) and believes them when it reads them back.
"""

from __future__ import annotations

from lockward.model import EMPTY, NOTHING

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any, Final

    Entry = Mapping[str, Any]

# Field -> the type that npm writes.
KINDS: Final[dict[str, type]] = {
    **dict.fromkeys(("name", "version", "resolved", "integrity", "license", "deprecated"), str),
    **dict.fromkeys(("link", "dev", "optional", "peer", "devOptional", "extraneous"), bool),
    **dict.fromkeys(("inBundle", "hasInstallScript", "hasShrinkwrap"), bool),
    **dict.fromkeys(("dependencies", "devDependencies", "optionalDependencies"), dict),
    **dict.fromkeys(("peerDependencies", "peerDependenciesMeta", "acceptDependencies"), dict),
    **dict.fromkeys(("engines", "bin", "funding"), dict),
    **dict.fromkeys(("os", "cpu", "libc", "bundleDependencies", "workspaces"), list),
}
# Fields that published packages fill with other types too, and that npm passes
# on: shown and compared, never interpreted.  (workspaces: see npm_entries.)
_ANY_TYPE: Final = frozenset(
    ("license", "deprecated", "engines", "bin", "funding", "os", "cpu", "libc", "workspaces")
)
# What npm leaves out and would believe: it runs the scripts that an entry has (npm 7 to 11),
# whatever the tarball says; and fetches what has no "resolved" from "_resolved" (arborist).
_NEVER: Final = frozenset(
    (
        *("scripts", "gypfile", "directories", "man"),
        *("_resolved", "_integrity", "_hasShrinkwrap", "_where"),
    )
)
_OR_BOOL: Final = ("bundleDependencies", "requires")
_BY_LOWER: Final = {field.lower(): field for field in KINDS}
_NAMES: Final = {str: "a string", bool: "true or false", dict: "an object", list: "a list"}


class WrongError(Exception):
    """What is wrong, and the keys that lead there from where the reader stands."""

    def __init__(self, keys: tuple[str | int, ...], message: str) -> None:
        super().__init__(message)
        self.keys: Final = keys
        self.message: Final = message


def check_fields(entry: Entry, kinds: Mapping[str, type] = KINDS) -> None:
    """Raise WrongError for a field of a type that npm would stumble over.

    ``kinds`` other than KINDS are those of a version 1 entry.
    """
    shape = (*entry, *map(type, entry.values()))
    if kinds is KINDS and shape in _SOUND:
        return  # hundreds of entries have a few dozen shapes
    for field, value in entry.items():
        if kinds.get(field) is not type(value):
            _check_other(field, value, kinds)
    if kinds is KINDS:
        if len(_SOUND) >= _MOST_SOUND:
            _SOUND.clear()
        _SOUND.add(shape)


# The fields, and their types, of entries in which nothing was wrong.
_SOUND: Final[set[tuple[object, ...]]] = set()
_MOST_SOUND: Final = 1_000


def _check_other(field: str, value: object, kinds: Mapping[str, type]) -> None:
    """A field that is unknown, or not of its usual type."""
    kind = kinds.get(field)
    if kind is None:
        known = _BY_LOWER.get(field.lower())
        if known not in (None, field):
            raise WrongError((field,), f'"{field}" differs from "{known}" by its case only')
        if field in _NEVER and kinds is KINDS:
            raise WrongError((field,), f'npm never writes "{field}" here, and acts on it')
    elif field not in _ANY_TYPE and (field not in _OR_BOOL or type(value) is not bool):
        if kinds is not KINDS and kind is str and value is False:
            return  # npm 5 wrote "resolved": false for what is inside another tarball
        raise WrongError((field,), f'"{field}" is not {_NAMES[kind]}')


def specs(entry: Entry, section: str) -> Mapping[str, str]:
    """A dependency section, name to spec; WrongError when a spec is no string."""
    found: Mapping[str, str] = entry.get(section, EMPTY)
    for spec in found.values():
        if type(spec) is not str:
            raise WrongError((section, _key_of(found, spec)), "a requirement is not a string")
    return found


def _key_of(section: Mapping[str, object], value: object) -> str:
    return next(key for key, other in section.items() if other is value)


def optional_peers(entry: Entry) -> frozenset[str]:
    """The names that peerDependenciesMeta calls optional."""
    meta: dict[str, object] | None = entry.get("peerDependenciesMeta")
    if meta is None:
        return NOTHING
    return frozenset(
        name for name, of in meta.items() if isinstance(of, dict) and truthy(of.get("optional"))
    )


def bundled_names(entry: Entry) -> frozenset[str]:
    """The names in bundleDependencies; ``true`` stands for all dependencies."""
    listed = entry.get("bundleDependencies")
    if listed is None or listed is False:
        return NOTHING
    if listed is True:
        return frozenset(specs(entry, "dependencies"))
    for index, name in enumerate(listed):
        if type(name) is not str:
            raise WrongError(("bundleDependencies", index), "a bundled name is not a string")
    return frozenset(listed)


def truthy(value: object) -> bool:
    """JavaScript's idea of true, for a JSON value: empty lists and objects are."""
    return isinstance(value, (dict, list)) or bool(value)
