"""Small projects, written down as each package manager writes them.

A world is what a project asks for and which packages answer; ``files`` renders it
as package.json and the lockfile of one format.  An edit of a package is so the
same edit in every format that carries the fact.  Names and contents are ours.
"""

from __future__ import annotations

import copy
import hashlib
import json
from base64 import b64encode
from typing import TYPE_CHECKING, Any

from lockward import semver

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

REGISTRY = "https://registry.example.org/"
LOCKFILES = {
    "npm-v1": "package-lock.json",
    "npm-v2": "package-lock.json",
    "npm-v3": "package-lock.json",
    "yarn-classic": "yarn.lock",
    "berry-6": "yarn.lock",
    "berry-8": "yarn.lock",
    "pnpm-5": "pnpm-lock.yaml",
    "pnpm-6": "pnpm-lock.yaml",
    "pnpm-9": "pnpm-lock.yaml",
    "bun": "bun.lock",
}
FORMS = tuple(LOCKFILES)
BERRY = ("berry-6", "berry-8")
PNPM = ("pnpm-5", "pnpm-6", "pnpm-9")
NPM = ("npm-v1", "npm-v2", "npm-v3")
WALKING = (*NPM, "bun")


def sri(text: str, algorithm: str = "sha512") -> str:
    """The integrity of bytes that a text stands for."""
    return f"{algorithm}-{b64encode(hashlib.new(algorithm, text.encode()).digest()).decode()}"


class Pkg:
    """A locked package; ``integrity`` and ``place`` as written ("" = left out)."""

    def __init__(self, name: str, version: str = "1.0.0", **deps: str) -> None:
        self.name = name
        self.version = version
        self.deps = {key.replace("_", "-"): spec for key, spec in deps.items()}
        self.optional: dict[str, str] = {}
        self.peers: dict[str, str] = {}
        self.facts: dict[str, Any] = {}
        self.real = name  # the package that is fetched
        self.integrity = sri(f"{name}@{version}")
        self.place = tarball(name, version)
        self.kind = "registry"  # git, link
        self.below = ""  # npm, bun: nested in another package
        self.patterns: tuple[str, ...] = ()  # besides those that are asked for

    @property
    def checksum(self) -> str:
        """Berry's: hex of a sha512."""
        if not self.integrity.startswith("sha512-"):
            return self.integrity
        return hashlib.sha512(self.integrity.encode()).hexdigest()


def tarball(name: str, version: str, base: str = REGISTRY) -> str:
    """A registry's address of a package."""
    return f"{base}{name}/-/{name.rpartition('/')[2]}-{version}.tgz"


class World:
    """What the root asks for, and the packages that answer."""

    def __init__(self, asks: dict[str, str], *packages: Pkg, **more: object) -> None:
        self.asks = asks
        self.packages = list(packages)
        self.manifest = more  # further members of package.json
        self.recorded: dict[str, str] | None = None  # what the lockfile says the root asks
        self.cache_key = ""

    def copy(self) -> World:
        """A deep copy, to be edited."""
        return copy.deepcopy(self)

    def get(self, name: str) -> Pkg:
        """The first package of a name."""
        return next(one for one in self.packages if one.name == name)

    def replaced(self, *packages: Pkg, asks: dict[str, str] | None = None) -> World:
        """The world with these in place of their namesakes, or added."""
        other = self.copy()
        for one in packages:
            known = [old for old in other.packages if old.name == one.name]
            if known:
                other.packages[other.packages.index(known[0])] = one
            else:
                other.packages.append(one)
        other.asks = {**other.asks, **(asks or {})}
        return other

    def without(self, *names: str) -> World:
        """The world without some packages and what asks the root for them."""
        other = self.copy()
        other.packages = [one for one in other.packages if one.name not in names]
        other.asks = {name: spec for name, spec in other.asks.items() if name not in names}
        return other

    def answer(self, name: str, spec: str, by: str = "") -> Pkg | None:
        """Who answers a requirement: the nested one, else one in range, else any of the name."""
        found = [one for one in self.packages if one.name == name]
        nested = [one for one in found if one.below and one.below == by]
        top = [one for one in found if not one.below]
        fitting = [one for one in top if semver.satisfies(one.version, spec)]
        return next(iter((*nested, *fitting, *top)), None)

    def requests(self) -> Iterator[tuple[str, str, str]]:
        """(by, name, spec) of everybody."""
        told = self.asks if self.recorded is None else self.recorded
        yield from (("", name, spec) for name, spec in told.items())
        for one in self.packages:
            for name, spec in {**one.deps, **one.optional}.items():
                yield one.name, name, spec

    def files(self, form: str, *, description: str = "") -> dict[str, bytes]:
        """package.json and the lockfile, by path."""
        manifest: dict[str, Any] = {"name": "app", "version": "1.0.0", "dependencies": self.asks}
        manifest.update(self.manifest)
        if description:
            manifest["description"] = description
        text = _RENDERERS[form](self, form)
        return {
            "package.json": json.dumps(manifest, indent=2).encode() + b"\n",
            LOCKFILES[form]: text.encode(),
        }


