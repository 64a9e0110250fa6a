"""What pnpm-lock.yaml records of settings and projects, against what the project says now.

Reference: pnpm, lockfile/settings-checker (getOutdatedLockfileSetting.ts,
calcPatchHashes.ts), crypto/hash, crypto/object-hasher.  A setting that only a
user's own configuration makes is unknown here: its default counts, as in CI.
"""

from __future__ import annotations

from lockward import bounds, globs, pnpm_settings
from lockward.errors import LockwardError
from lockward.paths import ancestors, resolve
from lockward.sync import SyncProblem, pnpm_hashes
from lockward.sync.pnpm_specs import equal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Final

    from lockward.model import Lockfile, Manifest
    from lockward.pnpm_settings import Settings
    from lockward.project import Project

_FIRST_PEERS: Final = 8  # major of the first pnpm that installs peers by default
_LONGEST_SUFFIX: Final = "1000"


def problems(project: Project) -> Iterator[SyncProblem]:
    """Every setting of which the lockfile records something else."""
    lockfile = project.lockfile
    assert lockfile is not None  # the caller's
    if _inherits(project):
        return
    settings = pnpm_settings.of(project)
    for name, fact in (
        *_catalogs(lockfile, settings),
        *_overrides(lockfile, settings),
        *_extensions(lockfile, settings),
        *_ignored(lockfile, settings),
        *_patches(project, lockfile, settings),
        *_switches(project, lockfile, settings),
        *_pnpmfile(project, lockfile, settings),
    ):
        yield SyncProblem("recorded", "", name, "", "prod", detail=fact)


def _inherits(project: Project) -> bool:
    """Whether a workspace above makes the settings: a lockfile of its own for each project."""
    entries = project.tree.entries()
    return any(pnpm_settings.file_of(above) in entries for above in ancestors(project.root)[1:])


def _raw(lockfile: Lockfile, field: str) -> Mapping[str, object]:
    value = lockfile.raw.get(field)
    return value if isinstance(value, dict) else {}


# One function for each setting: names and facts


def _catalogs(lockfile: Lockfile, settings: Settings) -> Iterator[tuple[str, str]]:
    for catalog, entries in _raw(lockfile, "catalogs").items():
        known = settings.catalogs.get(catalog, {})
        for name, entry in entries.items() if isinstance(entries, dict) else ():
            told = entry.get("specifier") if isinstance(entry, dict) else None
            wanted = known.get(name)
            if (
                not isinstance(told, str)
                or wanted is None
                or not equal(told, wanted, settings.major)
            ):
                yield name, f"the catalog says {wanted or 'nothing'}, the lockfile {told}"


def _overrides(lockfile: Lockfile, settings: Settings) -> Iterator[tuple[str, str]]:
    told, wanted = _raw(lockfile, "overrides"), settings.overrides
    for name in {**told, **wanted}:
        if told.get(name) != wanted.get(name):
            one, other = wanted.get(name, "nothing"), told.get(name, "nothing")
            yield name, f"the override says {one}, the lockfile {other}"


def _extensions(lockfile: Lockfile, settings: Settings) -> Iterator[tuple[str, str]]:
    told = lockfile.raw.get("packageExtensionsChecksum")
    wanted = settings.mapping("packageExtensions")
    if bool(told) != bool(wanted):
        state = "has" if told else "lacks"
        yield "packageExtensions", f"the lockfile {state} the checksum of packageExtensions"
    elif isinstance(told, str) and not pnpm_hashes.is_value(told, wanted):
        yield "packageExtensions", "packageExtensions are not those of the lockfile's checksum"


def _ignored(lockfile: Lockfile, settings: Settings) -> Iterator[tuple[str, str]]:
    listed = lockfile.raw.get("ignoredOptionalDependencies")
    told = sorted(map(str, listed)) if isinstance(listed, list) else []
    wanted = sorted(settings.names("ignoredOptionalDependencies"))
    if told != wanted:
        one, other = ", ".join(wanted) or "nothing", ", ".join(told) or "nothing"
        yield "ignoredOptionalDependencies", f"the settings say {one}, the lockfile {other}"


def _patches(project: Project, lockfile: Lockfile, settings: Settings) -> Iterator[tuple[str, str]]:
    told = _raw(lockfile, "patchedDependencies")
    in_settings = lockfile.raw.get("settings")
    if not told and isinstance(in_settings, dict):  # the 13.0 form
        listed = in_settings.get("patchedDependencies")
        told = listed if isinstance(listed, dict) else {}
    wanted = settings.mapping("patchedDependencies")
    for name in {**told, **wanted}:
        if (name in told) != (name in wanted):
            where = "the lockfile" if name in told else "the settings"
            yield name, f"only {where} has a patch for it"
        elif not _is_patch(project, told[name], wanted[name]):
            yield name, f"{wanted[name]} is not the patch that the lockfile was written with"


def _is_patch(project: Project, told: object, path: object) -> bool:
    """Whether the file is the one whose hash is recorded."""
    recorded = told.get("hash") if isinstance(told, dict) else told
    place = resolve(project.root, path) if isinstance(path, str) else None
    data = None if place is None else _content(project, place)
    if data is None:
        return False
    return isinstance(recorded, str) and pnpm_hashes.is_file(recorded, data)


