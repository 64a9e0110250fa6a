"""Our reading of shell text beside that of mvdan/sh: ``shfmt --to-json`` on generated scripts."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
import sys
from itertools import groupby
from pathlib import Path
from typing import Any

from lockward import ci
from lockward.ci.shell import bash
from lockward.ci.text import ARGUMENTS, UNKNOWN

SHFMT = shutil.which("shfmt", path=str(Path(sys.executable).parent)) or shutil.which("shfmt")
SCRIPTS = 250
DYNAMIC = "?"

Place = tuple[int, int, tuple[str, ...]]


class Generator:
    """Scripts of commands, most of them npm's, inside every construct of the shell."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)  # noqa: S311 - scripts, not secrets
        self.heredocs: list[str] = []

    def script(self) -> str:
        return "".join(f"{self.line(0)}\n" for _ in range(self.random.randint(1, 7)))

    def line(self, depth: int) -> str:
        """A statement, with the bodies of the heredocs that it opens."""
        text = self.statement(depth)
        bodies = "".join(f"\n{body}" for body in self.heredocs)
        self.heredocs.clear()
        return text + bodies

    def statement(self, depth: int) -> str:
        if depth > 3:
            return self.command(depth)
        make = self.random.choice(
            [self.command] * 5 + [self.joined, self.grouped, self.branch, self.loop, self.named]
        )
        return make(depth)

    def joined(self, depth: int) -> str:
        sign = self.random.choice([" && ", " || ", " | ", "; ", " |& ", " & ", " &&\n  ", ";  "])
        return f"{self.plain(depth)}{sign}{self.statement(depth + 1)}"

    def grouped(self, depth: int) -> str:
        inner = self.plain(depth)
        return self.random.choice(
            [f"({inner})", f"{{ {inner}; }}", f"! {inner}", f"( {inner}\n{self.plain(depth)} )"]
        )

    def branch(self, depth: int) -> str:
        one, two, three = (self.plain(depth) for _ in range(3))
        return self.random.choice(
            [
                f"if {one}; then {two}; else {three}; fi",
                f"if [[ -f x && $y == z ]]; then\n  {one}\nelif {two}; then\n  {three}\nfi",
                f"case $x in\n  a|b) {one} ;;\n  *) {two} ;;\nesac",
                f"[ -f x ] || {one}",
            ]
        )

    def loop(self, depth: int) -> str:
        one, two = self.plain(depth), self.plain(depth)
        return self.random.choice(
            [
                f"for d in a b; do {one}; done",
                f"for d in *; do\n  {one}\n  {two}\ndone",
                f"while {one}; do {two}; done",
                f"until {one}\ndo {two}\ndone > log 2>&1",
            ]
        )

    def named(self, depth: int) -> str:
        name = f"f{self.random.randint(0, 9)}"
        return self.random.choice(
            [f"{name}() {{ {self.plain(depth)}; }}", f"function {name} {{\n{self.plain(depth)}\n}}"]
        )

    def plain(self, depth: int) -> str:
        """A statement in which no heredoc is opened: it may stand in the middle of a line."""
        held, self.heredocs = self.heredocs, ["no"]
        text = self.statement(depth + 1)
        self.heredocs = held
        return text

    def command(self, depth: int) -> str:
        choose = self.random.choice
        before = choose(["", "", "", "A=1 ", "A='x y' B= "])
        names = ["npm", "npm", "npm", "'npm'", '"npm"', "n\\pm", "foo", "/usr/bin/npm"]
        name = choose(names if depth > 3 else [*names, "echo"])  # $(echo x) is x to us
        words = [self.word(depth) for _ in range(self.random.randint(0, 3))]
        text = before + choose([" ", " ", "  ", " \\\n  "]).join([name, *words])
        text += choose(["", "", "", " > log", " 2>&1", " < in", " >>a 2>b"])
        if not self.heredocs and self.random.random() < 0.08:
            self.heredocs.append("npm install\nEOF")
            text += choose([" <<EOF", " <<'EOF'"])
        elif self.heredocs != ["no"] and self.random.random() < 0.1:
            text += "  # npm install"
            self.heredocs = self.heredocs or []
            return text if depth == 0 else text.split("  #")[0]
        return text

    def word(self, depth: int) -> str:
        plain = ["install", "ci", "i", "-g", "--prefix", "web", "a/b", "x=y", "'in'stall", '"ci"']
        quoted = ["'a b'", '"a b"', '"a; npm install"', "'npm install'", "\\;", "$'a\\tb'", '"$x"']
        dynamic = ["$x", "${x#y}", "$(npm ci)", "`npm i`", '"$(npm install)"', "<(npm ci)"]
        if depth < 3 and self.random.random() < 0.1:
            return f"$({self.plain(3)})"
        return self.random.choice(plain * 2 + quoted + dynamic)


