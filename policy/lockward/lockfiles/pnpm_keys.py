"""pnpm's dependency paths: which package a key of pnpm-lock.yaml stands for.

Reference: pnpm, deps/path (parse, refToRelative, indexOfPeersSuffix).

    5.x  /@s/n/1.0.0, /n/1.0.0_peer@1.0.0, host/n/1.0.0, file:x, github.com/o/r/<sha>
    6.x  /@s/n@1.0.0(peer@1.0.0)
    9.0  @s/n@1.0.0(peer@1.0.0), n@https://host/x.tgz, n@file:x, n@git+https://...#<sha>
"""

from __future__ import annotations

from lockward import semver

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final


def without_suffix(key: str) -> str:
    """A key without its peers and patch groups: ``n@1.0.0(peer@1)(x@2)`` -> ``n@1.0.0``.

    Groups count only at the very end and balanced, as pnpm finds them: backwards.
    """
    if not key.endswith(")"):
        return key
    depth = 0
    for at in range(len(key) - 1, -1, -1):
        if key[at] == ")":
            depth += 1
        elif key[at] == "(":
            depth -= 1
        elif depth == 0:
            return key[: at + 1]
    return key


def name_and_reference(key: str, major: int) -> tuple[str, str]:
    """The name and the version (or other reference) of a key without suffix; name "" = unnamed."""
    if major >= 9:  # noqa: PLR2004 - lockfileVersion
        return _split_at(key)
    if not key.startswith("/"):
        return "", key  # file:x, host/owner/repo/sha: the entry's own name and version count
    body = key[1:]
    if major >= 6:  # noqa: PLR2004 - lockfileVersion
        return _split_at(body)
    return _split_slash(body)


def _split_at(body: str) -> tuple[str, str]:
    at = body.find("@", 1)
    return (body, "") if at < 0 else (body[:at], body[at + 1 :])


def _split_slash(body: str) -> tuple[str, str]:
    """5.x: ``@s/n/1.0.0_peer@1`` -> ("@s/n", "1.0.0")."""
    parts = body.split("/")
    length = 2 if body.startswith("@") else 1
    name, version = "/".join(parts[:length]), "/".join(parts[length:])
    return name, version.partition("_")[0]


def is_version(reference: str) -> bool:
    """Whether a reference names a registry version, and so needs no address."""
    parts = reference.split(".")
    if len(parts) == 3 and len(reference) < 16 and reference.isascii():  # noqa: PLR2004 - 1.2.3, as nearly all
        first, second, third = parts
        if first.isdigit() and second.isdigit() and third.isdigit():
            zeros = (first[0] == "0" != first) or (second[0] == "0" != second)
            return not (zeros or third[0] == "0" != third)
    return semver.valid(reference) is not None


# What stands before a colon and is no registry's name (RESERVED_VERSION_PREFIXES).
_RUNTIME: Final = "runtime:"
_PROTOCOLS: Final = frozenset(
    {
        *("bitbucket", "catalog", "custom", "file", "git", "github", "gitlab", "http", "https"),
        *("jsr", "link", "npm", "runtime", "ssh", "workspace"),
    }
)


def version_of(reference: str) -> str:
    """The version that a reference names, ``1.0.0`` or ``registry:1.0.0``; "" when none."""
    if is_version(reference):
        return reference
    name, colon, version = reference.partition(":")
    named = colon and name[:1].isalpha() and name.isascii() and name not in _PROTOCOLS
    return version if named and is_version(version) else ""


def runtime_of(reference: str) -> str:
    """The version of a runtime, ``runtime:24.9.0``; "" of any other reference.

    The entry's own field is 0.0.0 as some pnpm 10 write it (wevm/wagmi b584f6e731).
    """
    version = reference.removeprefix(_RUNTIME)
    return version if version != reference and is_version(version) else ""


def key_of(name: str, reference: str, major: int) -> str | None:
    """The key that a dependency's reference points to; None for ``link:``.

    (refToRelative) A reference that is a key already, an alias's, stays.
    """
    if reference.startswith("link:"):
        return None
    if major >= 9 and "@" not in reference:  # noqa: PLR2004 - lockfileVersion
        return f"{name}@{reference}"  # nearly every one
    if major >= 9:  # noqa: PLR2004 - lockfileVersion
        return reference if _is_key(reference) else f"{name}@{reference}"
    if reference.startswith("/") or not is_version(_bare(reference, major)):
        return reference
    return f"/{name}@{reference}" if major >= 6 else f"/{name}/{reference}"  # noqa: PLR2004 - lockfileVersion


def _bare(reference: str, major: int) -> str:
    return without_suffix(reference) if major >= 6 else reference.partition("_")[0]  # noqa: PLR2004 - lockfileVersion


def _is_key(reference: str) -> bool:
    """Whether a reference already names its package (an alias): ``n@1.0.0``, ``@s/n@1.0.0``."""
    if reference.startswith("@"):
        return True
    at = reference.find("@")
    if at < 0:
        return False
    colon, group = reference.find(":"), reference.find("(")
    return not (0 <= colon < at or 0 <= group < at)
