"""What a scan costs, and whether its numbers are the package managers' own.

    python -m benchmarks.posture [ROUNDS]      a repository of 2,000 packages, whole processes
    python -m benchmarks.posture GIT_DIR...    the lockfile at the top of each repository's HEAD:
                                               our numbers, and what the manager's parser lists

The references are those of benchmarks/parity.py; for npm, arborist's flags as well.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.installed import compiling, environment
from benchmarks.parity import DRIVERS, Reference
from benchmarks.timing import Case, medians
from lockward.policy import Policy
from lockward.posture import facts
from lockward.posture.chains import is_third_party
from lockward.repository import Repository
from lockward_hooks.git import Git
from lockward_hooks.objects import Objects
from lockward_hooks.trees import CommitTree
from tests.support import arborist, repos, trees

if TYPE_CHECKING:
    from lockward.posture.chains import Chains

PACKAGES = 2000
FAULTS = 20


def cost(rounds: int = 11) -> None:
    """Text, JSON and HTML of one scan, beside a bare interpreter."""
    with tempfile.TemporaryDirectory() as folder:
        bin_folder = environment(Path(folder))
        repo = repos.Repo(Path(folder) / "work")
        repo.commit(trees.large(PACKAGES, FAULTS))
        env = {**compiling(), **repo.env}
        lockward = str(bin_folder / "lockward")
        cases = {
            "python -I -c pass": Case(
                (str(bin_folder / "python"), "-I", "-c", "pass"), repo.path, env
            )
        }
        for form in ("text", "json", "html"):
            argv = (lockward, "scan", "--format", form)
            cases[f"scan --format {form}"] = Case(argv, repo.path, env, expected=1)
        timed = medians(cases, rounds)
    print(*timed.table(), sep="\n")
    base = timed.clock["python -I -c pass"]
    for name, clock in timed.clock.items():
        print(f"{name:34} {clock / base:7.1f} x python")


def numbers(git_directory: str) -> None:
    """One line: our numbers of the lockfile at the top, and the manager's list of it."""
    git = Git(git_directory, compiling())
    with Objects(git) as objects:
        tree = CommitTree(git, objects, git.commit("HEAD"))
        project = Repository(tree, Policy()).project("")
        chains = facts.chains(project)
        if chains is None:
            print(f"{git_directory}: no readable lockfile at the top")
            return
        found = facts.of(chains)
        theirs = _listed(chains, tree)
        flags = _flags(chains, tree) if chains.lockfile.format == "npm" else ""
    ours = {
        (package.name, package.version)
        for package in chains.lockfile.packages
        if is_third_party(package) and package.version
    }
    print(
        f"{Path(git_directory).parent.name}: {chains.lockfile.format} {chains.lockfile.version}:"
        f" {found.total} packages ({found.distinct} distinct), {found.direct} direct,"
        f" {found.dev} dev, {found.optional} optional, {len(found.scripts)} scripts,"
        f" depth {found.max_depth};"
        f" the manager lists {len(theirs)} distinct, {len(ours ^ theirs)} differ{flags}"
    )
    for name, version in sorted(ours ^ theirs)[:5]:
        print(f"    {name}@{version} {'ours only' if (name, version) in ours else 'theirs only'}")


def _listed(chains: Chains, tree: CommitTree) -> set[tuple[str, str]]:
    reference = Reference(DRIVERS[chains.lockfile.format])
    try:
        answer = reference.read(chains.lockfile.path, tree.read(chains.lockfile.path) or b"")
    finally:
        reference.close()
    if isinstance(answer, str):
        raise SystemExit(answer)
    return {(name, version) for name, version, _ in answer if version}


def _flags(chains: Chains, tree: CommitTree) -> str:
    """How many of arborist's entries, dev and optional flags are not ours."""
    with tempfile.TemporaryDirectory() as folder:
        for path in tree.entries():
            if path.endswith("package.json") or path == chains.lockfile.path:
                target = Path(folder) / path
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(tree.read(path) or b"")
        [nodes] = arborist.load([Path(folder)])
    theirs = {k: n for k, n in nodes.items() if "node_modules/" in k and not n["link"]}
    ours = {p.key for p in chains.lockfile.packages if is_third_party(p)}
    reached = set(chains.depths)
    dev = {key for key, node in theirs.items() if node["dev"] and key in reached}
    optional = {key for key, node in theirs.items() if node["optional"] and key in reached}
    entries, devs = len(ours ^ set(theirs)), len(dev ^ (chains.dev & ours))
    optionals = len(optional ^ (chains.optional & ours))
    return f"; arborist: {entries} entries, {devs} dev, {optionals} optional flags differ"


if __name__ == "__main__":
    if sys.argv[1:] and not sys.argv[1].isdigit():
        for each in sys.argv[1:]:
            numbers(each)
    else:
        cost(*map(int, sys.argv[1:]))
