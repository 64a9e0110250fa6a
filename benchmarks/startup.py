"""What a hook costs, as ratios in one run: ``python -m benchmarks.startup [ROUNDS]``.

P is a bare interpreter, G is git, F is both and reading a 275 kB lockfile as
JSON.  The budgets are those of docs/benchmarks.md.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks import installed, lockfile, timing

if TYPE_CHECKING:
    from collections.abc import Mapping

FILES = 6_000
COMMITS = 5_000


def environment(folder: Path) -> dict[str, str]:
    """What the measured processes see."""
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "GIT_CONFIG_NOSYSTEM": "1",
        **{f"GIT_{role}_NAME": "b" for role in ("AUTHOR", "COMMITTER")},
        **{f"GIT_{role}_EMAIL": "b@example.org" for role in ("AUTHOR", "COMMITTER")},
    }


def git(folder: Path, *args: str, stdin: str = "") -> str:
    """What git prints."""
    done = subprocess.run(
        ["git", *args],
        cwd=folder,
        env=environment(folder.parent),
        input=stdin,
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout.strip()


def written(folder: Path, files: Mapping[str, str]) -> None:
    """Put files into a folder and its index."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    git(folder, "add", "--all", "--", *files)


def repository(folder: Path, files: Mapping[str, str] | None = None) -> Path:
    """A repository of thousands of files and an npm project, by default the made-up one."""
    folder.mkdir()
    git(folder, "init", "--quiet", "--initial-branch=main")
    blob = git(folder, "hash-object", "-w", "--stdin", stdin="x")
    rows = [f"100644 {blob}\tsrc/part{n % 97}/module{n}.py\n" for n in range(FILES)]
    git(folder, "update-index", "--add", "--index-info", stdin="".join(rows))
    written(folder, {**(files or lockfile.project("1.2.3")), "README.md": "x"})
    git(folder, "commit", "--quiet", "-m", "first")
    return folder


def server(folder: Path) -> tuple[Path, Path]:
    """A bare repository with commits that no ref names yet, and the push that brings them."""
    folder.mkdir()
    git(folder, "init", "--quiet", "--bare", "--initial-branch=main")
    script = []
    for number in range(COMMITS + 1):
        script.append("commit refs/heads/new\n")
        script.append(f"committer b <b@example.org> {1_600_000_000 + number} +0000\ndata 1\nx\n")
        for path in (f"src/d{number % 211}/m{number % 1009}.rs", f"docs/p{number % 307}.md"):
            text = f"{number}\n"
            script.append(f"M 100644 inline {path}\ndata {len(text)}\n{text}\n")
    git(folder, "fast-import", "--quiet", stdin="".join(script))
    git(folder, "repack", "-adq")
    new = git(folder, "rev-parse", "refs/heads/new")
    old = git(folder, "rev-list", "--max-parents=0", new)
    git(folder, "update-ref", "refs/heads/main", old)
    git(folder, "update-ref", "-d", "refs/heads/new")
    line = folder.parent / "push"
    line.write_text(f"{old} {new} refs/heads/main\n")
    return folder, line


def cases(folder: Path) -> dict[str, timing.Case]:
    """Everything that is timed."""
    bin_folder = installed.environment(folder)
    python, lockward = str(bin_folder / "python"), str(bin_folder / "lockward")
    shell, git_path = "/bin/sh", shutil.which("git") or "git"
    plain = repository(folder / "plain")
    (plain / "README.md").write_text("y")
    git(plain, "add", "README.md")
    changed = repository(folder / "changed")
    written(changed, lockfile.project("1.3.0"))
    bare, line = server(folder / "server.git")
    old, new, _ = line.read_text().split()
    pipe = f"git rev-list {new} ^{old} | git diff-tree --stdin -r -z -m --root --always --raw"
    load = "import json; json.load(open('package-lock.json'))"
    env = environment(folder)

    def case(where: Path, *argv: str, stdin: Path | None = None) -> timing.Case:
        return timing.Case(argv, where, env, stdin=stdin)

    return {
        "P": case(plain, python, "-I", "-c", "pass"),
        "G": case(plain, git_path, "--version"),
        "P + json.load": case(changed, python, "-I", "-c", load),
        "pre-commit, nothing relevant": case(plain, lockward, "pre-commit"),
        "check, nothing relevant": case(plain, lockward, "check", "--staged"),
        "commit-msg, nothing relevant": case(plain, lockward, "commit-msg", ".git/HEAD"),
        "check, changed package-lock.json": case(changed, lockward, "check", "--staged"),
        "rev-list | diff-tree": case(bare, shell, "-c", pipe),
        "pre-receive, 5,000 commits": case(bare, lockward, "pre-receive", stdin=line),
    }


def _units(found: Mapping[str, float]) -> dict[str, float]:
    """What the budgets are multiples of, in milliseconds."""
    return {
        "P + G": found["P"] + found["G"],
        "F": found["P + json.load"] + found["G"],
        "(1.5 pipe + P)": 1.5 * found["rev-list | diff-tree"] + found["P"],
    }


BUDGETS = (
    ("pre-commit, nothing relevant", 1.5, "P + G"),
    ("check, nothing relevant", 1.5, "P + G"),
    ("commit-msg, nothing relevant", 1.5, "P + G"),
    ("check, changed package-lock.json", 2.0, "F"),
    ("pre-receive, 5,000 commits", 1.0, "(1.5 pipe + P)"),
)


def report(found: timing.Timed) -> str:
    """The ratios, beside their budgets."""
    lines = [*found.table(), ""]
    for name, budget, unit in BUDGETS:

        def ratio(times: Mapping[str, float], name: str = name, unit: str = unit) -> float:
            return times[name] / _units(times)[unit]

        clock, processor = found.both(ratio)
        word = "ok" if min(clock, processor) <= budget else "OVER"
        lines.append(
            f"{name:34} {clock:5.2f} x {unit:14} ({processor:.2f} by processor)"
            f" budget {budget:.1f}  {word}"
        )
    return "\n".join(lines)


def main(rounds: int = 21) -> None:
    """Build everything in a folder of its own, measure, print."""
    with tempfile.TemporaryDirectory() as folder:
        print(report(timing.medians(cases(Path(folder)), rounds)))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
