"""The keys of a package-lock's ``packages``: where each package is installed.

Grammar (arborist, load-virtual.js, and validate-npm-package-name): "" is the
root; ``[<folder>/]node_modules/<name>`` a package, any number of levels deep;
every other relative path the target of a link: a workspace or a folder.  A
target may lie outside the project (``..``, ``../shared``) and then has its own
``node_modules``.  npm checks next to nothing: ``node_modules/../../x`` would
be written to.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Final

_URL_SAFE: Final = frozenset(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.!~*'()"
)
_MODULES: Final = "node_modules"
_NO_NAMES: Final = ("node_modules", "favicon.ico")  # validate-npm-package-name's own list


def name_fault(name: str) -> str:
    """What is wrong with a package's name; "" when npm can install it."""
    scope, slash, bare = name.partition("/")
    if bool(slash) != scope.startswith("@") or scope == "@":
        return "a scope and a slash go together"
    plain = bare if slash else name
    if not plain or plain[0] in "._-" or plain.lower() in _NO_NAMES:
        return "no package can have that name"
    if not _URL_SAFE.issuperset(plain) or not _URL_SAFE.issuperset(scope.removeprefix("@")):
        return "the name holds characters that no package name can"
    return ""


def fault(key: str) -> str:
    """What is wrong with one key; "" when nothing is."""
    if "\\" in key:
        return "it holds a backslash"
    if not key.isprintable():
        return "it holds control characters"
    if key.startswith("/") or key[1:2] == ":":
        return "it is absolute"
    return _segments_fault(key.split("/")) if key else ""


def _segments_fault(segments: list[str]) -> str:
    at = 0
    while at < len(segments) and segments[at] == "..":
        at += 1
    while at < len(segments):
        segment = segments[at]
        if segment in ("", ".", ".."):
            return "it holds an empty or a dot segment"
        at += 1
        if segment == _MODULES:
            width = 2 if segments[at : at + 1] and segments[at].startswith("@") else 1
            wrong = name_fault("/".join(segments[at : at + width]))
            if wrong:
                return wrong
            at += width
    return ""


def first_fault(keys: Mapping[str, object]) -> tuple[str, str] | None:
    """The first key with a fault, and the fault; None when all are sound."""
    if are_plain(keys):
        return None
    for key in keys:
        wrong = fault(key) or _homeless(key, keys)
        if wrong:
            return key, wrong
    return None


def _homeless(key: str, keys: Mapping[str, object]) -> str:
    """Outside of the project only a folder that is itself an entry has packages."""
    if key.startswith("..") and not is_importer(key):
        folder = key.partition(f"/{_MODULES}/")[0]
        return "" if folder in keys else "it installs outside the project"
    return ""


_PLAIN: Final = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.!~*'()/@\n"
# What may not stand at the beginning of a name, made one with the dot; and
# upper case made lower, because npm's list of reserved names ignores case.
_FOLDED: Final = bytes.maketrans(b"-_ABCDEFGHIJKLMNOPQRSTUVWXYZ", b"..abcdefghijklmnopqrstuvwxyz")
_DOUBTFUL: Final = (
    *(b"//", b"/.", b"/\n", b"\n/", b"\n.", b"/@/"),
    *(b"node.modules\n", b"node.modules/node.modules", b"favicon.ico"),
)


def are_plain(keys: Mapping[str, object]) -> bool:
    """Whether all keys are sound beyond doubt: what every real lockfile passes, at C speed.

    One text of all keys is searched for what ``fault`` objects to, or might.  Each key
    counts by itself: keys that are plain stay so whatever comes beside them.
    """
    text = f"\n{chr(10).join(keys)}\n" if keys else "\n"
    rooted = "" in keys
    if rooted:
        text = text.replace("\n\n", "\n", 1)
    encoded = text.encode("utf-8", "replace")
    lines = len(keys) + (not rooted)
    if encoded.count(b"\n") != lines or encoded.translate(None, _PLAIN):
        return False
    folded = encoded.translate(_FOLDED)
    if any(doubt in folded for doubt in _DOUBTFUL):
        return False
    scoped = text.split("node_modules/@")
    return text.count("@") == len(scoped) - 1 and all(map(_has_name, scoped[1:]))


def _has_name(rest: str) -> bool:
    """Whether ``scope/name`` begins here, and the name is not the next node_modules."""
    scope, slash, name = rest.partition("/")
    return bool(slash) and "\n" not in scope and not name.startswith("node_modules")


def name_of(key: str) -> str:
    """The name under which dependants find the package: the last segment(s) of its key."""
    folder, _, last = key.rpartition("/")
    scope = folder.rpartition("/")[2]
    return f"{scope}/{last}" if scope.startswith("@") else last


def is_importer(key: str) -> bool:
    """Whether a key is the root, a workspace or a linked folder: nothing that npm installs."""
    if key.startswith("node_modules/"):
        return False
    return _MODULES not in key or _MODULES not in key.split("/")
