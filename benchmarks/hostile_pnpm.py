"""pnpm lockfiles that want to be slow."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from benchmarks.hostile_files import hash_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from benchmarks.hostile_files import Case, Files


def _pnpm(
    asks: dict[str, tuple[str, str]],
    packages: Iterable[str],
    snapshots: dict[str, dict[str, str]],
    *,
    workspace: str = "",
    head: str = "",
) -> Files:
    """``asks`` maps a name to its specifier and reference, ``snapshots`` a key to what it needs."""
    lines = ["lockfileVersion: '9.0'", "", head, "importers:", "", "  .:", "    dependencies:"]
    for name, (spec, ref) in asks.items():
        lines += [f"      {name}:", f"        specifier: {spec}", f"        version: {ref}"]
    lines += ["", "packages:", ""]
    for n, key in enumerate(packages):
        lines += [f"  {key}:", f"    resolution: {{integrity: {hash_of(n)}}}", ""]
    lines += ["snapshots:", ""]
    for key, deps in snapshots.items():
        if deps:
            lines += [
                f"  {key}:",
                "    dependencies:",
                *(f"      {k}: {v}" for k, v in deps.items()),
                "",
            ]
        else:
            lines += [f"  {key}: {{}}", ""]
    m = {"name": "app", "dependencies": {k: s for k, (s, _) in asks.items()}}
    out = {
        "package.json": json.dumps(m).encode(),
        "pnpm-lock.yaml": "\n".join(lines).replace("\n\n\n", "\n\n").encode(),
    }
    if workspace:
        out["pnpm-workspace.yaml"] = workspace.encode()
    return out


def pnpm_suffixes(size: int, state: int) -> Files:
    """Peer suffixes in peer suffixes."""
    packages: dict[str, int] = {}
    snapshots: dict[str, dict[str, str]] = {}
    total = n = 0
    while total < size:
        suffix = ""
        for d in range(200):
            suffix = f"(d{d}@1.0.0{suffix})"
        key = f"x@1.{n}.{state}{suffix}"
        packages[f"x@1.{n}.{state}"] = 1
        snapshots[key] = {}
        snapshots[f"y@1.{n}.0"] = {"x": f"1.{n}.{state}{suffix}"}
        packages[f"y@1.{n}.0"] = 1
        total += 2 * len(key) + 400
        n += 1
    asks = {f"y{i}": (f"npm:y@1.{i}.0", f"y@1.{i}.0") for i in range(n)}
    return _pnpm(asks, packages, snapshots)


def pnpm_one_suffix(size: int, state: int) -> Files:
    """One key with a million brackets."""
    count = size // 30
    suffix = "(a@1.0.0" * count + ")" * count
    return _pnpm(
        {"x": ("^1.0.0", f"1.{state}.0{suffix}")},
        {f"x@1.{state}.0": 1},
        {f"x@1.{state}.0{suffix}": {}},
    )


def pnpm_dense(size: int, state: int) -> Files:
    """Everybody needs everybody."""
    count = int((size / 20) ** 0.5)
    deps = {f"p{n}": f"1.{state}.0" for n in range(count)}
    return _pnpm(
        {"p0": ("^1.0.0", f"1.{state}.0")},
        {f"p{n}@1.{state}.0": 1 for n in range(count)},
        {f"p{n}@1.{state}.0": deps for n in range(count)},
    )


def pnpm_overrides(size: int, state: int) -> Files:
    """Thousands of overrides, and thousands of requirements."""
    count = size // 500
    asks = {f"p{n}": ("^1.0.0", f"1.{state}.0") for n in range(count)}
    w = "overrides:\n" + "".join(
        f"  'q{n}@^1.{n}.0>p{n}@^2.{state}.0': 1.{n}.0\n  'p0@^{n}.{state}.0': 1.{n}.0\n"
        for n in range(size // 130)
    )
    return _pnpm(
        asks,
        {f"p{n}@1.{state}.0": 1 for n in range(count)},
        {f"p{n}@1.{state}.0": {} for n in range(count)},
        workspace=w,
    )


def pnpm_override_members(size: int, state: int) -> Files:
    """Thousands of overrides of one name, and thousands of projects that ask for it."""
    count = size // 300
    w = "packages:\n  - 'p/*'\noverrides:\n" + "".join(
        f"  'x@^{n}.{state}.0': 1.{n}.0\n" for n in range(size // 60)
    )
    found = _pnpm(
        {"x": ("^1.0.0", f"1.{state}.0")},
        {f"x@1.{state}.0": 1},
        {f"x@1.{state}.0": {}},
        workspace=w,
    )
    for n in range(count):
        found[f"p/m{n}/package.json"] = json.dumps(
            {"name": f"m{n}", "dependencies": {"x": f"^1.0.{n}"}}
        ).encode()
    return found


def pnpm_extensions(size: int, state: int) -> Files:
    """Thousands of packageExtensions, and a hook that names everything."""
    count = size // 500
    asks = {f"p{n:05}": ("^1.0.0", f"1.{state}.0") for n in range(count)}
    names = [f"p{n:05}" for n in range(count)]
    w = "packageExtensions:\n" + "".join(
        f"  {n}:\n    dependencies:\n      z: {state}.0.0\n" for n in names
    )
    found = _pnpm(
        asks,
        {f"p{n:05}@1.{state}.0": 1 for n in range(count)},
        {f"p{n:05}@1.{state}.0": {} for n in range(count)},
        workspace=w,
    )
    found[".pnpmfile.cjs"] = (" ".join(names)[:65_000] + str(state)).encode()
    return found


def pnpm_catalogs(size: int, state: int) -> Files:
    """Thousands of catalogs."""
    count = size // 600
    asks = {f"p{n}": (f"'catalog:c{n}'", f"1.{state}.0") for n in range(count)}
    w = "catalogs:\n" + "".join(f"  c{n}:\n    p{n}: ^1.{state}.0\n" for n in range(count))
    head = "catalogs:\n" + "".join(
        f"  c{n}:\n    p{n}:\n      specifier: ^1.{state}.0\n      version: 1.{state}.0\n"
        for n in range(count)
    )
    f = _pnpm(
        asks,
        {f"p{n}@1.{state}.0": 1 for n in range(count)},
        {f"p{n}@1.{state}.0": {} for n in range(count)},
        workspace=w,
        head=head,
    )
    m = {"name": "app", "dependencies": {k: f"catalog:c{n}" for n, k in enumerate(asks)}}
    f["package.json"] = json.dumps(m).encode()
    return f


def pnpm_globs(size: int, state: int) -> Files:
    """Thousands of globs, and thousands of folders."""
    w = "packages:\n" + "".join(
        f"  - 'p/*-{n}-*{state}'\n  - '!p/*-{n}-{state}'\n" for n in range(size // 40)
    )
    found = _pnpm(
        {"x": ("^1.0.0", f"1.{state}.0")},
        {f"x@1.{state}.0": 1},
        {f"x@1.{state}.0": {}},
        workspace=w,
    )
    for n in range(size // 2500):
        found[f"p/a-b-c-{n}/package.json"] = json.dumps({"name": f"m{n}"}).encode()
    return found


def pnpm_importers(size: int, state: int) -> Files:
    """Thousands of projects in the lockfile."""
    count = size // 200
    lines = ["lockfileVersion: '9.0'", "", "importers:", ""]
    for n in range(count):
        lines += [
            f"  p/m{n}:",
            "    dependencies:",
            "      x:",
            "        specifier: ^1.0.0",
            f"        version: 1.{state}.0",
            "",
        ]
    lines += [
        "packages:",
        "",
        f"  x@1.{state}.0:",
        f"    resolution: {{integrity: {hash_of(state)}}}",
        "",
        "snapshots:",
        "",
        f"  x@1.{state}.0: {{}}",
        "",
    ]
    found = {
        "package.json": b'{"name":"app"}',
        "pnpm-lock.yaml": "\n".join(lines).encode(),
        "pnpm-workspace.yaml": b"packages:\n  - 'p/*'\n",
    }
    for n in range(count):
        found[f"p/m{n}/package.json"] = json.dumps(
            {"name": f"m{n}", "dependencies": {"x": "^1.0.0"}, "description": str(state)}
        ).encode()
    return found


def pnpm_ignored(size: int, state: int) -> Files:
    """Thousands of patterns of ignored optional dependencies, and thousands of them."""
    count = size // 500
    asks = {f"p{n}": ("^1.0.0", f"1.{state}.0") for n in range(count)}
    w = "ignoredOptionalDependencies:\n" + "".join(f"  - 'q*{n}-*'\n" for n in range(size // 60))
    f = _pnpm(
        asks,
        {f"p{n}@1.{state}.0": 1 for n in range(count)},
        {f"p{n}@1.{state}.0": {} for n in range(count)},
        workspace=w,
    )
    f["package.json"] = json.dumps(
        {"name": "app", "optionalDependencies": dict.fromkeys(asks, "^1.0.0")}
    ).encode()
    return f


CASES: tuple[Case, ...] = (
    pnpm_suffixes,
    pnpm_one_suffix,
    pnpm_dense,
    pnpm_overrides,
    pnpm_override_members,
    pnpm_extensions,
    pnpm_catalogs,
    pnpm_globs,
    pnpm_importers,
    pnpm_ignored,
)
