"""Shapes that want to be slow by where files lie, what they link to, and how long a key is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.hostile_files import HOST, entry, npm

if TYPE_CHECKING:
    from benchmarks.hostile_files import Case, Files

DEEP = 400  # folders in one another
DEEPEST = "d/" * 1_900  # what git still takes


def _versioned(state: int, more: str = "") -> bytes:
    return f'{{"name": "x", "version": "{state}"{more}}}'.encode()


def one_folder(size: int, state: int) -> Files:
    """Thousands of links to one folder."""
    names = [f"l{n}" for n in range(size // 150)]
    packages: dict[str, object] = {
        f"node_modules/{one}": {"resolved": "f", "link": True} for one in names
    }
    packages["f"] = {"version": f"1.{state}.0", "name": "f"}
    return {
        **npm(packages, dict.fromkeys(names, "file:f")),
        "f/package.json": f'{{"name": "f", "version": "1.{state}.0"}}'.encode(),
    }


def one_key(size: int, state: int) -> Files:
    """A key of megabytes that nobody asks for (Berry): a finding for each of its descriptors."""
    key = ", ".join(f"x@npm:^1.{n}.0" for n in range(size // 16))
    lines = ["__metadata:", "  version: 8", "", f'"{key}":', f"  version: 1.{state}.0"]
    lines += [f'  resolution: "x@npm:1.{state}.0"', f"  checksum: 10c0/{1:0128x}", ""]
    return {
        "package.json": b'{"name": "a", "dependencies": {"x": "^1.0.0"}}',
        "yarn.lock": "\n".join(lines).encode(),
    }


def deep_projects(size: int, state: int) -> Files:
    """Projects in each of hundreds of folders in one another."""
    found: Files = {}
    path = ""
    for n in range(DEEP):
        path += f"d{n % 10}/"
        found[f"{path}package.json"] = _versioned(state)
        for m in range(size // DEEP // (len(path) + 60)):
            found[f"{path}m{m}/package.json"] = _versioned(state)
    return found


def deep_workspaces(size: int, state: int) -> Files:
    """The same, each with the workspaces below."""
    below = _versioned(state, ', "workspaces": ["*"]')
    found = deep_projects(size, state)
    return {path: data if "/m" in path else below for path, data in found.items()}


def deepest(size: int, state: int) -> Files:
    """Yarn's lockfiles in thousands of folders in one another; settings may lie in each."""
    text = f'__metadata:\n  version: 8\n\n"x@npm:1":\n  version: 1.{state}.0\n'.encode()
    found: Files = {}
    for n in range(size // 5_000):
        found[f"{DEEPEST}{n}/package.json"] = b'{"dependencies": {"x": "1"}}'
        found[f"{DEEPEST}{n}/yarn.lock"] = text
    return found


def ignored(size: int, state: int) -> Files:
    """Thousands of projects without a lockfile, and a .gitignore of megabytes."""
    lines = "".join(f"**/x{n}*/package-lock.json\n" for n in range(size // 30))
    data = f'{{"dependencies": {{"a": "{state}"}}}}'.encode()
    return {".gitignore": lines.encode(), **{f"{n}/package.json": data for n in range(2_000)}}


def twins(size: int, state: int) -> Files:
    """Tens of thousands of folders that are one on a disk that ignores case."""
    found: Files = {}
    for number in range(size // 60):
        name = "".join("lL"[number >> at & 1] for at in range(17))
        found[f"{name[:8]}/{name[8:]}/package.json"] = _versioned(state)
    return found


def empty(size: int, state: int) -> Files:
    """A hundred thousand projects of nothing."""
    return {f"d/{n}/package.json": b"{}" + b" " * state for n in range(size // 50)}


def one_line(size: int, state: int) -> Files:
    """All of a lockfile in one line."""
    names = [f"p{n}" for n in range(size // 250)]
    packages = {f"node_modules/{one}": entry(one, f"1.{state}.0", n) for n, one in enumerate(names)}
    found = npm(packages, dict.fromkeys(names, "^1.0.0"))
    return {**found, "package-lock.json": found["package-lock.json"].replace(b"\n", b"")}


def one_classic_line(size: int, state: int) -> Files:
    """A key of megabytes (Yarn 1)."""
    key = ", ".join(f'"x@^1.{n}.0"' for n in range(size // 14))
    lines = ["# yarn lockfile v1", "", "", f"{key}:", f'  version "1.{state}.0"']
    lines += [f'  resolved "{HOST}/x/-/x-1.{state}.0.tgz"', ""]
    return {
        "package.json": b'{"name": "a", "dependencies": {"x": "^1.0.0"}}',
        "yarn.lock": "\n".join(lines).encode(),
    }


CASES: tuple[Case, ...] = (
    *(one_folder, one_key, deep_projects, deep_workspaces, deepest, ignored, twins),
    *(empty, one_line, one_classic_line),
)
