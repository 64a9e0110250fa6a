"""Policies that want to be slow: lists of a megabyte, beside a project of thousands of everything.

A policy is read up to a megabyte (policyfile.LARGEST).  Each shape is one that thousands of
findings, packages or paths are compared with.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from benchmarks.hostile_files import HOST, entry, hash_of, npm
from benchmarks.hostile_npm import one_requirement

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.hostile_files import Case, Files

POLICY = ".lockward.toml"
MOST = 1_000_000  # bytes of a policy


def _rows(row: Callable[[int], str], head: str = "", end: str = "", most: int = MOST) -> bytes:
    """As many rows as a policy holds."""
    rows: list[str] = []
    left = most - len(head) - len(end) - 100
    while (left := left - len(text := row(len(rows)))) > 0:
        rows.append(text)
    return f"{head}{''.join(rows)}{end}".encode()


def _exception(package: str, path: str = "") -> str:
    where = f'path = "{path}"\n' if path else ""
    return (
        f'[[exceptions]]\nrule = "lockfile-out-of-sync"\npackage = "{package}"\n{where}'
        'reason = "r"\nowner = "o"\nexpires = 2099-01-01\n'
    )


def policy_exceptions(size: int, state: int) -> Files:
    """Thousands of exceptions, each for one package, and 125,000 findings."""
    return {**one_requirement(size, state), POLICY: _rows(lambda n: _exception(f"q{n}"))}


def policy_exception_globs(size: int, state: int) -> Files:
    """Exceptions with wildcards in package and path, and as many findings."""
    rows = _rows(lambda n: _exception(f"p*{n}*7", f"**/x{n}*/*.json"))
    return {**one_requirement(size, state), POLICY: rows}


def policy_exception_paths(size: int, state: int) -> Files:
    """Exceptions for every package in paths with wildcards."""
    rows = _rows(lambda n: _exception("p*", f"**/x{n}*/*.json"))
    return {**one_requirement(size, state), POLICY: rows}


def policy_sections(size: int, state: int) -> Files:
    """Thousands of [[paths]], and thousands of projects that are out of sync."""
    rows = _rows(
        lambda n: f'[[paths]]\nmatch = ["f/{n}x/"]\nrules = {{ lockfile-out-of-sync = "note" }}\n'
    )
    return {**_broken(size, state), POLICY: rows}


def policy_section_globs(size: int, state: int) -> Files:
    """Likewise, each with a wildcard."""
    rows = _rows(
        lambda n: f'[[paths]]\nmatch = ["**/{n}x*/"]\nrules = {{ lockfile-out-of-sync = "note" }}\n'
    )
    return {**_broken(size, state), POLICY: rows}


def policy_ignore(size: int, state: int) -> Files:
    """A hundred thousand paths that are ignored, and thousands of projects that are not."""
    return {**_broken(size, state), POLICY: _rows(lambda n: f'"g/{n}",', "ignore = [", "]")}


def policy_ignore_globs(size: int, state: int) -> Files:
    """Likewise, each with a wildcard."""
    return {**_broken(size, state), POLICY: _rows(lambda n: f'"**/{n}x*/",', "ignore = [", "]")}


def policy_names(size: int, state: int) -> Files:
    """Sixty thousand internal names with wildcards, and as many requirements."""
    names = _rows(lambda n: f'"q*{n}*z",', "[internal]\nnames = [", "]")
    return {**one_requirement(size, state), POLICY: names}


def policy_plain_names(size: int, state: int) -> Files:
    """A hundred thousand internal names, and as many requirements."""
    return {
        **one_requirement(size, state),
        POLICY: _rows(lambda n: f'"q{n}",', "[internal]\nnames = [", "]"),
    }


def policy_scopes(size: int, state: int) -> Files:
    """Internal scopes that every name begins with, but for its end."""
    scopes = _rows(lambda n: f'"@p{n}",', "[internal]\nscopes = [", "]")
    asks = {f"p{n}-x{state}": "^1.0.0" for n in range(size // 40)}
    return {**npm({}, asks), POLICY: scopes}


def policy_hosts(size: int, state: int) -> Files:
    """Tens of thousands of trusted hosts, and a host for each package."""
    packages = {
        f"node_modules/p{n}": {
            "version": f"1.{state}.0",
            "resolved": f"https://h{n}.example.net/p{n}/-/p{n}-1.{state}.0.tgz",
            "integrity": hash_of(n),
        }
        for n in range(size // 250)
    }
    files = npm(packages, {f"p{n}": "^1.0.0" for n in range(size // 250)})
    return {**files, POLICY: _rows(lambda n: f'"i{n}.example.net",', "[sources]\nhosts = [", "]")}


def policy_remote(size: int, state: int) -> Files:
    """Tens of thousands of addresses, and tarballs from elsewhere."""
    count = size // 250
    packages: dict[str, Any] = {
        f"node_modules/p{n}": {
            "version": "1.0.0",
            "resolved": f"https://files.example.net/a/{n}/{state}.tgz",
            "integrity": hash_of(n),
        }
        for n in range(count)
    }
    asks = {f"p{n}": f"https://files.example.net/a/{n}/{state}.tgz" for n in range(count)}
    row = "https://files.example.net/b/{}/"
    listed = _rows(lambda n: f'"{row.format(n)}",', "[sources]\nremote = [", "]")
    return {**npm(packages, asks), POLICY: listed}


def policy_git(size: int, state: int) -> Files:
    """Tens of thousands of repositories, and thousands of git checkouts from others."""
    count = size // 300
    packages: dict[str, Any] = {
        f"node_modules/p{n}": {
            "version": "1.0.0",
            "resolved": f"git+https://git.example.net/a/p{n}.git#{n + state:040x}",
        }
        for n in range(count)
    }
    asks = {f"p{n}": f"git+https://git.example.net/a/p{n}.git" for n in range(count)}
    listed = _rows(lambda n: f'"git.example.net/b{n}/*",', "[sources]\ngit = [", "]")
    return {**npm(packages, asks), POLICY: listed}


def policy_reviewed(size: int, state: int) -> Files:
    """Tens of thousands of reviewed packages, and thousands that run scripts."""
    count = size // 300
    packages = {
        f"node_modules/p{n}": entry(f"p{n}", f"1.{state}.0", n, hasInstallScript=True)
        for n in range(count)
    }
    listed = _rows(lambda n: f'"q{n}@1.*",', "[scripts]\nreviewed = [", "]")
    return {**npm(packages, {f"p{n}": f"^1.{state}.0" for n in range(count)}), POLICY: listed}


def policy_registries(size: int, state: int) -> Files:
    """Tens of thousands of scopes with a registry each, and a package of each."""
    count = size // 300
    packages = {f"node_modules/@s{n}/p": entry(f"@s{n}/p", f"1.{state}.0", n) for n in range(count)}
    files = npm(packages, {f"@s{n}/p": f"^1.{state}.0" for n in range(count)})
    row = f'"@s{{}}" = "{HOST}/{{}}/"\n'
    return {**files, POLICY: _rows(lambda n: row.format(n, n), "[internal.registries]\n")}


def policy_large(size: int, state: int) -> Files:
    """Five megabytes of [[paths]]."""
    rows = _rows(lambda n: f'[[paths]]\nmatch = ["f/{n}/"]\n', most=size)
    found = npm({"node_modules/a": entry("a", "1.0.0", 1)}, {"a": f"^1.{state}.0"})
    return {**found, POLICY: rows}


def _broken(size: int, state: int) -> Files:
    """Projects, each with requirements that its lockfile lacks."""
    found: Files = {}
    for n in range(size // 1_500):
        for path, data in npm({}, {f"x{m}": f"^1.{state}.0" for m in range(10)}).items():
            found[f"f/{n}/{path}"] = data
    return found


CASES: tuple[Case, ...] = (
    *(policy_exceptions, policy_exception_globs, policy_exception_paths),
    *(policy_sections, policy_section_globs, policy_ignore, policy_ignore_globs),
    *(policy_names, policy_plain_names, policy_scopes, policy_hosts, policy_remote, policy_git),
    *(policy_reviewed, policy_registries, policy_large),
)
