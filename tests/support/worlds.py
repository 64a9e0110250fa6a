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
    from collections.abc import Iterator

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
        from tests.support.writers import WRITERS

        text = WRITERS[form](self, form)
        return {
            "package.json": json.dumps(manifest, indent=2).encode() + b"\n",
            LOCKFILES[form]: text.encode(),
        }
