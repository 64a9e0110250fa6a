"""Random registries and projects, small enough that every conflict turns up in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from tests.support.packuments import packument

if TYPE_CHECKING:
    from random import Random

    from tests.support.npm_ci import Packument

    Versions = dict[str, dict[str, Any]]

_VERSIONS: Final = ("1.0.0", "1.1.0", "2.0.0", "2.1.0", "3.0.0")
_RANGES: Final = (
    "^1.0.0",
    "^1.1.0",
    "^2.0.0",
    "^2.1.0",
    "^3.0.0",
    "*",
    "1.x || 2.x",
    ">=2",
    "2.0.0",
)


def registry(random: Random) -> dict[str, Packument]:
    """A handful of packages that require each other in every way."""
    names = [f"p{index}" for index in range(random.randint(4, 9))]
    return {name: packument(name, _versions(random, name, names)) for name in names}


def _versions(random: Random, name: str, names: list[str]) -> Versions:
    kept = sorted(random.sample(_VERSIONS, random.randint(1, len(_VERSIONS))))
    others = [other for other in names if other != name]
    return {version: _fields(random, others) for version in kept}


def _fields(random: Random, others: list[str]) -> dict[str, Any]:
    """The requirements of one version; later names only, mostly, so that trees end."""
    fields: dict[str, Any] = {}
    for section, chance in (
        ("dependencies", 0.25),
        ("peerDependencies", 0.12),
        ("optionalDependencies", 0.05),
    ):
        chosen = {other: random.choice(_RANGES) for other in others if random.random() < chance}
        if chosen:
            fields[section] = chosen
    peers = fields.get("peerDependencies", {})
    optional = {name: {"optional": True} for name in peers if random.random() < 0.4}
    if optional:
        fields["peerDependenciesMeta"] = optional
    return fields


def project(random: Random, names: list[str]) -> dict[str, Any]:
    """The manifests of a random project, by path."""
    root: dict[str, Any] = {"name": "root", "version": "1.0.0", **_asks(random, names)}
    files = {"package.json": root}
    if random.random() < 0.4:
        root["workspaces"] = ["packages/*"]
        for member in random.sample(["w1", "w2", "w3"], random.randint(1, 3)):
            files[f"packages/{member}/package.json"] = {
                "name": member,
                "version": random.choice(_VERSIONS),
                **_asks(random, [*names, "w1", "w2"], member),
            }
    if random.random() < 0.2:
        root.setdefault("dependencies", {})["local"] = "file:libs/local"
        files["libs/local/package.json"] = {
            "name": "local",
            "version": "1.0.0",
            **_asks(random, names),
        }
    if random.random() < 0.4:
        root["overrides"] = _overrides(random, names, 2)
    return files


def _asks(random: Random, names: list[str], but: str = "") -> dict[str, Any]:
    asks: dict[str, Any] = {}
    for section, chance in (
        ("dependencies", 0.3),
        ("devDependencies", 0.15),
        ("optionalDependencies", 0.05),
        ("peerDependencies", 0.05),
    ):
        chosen = {
            name: random.choice(_RANGES)
            for name in names
            if name != but and random.random() < chance
        }
        if chosen:
            asks[section] = chosen
    return asks


def _overrides(random: Random, names: list[str], depth: int) -> dict[str, Any]:
    rules: dict[str, Any] = {}
    for _ in range(random.randint(1, 2)):
        name = random.choice(names)
        key = random.choice([name, name, f"{name}@{random.choice(_RANGES)}"])
        value = random.choice([*_VERSIONS, *_RANGES, f"${random.choice(names)}"])
        if depth and random.random() < 0.5:
            rules[key] = _overrides(random, names, depth - 1)
            if random.random() < 0.3:
                rules[key]["."] = value
        else:
            rules[key] = value
    return rules
