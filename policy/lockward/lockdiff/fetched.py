"""pnpm: what an entry's ``resolution`` says beside its own hash and address.

A package may be a folder of a repository (``path``), and a runtime is one archive for each
platform, each with a hash of its own.  Reference: pnpm, resolving/resolver-base.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Final

    from lockward.lockdiff.contents import Difference
    from lockward.model import Package


# A folder of the repository, and the server that pnpm before 6 asked instead of the settings'.
_FIELDS: Final = ("path", "registry")


def differences(before: Package, after: Package) -> Iterator[Difference]:
    """How the resolutions of two entries of one artifact contradict each other."""
    one, two = before.raw.get("resolution"), after.raw.get("resolution")
    if one == two or not isinstance(one, dict) or not isinstance(two, dict):
        return
    for field in _FIELDS:
        was, now = (str(each.get(field, "")).strip("/") for each in (one, two))
        if was != now:
            yield "facts-changed", field, f"{field}: {was}", f"{field}: {now}"
    yield from _archives(one, two)


def _archives(one: Mapping[str, object], two: Mapping[str, object]) -> Iterator[Difference]:
    """The platforms whose archive is another one; new ones may join."""
    old = dict(_by_platform(one))
    for platform, now in _by_platform(two):
        was = old.get(platform)
        if was is not None and was != now:
            code = "facts-changed" if _hash(was) == _hash(now) else "integrity-replaced"
            yield code, platform, _told(was), _told(now)


def _by_platform(resolution: Mapping[str, object]) -> Iterator[tuple[str, Mapping[str, object]]]:
    """Each platform of a runtime, and its archive; of two for one platform both must stay."""
    listed = resolution.get("variants")
    seen: dict[str, int] = {}
    for entry in listed if isinstance(listed, list) else ():
        found = entry.get("resolution") if isinstance(entry, dict) else None
        targets = entry.get("targets") if isinstance(entry, dict) else None
        for target in targets if isinstance(targets, list) else ():
            parts = target.items() if isinstance(target, dict) else ()
            name = " ".join(str(value) for _, value in sorted(parts))
            seen[name] = seen.get(name, 0) + 1
            again = f", {seen[name]}" if seen[name] > 1 else ""
            yield f"{name}{again}", found if isinstance(found, dict) else {}


def _hash(archive: Mapping[str, object]) -> str:
    return str(archive.get("integrity", ""))


def _told(archive: Mapping[str, object]) -> str:
    return " ".join(str(archive[field]) for field in _TOLD if field in archive)


_TOLD: Final = ("url", "integrity", "bin")
