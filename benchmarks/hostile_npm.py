"""npm lockfiles that want to be slow: one shape each."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from benchmarks.hostile_files import entry, npm, with_overrides

if TYPE_CHECKING:
    from benchmarks.hostile_files import Case, Files

DEEP = 400  # folders in folders


def peers(size: int, state: int) -> Files:
    """Thousands of peers that nothing satisfies, all of one package."""
    count = size // 330
    packages = {
        f"node_modules/p{n}": entry(
            f"p{n}", f"1.{state}.0", n, peerDependencies={"x": f"^2.{n}.0"}, dependencies={"q": "1"}
        )
        for n in range(count)
    }
    packages["node_modules/x"] = entry("x", f"1.{state}.0", 9)
    packages["node_modules/q"] = entry(
        "q", f"1.{state}.0", 8, dependencies=dict.fromkeys([f"p{n}" for n in range(count)], "1")
    )
    return npm(packages, {"q": f"^1.{state}.0", "x": "1"})


def peerweb(size: int, state: int) -> Files:
    """Everybody is everybody's peer, and nothing fits."""
    count = int((size / 28) ** 0.5)
    needs = {f"p{n}": f"^{1 + n % 2}.0.0" for n in range(count)}
    packages = {
        f"node_modules/p{n}": entry(f"p{n}", f"1.{state}.0", n, peerDependencies=needs)
        for n in range(count)
    }
    return npm(packages, {f"p{n}": "1" for n in range(count)})


def bundles(size: int, state: int) -> Files:
    """A bundle of thousands, each of which wants another version of one of them."""
    count = size // 330
    names = [f"b{n}" for n in range(count)]
    packages: dict[str, Any] = {
        "node_modules/big": entry(
            "big",
            f"1.{state}.0",
            1,
            dependencies=dict.fromkeys(names, "*"),
            bundleDependencies=names,
        ),
        "node_modules/big/node_modules/x": {"version": "1.0.0", "inBundle": True},
    }
    for n, one in enumerate(names):
        packages[f"node_modules/big/node_modules/{one}"] = {
            "version": f"1.{state}.0",
            "inBundle": True,
            "dependencies": {"x": f">2.0.{n}"},
        }
    return npm(packages, {"big": "1"})


def bundled_deep(size: int, state: int) -> Files:
    """One bundle in the other, and each asks for all that lies below."""
    depth = 100
    packages: dict[str, Any] = {}
    key = ""
    for n in range(depth):
        key += f"{'/' if key else ''}node_modules/b{n}"
        packages[key] = entry(
            f"b{n}",
            f"1.{state}.0",
            n,
            dependencies={f"b{n + 1}": "1"},
            bundleDependencies=[f"b{n + 1}"],
        )
    total, n = 0, 0
    leaves = []
    while total < size:
        one = f"{key}/node_modules/l{n}"
        leaves.append(f"l{n}")
        packages[one] = {
            "version": f"1.{state}.0",
            "inBundle": bool(state),
            "dependencies": {f"l{n + 1}": "1", f"l{n + 2}": "1"},
        }
        total += len(one) + 120
        n += 1
    packages[key]["dependencies"] = dict.fromkeys(leaves, "*")
    packages[key]["bundleDependencies"] = leaves
    return npm(packages, {"b0": "1"})


def renamed(size: int, state: int) -> Files:
    """Copies of one package, each of which finds another name than before."""
    packages: dict[str, Any] = {}
    count = size // 700
    for n in range(count):
        packages[f"node_modules/p{n}"] = entry(f"p{n}", "1.0.0", n, dependencies={"c": "1"})
        packages[f"node_modules/p{n}/node_modules/c"] = entry(
            "c", "1.0.0", 7, dependencies={"x": "1"}
        )
        packages[f"node_modules/p{n}/node_modules/x"] = {
            **entry(f"x{n}", f"1.{state}.{n}", n),
            "name": f"x{n}",
        }
    return npm(packages, {f"p{n}": "1" for n in range(count)})


