"""A made-up npm project whose package-lock.json has the shape of real ones.

The shape is that of twelve lockfiles of 290 to 970 entries at the tips of
01201617/notion-blog-next, 15cm/touitomamout, AbsurdityIndex/absurdityindex.org,
Adechinan/cbm_frontend, Quramy/typescript-eslint-language-service,
actions/checkout, actions/setup-node, bropat/ioBroker.eusec,
cypress-io/cypress-example-kitchensink, modelcontextprotocol/servers,
mozilla/pdf.js and sourcegraph/cody, lockfileVersion 3, counted over all entries:
DEGREES says how many dependencies an entry has, SHARES how many have a field.
Everything else follows from the edges: what is nested, what is ``dev``.
"""

from __future__ import annotations

import hashlib
import json
import random
from base64 import b64encode
from collections import Counter

HOST = "https://registry.example.org"
PACKAGES = 486  # names that lie at the top of node_modules
DIRECT = (6, 24)  # dependencies and devDependencies of the project
NESTED = 57  # older copies below their dependant: one entry in nine
SEED = 6  # one that leaves three of four entries to development, as in the real ones
FAMILIES = 2  # packages with one optional package for each platform
# Dependencies -> of a thousand entries, those that have so many.  Half have none; older
# copies and those for platforms, 167 of a thousand, are among them.
DEGREES = {
    0: 505 - 167,
    1: 202,
    2: 92,
    3: 66,
    4: 39,
    5: 26,
    6: 19,
    7: 12,
    9: 15,
    12: 10,
    20: 8,
    38: 3,
}
SHARES = {
    "license": 0.98,
    "engines": 0.58,
    "funding": 0.26,
    "peerDependencies": 0.09,
    "peerDependenciesMeta": 0.03,
    "bin": 0.055,
    "deprecated": 0.01,
    "hasInstallScript": 0.007,
}
_EXACT = 0.09  # of the requirements; the others are carets
_SCOPED = 0.26
_LICENSES = ("MIT",) * 16 + ("ISC", "ISC", "Apache-2.0", "BSD-3-Clause", "BlueOak-1.0.0")
_NODES = (">=8", ">= 0.4", ">=10", ">=12", ">=6.9.0", "^18.18.0 || ^20.9.0 || >=21.1.0")
_SCOPES = ("@builders", "@typings", "@syntax", "@jester", "@nodelib-like", "@loaders", "@ui")
_FIRST = (
    *("fast", "is", "object", "string", "array", "get", "has", "node", "js", "es", "path"),
    *("parse", "plugin", "eslint", "babel", "css", "micro", "glob", "type", "safe", "web"),
)
_SECOND = (
    *("glob", "keys", "width", "stream", "parser", "symbols", "match", "utils", "loader"),
    *("walker", "regex", "cache", "types", "buffer", "exists", "config", "map", "proxy"),
    *("helper", "core", "traverse", "merge", "queue", "locate", "escape", "format", "tokens"),
)
_PLATFORMS = tuple(
    (system, chip)
    for system in ("linux", "darwin", "win32", "freebsd", "openbsd", "sunos", "android")
    for chip in ("x64", "arm64", "arm")
)

Entry = dict[str, object]


def project(last: str) -> dict[str, str]:
    """A package.json, a package-lock.json of 275 kB and an .npmrc, by name.

    ``last`` is the version of one direct dependency, and what the project asks of it.
    """
    made = _Project(last)
    root: Entry = {"name": "app", "version": "1.0.0", "license": "MIT", **made.asked()}
    manifest = {**root, "private": True, "type": "module", "scripts": _SCRIPTS}
    lock = {
        "name": "app",
        "version": "1.0.0",
        "lockfileVersion": 3,
        "requires": True,
        "packages": {"": root, **dict(sorted(made.entries.items()))},
    }
    return {
        "package.json": json.dumps(manifest, indent=2) + "\n",
        "package-lock.json": json.dumps(lock, indent=2) + "\n",
        ".npmrc": f"registry={HOST}/\n",
    }


_SCRIPTS = {"build": "tsc -p .", "lint": "eslint .", "test": "vitest run", "all": "npm run build"}


