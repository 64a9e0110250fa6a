"""bun lockfiles that want to be slow."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from benchmarks.hostile_files import hash_of

if TYPE_CHECKING:
    from typing import Any

    from benchmarks.hostile_files import Case, Files


def _bun(
    packages: dict[str, Any],
    asks: dict[str, str],
    workspaces: dict[str, Any] | None = None,
    more: dict[str, Any] | None = None,
) -> Files:
    ws = {"": {"name": "app", "dependencies": asks}, **(workspaces or {})}
    lock = {"lockfileVersion": 1, "workspaces": ws, **(more or {}), "packages": packages}
    text = json.dumps(lock, indent=1)
    m = {
        "name": "app",
        "dependencies": asks,
        **({"workspaces": [*workspaces]} if workspaces else {}),
        **(more or {}),
    }
    return {"package.json": json.dumps(m).encode(), "bun.lock": text.encode()}


def _tuple(name: str, version: str, n: int, **more: object) -> list[object]:
    return [f"{name}@{version}", "", more, hash_of(n)]


def bun_dense(size: int, state: int) -> Files:
    """Everybody needs everybody."""
    count = int((size / 22) ** 0.5)
    deps = {f"p{n}": "^1.0.0" for n in range(count)}
    return _bun(
        {f"p{n}": _tuple(f"p{n}", f"1.{state}.0", n, dependencies=deps) for n in range(count)},
        {"p0": "^1.0.0"},
    )


def bun_deep(size: int, state: int) -> Files:
    """Names below names, each of which needs what lies at the top."""
    packages: dict[str, Any] = {}
    key = ""
    for d in range(60):
        key += f"{'/' if key else ''}d{d}"
        packages[key] = _tuple(f"d{d}", "1.0.0", d, dependencies={f"d{d + 1}": "1"})
    n = total = 0
    while total < size:
        deps = {f"x{m}": "1" for m in range(500)}
        packages[f"{key}/l{n}"] = _tuple(f"l{n}", f"1.{state}.0", n, dependencies=deps)
        total += 8_000
        n += 1
    packages[key] = _tuple("d59", "1.0.0", 3, dependencies={f"l{m}": "*" for m in range(n)})
    for m in range(500):
        packages[f"x{m}"] = _tuple(f"x{m}", f"1.{state}.0", m)
    return _bun(packages, {"d0": "1"})


def bun_shadows(size: int, state: int) -> Files:
    """A nearer copy for everybody."""
    packages = {"x": _tuple("x", "1.0.0", 1)}
    for n in range(size // 330):
        packages[f"p{n}"] = _tuple(f"p{n}", "1.0.0", n, dependencies={"x": "1"})
        if state:
            packages[f"p{n}/x"] = _tuple("x", f"1.{n + 1}.0", n)
    return _bun(packages, {f"p{n}": "1" for n in range(size // 330)} | {"x": "1"})


def bun_picked(size: int, state: int) -> Files:
    """Thousands of versions of one package, and thousands of new requirements on it."""
    count = size // 330
    packages: dict[str, Any] = {}
    asks = {}
    for n in range(count):
        packages[f"x{n}"] = _tuple("x", f"1.{n}.{state}", n)
        asks[f"x{n}"] = f"npm:x@^1.{n}.0"
    f = _bun(packages, asks)
    m = {
        "name": "app",
        "dependencies": {**asks, **{f"y{n}": f"npm:x@^1.{n}.{state}" for n in range(count)}},
    }
    for n in range(count):
        packages[f"y{n}"] = _tuple("x", f"1.{n}.{state}", n)
    f = _bun(packages, asks)
    f["package.json"] = json.dumps(m).encode()
    return f


def bun_members(size: int, state: int) -> Files:
    """Thousands of workspaces, and thousands of requirements that nothing answers."""
    count = size // 500
    ws = {
        f"p/m{n}": {"name": f"m{n}", "version": "1.0.0", "dependencies": {f"z{n}": "1"}}
        for n in range(count)
    }
    packages: dict[str, Any] = {f"m{n}": [f"m{n}@workspace:p/m{n}"] for n in range(count)}
    packages["x"] = _tuple("x", f"1.{state}.0", 1)
    f = _bun(packages, {"x": "^1.0.0", **{f"z{n}": "1" for n in range(count)}}, ws)
    for n in range(count):
        f[f"p/m{n}/package.json"] = json.dumps(
            {
                "name": f"m{n}",
                "version": "1.0.0",
                "dependencies": {f"z{n}": "1", "x": "^1.0.0"},
                "description": str(state),
            }
        ).encode()
    return f


def bun_overrides(size: int, state: int) -> Files:
    """Thousands of overrides."""
    count = size // 300
    packages = {
        f"p{n}": _tuple(f"p{n}", f"1.{state}.0", n, dependencies={"x": f"^2.{n}.0"})
        for n in range(count)
    }
    packages["x"] = _tuple("x", f"1.{state}.0", 1)
    return _bun(
        packages,
        {f"p{n}": "^1.0.0" for n in range(count)},
        more={"overrides": {f"x@^{n}.{state}.0": f"1.{n}.0" for n in range(size // 60)}},
    )


CASES: tuple[Case, ...] = (bun_dense, bun_deep, bun_shadows, bun_picked, bun_members, bun_overrides)
