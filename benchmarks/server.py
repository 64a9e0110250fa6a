"""A server's hook under load: ``python -m benchmarks.server [ROUNDS] [sizes|load|extremes ...]``.

sizes     pushes of 1, 100 and 5,000 commits, with and without JavaScript in them, beside
          the bare ``rev-list | diff-tree`` that any hook must run
load      200 pushes at the same time to 20 repositories, every other one to be refused
extremes  a blob of 300 MB, a lockfile of 100 MB, 10,000 refs, a tree of 200,000 files
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks import installed, timing
from benchmarks.lockfile import HOST
from benchmarks.startup import environment, git

SIZES = (1, 100, 5_000)
PACKAGES = 20
REPOSITORIES, PUSHES = 20, 200
MEGABYTES = 1 << 20
# Runs the hook, and writes down the largest memory of it and of its children in kB.
METER = """\
#!{python}
import resource, subprocess, sys
code = subprocess.run(["{lockward}", "pre-receive"]).returncode
with open("{log}", "a") as file:
    file.write("%d %d\\n" % (code, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss))
sys.exit(code)
"""


def project(bump: int) -> dict[str, str]:
    """A small project; ``bump`` is in the version of one package that it asks for."""
    names = [f"package-{number}" for number in range(PACKAGES)]
    versions = {**dict.fromkeys(names, "1.2.3"), names[0]: f"1.{bump}.0"}
    wanted = {name: f"^{version}" for name, version in versions.items()}
    entries: dict[str, object] = {"": {"name": "app", "dependencies": wanted}}
    for name, version in versions.items():
        # A hash for each version: published bytes never change.
        digits = f"{int(version.split('.')[1]):06d}"
        entries[f"node_modules/{name}"] = {
            "version": version,
            "resolved": f"{HOST}/{name}/-/{name}-{version}.tgz",
            "integrity": f"sha512-{digits}{'A' * 80}==",
        }
    lock = {"name": "app", "lockfileVersion": 3, "requires": True, "packages": entries}
    return {
        "package.json": json.dumps({"name": "app", "dependencies": wanted}, indent=2) + "\n",
        "package-lock.json": json.dumps(lock, indent=2) + "\n",
    }


def history(folder: Path, commits: int, *, javascript: bool) -> Path:
    """A bare repository with commits that no ref names yet; the push that brings them."""
    folder.mkdir(parents=True)
    git(folder, "init", "--quiet", "--bare", "--initial-branch=main")
    script = []
    for number in range(commits + 1):
        script.append("commit refs/heads/new\n")
        script.append(f"committer b <b@example.org> {1_600_000_000 + number} +0000\ndata 1\nx\n")
        files = {f"src/d{number % 211}/m{number % 1009}.rs": f"{number}\n"}
        if javascript or not number:
            files |= project(number)
        for path, text in files.items():
            script.append(f"M 100644 inline {path}\ndata {len(text)}\n{text}\n")
    git(folder, "fast-import", "--quiet", stdin="".join(script))
    git(folder, "repack", "-adq")
    new = git(folder, "rev-parse", "refs/heads/new")
    old = git(folder, "rev-list", "--max-parents=0", new)
    git(folder, "update-ref", "refs/heads/main", old)
    git(folder, "update-ref", "-d", "refs/heads/new")
    line = folder.parent / f"{folder.name}.push"
    line.write_text(f"{old} {new} refs/heads/main\n")
    return line


def sizes(folder: Path, programs: Path, rounds: int) -> None:
    """Hooks of pushes of growing length, as ratios to the pipe that they run."""
    policy = folder / "policy.toml"
    policy.write_text("[server]\ndeadline = 600\n")
    env = environment(folder)
    python = timing.Case([str(programs / "python"), "-I", "-c", "pass"], folder, env)
    for commits in SIZES:
        for javascript in (False, True):
            place = folder / f"{commits}-{javascript}"
            line = history(place, commits, javascript=javascript)
            old, new, _ = line.read_text().split()
            pipe = f"git rev-list {new} ^{old} | git diff-tree --stdin -r -z -m --root --raw"
            hook = [str(programs / "lockward"), "pre-receive"]
            if javascript:
                hook += ["--policy", str(policy)]  # 5,000 judgements take longer than 30 s
            cases = {
                "P": python,
                "pipe": timing.Case(["/bin/sh", "-c", pipe], place, env),
                "hook": timing.Case(hook, place, env, stdin=line),
            }
            few = rounds if commits < SIZES[-1] or not javascript else 1
            print(f"{commits:5} commits, {_line(timing.medians(cases, few), commits, javascript)}")


def _line(found: timing.Timed, commits: int, javascript: bool) -> str:  # noqa: FBT001 - a column
    """The hook's time as a multiple of its budget, by the clock and by the processors."""
    clock, processor = found.both(lambda times: times["hook"] / (1.5 * times["pipe"] + times["P"]))
    each = (found.processor["hook"] - found.processor["P"]) / commits
    kind = "all with JavaScript" if javascript else "none with JavaScript"
    return (
        f"{kind:20}: pipe {found.clock['pipe']:7.1f} ms, hook {found.clock['hook']:8.1f} ms"
        f" = {clock:5.2f} x (1.5 pipe + P) ({processor:.2f} by processor), {each:.2f} ms a commit"
    )