def many_answers(size: int, state: int) -> Files:
    """Copies of one package, each of which finds a version of its own."""
    packages: dict[str, Any] = {}
    count = size // 700
    for n in range(count):
        packages[f"node_modules/p{n}"] = entry(f"p{n}", "1.0.0", n, dependencies={"c": "1"})
        packages[f"node_modules/p{n}/node_modules/c"] = entry(
            "c", "1.0.0", 7, dependencies={"x": "1"}
        )
        packages[f"node_modules/p{n}/node_modules/x"] = entry("x", f"1.{n}.{state}", n)
    return npm(packages, {f"p{n}": "1" for n in range(count)})


def shadows(size: int, state: int) -> Files:
    """A nearer copy for everybody, though the shared one fits."""
    packages: dict[str, Any] = {"node_modules/x": entry("x", "1.0.0", 3)}
    for n in range(size // 480):
        packages[f"node_modules/p{n}"] = entry(f"p{n}", "1.0.0", n, dependencies={"x": "1"})
        if state:
            packages[f"node_modules/p{n}/node_modules/x"] = entry("x", f"1.{n}.0", n)
    return npm(packages, {"x": "1", **{f"p{n}": "1" for n in range(size // 480)}})


def long_ranges(size: int, state: int) -> Files:
    """Ranges of 60 kB."""
    text = " || ".join(f"^{n}.0.0" for n in range(2, 5500))
    packages = {
        f"node_modules/p{n}": entry(
            f"p{n}", f"1.{state}.0", n, dependencies={"x": f"{text} || {n}"}
        )
        for n in range(size // 65_000)
    }
    packages["node_modules/x"] = entry("x", f"1.{state}.0", 9)
    return npm(packages, {f"p{n}": "^1.0.0" for n in range(len(packages) - 1)})


def medium_ranges(size: int, state: int) -> Files:
    """Ranges of 500 characters, each another one."""
    text = "||".join(f"^{n}.0.0" for n in range(2, 60))
    packages = {
        f"node_modules/p{n}": entry(
            f"p{n}", f"1.{state}.0", n, dependencies={"x": f"{text}||{n % 2}.{n}||1.x"}
        )
        for n in range(size // 850)
    }
    packages["node_modules/x"] = entry("x", f"1.{state}.0", 9)
    return npm(packages, {f"p{n}": "^1.0.0" for n in range(len(packages) - 1)})


def long_overrides(size: int, state: int) -> Files:
    """Overrides of one name with long ranges, and thousands who ask for it."""
    text = "||".join(f"^{n}.0.0" for n in range(2, 900))
    count = size // 700
    packages = {
        f"node_modules/p{n}": entry(f"p{n}", "1.0.0", n, dependencies={"x": f"^5.{n}.0"})
        for n in range(count)
    }
    packages["node_modules/x"] = entry("x", f"1.{state}.0", 9)
    overrides = {f"x@{n}.{state}": f"{text}||{n}.7" for n in range(60)}
    return with_overrides(npm(packages, {f"p{n}": "^1.0.0" for n in range(count)}), overrides)


def override_keys(size: int, state: int) -> Files:
    """Thousands of overrides of one name, their keys ranges, and thousands who ask for it."""
    count = size // 660
    packages = {
        f"node_modules/p{n}": entry(f"p{n}", "1.0.0", n, dependencies={"x": f"^5.{n}.0"})
        for n in range(count)
    }
    packages["node_modules/x"] = entry("x", f"1.{state}.0", 9)
    keys = min(19_000, size // 120)
    rules = {f"x@^{n + 10}.{state}.0 || ^{n + 20}.1": f"{n}" for n in range(keys)}
    return with_overrides(npm(packages, {f"p{n}": "^1.0.0" for n in range(count)}), rules)


def override_ranges(size: int, state: int) -> Files:
    """Overrides whose keys are long ranges, asked for with long ranges."""
    text = "||".join(f"^{n}.0.0" for n in range(1000, 1055))
    other = "||".join(f"<{n}.0.0-1" for n in range(2, 55))
    count = size // 1800
    packages = {
        f"node_modules/p{n}": entry(f"p{n}", "1.0.0", n, dependencies={"x": f"{other}||0.0.{n}"})
        for n in range(count)
    }
    packages["node_modules/x"] = entry("x", f"1.{state}.0", 9)
    rules = {f"x@{text}||^{n + 3000}.{state}.0": f"{n}" for n in range(size // 1800)}
    return with_overrides(npm(packages, {f"p{n}": "^1.0.0" for n in range(count)}), rules)


def override_nests(size: int, state: int) -> Files:
    """Overrides within overrides, and a graph where everybody needs everybody."""
    count = int((size / 40) ** 0.5)
    needs = {f"p{n}": "^1.0.0" for n in range(count)}
    packages = {
        f"node_modules/p{n}": entry(f"p{n}", f"1.{state}.0", n, dependencies=needs)
        for n in range(count)
    }
    rules: dict[str, Any] = {}
    total = 0
    n = 0
    while total < size // 4:
        at = rules
        for depth in range(40):
            at = at.setdefault(f"p{(n * 7 + depth) % count}@{1 + n}.{depth}", {})
            total += 14
        at["."] = f"1.{n}"
        n += 1
    return with_overrides(npm(packages, {"p0": "^1.0.0"}), rules)


def segments(size: int, state: int) -> Files:
    """Folders in folders in folders."""
    packages: dict[str, Any] = {}
    total = n = 0
    while total < size:
        key = f"f{n}/" + "a/" * 2000 + "z"
        packages[key] = {"version": f"1.{state}.0", "dependencies": {"x": "1"}}
        packages[f"node_modules/l{n}"] = {"resolved": key, "link": True}
        total += 2 * len(key) + 120
        n += 1
    packages["node_modules/x"] = entry("x", f"1.{state}.0", 9)
    return npm(packages, {f"l{m}": f"file:f{m}" for m in range(n)})


def one_path(size: int, state: int) -> Files:
    """One folder that lies a million folders deep."""
    key = "a/" * (size // 4) + "z"
    packages = {key: {"version": f"1.{state}.0"}, "node_modules/l": {"resolved": key, "link": True}}
    packages["node_modules/x"] = entry("x", f"1.{state}.0", 9)
    return npm(packages, {"l": "file:f", "x": "1"})


def globs(size: int, state: int) -> Files:
    """Thousands of globs for workspaces, and thousands of folders."""
    patterns = [f"packages/*-{n}-*{state}" for n in range(size // 50)]
    packages = {"node_modules/x": entry("x", f"1.{state}.0", 9)}
    found = npm(packages, {"x": "1"}, workspaces=patterns)
    for n in range(size // 2500):
        found[f"packages/a-b-c-d-{n}/package.json"] = json.dumps({"name": f"m{n}"}).encode()
    return found


def negations(size: int, state: int) -> Files:
    """Globs for workspaces and their negations in turn."""
    patterns = [f"{'!' * (n % 2)}packages/*-{n}-*{state}" for n in range(size // 50)]
    packages = {"node_modules/x": entry("x", f"1.{state}.0", 9)}
    return npm(packages, {"x": "1"}, workspaces=patterns)


def star_globs(size: int, state: int) -> Files:
    """Globs of many stars."""
    patterns = ["packages/" + "*a" * (size // 20) + f"{n}{state}" for n in range(4)]
    packages = {"node_modules/x": entry("x", f"1.{state}.0", 9)}
    found = npm(packages, {"x": "1"}, workspaces=patterns)
    for n in range(20):
        found[f"packages/{'a' * 4000}{n}/package.json"] = json.dumps({"name": f"m{n}"}).encode()
    return found


def braces(size: int, state: int) -> Files:
    """Braces that stand for billions of workspaces."""
    packages = {"node_modules/x": entry("x", f"1.{state}.0", 9)}
    return npm(packages, {"x": "1"}, workspaces=["{a,b,c}" * (size // 10)])


def members(size: int, state: int) -> Files:
    """Thousands of workspaces that need one another."""
    count = size // 500
    packages: dict[str, Any] = {"node_modules/x": entry("x", f"1.{state}.0", 9)}
    found: Files = {}
    for n in range(count):
        own = {
            "name": f"m{n}",
            "version": "1.0.0",
            "dependencies": {f"m{(n + 1) % count}": "*", "x": "1"},
        }
        packages[f"packages/m{n}"] = own
        packages[f"node_modules/m{n}"] = {"resolved": f"packages/m{n}", "link": True}
        found[f"packages/m{n}/package.json"] = json.dumps(
            {**own, "description": str(state)}
        ).encode()
    return {**npm(packages, {"x": f"^1.{state}.0"}, workspaces=["packages/*"]), **found}


def lockfiles(size: int, state: int) -> Files:
    """Thousands of projects."""
    found: Files = {}
    for n in range(size // 1000):
        packages = {"node_modules/x": entry("x", f"1.{state}.0", 9)}
        for path, data in npm(packages, {"x": f"^1.{state}.0"}).items():
            found[f"f{n}/{path}"] = data
    return found


def roots_in_roots(size: int, state: int) -> Files:
    """Thousands of projects, each in the other's folder, each with workspaces."""
    found: Files = {}
    folder = ""
    for n in range(size // 2500):
        packages = {"node_modules/x": entry("x", f"1.{state}.0", 9)}
        for path, data in npm(packages, {"x": f"^1.{state}.0"}, workspaces=["**/y"]).items():
            found[f"{folder}{path}"] = data
        folder += "a/" if n < DEEP else ""
        if n >= DEEP:
            folder = "a/" * DEEP + f"b{n}/"
    return found


def flat(size: int, state: int) -> Files:
    """Npm 6: everybody requires everybody, copies within copies."""
    count = int((size / 60) ** 0.5)
    needs = {f"p{n}": "^1.0.0" for n in range(count)}
    dependencies = {
        f"p{n}": {
            **entry(f"p{n}", f"1.{state}.0", n),
            "requires": needs,
            "dependencies": {
                f"p{(n * 3 + m) % count}": entry(f"p{(n * 3 + m) % count}", f"1.{state}.{m}", m)
                for m in range(count // 20)
            },
        }
        for n in range(count)
    }
    root = {"name": "app", "version": "1.0.0", "dependencies": {"p0": "1"}}
    lock = {
        "name": "app",
        "version": "1.0.0",
        "lockfileVersion": 1,
        "requires": True,
        "dependencies": dependencies,
    }
    return {
        "package.json": json.dumps(root).encode(),
        "package-lock.json": json.dumps(lock, indent=1).encode(),
    }


def one_requirement(size: int, state: int) -> Files:
    """An importer with a hundred thousand requirements and nothing locked."""
    asks = {f"p{n}": f"^1.{state}.0" for n in range(size // 40)}
    return npm({}, asks)


def accepted(size: int, state: int) -> Files:
    """Second specs for everything."""
    count = size // 400
    packages = {
        f"node_modules/p{n}": entry(
            f"p{n}",
            f"1.{state}.0",
            n,
            dependencies={"x": "2"},
            acceptDependencies={"x": f"1.{state}.0"},
        )
        for n in range(count)
    }
    packages["node_modules/x"] = entry("x", f"1.{state}.0", 9)
    return npm(packages, {f"p{n}": "1" for n in range(count)})


CASES: tuple[Case, ...] = (
    *(peers, peerweb, bundles, bundled_deep, renamed, many_answers, shadows),
    *(long_ranges, medium_ranges, long_overrides, override_keys, override_ranges, override_nests),
    *(segments, one_path, globs, negations, star_globs, braces, members, lockfiles, roots_in_roots),
    *(flat, one_requirement, accepted),
)