def _sections(one: Pkg) -> dict[str, dict[str, str]]:
    return {
        "dependencies": one.deps,
        "optionalDependencies": one.optional,
        "peerDependencies": one.peers,
    }


# npm


def _npm_entry(one: Pkg) -> dict[str, Any]:
    entry: dict[str, Any] = {"version": one.version, "resolved": one.place}
    if one.kind == "link":
        return {"resolved": "vendor/evil", "link": True}
    if one.real != one.name:
        entry["name"] = one.real
    if one.integrity:
        entry["integrity"] = one.integrity
    entry.update(one.facts)
    entry.update(_sections(one))
    return {key: value for key, value in entry.items() if value not in ("", {})}


def _npm(world: World, form: str) -> str:
    packages: dict[str, Any] = {"": _root(world)}
    for one in world.packages:
        base = f"node_modules/{one.below}/" if one.below else ""
        packages[f"{base}node_modules/{one.name}"] = _npm_entry(one)
        if one.kind == "link":
            packages["vendor/evil"] = {"name": one.name, "version": one.version}
    document: dict[str, Any] = {"name": "app", "version": "1.0.0", "requires": True}
    document["lockfileVersion"] = int(form[-1])
    if form != "npm-v1":
        document["packages"] = packages
    if form != "npm-v3":
        document["dependencies"] = {
            one.name: _flat(world, one) for one in world.packages if not one.below
        }
    return json.dumps(document, indent=2) + "\n"


def _root(world: World) -> dict[str, Any]:
    told = world.asks if world.recorded is None else world.recorded
    return {"name": "app", "version": "1.0.0", "dependencies": told}


def _flat(world: World, one: Pkg) -> dict[str, Any]:
    entry: dict[str, Any] = {"version": one.version, "resolved": one.place}
    if one.kind == "git":
        entry = {"version": one.place, "from": one.place}
    elif one.kind == "link":
        entry = {"version": "file:vendor/evil"}
    elif one.real != one.name:
        entry["version"] = f"npm:{one.real}@{one.version}"
    if one.integrity and one.kind == "registry":
        entry["integrity"] = one.integrity
    requires = {**one.deps, **one.optional}
    if requires:
        entry["requires"] = requires
    inside = {each.name: _flat(world, each) for each in world.packages if each.below == one.name}
    if inside:
        entry["dependencies"] = inside
    return {key: value for key, value in entry.items() if value != ""}


# Yarn


def _patterns(world: World, prefix: str) -> dict[int, list[str]]:
    """Package (its id) -> the patterns under which it is asked for."""
    found: dict[int, list[str]] = {id(one): list(one.patterns) for one in world.packages}
    for by, name, spec in world.requests():
        one = world.answer(name, spec, by)
        if one is not None:
            pattern = f"{name}@{_prefixed(spec, prefix)}"
            if pattern not in found[id(one)]:
                found[id(one)].append(pattern)
    for one in world.packages:
        if not found[id(one)]:
            found[id(one)] = [f"{one.name}@{prefix}^{one.version}"]
    return found


def _prefixed(spec: str, prefix: str) -> str:
    return spec if ":" in spec else f"{prefix}{spec}"