def oracle(script: str) -> list[Place] | None:
    """Line, column and words of npm's commands, as mvdan/sh sees them; None = no shell."""
    done = subprocess.run(
        [str(SHFMT), "--to-json"], input=script, capture_output=True, text=True, check=False
    )
    if done.returncode:
        return None
    found = []
    pending: list[Any] = [json.loads(done.stdout)]
    while pending:
        node = pending.pop()
        if isinstance(node, list):
            pending += node
        elif isinstance(node, dict):
            pending += node.values()
            if node.get("Type") == "CallExpr" and node.get("Args"):
                words = [_static(word["Parts"]) for word in node["Args"]]
                if words[0].rpartition("/")[2] == "npm":
                    place = node["Args"][0]["Pos"]
                    found.append((place["Line"], place["Col"], ("npm", *words[1:])))
    return sorted(found)


def _static(parts: list[dict[str, Any]]) -> str:
    """A word's value; "?" where only a run tells."""
    values = []
    for part in parts:
        kind = part["Type"]
        if kind == "Lit":
            values.append(_unescaped(part["Value"]))
        elif kind == "SglQuoted" and not part.get("Dollar"):
            values.append(part["Value"])
        elif kind == "DblQuoted" and all(one["Type"] == "Lit" for one in part.get("Parts") or ()):
            values += [one["Value"] for one in part.get("Parts") or ()]
        else:
            return DYNAMIC
    return "".join(values)


def _unescaped(value: str) -> str:
    return value.replace("\\\n", "").replace("\\", "")


def ours(script: str) -> list[Place]:
    """The same as we see it."""
    found = ci.read("a.sh", script.encode()).commands
    return sorted((c.line, c.column, tuple(map(_told, c.argv))) for c in found)


def _told(word: str) -> str:
    dynamic = UNKNOWN in word or ARGUMENTS in word or "\t" in word
    return DYNAMIC if dynamic else word


def told(places: list[Place]) -> list[tuple[int, tuple[str, ...]]]:
    """Lines and words: shfmt counts a quoted name from its quote, we from its first letter.

    Of several words in a row that only a run tells, one is kept.
    """
    return sorted((line, tuple(key for key, _ in groupby(words))) for line, _, words in places)


def test_generated_scripts_are_read_as_mvdan_sh_reads_them() -> None:
    """The same commands; where the grammar gives up, on the same lines at least."""
    assert SHFMT, "shfmt comes with the development requirements (shfmt-py)"
    judged = faulty = 0
    for seed in range(SCRIPTS):
        script = Generator(seed).script()
        expected = oracle(script)
        if expected is None:
            continue
        judged += 1
        found = ours(script)
        if bash.parse(script).has_error:
            faulty += 1
            assert {line for line, _, _ in expected} <= {line for line, _, _ in found}, script
        else:
            assert told(found) == told(expected), script

    assert judged > SCRIPTS * 0.9
    assert faulty < SCRIPTS * 0.05
