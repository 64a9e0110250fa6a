"""What a changed pnpm-lock.yaml or yarn.lock of 850 kB costs.

    python -m benchmarks.startup_pnpm [ROUNDS] [GIT_DIR COMMIT]...

Ratios to P, a bare interpreter, in one run: of a made-up pnpm project whose lockfile
has one importer, and of any commits of any git directories that pass, each staged
on its parent; of those also what it would be for 850 kB.
"""

from __future__ import annotations

import hashlib
import json
import sys
import tempfile
from base64 import b64encode
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks import installed, timing
from benchmarks.startup import environment, git, written

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

PACKAGES = 2_150  # with their snapshots as many lines as a lockfile of 850 kB has
BUDGET = 9
SIZE = 850  # kB, of the budget's lockfile


def integrity(name: str) -> str:
    """A hash that no other package has."""
    return f"sha512-{b64encode(hashlib.sha512(name.encode()).digest()).decode()}"


def project(last: str) -> dict[str, str]:
    """A package.json and its pnpm-lock.yaml; the last package has this version."""
    names = [f"package-{number:04}" for number in range(PACKAGES)]
    versions = dict.fromkeys(names, "1.2.3") | {names[-1]: last}
    top = {name: f"^{versions[name]}" for name in [*names[::8], names[-1]]}
    lines = ["lockfileVersion: '9.0'\n\nsettings:\n  autoInstallPeers: true\n"]
    lines.append("  excludeLinksFromLockfile: false\n\nimporters:\n\n  .:\n    dependencies:\n")
    for name, spec in sorted(top.items()):
        lines.append(f"      {name}:\n        specifier: {spec}\n")
        lines.append(f"        version: {versions[name]}\n")
    lines.append("\npackages:\n\n")
    for number, name in enumerate(names):
        lines.append(f"  {name}@{versions[name]}:\n")
        lines.append(f"    resolution: {{integrity: {integrity(name)}}}\n")
        lines.append(f"    engines: {{node: '>={14 + 2 * (number % 4)}.0.0'}}\n")
        lines.append("    hasBin: true\n\n" if number % 9 == 0 else "\n")
    lines.append("snapshots:\n\n")
    for number, name in enumerate(names):
        below = [one for one in names[number + 1 : number + 8] if (number + 1) % 8]
        entry = "".join(f"      {one}: {versions[one]}\n" for one in below)
        head = f"  {name}@{versions[name]}:"
        lines.append(f"{head}\n    dependencies:\n{entry}\n" if entry else f"{head} {{}}\n\n")
    manifest = {"name": "app", "packageManager": "pnpm@10.34.9", "dependencies": top}
    return {"package.json": json.dumps(manifest, indent=2), "pnpm-lock.yaml": "".join(lines)[:-1]}


def made_up(folder: Path) -> Path:
    """A repository in which one requirement and one locked package are staged."""
    folder.mkdir()
    git(folder, "init", "--quiet", "--initial-branch=main")
    written(folder, project("1.2.3"))
    git(folder, "commit", "--quiet", "-m", "first")
    written(folder, project("1.3.0"))
    return folder


def real(folder: Path, git_dir: str, commit: str) -> Path:
    """A repository that has a commit's tree staged on its parent."""
    folder.mkdir()
    git(folder, "init", "--quiet")
    objects = Path(git_dir).resolve() / "objects"
    (folder / ".git/objects/info/alternates").write_text(f"{objects}\n")
    git(folder, "update-ref", "HEAD", f"{commit}^")
    git(folder, "read-tree", commit)
    return folder


def kilobytes(folder: Path) -> float:
    """The size of the largest lockfile that is staged."""
    rows = git(folder, "ls-files", "-s", "*yarn.lock", "*pnpm-lock.yaml").splitlines()
    return max(int(git(folder, "cat-file", "-s", row.split()[1])) for row in rows) / 1000


def _ratio_of(place: str) -> Callable[[Mapping[str, float]], float]:
    return lambda times: times[place] / times["P"]


def main(rounds: int = 21, *commits: str) -> None:
    """Build everything in a folder of its own, measure, print."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        more = ("pyyaml",) if commits else ()  # for CI files in them
        bin_folder = installed.environment(folder, *more)
        env = environment(folder)
        places = {"one project": made_up(folder / "one")}
        for number, (git_dir, commit) in enumerate(zip(commits[::2], commits[1::2], strict=True)):
            label = f"{Path(git_dir).parent.name} {commit}"
            places[label] = real(folder / f"real{number}", git_dir, commit)
        cases = {
            place: timing.Case((str(bin_folder / "lockward"), "check", "--staged"), where, env)
            for place, where in places.items()
        }
        python = (str(bin_folder / "python"), "-I", "-c", "pass")
        found = timing.medians({"P": timing.Case(python, folder, env), **cases}, rounds)
        print("\n".join(found.table()))
        for place, where in places.items():
            clock, processor = found.both(_ratio_of(place))
            size = kilobytes(where)
            print(
                f"{place:40} {size:5.0f} kB {clock:5.1f} x P by the clock,"
                f" {processor:5.1f} of the processor ({processor * SIZE / size:.1f} for {SIZE} kB)"
            )
        print(f"budget of {SIZE} kB: {BUDGET} x P")


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else 21, *sys.argv[2:])
