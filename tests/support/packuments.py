"""Registries made up for tests: what lockfiles name, and versions around it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from tests.support.npm import sri

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tests.support.npm_ci import Packument

    Versions = dict[str, dict[str, Any]]

_FIELDS: Final = (
    "dependencies",
    "optionalDependencies",
    "peerDependencies",
    "peerDependenciesMeta",
    "bundleDependencies",
    "os",
    "cpu",
    "integrity",
)
_HOST: Final = "https://registry.example.org"


def packument(name: str, versions: Versions) -> Packument:
    """A registry's document about one package; the tag ``latest`` is its highest version."""
    bare = name.rpartition("/")[2]
    return {
        "name": name,
        "dist-tags": {"latest": max(versions, key=_order)},
        "versions": {
            version: {
                "name": name,
                "version": version,
                **{field: value for field, value in fields.items() if field != "integrity"},
                "dist": {
                    "tarball": f"{_HOST}/{name}/-/{bare}-{version}.tgz",
                    # No two alike: npm takes versions of one integrity for the same.
                    "integrity": fields.get("integrity") or sri(f"{name}@{version}"),
                },
            }
            for version, fields in sorted(versions.items(), key=lambda item: _order(item[0]))
        },
    }


def _order(version: str) -> tuple[bool, list[int], str]:
    core, _, rest = version.partition("-")
    numbers = [int(part) for part in core.split("+")[0].split(".")]
    return (not rest, numbers, rest)


def around(lockfiles: Iterable[str]) -> dict[str, Packument]:
    """A registry that serves what the lockfiles hold, and invented neighbours of each version."""
    found: dict[str, Versions] = {}
    for text in lockfiles:
        for name, version, fields in _locked(json.loads(text)):
            found.setdefault(name, {})[version] = fields
    return {name: packument(name, _with_neighbours(versions)) for name, versions in found.items()}


def _locked(lockfile: Mapping[str, Any]) -> Iterable[tuple[str, str, dict[str, Any]]]:
    for key, entry in lockfile.get("packages", {}).items():
        if "node_modules/" in key and "version" in entry and not entry.get("link"):
            name = entry.get("name") or key.rpartition("node_modules/")[2]
            yield name, entry["version"], {k: entry[k] for k in _FIELDS if k in entry}
    if "packages" not in lockfile:
        yield from _nested(lockfile)


def _nested(entry: Mapping[str, Any]) -> Iterable[tuple[str, str, dict[str, Any]]]:
    for name, child in entry.get("dependencies", {}).items():
        version = child.get("version", "")
        if version.startswith("npm:"):
            name, _, version = version[4:].rpartition("@")  # noqa: PLW2901 - an alias's own name
        if version[:1].isdigit():
            fields = {"dependencies": child.get("requires", {})}
            yield name, version, {**fields, "integrity": child.get("integrity")}
        yield from _nested(child)


def _with_neighbours(versions: Versions) -> Versions:
    neighbours: Versions = {}
    for version, fields in versions.items():
        major, minor, patch = (
            int(part) for part in version.partition("-")[0].split("+")[0].split(".")
        )
        for near in (
            f"{major}.{minor}.{patch + 1}",
            f"{major}.{minor + 1}.0",
            f"{major + 1}.0.0",
            f"{major}.{minor}.0",
            f"{major}.0.0",
        ):
            neighbours.setdefault(near, {**fields, "integrity": None})
    return {**neighbours, **versions}