def _switches(
    project: Project, lockfile: Lockfile, settings: Settings
) -> Iterator[tuple[str, str]]:
    told = _raw(lockfile, "settings")
    known: dict[str, tuple[bool, bool | None]] = {
        "autoInstallPeers": (auto_installs_peers(project, settings), None),
        "excludeLinksFromLockfile": (excludes_links(project, settings), None),
    }
    for key in _WRITTEN_WHEN_ON if settings.major is None or settings.major >= _FIRST_OF_10 else ():
        known[key] = (pnpm_settings.switch(project, settings, key, default=False), False)
    for key, (wanted, default) in known.items():
        recorded = _TRUTHS.get(str(told.get(key, "")).lower(), default)
        if recorded is not None and recorded != wanted:
            yield key, f"the settings say {_text(wanted)}, the lockfile {_text(recorded)}"
    longest = str(settings.get("peersSuffixMaxLength") or _LONGEST_SUFFIX)
    recorded_length = str(told.get("peersSuffixMaxLength", _LONGEST_SUFFIX))
    if recorded_length != longest:
        fact = f"the settings say {longest}, the lockfile {recorded_length}"
        yield "peersSuffixMaxLength", fact


_FIRST_OF_10: Final = 10  # what pnpm 9 does not know, it does not compare
_WRITTEN_WHEN_ON: Final = ("dedupePeers", "injectWorkspacePackages")
_TRUTHS: Final = {"true": True, "false": False}


def _text(value: bool) -> str:  # noqa: FBT001 - it is the value that is shown
    return str(value).lower()


def _pnpmfile(
    project: Project, lockfile: Lockfile, settings: Settings
) -> Iterator[tuple[str, str]]:
    """A recorded checksum, against the one file that is there.

    The lockfile records none for a file that exports no hooks, which cannot be told
    without running it.
    """
    told = lockfile.raw.get("pnpmfileChecksum")
    if not isinstance(told, str) or settings.get("configDependencies"):
        return
    files = [_content(project, path) for path in _hook_places(project, settings)]
    present = [data for data in files if data is not None]
    if not present:
        yield "pnpmfileChecksum", "the lockfile was written with a .pnpmfile.cjs, and there is none"
    elif len(present) == 1 and not pnpm_hashes.is_file(told, present[0]):
        yield "pnpmfileChecksum", ".pnpmfile.cjs is not the one that the lockfile was written with"


# Settings that decide more than one thing


def auto_installs_peers(project: Project, settings: Settings) -> bool:
    """autoInstallPeers: whether a project's peers are its dependencies."""
    default = settings.major is None or settings.major >= _FIRST_PEERS
    lockfile = project.lockfile
    if lockfile is not None and lockfile.version.startswith("5"):
        default = False
    return pnpm_settings.switch(project, settings, "autoInstallPeers", default=default)


def excludes_links(project: Project, settings: Settings) -> bool:
    """excludeLinksFromLockfile: whether ``link:`` requirements are left out."""
    return pnpm_settings.switch(project, settings, "excludeLinksFromLockfile", default=False)


def hook_text(project: Project, settings: Settings) -> str:
    """The text of the files that may rewrite manifests: what they name is not judged."""
    files = (_content(project, path) for path in _hook_places(project, settings))
    return "\n".join(data.decode("utf-8", "replace") for data in files if data is not None)


def _hook_places(project: Project, settings: Settings) -> list[str]:
    places = (resolve(project.root, path) for path in pnpm_settings.hook_files(settings))
    return [place for place in places if place is not None]


def _content(project: Project, path: str) -> bytes | None:
    try:
        return project.tree.read(path, project.policy.max_bytes)
    except LockwardError:
        return None


# Importers


def importer(lockfile: Lockfile, folder: str) -> Mapping[str, object]:
    """What the lockfile says of a project, as it is written; empty when it says nothing."""
    listed = lockfile.raw.get("importers")
    if not isinstance(listed, dict):
        return {} if folder else lockfile.raw
    entry = listed.get(folder or ".")
    return entry if isinstance(entry, dict) else {}


def facts(folder: str, manifest: Manifest, entry: Mapping[str, object]) -> Iterator[SyncProblem]:
    """publishConfig.directory and dependenciesMeta."""
    config = manifest.raw.get("publishConfig")
    wanted = config.get("directory") if isinstance(config, dict) else None
    told = entry.get("publishDirectory")
    if wanted != told:
        fact = f"publishConfig.directory is {wanted or 'not set'}, the lockfile says {told or 'so'}"
        yield SyncProblem("recorded", folder, "publishConfig", "", "prod", detail=fact)
    if _plain(manifest.raw.get("dependenciesMeta")) != _plain(entry.get("dependenciesMeta")):
        fact = "dependenciesMeta is not what the lockfile records"
        yield SyncProblem("recorded", folder, "dependenciesMeta", "", "prod", detail=fact)


def _plain(value: object) -> object:
    """A value whose Booleans are texts, as YAML gives them here; empty mappings are nothing."""
    if isinstance(value, dict):
        return {key: _plain(of) for key, of in value.items()} or None
    return str(value).lower() if isinstance(value, bool) else value


def catalog_version(lockfile: Lockfile, name: str, spec: str) -> str:
    """The version that the lockfile's catalog has for a ``catalog:`` spec; "" when none."""
    if not spec.startswith("catalog:"):
        return ""
    entries = _raw(lockfile, "catalogs").get(spec[8:].strip() or "default")
    entry = entries.get(name) if isinstance(entries, dict) else None
    version = entry.get("version") if isinstance(entry, dict) else None
    return version if isinstance(version, str) else ""


def matches(patterns: tuple[str, ...], name: str) -> bool:
    """Whether a list of patterns takes a name in; the last that fits decides (createMatcher)."""
    found = bool(patterns) and all(pattern.startswith("!") for pattern in patterns)
    bounds.GLOBS.spend(8 * len(patterns))
    for pattern in patterns:
        if globs.match(pattern.removeprefix("!"), name):
            found = not pattern.startswith("!")
    return found