class _Project:
    """The packages, in an order in which each depends on later ones only."""

    def __init__(self, last: str) -> None:
        self.chance = random.Random(SEED)  # noqa: S311 - a shape, not a secret
        self.names = self._names()
        self.versions = [f"{n % 7 + 1}.{n % 11}.{n % 5}" for n in range(PACKAGES)]
        self.versions[sum(DIRECT) - 1] = last
        self.edges = self._edges()
        self.specs = {
            (source, target): self._spec(self.versions[target])
            for source, targets in enumerate(self.edges)
            for target in targets
        }
        self.entries: dict[str, Entry] = {}
        self.nested = 0
        self._nest()
        production = self._reached(range(DIRECT[0]))
        for number, name in enumerate(self.names):
            entry = self._entry(name, self.versions[number], number, dev=number not in production)
            self.entries[f"node_modules/{name}"] = entry
        for number in range(FAMILIES):
            self._family(DIRECT[0] + number)

    def asked(self) -> dict[str, dict[str, str]]:
        """The sections of the project's manifest."""
        asked = [(self.names[n], f"^{self.versions[n]}") for n in range(sum(DIRECT))]
        return {
            "dependencies": dict(sorted(asked[: DIRECT[0]])),
            "devDependencies": dict(sorted(asked[DIRECT[0] :])),
        }

    def _names(self) -> list[str]:
        plain = [f"{one}-{two}" for one in _FIRST for two in _SECOND]
        chosen = self.chance.sample(plain, PACKAGES)
        return [
            f"{self.chance.choice(_SCOPES)}/{name}" if self.chance.random() < _SCOPED else name
            for name in chosen
        ]

    def _edges(self) -> list[list[int]]:
        """Each package's dependencies; each but the direct ones has a dependant."""
        degrees = self.chance.choices(list(DEGREES), list(DEGREES.values()), k=PACKAGES)
        edges: list[list[int]] = [[] for _ in range(PACKAGES)]
        open_places = [n for n in range(sum(DIRECT)) for _ in range(max(degrees[n], 1))]
        for number in range(sum(DIRECT), PACKAGES):
            at = self.chance.randrange(len(open_places)) if open_places else -1
            edges[open_places.pop(at) if open_places else 0].append(number)
            open_places += [number] * degrees[number]
        for source in open_places:
            if source < PACKAGES - 1:
                target = self.chance.randrange(source + 1, PACKAGES)
                if target not in edges[source]:
                    edges[source].append(target)
        return edges

    def _spec(self, version: str) -> str:
        return version if self.chance.random() < _EXACT else f"^{version}"

    def _nest(self) -> None:
        """Give some dependants an older major version of a leaf, in a folder of their own."""
        wanted = Counter(target for _, target in self.specs)
        leaves = [edge for edge in self.specs if not self.edges[edge[1]] and wanted[edge[1]] > 1]
        production = self._reached(range(DIRECT[0]))
        for source, target in self.chance.sample(leaves, min(2 * NESTED, len(leaves))):
            if wanted[target] < 2 or self.nested == NESTED:  # noqa: PLR2004 - the other's copy
                continue
            self.nested += 1
            wanted[target] -= 1
            version = f"0.{target % 9 + 1}.{source % 10}"
            self.specs[source, target] = f"^{version}"
            name = self.names[target]
            entry = self._entry(name, version, None, dev=source not in production)
            self.entries[f"node_modules/{self.names[source]}/node_modules/{name}"] = entry

    def _reached(self, roots: range) -> set[int]:
        """What is installed for these, an older copy apart."""
        found, waiting = set(roots), list(roots)
        while waiting:
            source = waiting.pop()
            for target in self.edges[source]:
                old = self.specs[source, target].startswith("^0.")
                if target not in found and not old:
                    found.add(target)
                    waiting.append(target)
        return found

    def _entry(self, name: str, version: str, number: int | None, *, dev: bool) -> Entry:
        chosen = {field for field, share in SHARES.items() if self.chance.random() < share}
        digest = hashlib.sha512(f"{name}@{version}".encode()).digest()
        base = name.rpartition("/")[2]
        entry: Entry = {
            "version": version,
            "resolved": f"{HOST}/{name}/-/{base}-{version}.tgz",
            "integrity": f"sha512-{b64encode(digest).decode()}",
        }
        if "deprecated" in chosen:
            entry["deprecated"] = "This version is no longer supported; use a later one"
        if dev:
            entry["dev"] = True
        entry.update({field: True for field in ("hasInstallScript",) if field in chosen})
        if "license" in chosen:
            entry["license"] = self.chance.choice(_LICENSES)
        if number is not None and self.edges[number]:
            entry["dependencies"] = dict(
                sorted((self.names[n], self.specs[number, n]) for n in self.edges[number])
            )
        entry |= self._facts(name, chosen)
        return entry

    def _facts(self, name: str, chosen: set[str]) -> Entry:
        """What the tarball says of itself."""
        facts: Entry = {}
        if "bin" in chosen:
            facts["bin"] = {name.rpartition("/")[2]: "bin/cli.js"}
        if "engines" in chosen:
            facts["engines"] = {"node": self.chance.choice(_NODES)}
        if "funding" in chosen:
            facts["funding"] = {"url": f"https://example.org/sponsors/{name}"}
        if "peerDependencies" in chosen:
            peer = self.chance.randrange(sum(DIRECT) - 1)
            facts["peerDependencies"] = {self.names[peer]: f"^{self.versions[peer][0]}.0.0"}
        if "peerDependenciesMeta" in chosen:
            absent = f"{self.chance.choice(_FIRST)}-absent"
            known = facts.get("peerDependencies")
            facts["peerDependencies"] = {absent: "*", **(known if isinstance(known, dict) else {})}
            facts["peerDependenciesMeta"] = {absent: {"optional": True}}
        return facts

    def _family(self, number: int) -> None:
        """A development tool with one optional package for each platform."""
        owner, version = self.names[number], self.versions[number]
        members = {}
        for system, chip in _PLATFORMS:
            name = f"@{owner.rpartition('/')[2]}/{system}-{chip}"
            entry = self._entry(name, version, None, dev=True)
            entry = {key: of for key, of in entry.items() if key not in SHARES}
            self.entries[f"node_modules/{name}"] = {
                **entry,
                "cpu": [chip],
                "license": "MIT",
                "optional": True,
                "os": [system],
                "engines": {"node": ">=18"},
            }
            members[name] = version
        self.entries[f"node_modules/{owner}"]["optionalDependencies"] = members
