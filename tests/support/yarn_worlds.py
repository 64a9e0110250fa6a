"""Projects of Yarn 1 and of Berry, and the edits of them that a frozen install is asked about.

A world is the files of a project, its yarn.lock written by the real Yarn (see
yarn_frozen.py).  A mutation has a name that says what was edited; the same worlds
give the same mutations.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

Files = dict[str, str]
Json = dict[str, Any]

# What the registry serves: name -> version -> fields of its package.json.
PACKAGES: Final[dict[str, dict[str, Json]]] = {
    "a": {"1.0.0": {}, "1.1.0": {"dependencies": {"b": "^1.0.0"}}, "2.0.0": {}},
    "b": {"1.0.0": {}, "1.2.0": {}, "2.0.0": {}},
    "c": {"1.0.0": {"dependencies": {"b": "~1.0.0", "d": "*"}}, "2.0.0": {}},
    "d": {"1.0.0": {"optionalDependencies": {"e": "^1.0.0"}}, "2.0.0": {}},
    "e": {"1.0.0": {}, "2.0.0": {}},
    "g": {"1.0.0": {}, "2.0.0": {}},
    "@s/f": {
        "1.0.0": {"dependencies": {"a": "^1.0.0"}, "peerDependencies": {"b": ">=1"}},
        "2.0.0": {},
    },
    "fsevents": {"2.3.0": {"os": ["darwin"]}},
    "w2": {"1.0.0": {}, "2.0.0": {}},
}
_APP: Final[Json] = {
    "name": "app",
    "version": "1.0.0",
    "private": True,
    "dependencies": {"a": "^1.0.0", "c": "^1.0.0", "alias": "npm:b@^2.0.0"},
    "devDependencies": {"@s/f": "^1.0.0"},
    "optionalDependencies": {"fsevents": "^2.3.0"},
}
_FORCED: Final[Json] = {
    "name": "app",
    "version": "1.0.0",
    "private": True,
    "dependencies": {"c": "^1.0.0", "@s/f": "^1.0.0"},
}
_MEMBERS: Final[Json] = {
    "w1": {"name": "w1", "version": "1.0.0", "dependencies": {"w2": "^1.0.0", "b": "^1.0.0"}},
    "w2": {"name": "w2", "version": "1.0.0", "devDependencies": {"e": "^1.0.0"}},
}


def _text(document: Json) -> str:
    return json.dumps(document, indent=2) + "\n"


def worlds(kind: str) -> dict[str, Files]:
    """The projects of a manager, without their lockfiles."""
    berry = kind == "yarn-berry"
    forced = {"c/b": "1.2.0"} if berry else {"**/c/b": "1.2.0"}
    linked = {"l": "link:./vendor/l", "x": "file:./vendor/x"}
    root = {"name": "root", "version": "1.0.0", "private": True, "workspaces": ["packages/*"]}
    vendored = {"name": "l", "version": "1.0.0", "dependencies": {"b": "^1.0.0"}}
    return {
        "single": {"package.json": _text(_APP)},
        "resolutions": {"package.json": _text({**_FORCED, "resolutions": forced})},
        "workspaces": {
            "package.json": _text({**root, "dependencies": {"a": "^1.0.0"}}),
            **{f"packages/{name}/package.json": _text(_MEMBERS[name]) for name in _MEMBERS},
        },
        "local": {
            "package.json": _text({**root, "workspaces": [], "dependencies": linked}),
            "vendor/l/package.json": _text(vendored),
            "vendor/x/package.json": _text({**vendored, "name": "x"}),
        },
    }


SECTIONS: Final = ("dependencies", "devDependencies", "optionalDependencies")


def mutations(kind: str, files: Files) -> Iterator[tuple[str, Files]]:
    """(name, edited files) of one world with its yarn.lock; the first is the world itself."""
    yield "untouched", files
    for path in sorted(files):
        if path.endswith("package.json") and not path.startswith("vendor/"):
            yield from _manifest(path, files)
    yield from _members(files)
    blocks = files["yarn.lock"].split("\n\n")
    first = next(n for n, block in enumerate(blocks) if _is_entry(block))
    for number in range(first, len(blocks)):
        for name, edited in _block(kind, blocks[number].strip("\n")):
            text = "\n\n".join([*blocks[:number], *edited, *blocks[number + 1 :]])
            yield name, {**files, "yarn.lock": text.rstrip("\n") + "\n"}
    swapped = [*blocks[:first], blocks[first + 1], blocks[first].strip("\n"), *blocks[first + 2 :]]
    yield "two entries swapped", {**files, "yarn.lock": "\n\n".join(swapped)}


def _is_entry(block: str) -> bool:
    line = block.lstrip("\n")
    return not line.startswith("#") and not line.startswith("__metadata") and bool(line.strip())


def _manifest(path: str, files: Files) -> Iterator[tuple[str, Files]]:
    document = json.loads(files[path])
    for name, changed in (*_requirements(path, document), *_others(path, document)):
        yield f"{path}: {name}", {**files, path: _text(changed)}


def _requirements(path: str, document: Json) -> Iterator[tuple[str, Json]]:
    for section in SECTIONS:
        listed = document.get(section, {})
        for name, spec in listed.items():
            rest = {key: text for key, text in listed.items() if key != name}
            yield f"{name} removed", {**document, section: rest}
            for other in ("^2.0.0", ">=1.0.0", "npm:g@^1.0.0"):
                if other != spec:
                    yield f"{name} to {other}", {**document, section: {**rest, name: other}}
            for to in SECTIONS if path == "package.json" else ():
                if to != section:
                    moved = {**document.get(to, {}), name: spec}
                    yield f"{name} to {to}", {**document, section: rest, to: moved}


def _others(path: str, document: Json) -> Iterator[tuple[str, Json]]:
    added = document.get("dependencies", {})
    for name, spec in (("g", "^1.0.0"), ("b", "^1.0.0"), ("b", "~1.0.0"), ("d", "*")):
        if name not in added:
            yield f"{name}@{spec} added", {**document, "dependencies": {**added, name: spec}}
    yield "version to 3.0.0", {**document, "version": "3.0.0"}
    yield "another description", {**document, "description": "x"}
    if path == "package.json":
        yield "b forced to 2.0.0", {**document, "resolutions": {"b": "2.0.0"}}
        yield "g forced to 1.0.0", {**document, "resolutions": {"g": "1.0.0"}}
        yield "no resolutions", {**document, "resolutions": {}}


def _members(files: Files) -> Iterator[tuple[str, Files]]:
    if "packages/w1/package.json" in files:
        yield "w1 gone", {path: text for path, text in files.items() if "/w1/" not in path}
        new = {"name": "w3", "version": "1.0.0"}
        yield "w3 new", {**files, "packages/w3/package.json": _text(new)}
        needy = {**new, "dependencies": {"g": "^1.0.0"}}
        yield "w3 new, with g", {**files, "packages/w3/package.json": _text(needy)}
        needy = {**new, "dependencies": {"b": "^1.0.0"}}
        yield "w3 new, with b", {**files, "packages/w3/package.json": _text(needy)}


_FIELDS: Final = ("version", "resolution", "resolved", "integrity", "checksum")
_MOVES: Final = (("1.1.0", "1.0.0"), ("1.0.0", "2.0.0"), ("1.2.0", "2.0.0"), ("2.0.0", "1.0.0"))


def _block(kind: str, block: str) -> Iterator[tuple[str, list[str]]]:
    """Edits of one entry: a name, and what takes its place."""
    key, _, body = block.partition(":\n")
    names = key.replace('"', "")
    for name, edited in (*_keys(kind, block, names, body), *_bodies(body)):
        whole = [f"{key}:\n{one}" if one.startswith(" ") else one for one in edited]
        yield f"[{names}] {name}", whole


def _keys(kind: str, block: str, names: str, body: str) -> Iterator[tuple[str, list[str]]]:
    yield "deleted", []
    yield "beside an unused twin", [block, _key(kind, "zz@^1.0.0") + body]
    if ", " in names:
        yield "lost its first pattern", [_key(kind, names.partition(", ")[2]) + body]
    yield "key changed", [_key(kind, names.replace("1.0.0", "1.0.1")) + body]


def _bodies(body: str) -> Iterator[tuple[str, list[str]]]:
    lines = body.split("\n")
    for field in _FIELDS:
        rest = [line for line in lines if line.split(" ")[2:3] not in ([field], [f"{field}:"])]
        if len(rest) < len(lines):
            yield f"without {field}", ["\n".join(rest)]
    for old, new in _MOVES:
        if f"version {old}" in body.replace('"', "").replace(":", ""):
            moved = [
                line.replace(old, new) if line.startswith(("  version", "  resol")) else line
                for line in lines
            ]
            yield f"version {old} to {new}", ["\n".join(moved)]
    for line in lines:
        if line.startswith("    ") and not line.strip().startswith("optional"):
            yield f"without {line.strip()}", [body.replace(line + "\n", "", 1)]
            grown = body.replace(line, line.replace("1.0.0", "1.0.1").replace("*", ">=0"), 1)
            if grown != body:
                yield f"{line.strip()} changed", [grown]


def _key(kind: str, names: str) -> str:
    """A key's line, quoted as the manager quotes it."""
    if kind == "yarn-berry":
        return f'"{names}":\n'
    quoted = (f'"{one}"' if one[0] == "@" or ":" in one else one for one in names.split(", "))
    return ", ".join(quoted) + ":\n"
