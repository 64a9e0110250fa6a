"""Where an entry of pnpm-lock.yaml comes from: its key and its ``resolution``, read together.

Reference: pnpm, lockfile/types (LockfileResolution) and resolving/resolver-base.

    {integrity}                        the registry, by name and version
    {tarball, integrity, gitHosted}    an address
    {type: git, repo, commit}          a repository
    {type: directory, directory}       a folder of the project
    {type: variations, variants}       a runtime: one archive for each platform
"""

from __future__ import annotations

from lockward.lockfiles import archives
from lockward.lockfiles.pnpm_keys import version_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Final

    from lockward.model import Source

# Runtimes (``node@runtime:24.0.0``) come from their makers, not from a registry.
_RUNTIMES: Final = (
    "https://nodejs.org/download/",
    "https://unofficial-builds.nodejs.org/download/",
    "https://github.com/oven-sh/bun/releases/download/",
    "https://github.com/denoland/deno/releases/download/",
)
_ARCHIVES: Final = (".tgz", ".tar.gz", ".tar")


def source_of(
    reference: str, version: str, resolution: Mapping[str, object]
) -> tuple[Source, str | None]:
    """The kind of source, and the address (None: the registry, or the runtime's maker, knows).

    ``version`` is what version_of says of the reference.
    """
    if version and len(resolution) == 1 and "integrity" in resolution:
        return "registry", None  # as nearly all
    kind = resolution.get("type")
    if kind in ("variations", "binary"):
        return _runtime(reference, resolution)
    address = _address(resolution)
    if address is None:
        return _unaddressed(reference)
    if kind == "git":
        return "git", address
    if kind == "directory" or "directory" in resolution:
        return "directory", address
    return _addressed(reference, address)


def source_of_hosted(key: str, name: str, version: str, address: str) -> Source:
    """Of a key that begins with a host (before 9.0): "registry" if that is the default one.

    pnpm writes so what its default registry served to whose settings name another, or name
    it otherwise (unjs/nitro 8533d3eabe).  The address must be the package's own there.
    """
    from lockward.registries import hosts

    host, _, rest = key.partition("/")
    own = f"https://{host}/{name}/-/{name.rpartition('/')[2]}-{version}.tgz"
    named = rest in (f"{name}@{version}", f"{name}/{version}") and bool(version)
    return "registry" if named and address == own and hosts.is_default_registry(host) else "remote"


def _addressed(reference: str, address: str) -> tuple[Source, str]:
    """A tarball: a file's, a git host's, or one from a registry or elsewhere."""
    if address.startswith("file:"):
        return "file", address
    git = archives.as_git(address)
    if git is not None:
        return "git", git
    # An address under a version: whatever it says, pnpm takes it for the registry's.
    return ("registry" if version_of(reference) else "remote"), address


def _address(resolution: Mapping[str, object]) -> str | None:
    """Where a resolution says the package lies; None = the registry, by name and version."""
    if resolution.get("type") == "git":
        url = f"git+{resolution.get('repo')}#{resolution.get('commit')}"
        return url.removeprefix("git+") if url.startswith("git+git+") else url
    for field in ("tarball", "directory", "url"):
        value = resolution.get(field)
        if isinstance(value, str):
            return value
    return None


def _unaddressed(reference: str) -> tuple[Source, str | None]:
    """A package without an address: the registry's, a folder's, or its reference is one."""
    if version_of(reference):
        return "registry", None
    if reference.startswith("file:"):
        path = reference[5:]
        return ("file" if path.endswith(_ARCHIVES) else "directory"), path
    return ("git" if reference.startswith("git") else "remote"), reference


# Runtimes


def variants(resolution: Mapping[str, object]) -> Iterator[Mapping[str, object]]:
    """The archives of a runtime; the resolution itself when it is one."""
    listed = resolution.get("variants")
    if not isinstance(listed, list):
        yield resolution
        return
    for entry in listed:
        found = entry.get("resolution") if isinstance(entry, dict) else None
        yield found if isinstance(found, dict) else {}


def _runtime(reference: str, resolution: Mapping[str, object]) -> tuple[Source, str | None]:
    """Its maker's archives, all of them; else the first address that is another's."""
    if not reference.startswith("runtime:"):
        return "remote", _address(resolution) or reference
    for variant in variants(resolution):
        url = variant.get("url")
        if not (isinstance(url, str) and url.startswith(_RUNTIMES) and "/../" not in url):
            return "remote", url if isinstance(url, str) else reference
    return "registry", None


def integrity_of(resolution: Mapping[str, object]) -> str | None:
    """The hash; of a runtime the first archive's, None when one of them has none."""
    value = resolution.get("integrity")
    if isinstance(value, str):
        return value
    if resolution.get("type") != "variations":
        return None
    hashes = [variant.get("integrity") for variant in variants(resolution)]
    if not hashes or not all(isinstance(one, str) for one in hashes):
        return None
    return str(hashes[0])
