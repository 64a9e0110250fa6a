"""CI files that want to be slow: one shape each, beside a small project of npm."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from benchmarks.hostile_files import entry, npm

if TYPE_CHECKING:
    from benchmarks.hostile_files import Case, Files

WORKFLOW = ".github/workflows/ci.yml"
NESTED = 50_000  # levels of what is nested; a file has as many of those as fit


def _beside(path: str, text: str, state: int) -> Files:
    """The file, another one in each state, in a project where nothing else changes."""
    found = npm({"node_modules/a": entry("a", "1.0.0", 1)}, {"a": "^1.0.0"})
    return {**found, path: f"{text}\n# {state}\n".encode()}


def _steps(*runs: str) -> str:
    head = "on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n"
    return head + "\n".join(f"      - run: {run}" for run in runs)


def _script(text: str, state: int) -> Files:
    return _beside("ci.sh", f"#!/bin/sh\n{text}\nnpm install\n", state)


def ci_steps(size: int, state: int) -> Files:
    """A hundred thousand steps, each of which installs."""
    return _beside(WORKFLOW, _steps(*(f"npm install p{n}" for n in range(size // 35))), state)


def ci_deep(size: int, state: int) -> Files:
    """YAML as deep as its reader goes, again and again."""
    nest = "".join(f"{'  ' * n}k{n}:\n" for n in range(60)) + f"{'  ' * 60}run: npm install\n"
    return _beside(WORKFLOW, nest * (size // len(nest)), state)


def ci_flow(size: int, state: int) -> Files:
    """Lists in lists in lists in one line."""
    return _beside(WORKFLOW, f"run: npm install\nx: {'[' * (size // 2)}{']' * (size // 2)}", state)


def ci_jobs(size: int, state: int) -> Files:
    """Thousands of jobs that need one another, and call one another's outputs."""
    jobs = "".join(
        f"  j{n}:\n    needs: [{', '.join(f'j{n - m}' for m in range(1, 20))}]\n    steps:\n"
        f"      - id: s{n}\n        run: npm ${{{{ needs.j{n - 1}.outputs.x }}}} install\n"
        for n in range(20, size // 200)
    )
    return _beside(WORKFLOW, f"on: push\njobs:\n{jobs}", state)


def ci_matrix(size: int, state: int) -> Files:
    """A matrix of thousands of values in each of many dimensions."""
    rows = "".join(
        f"        d{n}: [{', '.join(f'v{m}' for m in range(1000))}]\n" for n in range(size // 6900)
    )
    uses = " ".join(f"${{{{ matrix.d{n} }}}}" for n in range(20))
    text = f"on: push\njobs:\n  a:\n    strategy:\n      matrix:\n{rows}    steps:\n"
    return _beside(WORKFLOW, f"{text}      - run: npm {uses} install\n", state)


def ci_expressions(size: int, state: int) -> Files:
    """Expressions within expressions, open and closed."""
    return _beside(WORKFLOW, _steps("npm install " + "${{ " * (size // 8), "}} " * 9), state)


def ci_anchors(size: int, state: int) -> Files:
    """Anchors that stand for one another: billions of laughs."""
    rows = "".join(
        f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9 if n else ['npm install'])}]\n"
        for n in range(size // 60)
    )
    return _beside(WORKFLOW, rows, state)


def sh_substitutions(size: int, state: int) -> Files:
    """Substitutions in substitutions."""
    deep = min(NESTED, size // 4)
    one = f"echo {'$(echo ' * deep}npm install{')' * deep}\n"
    return _script(one * max(1, size // len(one)), state)


def sh_open(size: int, state: int) -> Files:
    """Substitutions that are never closed."""
    return _script("npm ci " + "$(" * (size // 2), state)


def sh_backticks(size: int, state: int) -> Files:
    """Backticks and quotes by turns."""
    return _script("npm `\"' install " * (size // 16), state)


def sh_heredocs(size: int, state: int) -> Files:
    """Thousands of documents, one begun in the other and never ended."""
    return _script("\n".join(f"cat <<E{n} && npm install" for n in range(size // 28)), state)


def sh_heredocs_in_line(size: int, state: int) -> Files:
    """Thousands of documents of one line."""
    return _script("cat " + " ".join(f"<<E{n}" for n in range(size // 8)) + "\nnpm install", state)


def sh_document(size: int, state: int) -> Files:
    """A document of megabytes, full of installs."""
    return _script("bash <<END\n" + "npm install\n" * (size // 12) + "END", state)


def sh_one_line(size: int, state: int) -> Files:
    """One line of commands."""
    return _script("npm install && " * (size // 15) + "true", state)


def sh_one_word(size: int, state: int) -> Files:
    """One word, full of quotes."""
    return _script("npm ''" + "''\"\"" * (size // 4) + "install", state)


def sh_continued(size: int, state: int) -> Files:
    """One command over hundreds of thousands of lines."""
    return _script("npm \\\n" * (size // 6) + " install", state)


def sh_functions(size: int, state: int) -> Files:
    """Functions in functions, and calls of all of them."""
    count = size // 60
    made = "\n".join(f"f{n}() {{ f{n + 1}; npm install; }}" for n in range(count))
    return _script(made + "\n" + "\n".join(f"f{n}" for n in range(count)), state)


def sh_variables(size: int, state: int) -> Files:
    """Variables that double one another."""
    made = "\n".join(f'v{n}="$v{n - 1} $v{n - 1}"' for n in range(1, size // 30))
    return _script(f"v0='npm install'\n{made}\n$v{size // 30 - 1}", state)


def sh_nested(size: int, state: int) -> Files:
    """Shells in shells: sh -c, quoted once more at every level."""
    text = "npm install"
    while 2 * len(text) < size // 2:
        text = "sh -c '" + text.replace("'", "'\\''") + "'"
    return _script(f"{text}\n" * max(1, size // len(text)), state)


def sh_wrapped(size: int, state: int) -> Files:
    """Programs that run programs that run programs."""
    return _script("sudo env A=1 nice time exec " * (size // 29) + "npm install", state)


def sh_loops(size: int, state: int) -> Files:
    """Blocks in blocks."""
    deep = min(NESTED, size // 40)
    one = "if true; then for a in b; do " * deep + "npm install; " + "done; fi; " * deep
    return _script(f"{one}\n" * max(1, size // len(one)), state)


def powershell(size: int, state: int) -> Files:
    """Blocks, strings and documents of PowerShell."""
    text = '$x = @"\n$(& { npm install; "a`"b" })\n"@\n{ ( @( '
    return _beside("ci.ps1", text * (size // len(text)), state)


def batch(size: int, state: int) -> Files:
    """A batch file: carets, brackets, labels and calls."""
    text = ":a\ncall :b ^\n& (if 1==1 (npm install) else ((\ngoto a\n"
    return _beside("ci.cmd", text * (size // len(text)), state)


def makefile(size: int, state: int) -> Files:
    """Variables and targets that lead to one another."""
    rows = "".join(
        f"V{n} = $(V{n + 1}) $(V{n + 1})\nt{n}: t{n + 1}\n\t$(V{n}) npm install\n"
        for n in range(size // 60)
    )
    return _beside("Makefile", rows, state)


def make_open(size: int, state: int) -> Files:
    """References that are never closed."""
    return _beside("Makefile", "a:\n\tnpm install " + "$(a " * (size // 4), state)


def dockerfile(size: int, state: int) -> Files:
    """Stages from stages, variables from variables, one instruction over all lines."""
    rows = "".join(
        f"FROM s{n - 1} AS s{n}\nARG A{n}=$A{n - 1}$A{n - 1}\nRUN $A{n} npm install\n"
        for n in range(1, size // 70)
    )
    return _beside("Dockerfile", rows, state)


def docker_line(size: int, state: int) -> Files:
    """One instruction over hundreds of thousands of lines, and documents without end."""
    return _beside("Dockerfile", "FROM a\nRUN <<A <<B <<C \\\n" + " npm \\\n" * (size // 7), state)


def jenkinsfile(size: int, state: int) -> Files:
    """Strings of Groovy, within closures."""
    text = 'stage(\'a\') { steps { sh """npm install ${b("${c}")}""" + \'x\' \n'
    return _beside("Jenkinsfile", text * (size // len(text)), state)


def gitlab(size: int, state: int) -> Files:
    """Jobs that extend all jobs before them, and refer to their scripts."""
    rows = "".join(
        f"j{n}:\n  extends: [{', '.join(f'j{n - m}' for m in range(1, 9))}]\n"
        f"  script:\n    - !reference [j{n - 1}, script]\n    - npm install\n"
        for n in range(9, size // 110)
    )
    return _beside(".gitlab-ci.yml", rows, state)


def circleci(size: int, state: int) -> Files:
    """Commands that call commands twice."""
    rows = "".join(
        f"  c{n}:\n    steps:\n      - c{n + 1}\n      - c{n + 1}\n      - run: npm install\n"
        for n in range(size // 70)
    )
    jobs = "jobs:\n  a:\n    steps:\n      - c0\n"
    return _beside(".circleci/config.yml", f"version: 2.1\n{jobs}commands:\n{rows}", state)


def azure(size: int, state: int) -> Files:
    """Templates with parameters in expressions."""
    rows = "".join(
        f"- ${{{{ if eq(parameters.p{n}, 'x') }}}}:\n  - script: npm install\n"
        for n in range(size // 60)
    )
    return _beside("azure-pipelines.yml", f"steps:\n{rows}", state)


def scripts(size: int, state: int) -> Files:
    """A hundred thousand scripts in package.json, each of which runs the next two; CI the first."""
    count = size // 70
    text = _beside(WORKFLOW, _steps("npm run s0"), state)
    document = json.loads(text["package.json"])
    document["scripts"] = {
        f"s{n}": f"npm run s{n + 1} && npm run s{n + 2} && npm install" for n in range(count)
    }
    return {**text, "package.json": json.dumps(document).encode()}


def taskfile(size: int, state: int) -> Files:
    """Tasks that call tasks twice."""
    rows = "".join(
        f"  t{n}:\n    cmds:\n      - task: t{n + 1}\n      - task: t{n + 1}\n      - npm install\n"
        for n in range(size // 75)
    )
    return _beside("Taskfile.yml", f"version: '3'\ntasks:\n{rows}", state)


def justfile(size: int, state: int) -> Files:
    """Recipes and variables that lead to one another."""
    rows = "".join(
        f"v{n} := v{n + 1} + v{n + 1}\nr{n}: r{n + 1}\n  {{{{v{n}}}}} npm install\n"
        for n in range(size // 65)
    )
    return _beside("justfile", rows, state)


def compose(size: int, state: int) -> Files:
    """Services whose commands are shells in JSON."""
    rows = "".join(
        f'  s{n}:\n    command: ["sh", "-c", "npm install && $$(npm i)"]\n'
        for n in range(size // 70)
    )
    return _beside("docker-compose.yml", f"services:\n{rows}", state)


def ci_files(size: int, state: int) -> Files:
    """All of these shapes, each in a file of its own."""
    found: Files = {}
    for number, case in enumerate(_SHAPES):
        (path, text) = list(case(size // len(_SHAPES), state).items())[-1]
        found[f"{number}/{path}"] = text
    return found


_SHAPES: tuple[Case, ...] = (
    *(ci_steps, ci_deep, ci_flow, ci_jobs, ci_matrix, ci_expressions, ci_anchors),
    *(sh_substitutions, sh_open, sh_backticks, sh_heredocs, sh_heredocs_in_line, sh_document),
    *(sh_one_line, sh_one_word, sh_continued, sh_functions, sh_variables, sh_nested, sh_wrapped),
    *(sh_loops, powershell, batch, makefile, make_open, dockerfile, docker_line, jenkinsfile),
    *(gitlab, circleci, azure, scripts, taskfile, justfile, compose),
)
CASES: tuple[Case, ...] = (*_SHAPES, ci_files)
