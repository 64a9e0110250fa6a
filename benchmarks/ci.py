"""What the reading of CI files costs: ``python -m benchmarks.ci [ROUNDS]``.

Whole processes of the installed product: a commit of a workflow of 220 lines
beside one that has nothing for us, and a scan of 1,000 CI files.  Budgets: at
most 40 ms more, all parsers' imports included; at most 3 s.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks import installed, timing
from benchmarks.startup import environment, git, written

PARSERS = ("pyyaml", "tree-sitter", "tree-sitter-bash")
FLOW = ".github/workflows/ci.yml"
PROJECT = {"package.json": '{"name": "app"}\n', "package-lock.json": '{"lockfileVersion": 3}\n'}
ONLY = ("--only", "ci-npm-install")
FILES = 1_000


def workflow(install: str, jobs: int = 10) -> str:
    """A workflow of some 220 lines, each of its jobs with a script and an install."""
    lines = ["name: CI", "on: [push, pull_request]", "env:", "  NODE_ENV: test", "jobs:"]
    for number in range(jobs):
        lines += [
            f"  job{number}:",
            "    runs-on: ${{ matrix.os }}",
            "    strategy:",
            "      matrix: {os: [ubuntu-latest, windows-latest], node: [18, 20, 22]}",
            "    steps:",
            "      - uses: actions/checkout@v4",
            "      - uses: actions/setup-node@v4",
            "        with:",
            "          node-version: ${{ matrix.node }}",
            "      - name: Prepare",
            "        shell: bash",
            "        run: |",
            "          set -euo pipefail",
            '          if [[ "${{ github.ref }}" == refs/tags/* ]]; then',
            '            echo "version=$(cat VERSION)" >> "$GITHUB_OUTPUT"',
            "          fi",
            "          for d in one two; do",
            f'            (cd "$d" && {install}) || exit 1',
            "          done",
            f"      - run: {install}",
            f"      - run: ./scripts/test.sh --shard {number}",
        ]
    return "\n".join(lines) + "\n"


def others() -> dict[str, str]:
    """One CI file of each of several kinds."""
    return {
        "Dockerfile": "FROM node:20\nWORKDIR /app\nCOPY . .\nRUN npm install && npm test\n",
        "Makefile": "all:\n\tcd web && npm install\n\tnpm test\n",
        "build.sh": "#!/bin/bash\nset -e\ncd web\nnpm install\nnpm test\n",
        "docker-compose.yml": "services:\n  web:\n    command: sh -c 'npm install && npm start'\n",
    }


def repository(folder: Path, staged: str, text: str) -> Path:
    """A repository with one staged file."""
    folder.mkdir()
    git(folder, "init", "--quiet", "--initial-branch=main")
    written(folder, {**PROJECT, "README.md": "x\n"})
    git(folder, "commit", "--quiet", "-m", "first")
    written(folder, {staged: text})
    return folder


def large(folder: Path) -> Path:
    """A plain folder of 1,000 CI files, a fifth of them workflows."""
    kinds = {f"{FLOW}": workflow("npm install"), **others()}
    for number in range(FILES // len(kinds)):
        for name, text in kinds.items():
            path = folder / f"part{number}" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
    return folder


def main(rounds: int = 15) -> None:
    """Build, install, measure, print."""
    with tempfile.TemporaryDirectory() as name:
        top = Path(name)
        home = installed.environment(top)
        pip = [str(home / "python"), "-m", "pip", "install", "--quiet", *PARSERS]
        subprocess.run(pip, check=True, env=installed.compiling())
        program, env = str(home / "lockward"), environment(top)
        nothing = repository(top / "nothing", "notes.txt", "npm install\n")
        quiet = repository(top / "quiet", FLOW, workflow("make install"))
        loud = repository(top / "loud", FLOW, workflow("npm install"))
        check = (program, "check", *ONLY)
        cases = {
            "python -I -c pass": timing.Case([str(home / "python"), "-I", "-c", "pass"], top, env),
            "nothing of ours staged": timing.Case(check, nothing, env),
            "a workflow without a manager": timing.Case(check, quiet, env),
            "a workflow of 220 lines": timing.Case(check, loud, env),
        }
        timed = timing.medians(cases, rounds)
        scan = timing.Case((program, "scan", *ONLY, "--format", "json", "."), large(top / "l"), env)
        scanned = timing.medians({"scan of 1,000 CI files": scan}, max(3, rounds // 5))
        print("\n".join([*timed.table(), *scanned.table()]))
        for word, used in (("clock", timed.clock), ("processor", timed.processor)):
            bare = used["nothing of ours staged"]
            more = used["a workflow of 220 lines"] - bare
            parts = used["a workflow without a manager"] - bare
            base = used["python -I -c pass"]
            print(
                f"{word:9}: 220 lines cost {more:.1f} ms more ({more / base:.1f} P; budget 40 ms"
                f" where P is 7 ms: {40 / 7:.1f} P), without a manager {parts:.1f} ms"
            )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
