"""Our hook in .pre-commit-config.yaml: text is added, so that comments and layout stay."""

from __future__ import annotations

import re

from lockward.setup.scene import Advice, Planned, UnsafeError, in_the_way, newline

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any, Final

    from lockward.setup.scene import Scene

PATH: Final = ".pre-commit-config.yaml"
_ITEM: Final = re.compile(r"( *)- ")
_EMPTY: Final = re.compile(r"repos: *\[ *\] *(#.*)?\Z")


def entry(package: str, indent: str = "  ") -> list[str]:
    """A local hook that pre-commit installs from the package index, at one version."""
    lines = [
        "- repo: local",
        "  hooks:",
        "    - id: lockward",
        "      name: lockward",
        "      entry: lockward pre-commit",
        "      language: python",
        f'      additional_dependencies: ["{package}"]',
        "      always_run: true",
        "      pass_filenames: false",
        "      require_serial: true",
        "      stages: [pre-commit, pre-merge-commit, pre-push, manual]",
    ]
    return [f"{indent}{line}" for line in lines]


def plan(scene: Scene) -> Iterator[Planned | Advice]:
    """The hook, unless the file names us already."""
    try:
        text = scene.text(PATH)
    except UnsafeError as error:
        yield in_the_way(PATH, error)
        return
    if text is None:
        fresh = "\n".join(["repos:", *entry(scene.package)]) + "\n"
        yield Planned(PATH, None, fresh.encode(), "the hook, at commit and at push")
    elif "lockward" not in text:
        after = extended(text, scene.package)
        if after is None:
            lines = "\n".join(entry(scene.package))
            yield Advice(f"{PATH} is laid out in a way that is left alone; add to its repos", lines)
        else:
            yield Planned(PATH, text.encode(), after.encode(), "the hook, at commit and at push")


def extended(text: str, package: str) -> str | None:
    """The file with our entry at the end of its repos; None when that cannot be done safely."""
    end = newline(text)
    lines = text.split(end)
    start = next((n for n, line in enumerate(lines) if line.startswith("repos:")), -1)
    if start < 0:
        return None
    if _EMPTY.match(lines[start]):
        made = [*lines[:start], "repos:", *entry(package), *lines[start + 1 :]]
    else:
        item = next((found for line in lines[start + 1 :] if (found := _ITEM.match(line))), None)
        if item is None:
            return None
        place = _end_of(lines, start)
        made = [*lines[:place], *entry(package, item[1]), *lines[place:]]
    after = end.join(made)
    return after if _only_added(text, after) else None


def _end_of(lines: list[str], start: int) -> int:
    """Behind the last line of the list that belongs to ``repos``."""
    last = start
    for number in range(start + 1, len(lines)):
        line = lines[number]
        if line.strip() and not line.startswith((" ", "-", "#", "\t")):
            break
        if line.strip() and not line.startswith("#"):
            last = number
    return last + 1


def _only_added(before: str, after: str) -> bool:
    """Whether the YAML says what it said, and one repository more, at the end."""
    old, new = _loaded(before), _loaded(after)
    if not isinstance(old, dict) or not isinstance(new, dict):
        return False
    repos = list(old.get("repos") or [])
    added = new.get("repos")
    if not isinstance(added, list) or len(added) != len(repos) + 1 or added[:-1] != repos:
        return False
    return {**old, "repos": 0} == {**new, "repos": 0} and added[-1].get("repo") == "local"


def _loaded(text: str) -> Any:  # noqa: ANN401 - YAML
    from yaml import YAMLError, safe_load

    try:
        return safe_load(text)
    except (YAMLError, RecursionError, ValueError):
        return None
