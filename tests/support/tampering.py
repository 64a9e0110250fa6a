"""Edits that no package manager makes, on the parsed document of an npm lockfile.

Each takes a document of lockfileVersion 1, 2 or 3 and changes it in place.  It
returns the name of the package that it hit, or "" when the document has no
victim for it.  Version 2's older tree is edited alongside, as a careful
attacker would.
"""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Entry = dict[str, Any]
    Document = dict[str, Any]
    Edit = Callable[["Victim"], str]

EVIL_HASH = "sha512-" + b64encode(b"e" * 64).decode()
EVIL = "https://evil.example.net/"


class Victim:
    """A document, and which of its packages to hit.

    ``unchanged`` holds the keys whose entries equal those of the lockfile before;
    ``pick`` chooses among the candidates: 0 the first, up to 1 the last.
    """

    def __init__(self, document: Document, unchanged: frozenset[str], pick: float = 0.5) -> None:
        self.document = document
        self.unchanged = unchanged
        self.pick = pick
        self.flat = "packages" not in document

    def entries(self) -> Iterator[tuple[str, Entry]]:
        """Key and entry of everything under node_modules."""
        if not self.flat:
            for key, entry in self.document["packages"].items():
                if "node_modules/" in key:
                    yield key, entry
            return
        waiting = [("", self.document)]
        while waiting:
            base, node = waiting.pop(0)
            for name, entry in node.get("dependencies", {}).items():
                key = f"{base}/node_modules/{name}" if base else f"node_modules/{name}"
                yield key, entry
                waiting.append((key, entry))

    def plain(self, *, changed: bool = False) -> list[tuple[str, Entry]]:
        """Registry packages with sha512 and address that the commit left alone (or changed)."""
        return [
            (key, entry)
            for key, entry in self.entries()
            if (key in self.unchanged) is not changed
            and str(entry.get("resolved", "")).startswith("https://")
            and "/-/" in entry["resolved"]
            and str(entry.get("integrity", "")).startswith("sha512-")
            and not str(entry["version"]).startswith(("npm:", "http", "git", "file"))
            and not entry.get("optional")
            and "name" not in entry
        ]

    def choose(self, candidates: list[tuple[str, Entry]]) -> tuple[str, Entry] | tuple[None, None]:
        """One of the candidates."""
        if not candidates:
            return None, None
        return candidates[min(int(self.pick * len(candidates)), len(candidates) - 1)]

    def mirror(self, key: str) -> Entry | None:
        """The same entry in a version 2 file's older tree."""
        if self.flat or "dependencies" not in self.document or not key.startswith("node_modules/"):
            return None
        node = self.document
        for name in key.removeprefix("node_modules/").split("/node_modules/"):
            found = node.get("dependencies", {}).get(name)
            if found is None:
                return None
            node = found
        return node

    def put(self, key: str, **fields: object) -> None:
        """Set fields of an entry in both trees; None deletes."""
        found = dict(self.entries()).get(key)
        for entry in (found, self.mirror(key)):
            if entry is not None:
                for field, value in fields.items():
                    if value is None:
                        entry.pop(field, None)
                    else:
                        entry[field] = value

    def depend(self, key: str, name: str, spec: str) -> None:
        """Add a dependency to an entry."""
        field = "requires" if self.flat else "dependencies"
        entry = dict(self.entries())[key]
        entry[field] = {**entry.get(field, {}), name: spec}
        older = self.mirror(key)
        if older is not None:
            older["requires"] = {**older.get("requires", {}), name: spec}

    def add(self, name: str, entry: Entry, below: str = "") -> None:
        """Add an entry at the top, or in the node_modules of another."""
        key = f"{below}/node_modules/{name}" if below else f"node_modules/{name}"
        if not self.flat:
            self.document["packages"][key] = entry
            if "dependencies" in self.document:
                older = self.mirror(below) if below else self.document
                if older is not None:
                    older.setdefault("dependencies", {})[name] = dict(entry)
        else:
            place = dict(self.entries())[below] if below else self.document
            place.setdefault("dependencies", {})[name] = entry


def name_of(key: str) -> str:
    """The package name in a key."""
    return key.rpartition("node_modules/")[2]


def tarball(name: str, version: str, base: str = "https://registry.example.org/") -> str:
    """A registry's address of a package."""
    return f"{base}{name}/-/{name.rpartition('/')[2]}-{version}.tgz"


def _field(field: str, make: Callable[[str, Entry], object], *, changed: bool = False) -> Edit:
    """An edit of one field of one plain entry."""

    def edit(victim: Victim) -> str:
        key, entry = victim.choose(victim.plain(changed=changed))
        if key is None or entry is None:
            return ""
        victim.put(key, **{field: make(key, entry)})
        return name_of(key)

    return edit


def _host_swapped(_key: str, entry: Entry) -> str:
    return EVIL + str(entry["resolved"]).split("/", 3)[3]


