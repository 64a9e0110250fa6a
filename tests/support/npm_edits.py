"""What the random edits of npm projects share: the list of them, and what they choose from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    Files = dict[str, Any]
    Mutation = Callable[[Random, Files], str | None]

LOCK: Final = "package-lock.json"
SECTIONS: Final = ("dependencies", "devDependencies", "optionalDependencies", "peerDependencies")
MUTATIONS: Final[list[Mutation]] = []


def register(mutation: Mutation) -> Mutation:
    MUTATIONS.append(mutation)
    return mutation


def manifest_paths(files: Files) -> list[str]:
    return sorted(path for path in files if path.endswith("package.json"))


def entries_of(files: Files) -> dict[str, Any]:
    """The entries by key; those of a v1 lockfile by their path."""
    lock = files[LOCK]
    if "packages" in lock:
        packages: dict[str, Any] = lock["packages"]
        return packages
    found: dict[str, Any] = {"": {}}
    waiting = [("", lock)]
    while waiting:
        prefix, entry = waiting.pop()
        for name, child in entry.get("dependencies", {}).items():
            key = f"{prefix}node_modules/{name}"
            found[key] = child
            waiting.append((f"{key}/", child))
    return found


def installed_keys(files: Files) -> list[str]:
    return [key for key in entries_of(files) if "node_modules/" in key]


def last_name(key: str) -> str:
    return key.rpartition("node_modules/")[2]


def versions_of(files: Files, name: str) -> list[str]:
    return [
        entry["version"]
        for key, entry in entries_of(files).items()
        if last_name(key) == name and entry.get("version", "")[:1].isdigit()
    ]


def nearby(random: Random, version: str) -> str:
    """A version around another one."""
    major, minor, patch = (int(part) for part in version.partition("-")[0].split("+")[0].split("."))
    return random.choice(
        [
            f"{major}.{minor}.{patch + 1}",
            f"{major}.{minor + 1}.0",
            f"{major + 1}.0.0",
            f"{max(major - 1, 0)}.{minor}.{patch}",
            f"{major}.0.0",
            f"{major}.{minor}.{max(patch - 1, 0)}",
            f"{major}.{minor}.{patch}-beta.1",
        ]
    )


def spec_around(random: Random, files: Files, name: str) -> str:
    """A requirement of a name: mostly a range around what is locked."""
    versions = versions_of(files, name) or ["1.0.0"]
    version = random.choice(versions)
    near = random.choice([version, nearby(random, version)])
    major = near.partition(".")[0]
    return random.choice(
        [
            f"^{near}",
            f"^{near}",
            f"~{near}",
            near,
            f">={near}",
            f"<{near}",
            f"{major}.x",
            f"{major} || {int(major) + 1}",
            f"^{version} <{near}",
            "*",
            "",
            "latest",
            f"npm:{name}@^{near}",
            f"npm:{last_name(random.choice(installed_keys(files) or ['node_modules/x']))}@{near}",
            f"v{near}",
            f"workspace:^{near}",
        ]
    )


def pick_name(random: Random, files: Files) -> tuple[str, str, str] | None:
    """A requirement of a manifest: path, section, name."""
    every = [
        (path, section, name)
        for path in manifest_paths(files)
        for section in SECTIONS
        for name in files[path].get(section, {})
    ]
    return random.choice(every) if every else None


def pick_edge(random: Random, files: Files) -> tuple[str, str, str] | None:
    """A requirement of a locked package: key, section, name."""
    every = [
        (key, section, name)
        for key, entry in entries_of(files).items()
        if key
        for section in (*SECTIONS, "requires")
        if isinstance(entry.get(section), dict)
        for name, spec in entry[section].items()
        if isinstance(spec, str)
    ]
    return random.choice(every) if every else None
