"""The same lockfile, checked by others: ``python -m benchmarks.rivals [ROUNDS [GIT_DIR]]``.

One package-lock.json of 275 kB with the shape of real ones (benchmarks/lockfile.py),
or the one at the tip of a repository, of which one package changed.  Whole
processes: `lockward check` judges the change with all rules; lockfile-lint 5
looks at every address, with all of its checks on; `npm ci --dry-run --offline`
reads the file and resolves it.  The last two are other jobs than ours: they are
here because they are what a project runs today.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks import lockfile, reallock, startup, timing

if TYPE_CHECKING:
    from collections.abc import Mapping

LINT = "lockfile-lint@5"
STRICTEST = (
    *("--path", "package-lock.json", "--type", "npm", "--validate-https", "--validate-integrity"),
    *("--validate-package-names", "--empty-hostname", "false"),
    *("--allowed-hosts", lockfile.HOST.removeprefix("https://")),
)
BUDGETS = {"lockfile-lint": 5, "npm ci --dry-run --offline": 20}


def linter(folder: Path) -> str:
    """Install lockfile-lint with npm into a folder of its own; the path of its program."""
    folder.mkdir()
    install = ["npm", "install", "--silent", "--no-audit", "--no-fund", "--ignore-scripts"]
    subprocess.run([*install, "--prefix", str(folder), LINT], check=True, cwd=folder)
    return str(folder / "node_modules" / "lockfile-lint" / "bin" / "lockfile-lint.js")


def cases(folder: Path, bin_folder: Path, changed: Path) -> dict[str, timing.Case]:
    """The three of them, on the working tree of a repository with a staged change."""
    env = startup.environment(folder)
    node, npm = shutil.which("node") or "node", shutil.which("npm") or "npm"
    dry = ("ci", "--dry-run", "--offline", "--ignore-scripts")
    python = str(bin_folder / "python")
    load = "import json; json.load(open('package-lock.json'))"
    return {
        "G": timing.Case((shutil.which("git") or "git", "--version"), changed, env),
        "P + json.load": timing.Case((python, "-I", "-c", load), changed, env),
        "lockward check": timing.Case((str(bin_folder / "lockward"), "check"), changed, env),
        "lockfile-lint": timing.Case((node, linter(folder / "lint"), *STRICTEST), changed, env),
        "npm ci --dry-run --offline": timing.Case((npm, *dry), changed, env),
    }


def states(git_dir: str) -> tuple[dict[str, str], dict[str, str]]:
    """The project before and after its change."""
    if not git_dir:
        return lockfile.project("1.2.3"), lockfile.project("1.3.0")
    return reallock.project(git_dir, bumped=False), reallock.project(git_dir, bumped=True)


def report(found: timing.Timed) -> str:
    """How many times ours the others' time is, beside the budgets."""
    lines = [*found.table(), ""]
    clock, processor = found.both(
        lambda times: times["lockward check"] / (times["G"] + times["P + json.load"])
    )
    lines.append(f"lockward check is {clock:.2f} x F ({processor:.2f} by processor)")
    for name, budget in BUDGETS.items():

        def ratio(times: Mapping[str, float], name: str = name) -> float:
            return times[name] / times["lockward check"]

        clock, processor = found.both(ratio)
        word = "ok" if max(clock, processor) >= budget else "OVER"
        lines.append(
            f"{name:27} {clock:5.1f} x lockward check ({processor:.1f} by processor)"
            f" budget {budget}  {word}"
        )
    return "\n".join(lines)


def main(rounds: int = 15, git_dir: str = "") -> None:
    """Build everything in a folder of its own, measure, print."""
    from benchmarks import installed

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        bin_folder = installed.environment(folder)
        before, after = states(git_dir)
        changed = startup.repository(folder / "changed", before)
        startup.written(changed, after)
        print(report(timing.medians(cases(folder, bin_folder, changed), rounds)))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 15, "".join(sys.argv[2:3]))