def _classic(world: World, _form: str) -> str:
    patterns = _patterns(world, "")
    lines = ["# THIS IS AN AUTOGENERATED FILE.", "# yarn lockfile v1", "", ""]
    for one in sorted(world.packages, key=lambda one: min(patterns[id(one)])):
        lines.append(", ".join(f'"{each}"' for each in sorted(patterns[id(one)])) + ":")
        lines.append(f'  version "{one.version}"')
        if one.place:
            lines.append(f'  resolved "{one.place}"')
        if one.integrity and one.kind == "registry":
            lines.append(f"  integrity {_yarn_word(one.integrity)}")
        for field, deps in (("dependencies", one.deps), ("optionalDependencies", one.optional)):
            if deps:
                lines.append(f"  {field}:")
                lines += [f'    "{name}" "{spec}"' for name, spec in deps.items()]
        lines.append("")
    return "\n".join(lines)


def _yarn_word(text: str) -> str:
    return text if text.startswith("sha") and " " not in text else f'"{text}"'


def _berry(world: World, form: str) -> str:
    modern = form == "berry-8"
    key = world.cache_key or ("10c0" if modern else "8")
    patterns = _patterns(world, "npm:")
    lines = ["# Yarn", "", "__metadata:", f"  version: {form[-1]}", f"  cacheKey: {key}", ""]
    entries = {", ".join(sorted(patterns[id(one)])): one for one in world.packages}
    for name in sorted([*entries, "app@workspace:."]):
        lines.append(f'"{name}":')
        one = entries.get(name)
        lines += _berry_root(world, modern) if one is None else _berry_entry(one, key, modern)
        lines.append("")
    return "\n".join(lines)


def _berry_deps(field: str, deps: dict[str, str], modern: bool) -> list[str]:  # noqa: FBT001
    rows = [
        f'    {name}: "{_prefixed(spec, "npm:" if modern else "")}"' for name, spec in deps.items()
    ]
    return [f"  {field}:", *rows] if deps else []


def _berry_root(world: World, modern: bool) -> list[str]:  # noqa: FBT001
    told = world.asks if world.recorded is None else world.recorded
    return [
        "  version: 0.0.0-use.local",
        '  resolution: "app@workspace:."',
        *_berry_deps("dependencies", told, modern),
        "  languageName: unknown",
        "  linkType: soft",
    ]


def _berry_entry(one: Pkg, key: str, modern: bool) -> list[str]:  # noqa: FBT001
    reference = f"npm:{one.version}"
    if one.kind == "git":
        reference = one.place
    elif one.kind == "link":
        reference = "portal:./vendor/evil"
    elif one.place and one.place != tarball(one.real, one.version):
        bound = one.place.replace(":", "%3A").replace("/", "%2F")
        reference += f"::__archiveUrl={bound}"
    lines = [f"  version: {one.version}", f'  resolution: "{one.real}@{reference}"']
    lines += _berry_deps("dependencies", {**one.deps, **one.optional}, modern)
    lines += _berry_deps("peerDependencies", one.peers, False)
    if "bin" in one.facts:
        lines += ["  bin:", *[f"    {name}: {path}" for name, path in one.facts["bin"].items()]]
    if one.integrity and one.kind != "link":
        prefix = one.facts.get("prefix", f"{key}/" if modern else "")
        lines.append(f"  checksum: {prefix}{one.checksum}")
    if "os" in one.facts:
        lines.append(f"  conditions: os={one.facts['os'][0]}")
    return [
        *lines,
        "  languageName: node",
        f"  linkType: {'soft' if one.kind == 'link' else 'hard'}",
    ]


# pnpm


def _key(one: Pkg, form: str) -> str:
    if one.kind == "git":
        return one.place.removeprefix("git+https://").replace(".git#", "/")
    if one.kind == "link":
        return "file:vendor/evil"
    if form == "pnpm-9":
        return f"{one.real}@{one.version}"
    return f"/{one.real}@{one.version}" if form == "pnpm-6" else f"/{one.real}/{one.version}"


def _reference(name: str, one: Pkg, form: str) -> str:
    if one.kind == "registry" and one.real == name:
        return one.version
    return _key(one, form)


def _resolution(one: Pkg) -> str:
    parts = [f"integrity: {one.integrity}"] if one.integrity else []
    if one.kind == "git":
        url, _, commit = one.place.removeprefix("git+").partition("#")
        parts = [f"commit: '{commit}'", f"repo: {url}", "type: git"]
    elif one.kind == "link":
        parts = ["directory: vendor/evil", "type: directory"]
    elif one.place and one.place != tarball(one.real, one.version):
        parts.append(f"tarball: {one.place}")
    return "{" + ", ".join(parts) + "}"


