"""Commits of real repositories, reduced by hand: names and versions theirs, everything else ours.

Rows of a yarn.lock are written ``patterns = version [flags] > dependency range, …``;
the lockfile of one manager comes out.  Hashes are made of name and version.
"""

from __future__ import annotations

import hashlib
import json
from base64 import b64encode
from typing import TYPE_CHECKING, Any

from lockward import lockdiff
from lockward.memory import MemoryTree
from lockward.policy import Policy
from lockward.project import Project
from lockward.registries import hosts
from tests.support.npm import HOME, sri

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lockward.lockdiff import LockDiff
    from lockward.lockdiff.witness import Witness

Files = dict[str, bytes]

# The default registry under two of its names: which ones, the product's table knows.
ALIAS, DEFAULT = (f"https://registry.{one}" for one in sorted(hosts.DEFAULT_DOMAINS)[-1:-3:-1])


class Commit:
    """What a commit changed, the class that it has, and edits of it that must be refused.

    ``evil``: (text of the lockfile after the commit, what stands there instead).
    """

    def __init__(
        self, before: Files, after: Files, wanted: str, *evil: tuple[str, str], lock: str = ""
    ) -> None:
        self.before = before
        self.after = after
        self.wanted = wanted
        self.evil = evil
        self.lock = lock or next(
            one for one in ("yarn.lock", "package-lock.json", "npm-shrinkwrap.json") if one in after
        )

    def judged(self, witness: Witness | None = None) -> LockDiff:
        """The judgement of the commit."""
        return judged(self.before, self.after, witness)

    def tampered(self, witness: Witness | None = None) -> Iterator[LockDiff]:
        """The judgement of each edit."""
        text = self.after[self.lock].decode()
        for old, new in self.evil:
            assert text.count(old) >= 1, f"the lockfile does not say {old}"
            files = {**self.after, self.lock: text.replace(old, new).encode()}
            yield judged(self.before, files, witness)


def judged(before: Files, after: Files, witness: Witness | None = None) -> LockDiff:
    """The judgement of a change of files."""
    policy = Policy()
    old, new = (Project(MemoryTree(files), "", policy) for files in (before, after))
    assert not old.faults, [str(fault) for fault in old.faults]
    assert not new.faults, [str(fault) for fault in new.faults]
    return lockdiff.compare(old, new, policy, witness)


def told(diff: LockDiff) -> str:
    """For messages: the class and every item."""
    rows = [f"{item.classification} {item.code} {item.name} {item.cause}" for item in diff.items]
    return "\n".join([diff.classification, *rows])


def manifest(requires: dict[str, str] | None = None, **more: object) -> bytes:
    """A package.json."""
    return json.dumps({"name": "app", "dependencies": requires or {}, **more}).encode()


def rows_of(text: str) -> Iterator[tuple[list[str], str, list[str], dict[str, str]]]:
    """Patterns, version, flags and dependencies of each row."""
    for line in filter(None, map(str.strip, text.splitlines())):
        head, _, deps = line.partition(" > ")
        patterns, _, rest = head.partition(" = ")
        version, _, flags = rest.partition(" [")
        pairs = [
            (name, spec)
            for name, _, spec in (one.partition(" ") for one in deps.split(", ") if one)
        ]
        yield patterns.split(", "), version, flags.rstrip("]").split(), dict(pairs)


def name_of(pattern: str) -> str:
    """``@s/a@^1`` -> ``@s/a``."""
    return pattern[: pattern.index("@", 1)]


def sha1_of(name: str, version: str) -> str:
    """The sha1, in hex, of what ``sri`` makes the sha512 of."""
    return hashlib.sha1(f"{name}@{version}".encode()).hexdigest()  # noqa: S324 - Yarn's old one


def sha1(name: str, version: str) -> str:
    """The same as npm writes it."""
    return f"sha1-{b64encode(bytes.fromhex(sha1_of(name, version))).decode()}"


def checksum(name: str, version: str, archive: str = "") -> str:
    """Berry's checksum of a package, packed one way or another."""
    return hashlib.sha512(f"{name}@{version} {archive}".encode()).hexdigest()


