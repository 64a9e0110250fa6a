"""How long a judgement takes that somebody wants to be slow: ``python -m benchmarks.hostile [MB]``.

Each row is an adversarial lockfile of some megabytes (5 unless told), changed
throughout, and what came of it.  The first row is an honest one of that size.
"""

from __future__ import annotations

import json
import sys
import time
from typing import TYPE_CHECKING, Any

from benchmarks import (
    hostile_bun,
    hostile_ci,
    hostile_every,
    hostile_npm,
    hostile_places,
    hostile_pnpm,
    hostile_policy,
    hostile_settings,
    hostile_yarn,
)
from benchmarks.hostile_files import HOST, entry, hash_of, npm
from lockward import engine, policyfile
from lockward.errors import PolicyError
from lockward.memory import MemoryTree
from lockward.model import Change
from lockward.policy import Policy

if TYPE_CHECKING:
    from benchmarks.hostile_files import Case, Files


def honest(size: int, state: int) -> Files:
    """Every package moves because a requirement did."""
    names = [f"package-{n}" for n in range(size // 330)]
    packages = {
        f"node_modules/{one}": entry(one, f"{state + 1}.0.0", n, license="MIT")
        for n, one in enumerate(names)
    }
    return npm(packages, dict.fromkeys(names, f"^{state + 1}.0.0"))


def chain(size: int, state: int) -> Files:
    """Each package needs the next one: the longest path."""
    count = size // 360
    packages = {
        f"node_modules/p{n}": entry(
            f"p{n}", f"1.{state}.0", n, dependencies={f"p{n + 1}": "^1.0.0"}
        )
        for n in range(count)
    }
    return npm(packages, {"p0": f"^1.{state}.0"})


def dense(size: int, state: int) -> Files:
    """Everybody needs everybody: the most edges."""
    count = int((size / 25) ** 0.5)
    needs = {f"p{n}": "^1.0.0" for n in range(count)}
    packages = {
        f"node_modules/p{n}": entry(f"p{n}", f"1.{state}.0", n, dependencies=needs)
        for n in range(count)
    }
    return npm(packages, {"p0": "^1.0.0"})


def nested(size: int, state: int) -> Files:
    """Copies of one package, each in another's folder, each other bytes."""
    packages: dict[str, Any] = {}
    for n in range(size // 480):
        packages[f"node_modules/p{n}"] = entry(f"p{n}", "1.0.0", n, dependencies={"x": "1"})
        packages[f"node_modules/p{n}/node_modules/x"] = entry("x", "1.0.0", n + state)
    return npm(packages, {f"p{n}": "1" for n in range(size // 480)})


def deep(size: int, state: int) -> Files:
    """One node_modules in the other."""
    key = ""
    packages: dict[str, Any] = {}
    total = 0
    while total < size:
        key += f"{'/' if key else ''}node_modules/p{len(packages) % 7}"
        packages[key] = entry(f"p{len(packages) % 7}", "1.0.0", len(packages) + state)
        total += len(key) + 230
    return npm(packages, {"p0": "1"})


def aliases(size: int, state: int) -> Files:
    """One package under thousands of names."""
    count = size // 330
    packages = {
        f"node_modules/a{n}": {**entry("x", f"1.{state}.{n}", n), "name": "x"} for n in range(count)
    }
    return npm(packages, {f"a{n}": "npm:x@^1.0.0" for n in range(count)})


def hosts(size: int, state: int) -> Files:
    """Each package from a host, and in a scope, of its own."""
    packages: dict[str, Any] = {}
    for n in range(size // 300):
        address = f"https://h{n + state}.example.org/@s{n}/p/-/p-1.{state}.0.tgz"
        packages[f"node_modules/@s{n}/p"] = {
            "version": f"1.{state}.0",
            "resolved": address,
            "integrity": hash_of(n),
        }
    return npm(packages, {f"@s{n}/p": "^1.0.0" for n in range(size // 300)})


def ranges(size: int, state: int) -> Files:
    """Ranges of a megabyte."""
    text = " || ".join(f"^{n}.0.0" for n in range(size // 60))
    packages = {
        f"node_modules/p{n}": entry(
            f"p{n}", f"1.{state}.0", n, dependencies={"x": f"{text} || {n}"}
        )
        for n in range(4)
    }
    packages["node_modules/x"] = entry("x", f"1.{state}.0", 9)
    return npm(packages, {f"p{n}": "^1.0.0" for n in range(4)})


def overrides(size: int, state: int) -> Files:
    """Thousands of overrides of one name."""
    found = honest(size // 2, state)
    document = json.loads(found["package.json"])
    document["overrides"] = {f"package-1@{n}.{state}": f"{n}" for n in range(size // 60)}
    return {**found, "package.json": json.dumps(document).encode()}


def pnpm(size: int, state: int) -> Files:
    """One package with thousands of peer suffixes."""
    count = size // 420
    asks = {f"p{n}": "^1.0.0" for n in range(count)}
    lines = ["lockfileVersion: '9.0'", "", "importers:", "", "  .:", "    dependencies:"]
    for n in range(count):
        lines += [f"      p{n}:", "        specifier: ^1.0.0", f"        version: 1.{state}.0"]
    lines += [
        "",
        "packages:",
        "",
        "  x@1.0.0:",
        f"    resolution: {{integrity: {hash_of(state)}}}",
        "",
    ]
    for n in range(count):
        lines += [f"  p{n}@1.{state}.0:", f"    resolution: {{integrity: {hash_of(n)}}}", ""]
    lines += ["snapshots:", ""]
    for n in range(count):
        lines += [
            f"  x@1.0.0(p{n}@1.{state}.0):",
            "    dependencies:",
            f"      p{n}: 1.{state}.0",
            "",
        ]
        lines += [
            f"  p{n}@1.{state}.0:",
            "    dependencies:",
            f"      x: 1.0.0(p{n}@1.{state}.0)",
            "",
        ]
    manifest = json.dumps({"name": "app", "dependencies": asks}).encode()
    return {"package.json": manifest, "pnpm-lock.yaml": "\n".join(lines).encode()}


def berry(size: int, state: int) -> Files:
    """Thousands of descriptors on every entry."""
    count = max(2, size // 30_000)
    lines = ["__metadata:", "  version: 8", "  cacheKey: 10c0", ""]
    for n in range(count):
        keys = ", ".join(f"p{n}@npm:^1.{m}.0" for m in range(1500))
        lines += [f'"{keys}":', f"  version: 1.{1500 + state}.0"]
        lines += [f'  resolution: "p{n}@npm:1.{1500 + state}.0"', f"  checksum: 10c0/{n:0128x}"]
        lines += ["  languageName: node", "  linkType: hard", ""]
    manifest = {"name": "app", "dependencies": {f"p{n}": "^1.0.0" for n in range(count)}}
    text = "\n".join(lines).encode()
    return {"package.json": json.dumps(manifest).encode(), "yarn.lock": text}


def classic(size: int, state: int) -> Files:
    """Copies of one name at thousands of versions."""
    lines = ["# yarn lockfile v1", "", ""]
    for n in range(size // 260):
        lines += [f'"x@^1.{n}.0":', f'  version "1.{n}.{state}"']
        lines += [f'  resolved "{HOST}/x/-/x-1.{n}.{state}.tgz"', f"  integrity {hash_of(n)}", ""]
    manifest = {"name": "app", "dependencies": {"x": "^1.0.0"}}
    text = "\n".join(lines).encode()
    return {"package.json": json.dumps(manifest).encode(), "yarn.lock": text}


CASES: tuple[Case, ...] = (
    *(honest, chain, dense, nested, deep, aliases),
    *(hosts, ranges, overrides, pnpm, berry, classic),
)


# The others, of one format each; most of them end at a bound (docs/lockfiles.md).
EVERY: tuple[Case, ...] = (
    *CASES,
    *(*hostile_npm.CASES, *hostile_pnpm.CASES, *hostile_yarn.CASES, *hostile_bun.CASES),
    *(*hostile_ci.CASES, *hostile_settings.CASES, *hostile_policy.CASES),
    *(*hostile_every.CASES, *hostile_places.CASES),
)


def judge(case: Case, size: int) -> tuple[float, str]:
    """Seconds of the processor, and what came of it."""
    before, after = case(size, 0), case(size, 1)
    paths = [path for path in after if before.get(path) != after[path]]
    started = time.process_time()
    try:
        written = after.get(hostile_policy.POLICY)
        policy = (policyfile.read(hostile_policy.POLICY, written) if written else None) or Policy()
    except PolicyError as fault:
        return time.process_time() - started, str(fault)
    report = engine.evaluate(Change(MemoryTree(before), MemoryTree(after), paths), policy)
    seconds = time.process_time() - started
    word = ", ".join(one.classification for one in report.lockfiles) or "unreadable"
    unread = [one.message for one in report.findings if one.rule == "lockfile-unreadable"]
    return seconds, f"{word}, {len(report.findings)} findings {unread[0][:80] if unread else ''}"


def main(megabytes: float = 5.0) -> None:
    """Print a row for each."""
    size = int(megabytes * 1e6)
    for case in EVERY:
        seconds, outcome = judge(case, size)
        words = (case.__doc__ or "").partition("\n")[0]
        print(f"{case.__name__:21} {seconds:7.2f} s  {outcome:40.100}  {words}", flush=True)


if __name__ == "__main__":
    main(*map(float, sys.argv[1:]))
