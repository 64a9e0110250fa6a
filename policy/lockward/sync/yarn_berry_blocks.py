"""Whether a workspace's entry in a Berry lockfile says what its package.json says.

Reference: berry's core, Manifest.load and exportTo, WorkspaceResolver.resolve.
Yarn writes the entry anew from package.json with every install.
"""

from __future__ import annotations

from lockward import semver
from lockward.lockfiles.yarn_berry_specs import normalised

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Final

    from lockward.model import Manifest, Package

    Metas = dict[str, dict[str, str]]

_FLAGS: Final = ("built", "optional", "unplugged")


def differences(manifest: Manifest, entry: Package, *, own: bool) -> Iterator[tuple[str, str]]:
    """(name, what differs) for each; ``own``: a workspace, which requires devDependencies too."""
    sections = manifest.sections
    asked = {**sections["dependencies"], **sections["optionalDependencies"]}
    if own:
        asked.update(sections["devDependencies"])
    yield from _texts(
        {name: normalised(spec) for name, spec in asked.items()},
        {name: normalised(spec) for name, spec in entry.dependencies.items()},
        "",
    )
    peers = {name: _peer(spec) for name, spec in sections["peerDependencies"].items()}
    yield from _texts(peers, entry.peer_dependencies, " as a peer")
    if not own:
        return
    yield from _flags(manifest, entry)
    yield from _texts(_bins(manifest), _strings(entry.raw.get("bin")), " as a program")


def _texts(
    asked: Mapping[str, str], recorded: Mapping[str, str], how: str
) -> Iterator[tuple[str, str]]:
    for name in {**asked, **recorded}:
        one, two = asked.get(name), recorded.get(name)
        if one != two:
            said = f"wanted {_bare(one)}{how}" if one is not None else f"not wanted{how}"
            yield name, f"{said}, the lockfile says {_bare(two) if two is not None else 'nothing'}"


def _bare(spec: str) -> str:
    return spec.removeprefix("npm:") or '""'


def _peer(spec: str) -> str:
    """What Manifest.load makes of a peer's range: anything that is none is ``*``."""
    valid = ":" not in spec and semver.is_range(spec)
    return spec if valid or spec.startswith("workspace:") else "*"


def _flags(manifest: Manifest, entry: Package) -> Iterator[tuple[str, str]]:
    asked = _metas(manifest.raw.get("dependenciesMeta"))
    for name in manifest.sections["optionalDependencies"]:
        asked.setdefault(name, {})["optional"] = "true"
    yield from _metas_differ(asked, _metas(entry.raw.get("dependenciesMeta")))
    peers = _metas(manifest.raw.get("peerDependenciesMeta"))
    yield from _metas_differ(peers, _metas(entry.raw.get("peerDependenciesMeta")))


def _metas_differ(asked: Metas, recorded: Metas) -> Iterator[tuple[str, str]]:
    for name in {**asked, **recorded}:
        if asked.get(name) != recorded.get(name):
            yield name, "its flags in package.json are not those in the lockfile"


def _metas(value: object) -> Metas:
    """Name -> flag -> "true" or "false"; rows without a flag are none."""
    rows = {
        name: {
            flag: _boolean(flags[flag])
            for flag in _FLAGS
            if isinstance(flags, dict) and flags.get(flag) is not None
        }
        for name, flags in (value.items() if isinstance(value, dict) else ())
    }
    return {name: flags for name, flags in rows.items() if flags}


def _boolean(value: object) -> str:
    return value if isinstance(value, str) else str(value).lower()


def _bins(manifest: Manifest) -> dict[str, str]:
    """Program -> file, by names without a scope."""
    listed = manifest.raw.get("bin")
    if isinstance(listed, str) and listed.strip():
        name = (manifest.name or "").rpartition("/")[2]
        return {name: _slashes(listed)} if name else {}
    return {
        name.rpartition("/")[2]: _slashes(file)
        for name, file in _strings(listed).items()
        if file.strip()
    }


def _slashes(path: str) -> str:
    return path.replace("\\", "/")


def _strings(value: object) -> dict[str, str]:
    if not isinstance(value, dict):
        return {}
    return {name: text for name, text in value.items() if isinstance(text, str)}