def _user_name(_key: str, entry: Entry) -> str:
    path = str(entry["resolved"]).split("/", 3)[3]
    return f"https://registry.example.org@evil.example.net/{path}"


def _host_and_hash(victim: Victim) -> str:
    key, entry = victim.choose(victim.plain())
    if key is None or entry is None:
        return ""
    victim.put(key, resolved=_host_swapped(key, entry), integrity=EVIL_HASH)
    return name_of(key)


def _evil_entry(version: str = "1.0.0", name: str = "evil") -> Entry:
    return {"version": version, "resolved": tarball(name, version), "integrity": EVIL_HASH}


def _base(victim: Victim) -> str:
    """The base address of the first plain entry's registry."""
    for _, entry in victim.plain():
        return "/".join(entry["resolved"].split("/")[:3]) + "/"
    return "https://registry.example.org/"


def _orphan(victim: Victim) -> str:
    entry = _evil_entry()
    entry["resolved"] = tarball("evil", "1.0.0", _base(victim))
    victim.add("evil", entry)
    return "evil"


def _edge_to_new(victim: Victim) -> str:
    key, _ = victim.choose(victim.plain())
    if key is None:
        return ""
    _orphan(victim)
    victim.depend(key, "evil", "^1.0.0")
    return name_of(key)


def _edge_to_existing(victim: Victim) -> str:
    plain = victim.plain()
    key, entry = victim.choose(plain)
    if key is None or entry is None:
        return ""
    known = {**entry.get("dependencies", {}), **entry.get("requires", {})}
    for other, _ in plain:
        name = name_of(other)
        if other.count("node_modules/") == 1 and name not in known and other != key:
            victim.depend(key, name, "*")
            return name_of(key)
    return ""


def _versioned(make: Callable[[str], str]) -> Edit:
    """An edit that gives a plain entry another version, with the address that belongs to it."""

    def edit(victim: Victim) -> str:
        candidates = [
            (key, entry)
            for key, entry in victim.plain()
            if make(entry["version"]) and "-" not in entry["version"]
        ]
        key, entry = victim.choose(candidates)
        if key is None or entry is None:
            return ""
        version = make(entry["version"])
        name = name_of(key)
        victim.put(
            key,
            version=version,
            resolved=tarball(name, version, _base(victim)),
            integrity=EVIL_HASH,
        )
        return name

    return edit


def _lower(version: str) -> str:
    major, minor, patch = version.partition("-")[0].split(".")
    return f"{major}.{minor}.{int(patch) - 1}" if int(patch) else ""


def _shadow(victim: Victim) -> str:
    """A nested copy, in range, of what the top level already answers."""
    entries = dict(victim.entries())
    for key, entry in victim.plain():
        for name, spec in {**entry.get("dependencies", {}), **entry.get("requires", {})}.items():
            top = entries.get(f"node_modules/{name}")
            own = f"{key}/node_modules/{name}"
            if (
                top is not None
                and own not in entries
                and key.count("node_modules/") == 1
                and f"node_modules/{name}" in victim.unchanged
                and isinstance(spec, str)
                and spec.startswith("^")
                and "-" not in top["version"]
                and not top["version"].startswith("0.")
                and top["version"].count(".") == 2
            ):
                major, minor, patch = top["version"].split(".")
                version = f"{major}.{minor}.{int(patch) + 7}"
                copy = _evil_entry()
                copy.update(version=version, resolved=tarball(name, version, _base(victim)))
                victim.add(name, copy, below=key)
                return str(name)
    return ""


def _linked(victim: Victim) -> str:
    key, _ = victim.choose(victim.plain())
    if key is None or victim.flat:
        return ""
    name = name_of(key)
    packages = victim.document["packages"]
    version = packages[key]["version"]
    packages[key] = {"resolved": "vendor/evil", "link": True}
    packages["vendor/evil"] = {"name": name, "version": version}
    return name


def _doubled(_key: str, entry: Entry) -> str:
    return f"{entry['integrity']} {EVIL_HASH}"


def _commit(key: str, _entry: Entry) -> str:
    return f"git+ssh://git@evil.example.net/x/{name_of(key)}.git#{'0' * 39}1"


def _other_version_of_url(_key: str, entry: Entry) -> str:
    return str(entry["resolved"]).replace(entry["version"], "99.0.0")


def _other_package_of_url(_key: str, entry: Entry) -> str:
    return tarball("evil", entry["version"], "/".join(entry["resolved"].split("/")[:3]) + "/")


