"""GitLab jobs that enforce the four controls, in a file of their own that is included."""

from __future__ import annotations

from lockward.setup import steps
from lockward.setup.scene import Advice, Planned, UnsafeError, appended, in_the_way, newline

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Final

    from lockward.setup.scene import Scene

PATH: Final = ".gitlab/lockward.gitlab-ci.yml"
MAIN: Final = ".gitlab-ci.yml"
_INCLUDE: Final = [f"  - local: /{PATH}"]
_REPORT: Final = "gl-code-quality-lockward.json"


def plan(scene: Scene) -> Iterator[Planned | Advice]:
    """The jobs, and their include, unless the pipeline runs us already."""
    if not scene.locked:
        return
    try:
        main, own = scene.text(MAIN), scene.text(PATH)
    except UnsafeError as error:
        yield in_the_way(error.path, error)
        return
    if own is None and "lockward" not in (main or ""):
        yield Planned(PATH, None, jobs(scene).encode(), "the four controls in every pipeline")
    elif own is None:
        return
    if main is None:
        yield Planned(MAIN, None, f"include:\n{_INCLUDE[0]}\n".encode(), "includes those jobs")
    elif "lockward" not in main:
        after = included(main)
        if after is None:
            yield Advice(f"{MAIN} includes others already; add to its include", *_INCLUDE)
        else:
            yield Planned(MAIN, main.encode(), after.encode(), "includes those jobs")


def included(text: str) -> str | None:
    """The pipeline with our include; None when it has an include of another form."""
    end = newline(text)
    lines = text.split(end)
    at = next((n for n, line in enumerate(lines) if line.startswith("include:")), -1)
    if at < 0:
        return appended(text, ["", "include:", *_INCLUDE])
    following = next((line for line in lines[at + 1 :] if line.strip()), "")
    if lines[at].partition("#")[0].strip() != "include:" or not following.startswith("  - "):
        return None
    return end.join([*lines[: at + 1], *_INCLUDE, *lines[at + 1 :]])


def jobs(scene: Scene) -> str:
    """The included file."""
    lines = [
        "# Written by `lockward init`: lockfile integrity, frozen install, known",
        "# vulnerabilities, signatures and provenance.  Without install scripts: nothing",
        "# of a dependency runs here.",
        "lockward:",
        "  image: python:3.13-slim",
        "  script:",
        f"    - pip install --quiet {scene.package}",
        f"    - lockward scan --format gitlab --output {_REPORT}",
        "  artifacts:",
        "    when: always",
        "    reports:",
        f"      codequality: {_REPORT}",
        "",
        "supply-chain:",
        "  image: node:lts",
        "  script:",
        *(f"    - {command}" for command in steps.ready(scene)),
    ]
    for project in steps.projects(scene):
        commands = steps.of(project)
        folder = f"cd {project.root} && " if project.root else ""
        lines += [
            f"    - {f'({folder}{command})' if folder else command}"
            for command in (commands.frozen, commands.audit, commands.provenance)
            if command
        ]
    return "\n".join(lines) + "\n"