def classic(text: str, home: str = HOME) -> bytes:
    """A yarn.lock of Yarn 1.

    Flags: ``sha1`` without integrity, ``sha512`` without the sha1, ``at=ADDRESS``
    another address and no hashes, ``real=NAME`` an alias's package.
    """
    found = ["# yarn lockfile v1\n\n"]
    for patterns, version, flags, deps in rows_of(text):
        given = dict(one.split("=", 1) for one in flags if "=" in one)
        name = given.get("real", name_of(patterns[0]))
        url = f"{home}/{name}/-/{name.rpartition('/')[2]}-{version}.tgz"
        mark = "" if "sha512" in flags else f"#{sha1_of(name, version)}"
        lines = [f'version "{version}"', f'resolved "{given.get("at", url + mark)}"']
        if "sha1" not in flags and "at" not in given:
            lines.append(f"integrity {sri(f'{name}@{version}')}")
        if deps:
            lines += ["dependencies:", *(f'  "{one}" "{spec}"' for one, spec in deps.items())]
        found.append(", ".join(f'"{one}"' for one in patterns) + ":\n")
        found.append("".join(f"  {line}\n" for line in lines) + "\n")
    return "".join(found).encode()


def berry(text: str, version: int = 8, key: str = "10", archive: str = "") -> bytes:
    """A yarn.lock of Yarn 2 and later; ``archive`` is how Yarn packs.

    Flags: ``kept`` packed as ever, ``in=FOLDER`` a workspace, ``at=RESOLUTION``
    another locator, ``none`` no checksum, ``os=NAME`` a condition and so none.
    """
    prefix = f"{key}/" if version >= 8 else ""  # Yarn 4
    found = [f"__metadata:\n  version: {version}\n  cacheKey: {key}\n\n"]
    for patterns, locked, flags, deps in rows_of(text):
        given = dict(one.split("=", 1) for one in flags if "=" in one)
        name = name_of(patterns[0])
        place = f"workspace:{given['in']}" if "in" in given else f"npm:{locked}"
        lines = [f"version: {locked}", f'resolution: "{given.get("at", f"{name}@{place}")}"']
        if deps:
            lines += ["dependencies:", *(f'  "{one}": "{spec}"' for one, spec in deps.items())]
        if "os" in given:
            lines.append(f"conditions: os={given['os']}")
        elif "in" not in given and "none" not in flags:
            packed = checksum(name, locked, "" if "kept" in flags else archive)
            lines.append(f"checksum: {prefix}{packed}")
        lines.append(f"linkType: {'soft' if 'in' in given else 'hard'}")
        found.append('"' + ", ".join(patterns) + '":\n')
        found.append("".join(f"  {line}\n" for line in lines) + "\n")
    return "".join(found).encode()


def npm_entry(name: str, version: str, **fields: object) -> dict[str, Any]:
    """An entry of package-lock.json, of any version of it; None leaves a field out."""
    end = name.rpartition("/")[2]
    entry: dict[str, Any] = {
        "version": version,
        "resolved": f"{HOME}/{name}/-/{end}-{version}.tgz",
        "integrity": sri(f"{name}@{version}"),
        **fields,
    }
    return {field: value for field, value in entry.items() if value is not None}


def npm_v1(**packages: dict[str, Any]) -> bytes:
    """A package-lock.json of npm 5 and 6; of names with a dash the keys are given whole."""
    document = {"name": "app", "lockfileVersion": 1, "requires": True, "dependencies": packages}
    return json.dumps(document, indent=2).encode()


def npm_v3(root: bytes, packages: dict[str, Any], version: int = 3) -> bytes:
    """A package-lock.json of npm 7 and later; keys without a slash are in node_modules."""
    own = json.loads(root)
    entries = {
        key
        if "node_modules/" in key or key.startswith(("packages/", "examples/"))
        else f"node_modules/{key}": one
        for key, one in packages.items()
    }
    document = {
        "name": "app",
        "lockfileVersion": version,
        "requires": True,
        "packages": {"": own, **entries},
    }
    return json.dumps(document, indent=2).encode()


def v3(
    asks: dict[str, str], packages: dict[str, Any], more: Files | None = None, **root: object
) -> Files:
    """package.json and a package-lock.json of npm 7 and later."""
    own = manifest(asks, **root)
    return {"package.json": own, "package-lock.json": npm_v3(own, packages), **(more or {})}


def v1(asks: dict[str, str], packages: dict[str, Any], more: Files | None = None) -> Files:
    """The same of npm 5 and 6."""
    return {"package.json": manifest(asks), "package-lock.json": npm_v1(**packages), **(more or {})}


def npm(name: str, version: str, **fields: object) -> dict[str, Any]:
    """One entry under its own name."""
    return {name: npm_entry(name, version, **fields)}


def hashed(name: str, version: str) -> str:
    """How an entry's hash is written."""
    return f'"integrity": "{sri(f"{name}@{version}")}"'