# What every format carries: the fact is in the file, so it must be refused.
EVERYWHERE: dict[str, Edit] = {
    "integrity replaced": _field("integrity", lambda _k, _e: EVIL_HASH),
    "integrity removed": _field("integrity", lambda _k, _e: None),
    "integrity emptied": _field("integrity", lambda _k, _e: ""),
    "integrity weakened": _field(
        "integrity", lambda _k, _e: "sha1-" + b64encode(b"1" * 20).decode()
    ),
    "integrity doubled": _field("integrity", _doubled),
    "integrity in upper case": _field("integrity", lambda _k, e: "SHA512" + e["integrity"][6:]),
    "integrity cut": _field("integrity", lambda _k, e: e["integrity"][:-12]),
    "host swapped": _field("resolved", _host_swapped),
    "host and hash swapped": _host_and_hash,
    "http": _field("resolved", lambda _k, e: e["resolved"].replace("https://", "http://")),
    "tarball of another package": _field("resolved", _other_package_of_url),
    "tarball of another version": _field("resolved", _other_version_of_url),
    "name@address": _field("resolved", lambda k, _e: f"{name_of(k)}@{EVIL}x.tgz"),
    "user name": _field("resolved", _user_name),
    "backslashes": _field("resolved", lambda _k, _e: "https:\\\\evil.example.net\\a.tgz"),
    "dot segments": _field("resolved", lambda _k, e: e["resolved"].replace("/-/", "/../evil/-/")),
    "escaped dots": _field(
        "resolved", lambda _k, e: e["resolved"].replace("/-/", "/%2e%2e/evil/-/")
    ),
    "bare version": _field("resolved", lambda _k, _e: "2.0.0"),
    "npm: spec": _field("resolved", lambda _k, _e: "npm:evil@1.0.0"),
    "upper-case scheme": _field("resolved", lambda _k, e: "HTTPS" + e["resolved"][5:]),
    "trailing junk": _field("resolved", lambda _k, e: e["resolved"] + "/../../evil.tgz"),
    "query": _field("resolved", lambda _k, e: e["resolved"] + "?x=/evil/-/evil-1.0.0.tgz"),
    "git instead of registry": _field("resolved", _commit),
    "file instead of registry": _field("resolved", lambda _k, _e: "file:vendor/evil.tgz"),
    "folder instead of registry": _field("resolved", lambda _k, _e: "file:vendor/evil"),
    "remote instead of registry": _field("resolved", lambda _k, _e: f"{EVIL}x.tgz"),
    "link instead of registry": _linked,
    "orphan": _orphan,
    "new edge to a new package": _edge_to_new,
    "new edge to an old package": _edge_to_existing,
    "out of range": _versioned(lambda _v: "99.0.0"),
    "downgrade": _versioned(_lower),
    "shadowing copy": _shadow,
}


def _named(victim: Victim) -> str:
    key, entry = victim.choose(victim.plain())
    if key is None or entry is None:
        return ""
    victim.put(key, name="evil", resolved=tarball("evil", entry["version"], _base(victim)))
    return name_of(key)


def _bundled(victim: Victim) -> str:
    key, _ = victim.choose(victim.plain())
    if key is None:
        return ""
    victim.put(key, inBundle=True, resolved=None, integrity=None)
    return name_of(key)


def _workspace(victim: Victim) -> str:
    packages = victim.document["packages"]
    packages["packages/evil"] = {"name": "evil", "version": "1.0.0", "hasInstallScript": True}
    packages["node_modules/evil"] = {"resolved": "packages/evil", "link": True}
    packages[""] = {**packages.get("", {}), "workspaces": ["packages/*"]}
    return "evil"


def _mirrored(victim: Victim) -> str:
    """Edit the older tree of a version 2 file only."""
    key, _ = victim.choose([one for one in victim.plain() if victim.mirror(one[0]) is not None])
    older = None if key is None else victim.mirror(key)
    if key is None or older is None:
        return ""
    older["integrity"] = EVIL_HASH
    return name_of(key)


# What only `packages` carries.
MODERN: dict[str, Edit] = {
    "name field of another package": _named,
    "bin added": _field("bin", lambda _k, e: {**e.get("bin", {}), "node": "x.js"}),
    "install script added": _field(
        "hasInstallScript", lambda _k, e: None if e.get("hasInstallScript") else True
    ),
    "os restricted": _field("os", lambda _k, _e: ["aix"]),
    "cpu restricted": _field("cpu", lambda _k, _e: ["s390"]),
    "engines changed": _field("engines", lambda _k, _e: {"node": ">=0.0.1"}),
    "bundle added": _field("bundleDependencies", lambda _k, _e: ["evil"]),
    "fake inBundle": _bundled,
    "workspace smuggled": _workspace,
    "older tree edited": _mirrored,
}
# New artifacts: what can be told without the registry.
NEW: dict[str, Edit] = {
    "new: integrity removed": _field("integrity", lambda _k, _e: None, changed=True),
    "new: integrity doubled": _field("integrity", _doubled, changed=True),
    "new: host swapped": _field("resolved", _host_swapped, changed=True),
    "new: tarball of another package": _field("resolved", _other_package_of_url, changed=True),
    "new: git": _field("resolved", _commit, changed=True),
}