def _pnpm_refs(world: World, one: Pkg, form: str) -> list[str]:
    lines: list[str] = []
    for field, deps in (("dependencies", one.deps), ("optionalDependencies", one.optional)):
        rows = []
        for name, spec in deps.items():
            found = world.answer(name, spec, one.name)
            if found is not None:
                rows.append(f"      {name}: {_reference(name, found, form)}")
        lines += [f"    {field}:", *rows] if rows else []
    return lines


def _pnpm(world: World, form: str) -> str:
    version = {"pnpm-5": "5.4", "pnpm-6": "'6.0'", "pnpm-9": "'9.0'"}[form]
    lines = [f"lockfileVersion: {version}", "", *_pnpm_importer(world, form)]
    lines += ["", "packages:", ""]
    for one in world.packages:
        lines += _pnpm_package(world, one, form)
    if form == "pnpm-9":
        lines += ["snapshots:", ""]
        for one in world.packages:
            refs, key = _pnpm_refs(world, one, form), _key(one, form)
            lines += [f"  {key}:", *refs, ""] if refs else [f"  {key}: {{}}", ""]
    return "\n".join(lines)


def _pnpm_importer(world: World, form: str) -> list[str]:
    told = world.asks if world.recorded is None else world.recorded
    answers = {name: world.answer(name, spec) for name, spec in told.items()}
    refs = {name: _reference(name, one, form) for name, one in answers.items() if one is not None}
    if form == "pnpm-5":
        specs = [f"  {name}: {spec}" for name, spec in told.items()]
        return [
            "specifiers:",
            *specs,
            "",
            "dependencies:",
            *[f"  {n}: {r}" for n, r in refs.items()],
        ]
    pad = "    " if form == "pnpm-9" else ""
    lines = ["importers:", "", "  .:"] if form == "pnpm-9" else []
    lines.append(f"{pad}dependencies:")
    for name, reference in refs.items():
        lines += [f"{pad}  {name}:", f"{pad}    specifier: {told[name]}"]
        lines.append(f"{pad}    version: {reference}")
    return lines


def _pnpm_package(world: World, one: Pkg, form: str) -> list[str]:
    lines = [f"  {_key(one, form)}:", f"    resolution: {_resolution(one)}"]
    if one.kind != "registry":
        lines += [f"    name: {one.name}", f"    version: {one.version}"]
    if "os" in one.facts:
        lines.append(f"    os: [{one.facts['os'][0]}]")
    if "bin" in one.facts:
        lines.append("    hasBin: true")
    if one.peers:
        lines += ["    peerDependencies:", *[f"      {n}: {s}" for n, s in one.peers.items()]]
    if form != "pnpm-9":
        lines += [*_pnpm_refs(world, one, form), "    dev: false"]
    return [*lines, ""]


# bun


def _bun(world: World, _form: str) -> str:
    packages: dict[str, Any] = {}
    for one in world.packages:
        info = dict(one.facts)
        info.update({field: deps for field, deps in _sections(one).items() if deps})
        place = "" if one.place == tarball(one.real, one.version) else one.place
        entry: list[Any] = [f"{one.real}@{one.version}", place, info]
        if one.kind == "git":
            entry = [f"{one.real}@{one.place}", info, "tag"]
        elif one.kind == "link":
            entry = [f"{one.real}@link:vendor/evil", info]
        elif one.integrity:
            entry.append(one.integrity)
        packages[f"{one.below}/{one.name}" if one.below else one.name] = entry
    told = world.asks if world.recorded is None else world.recorded
    workspaces = {"": {"name": "app", "dependencies": told}}
    document = {"lockfileVersion": 1, "workspaces": workspaces, "packages": packages}
    return json.dumps(document, indent=2) + "\n"


_RENDERERS: dict[str, Callable[[World, str], str]] = {
    "npm-v1": _npm,
    "npm-v2": _npm,
    "npm-v3": _npm,
    "yarn-classic": _classic,
    "berry-6": _berry,
    "berry-8": _berry,
    "pnpm-5": _pnpm,
    "pnpm-6": _pnpm,
    "pnpm-9": _pnpm,
    "bun": _bun,
}