class Server:
    """A bare repository with the metered hook, and a working repository that pushes to it."""

    def __init__(self, folder: Path, programs: Path, policy: str = "") -> None:
        folder.mkdir(parents=True)
        self.folder = folder
        self.bare, self.work, self.log = folder / "bare.git", folder / "work", folder / "log"
        for place, option in ((self.bare, "--bare"), (self.work, "--quiet")):
            place.mkdir()
            git(place, "init", "--quiet", "--initial-branch=main", option)
        git(self.work, "config", "gc.auto", "0")
        self.commit(project(0))
        git(self.work, "push", "--quiet", str(self.bare), "main")
        hook = self.bare / "hooks" / "pre-receive"
        hook.write_text(
            METER.format(python=programs / "python", lockward=programs / "lockward", log=self.log)
        )
        hook.chmod(0o755)
        if policy:
            (folder / "policy.toml").write_text(policy)
            git(self.bare, "config", "lockward.policy", str(folder / "policy.toml"))

    def commit(self, files: dict[str, str]) -> None:
        """Commit files."""
        for name, text in files.items():
            path = self.work / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        git(self.work, "add", "--all")
        git(self.work, "commit", "--quiet", "-m", "x")

    def push(self, *refs: str) -> tuple[int, float, str]:
        """Exit code, seconds, and what was said."""
        start = time.perf_counter()
        done = subprocess.run(
            ["git", "push", "--quiet", str(self.bare), *refs],
            cwd=self.work,
            env=environment(self.folder),
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode, time.perf_counter() - start, done.stderr

    def most_memory(self) -> float:
        """The largest memory of a hook so far, in MB."""
        rows = self.log.read_text().splitlines() if self.log.exists() else []
        return max((int(row.split()[1]) for row in rows), default=0) / 1024


def evil() -> dict[str, str]:
    """The project with one hash replaced."""
    files = project(0)
    return {**files, "package-lock.json": files["package-lock.json"].replace("AAA", "BBB", 1)}


def load(folder: Path, programs: Path, _rounds: int) -> None:
    """Many pushes at once: each to a branch of its own, every other one to be refused."""
    servers = [Server(folder / f"s{n}", programs) for n in range(REPOSITORIES)]
    wanted: list[tuple[Server, str, bool]] = []
    for number in range(PUSHES):
        server, bad = servers[number % REPOSITORIES], bool(number // REPOSITORIES % 2)
        branch = f"b{number}"
        git(server.work, "checkout", "--quiet", "-b", branch, "main")
        server.commit({**(evil() if bad else project(1)), "n": str(number)})
        wanted.append((server, branch, bad))
    start = time.perf_counter()
    running = [
        subprocess.Popen(
            ["git", "push", "--quiet", str(server.bare), branch],
            cwd=server.work,
            env=environment(server.folder),
            stderr=subprocess.PIPE,
            text=True,
        )
        for server, branch, _ in wanted
    ]
    words = [process.communicate()[1] for process in running]
    seconds = time.perf_counter() - start
    count = dict.fromkeys(("accepted", "refused", "undecided", "WRONGLY ACCEPTED", "LOST"), 0)
    for (server, branch, bad), said in zip(wanted, words, strict=True):
        there = git(server.bare, "for-each-ref", f"refs/heads/{branch}") != ""
        if there:
            count["WRONGLY ACCEPTED" if bad else "accepted"] += 1
        elif "lockward: undecided" in said:
            count["undecided"] += 1
        else:
            count["refused" if bad and "lockward: refused" in said else "LOST"] += 1
    memory = max(server.most_memory() for server in servers)
    print(f"{PUSHES} pushes at once to {REPOSITORIES} repositories: {seconds:.1f} s, {count}")
    print(f"largest memory of a hook: {memory:.0f} MB")


def _told(server: Server, what: str, *refs: str) -> None:
    """Push without the hook (to a copy), then with it; print both."""
    plain = server.folder / "plain.git"
    shutil.copytree(server.bare, plain)
    (plain / "hooks" / "pre-receive").unlink()
    bare, server.bare = server.bare, plain
    _, without, _ = server.push(*refs)
    server.bare = bare
    code, seconds, said = server.push(*refs)
    lines = [line.removeprefix("remote: ").strip() for line in said.splitlines()]
    last = next((line for line in lines if line.startswith("lockward:")), "silent")
    print(
        f"{what}: {seconds:.1f} s (without the hook {without:.1f} s), exit {code},"
        f" {server.most_memory():.0f} MB; {last}"
    )


def extremes(folder: Path, programs: Path, _rounds: int) -> None:
    """One thing that is far too large, each."""
    server = Server(folder / "blob", programs)
    with (server.work / "big.bin").open("wb") as file:
        file.truncate(300 * MEGABYTES)
    server.commit(project(1))
    _told(server, "a blob of 300 MB beside a lockfile change", "main")

    server = Server(folder / "lock", programs)
    text = project(1)["package-lock.json"]
    padded = text[:-2] + " " * (100 * MEGABYTES) + text[-2:]
    server.commit({**project(1), "package-lock.json": padded})
    _told(server, "a lockfile of 100 MB", "main")

    server = Server(folder / "refs", programs)
    server.commit(project(1))
    head = git(server.work, "rev-parse", "HEAD")
    rows = "".join(f"create refs/heads/many/b{n} {head}\n" for n in range(10_000))
    git(server.work, "update-ref", "--stdin", stdin=rows)
    _told(server, "10,000 refs in one push", "refs/heads/many/*")

    server = Server(folder / "tree", programs)
    blob = git(server.work, "hash-object", "-w", "--stdin", stdin="x")
    rows = "".join(f"100644 {blob}\tsrc/d{n % 997}/m{n}.ts\n" for n in range(200_000))
    git(server.work, "update-index", "--add", "--index-info", stdin=rows)
    for name, content in project(1).items():
        (server.work / name).write_text(content)
    git(server.work, "add", "package.json", "package-lock.json")
    git(server.work, "commit", "--quiet", "-m", "large")
    _told(server, "a tree of 200,000 files", "main")


PARTS = {"sizes": sizes, "load": load, "extremes": extremes}


def main(rounds: int = 11, *parts: str) -> None:
    """Build the product, measure, print."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        programs = installed.environment(folder)
        for part in parts or tuple(PARTS):
            print(f"\n{part}\n", flush=True)
            (folder / part).mkdir()
            PARTS[part](folder / part, programs, rounds)
            shutil.rmtree(folder / part, ignore_errors=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else 11, *sys.argv[2:])
