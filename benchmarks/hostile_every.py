"""Shapes that want to be slow in every format: aliases, ranges, platforms, catalogs and more."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from benchmarks.hostile_files import HOST, entry, hash_of, npm

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from benchmarks.hostile_files import Case, Files

LONGEST = 60_000  # characters of a range, and of a version


class Locked(NamedTuple):
    """A package that the root asks for as ``alias`` by ``spec``, and what is recorded of it."""

    alias: str
    name: str
    version: str
    spec: str
    number: int
    needs: Mapping[str, str]
    more: Mapping[str, Any]


class Shape(NamedTuple):
    """A project: its packages, and more fields of its package.json and pnpm-workspace.yaml."""

    packages: list[Locked]
    manifest: Mapping[str, Any] = {}
    settings: Mapping[str, Any] = {}


def _manifest(shape: Shape) -> dict[str, Any]:
    asks = {one.alias: one.spec for one in shape.packages}
    return {"name": "app", "version": "1.0.0", "dependencies": asks, **shape.manifest}


def _npm(shape: Shape) -> Files:
    packages = {
        f"node_modules/{one.alias}": {
            **entry(one.name, one.version, one.number),
            **({"name": one.name} if one.name != one.alias else {}),
            **({"dependencies": one.needs} if one.needs else {}),
            **one.more,
        }
        for one in shape.packages
    }
    files = npm(packages, _manifest(shape)["dependencies"])
    return {**files, "package.json": json.dumps(_manifest(shape)).encode()}


def _classic(shape: Shape) -> Files:
    lines = ["# yarn lockfile v1", "", ""]
    for one in shape.packages:
        lines += [f'"{one.alias}@{one.spec}":', f'  version "{one.version}"']
        lines += [f'  resolved "{HOST}/{one.name}/-/{one.name}-{one.version}.tgz"']
        lines += [f"  integrity {hash_of(one.number)}"]
        if one.needs:
            lines += ["  dependencies:", *(f'    {k} "{v}"' for k, v in one.needs.items())]
        lines += [""]
    manifest = json.dumps(_manifest(shape)).encode()
    return {"package.json": manifest, "yarn.lock": "\n".join(lines).encode()}


def _described(spec: str) -> str:
    return spec if spec.startswith(("npm:", "catalog:")) else f"npm:{spec}"


def _berry(shape: Shape) -> Files:
    lines = ["__metadata:", "  version: 8", "  cacheKey: 10c0", ""]
    catalog = shape.settings.get("catalog", {})
    for one in shape.packages:
        spec = _described(catalog.get(one.alias, one.spec))
        lines += [f'"{one.alias}@{spec}":', f"  version: {one.version}"]
        lines += [f'  resolution: "{one.name}@npm:{one.version}"']
        if one.needs:
            needs = ((k, _described(v)) for k, v in one.needs.items())
            lines += ["  dependencies:", *(f'    {k}: "{v}"' for k, v in needs)]
        lines += [f"  checksum: 10c0/{one.number:0128x}", "  languageName: node"]
        lines += ["  linkType: hard", ""]
    lines += ['"app@workspace:.":', "  version: 0.0.0-use.local", '  resolution: "app@workspace:."']
    asks = _manifest(shape)["dependencies"].items()
    lines += ["  dependencies:", *(f'    {k}: "{_described(v)}"' for k, v in asks)]
    lines += ["  languageName: unknown", "  linkType: soft", ""]
    return {
        "package.json": json.dumps(_manifest(shape)).encode(),
        "yarn.lock": "\n".join(lines).encode(),
        ".yarnrc.yml": json.dumps(shape.settings or {"nodeLinker": "node-modules"}).encode(),
    }


def _pnpm(shape: Shape) -> Files:
    lines = ["lockfileVersion: '9.0'", "", "importers:", "", "  .:", "    dependencies:"]
    for one in shape.packages:
        alias = one.name != one.alias
        version = f"{one.name}@{one.version}" if alias else one.version
        lines += [f"      {one.alias}:", f"        specifier: {json.dumps(one.spec)}"]
        lines += [f"        version: {version}"]
    lines += ["", "packages:", ""]
    for one in shape.packages:
        lines += [f"  {one.name}@{one.version}:"]
        lines += [f"    resolution: {{integrity: {hash_of(one.number)}}}"]
        more = one.more.items()
        lines += [*(f"    {key}: {json.dumps(value)}" for key, value in more), ""]
    lines += ["snapshots:", ""]
    versions = {one.alias: one.version for one in shape.packages}
    for one in shape.packages:
        needs = [f"      {name}: {versions[name]}" for name in one.needs if name in versions]
        head = f"  {one.name}@{one.version}:"
        lines += [head, "    dependencies:", *needs, ""] if needs else [f"{head} {{}}", ""]
    return {
        "package.json": json.dumps(_manifest(shape)).encode(),
        "pnpm-lock.yaml": "\n".join(lines).encode(),
        **({"pnpm-workspace.yaml": json.dumps(shape.settings).encode()} if shape.settings else {}),
    }


def _bun(shape: Shape) -> Files:
    root = _manifest(shape)
    packages = {}
    for one in shape.packages:
        more = {**({"dependencies": one.needs} if one.needs else {}), **one.more}
        packages[one.alias] = [f"{one.name}@{one.version}", "", more, hash_of(one.number)]
    lock: dict[str, Any] = {"lockfileVersion": 1}
    lock["workspaces"] = {"": {"name": "app", "dependencies": root["dependencies"]}}
    if "catalog" in shape.settings:
        root["workspaces"] = {"packages": [], **shape.settings}
        lock["catalog"] = shape.settings["catalog"]
    for field in ("overrides", "catalogs"):
        if field in shape.manifest:
            lock[field] = shape.manifest[field]
    lock["packages"] = packages
    return {
        "package.json": json.dumps(root).encode(),
        "bun.lock": json.dumps(lock, indent=1).encode(),
    }


FORMS: Mapping[str, Callable[[Shape], Files]] = {
    "npm": _npm,
    "classic": _classic,
    "berry": _berry,
    "pnpm": _pnpm,
    "bun": _bun,
}


def _plain(count: int, state: int, **more: object) -> list[Locked]:
    return [Locked(f"p{n}", f"p{n}", f"1.{state}.0", "^1.0.0", n, {}, more) for n in range(count)]


# Shapes


def aliases(size: int, state: int) -> Shape:
    """Thousands of aliases of one package."""
    return Shape(
        [
            Locked(f"a{n}", "x", f"1.{n}.{state}", f"npm:x@^1.{n}.0", n, {}, {})
            for n in range(size // 400)
        ]
    )


def alias_needs(size: int, state: int) -> Shape:
    """Packages that ask for thousands of others by alias."""
    count = size // 1_200
    needs = {f"p{n}": f"npm:p{n}@^1.0.0" for n in range(20)}
    return Shape([one._replace(needs=needs) for one in _plain(count, state)])


def alternatives(size: int, state: int) -> Shape:
    """A range of thousands of alternatives, asked of thousands of packages."""
    text = " || ".join(f"^{n}.{n}.0" for n in range(LONGEST // 20))
    packages = _plain(size // 800, state)
    few = range(0, len(packages), max(1, len(packages) * LONGEST // size))
    for n in few:
        packages[n] = packages[n]._replace(spec=f"{text} || ^1.{n}.0")
    return Shape(packages)


def short_alternatives(size: int, state: int) -> Shape:
    """The same range of hundreds of alternatives, and a prerelease, for everybody."""
    text = " || ".join(f"^{n}.0.0-a" for n in range(2, 150))
    needs = {"p0": f"{text} || >=1.0.0-0"}
    packages = _plain(size // 2_500, state)
    first = packages[0]._replace(version=f"1.{state}.0-a.1", spec=">=1.0.0-0")
    return Shape([first, *(one._replace(needs=needs) for one in packages[1:])])


def alternative_aliases(size: int, state: int) -> Shape:
    """Aliases with ranges of hundreds of alternatives."""
    text = " || ".join(f"^{n}.0.0" for n in range(2, 120))
    return Shape(
        [
            Locked(f"a{n}", "x", f"1.{n}.{state}", f"npm:x@{text} || ^1.{n}.0", n, {}, {})
            for n in range(size // 2_900)
        ]
    )


def long_versions(size: int, state: int) -> Shape:
    """Versions of tens of thousands of characters."""
    return Shape(
        [
            one._replace(version=f"1.0.0-{'a.' * (LONGEST // 4)}{state}", spec="*")
            for one in _plain(size // (2 * LONGEST), state)
        ]
    )


def prereleases(size: int, state: int) -> Shape:
    """Versions and ranges of 120 identifiers each."""
    words = ".".join(f"{n}" for n in range(100, 150))
    return Shape(
        [
            one._replace(version=f"1.0.0-{words}.{state}.{n}", spec=f">=1.0.0-{words}")
            for n, one in enumerate(_plain(size // 1_300, state))
        ]
    )


def platforms(size: int, state: int) -> Shape:
    """Thousands of operating systems, processors and engines."""
    systems = [f"!os{n}" for n in range(150)]
    more = {
        "os": systems,
        "cpu": systems,
        "libc": systems,
        "engines": {f"engine{n}": f">={n}.0.0 || ^{state}.0.0" for n in range(60)},
    }
    return Shape(_plain(size // 8_000, state, **more))


def engine_ranges(size: int, state: int) -> Shape:
    """Engines of thousands of alternatives."""
    text = " || ".join(f"^{n}.{state}.0" for n in range(LONGEST // 20))
    return Shape(_plain(size // LONGEST, state, engines={"node": text}))


def peers(size: int, state: int) -> Shape:
    """Peers in ranges of hundreds of alternatives."""
    text = " || ".join(f"^{n}.0.0" for n in range(2, 150))
    packages = _plain(size // 3_000, state)
    return Shape(
        [
            one._replace(more={"peerDependencies": {f"p{n // 2}": f"{text} || ^1.{n}.0"}})
            for n, one in enumerate(packages)
        ]
    )


def overrides(size: int, state: int) -> Shape:
    """Thousands of overrides with ranges of hundreds of alternatives, and resolutions."""
    text = " || ".join(f"^{n}.0.0" for n in range(100))
    named = {f"p{n % 50}@{text} || ^1.{n}.0": f"^1.{state}.0" for n in range(size // 2_000)}
    by_parent = {f"p{n}/p{n + 1}": f"^1.{state}.0" for n in range(size // 2_000)}
    packages = [
        one._replace(needs={f"p{n % 50}": "^1.0.0"})
        for n, one in enumerate(_plain(size // 1_000, state))
    ]
    return Shape(
        packages,
        {"overrides": named, "resolutions": {**named, **by_parent}},
        {"overrides": named},
    )


def nested_overrides(size: int, state: int) -> Shape:
    """Thousands of overrides, each below the one before, by every way to write that."""
    packages = [
        one._replace(needs={f"p{n + 1}": "^1.0.0"})
        for n, one in enumerate(_plain(size // 700, state))
    ]
    count = size // 400
    nested: dict[str, Any] = {f"p{count}": "^1.0.0"}
    for n in range(40):
        nested = {f"p{n}": {".": "^1.0.0", **nested}}
    many = {f"q{n}": {f"p{n}": {f"p{n + 1}": f"^1.{state}.0"}} for n in range(count)}
    flat = {f"p{n}>p{n + 1}": f"^1.{state}.0" for n in range(count)}
    paths = {f"**/p{n}/**/p{n + 1}": f"^1.{state}.0" for n in range(count)}
    return Shape(
        packages,
        {"overrides": {**nested, **many}, "resolutions": paths},
        {"overrides": flat},
    )


def met_overrides(size: int, state: int) -> Shape:
    """Thousands of overrides, each of a package that somebody else asks for, too."""
    packages = [
        one._replace(needs={f"p{n + 1}": "^1.0.0"})
        for n, one in enumerate(_plain(size // 500, state))
    ]
    named = {one.alias: f"^1.{state}.0" for one in packages[:19_000]}
    return Shape(packages, {"overrides": named, "resolutions": named}, {"overrides": named})


def catalogs(size: int, state: int) -> Shape:
    """Thousands of entries of a catalog, in ranges of a dozen alternatives."""
    count = size // 1_000
    text = " || ".join(f"^{n}.0.0" for n in range(2, 14))
    packages = [one._replace(spec="catalog:") for one in _plain(count, state)]
    listed = {one.alias: f"{text} || ^1.{n}.0" for n, one in enumerate(packages)}
    return Shape(packages, {}, {"catalog": listed})


SHAPES: tuple[Callable[[int, int], Shape], ...] = (
    *(aliases, alias_needs, alternatives, short_alternatives, alternative_aliases),
    *(long_versions, prereleases, platforms, engine_ranges, peers, overrides),
    *(nested_overrides, met_overrides, catalogs),
)


def _case(form: str, shape: Callable[[int, int], Shape]) -> Case:
    """A shape in one format."""

    def made(size: int, state: int) -> Files:
        return FORMS[form](shape(size, state))

    made.__name__ = f"{form}_{shape.__name__}"
    made.__doc__ = shape.__doc__
    return made


CASES: tuple[Case, ...] = tuple(_case(form, shape) for shape in SHAPES for form in FORMS)
