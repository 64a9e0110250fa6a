"""Random edits of npm projects, of the kinds that people, tools and attackers make.

A project is its files, path to parsed JSON; ``mutate`` edits a copy and tells
what it did, or None where the chosen edit does not apply.
"""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    Files = dict[str, Any]
    Mutation = Callable[[Random, Files], str | None]

LOCK: Final = "package-lock.json"
SECTIONS: Final = ("dependencies", "devDependencies", "optionalDependencies", "peerDependencies")
_MUTATIONS: Final[list[Mutation]] = []


def mutate(random: Random, files: Files) -> tuple[Files, str] | None:
    """One random edit of a copy of the files, and what it was."""
    edited = copy.deepcopy(files)
    mutation = random.choice(_MUTATIONS)
    done = mutation(random, edited)
    return None if done is None else (edited, f"{mutation.__name__}: {done}")


def _register(mutation: Mutation) -> Mutation:
    _MUTATIONS.append(mutation)
    return mutation


def _manifests(files: Files) -> list[str]:
    return sorted(path for path in files if path.endswith("package.json"))


def _packages(files: Files) -> dict[str, Any]:
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


def _installed(files: Files) -> list[str]:
    return [key for key in _packages(files) if "node_modules/" in key]


def _name(key: str) -> str:
    return key.rpartition("node_modules/")[2]


def _versions(files: Files, name: str) -> list[str]:
    return [
        entry["version"]
        for key, entry in _packages(files).items()
        if _name(key) == name and entry.get("version", "")[:1].isdigit()
    ]


def _near(random: Random, version: str) -> str:
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


def _spec(random: Random, files: Files, name: str) -> str:
    """A requirement of a name: mostly a range around what is locked."""
    versions = _versions(files, name) or ["1.0.0"]
    version = random.choice(versions)
    near = random.choice([version, _near(random, version)])
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
            f"npm:{_name(random.choice(_installed(files) or ['node_modules/x']))}@{near}",
            f"v{near}",
            f"workspace:^{near}",
        ]
    )


def _pick(random: Random, files: Files) -> tuple[str, str, str] | None:
    """A requirement of a manifest: path, section, name."""
    every = [
        (path, section, name)
        for path in _manifests(files)
        for section in SECTIONS
        for name in files[path].get(section, {})
    ]
    return random.choice(every) if every else None


def _pick_edge(random: Random, files: Files) -> tuple[str, str, str] | None:
    """A requirement of a locked package: key, section, name."""
    every = [
        (key, section, name)
        for key, entry in _packages(files).items()
        if key
        for section in (*SECTIONS, "requires")
        if isinstance(entry.get(section), dict)
        for name, spec in entry[section].items()
        if isinstance(spec, str)
    ]
    return random.choice(every) if every else None


@_register
def change_requirement(random: Random, files: Files) -> str | None:
    picked = _pick(random, files)
    if picked is None:
        return None
    path, section, name = picked
    spec = _spec(random, files, name)
    files[path][section][name] = spec
    return f"{path} {section}.{name} = {spec}"


@_register
def widen_requirement(random: Random, files: Files) -> str | None:
    """Small, mostly harmless edits: lockfiles are in sync after most of them."""
    picked = _pick(random, files)
    if picked is None:
        return None
    path, section, name = picked
    versions = _versions(files, name)
    if not versions:
        return None
    version = random.choice(versions)
    spec = random.choice([f"^{version}", version, f">={version}", "*", f"<={version}", "x"])
    files[path][section][name] = spec
    return f"{path} {section}.{name} = {spec}"


@_register
def add_requirement(random: Random, files: Files) -> str | None:
    path = random.choice(_manifests(files))
    section = random.choice(SECTIONS)
    name = random.choice([*map(_name, _installed(files)), "left-pad"])
    spec = _spec(random, files, name)
    files[path].setdefault(section, {})[name] = spec
    return f"{path} {section}.{name} = {spec}"


@_register
def remove_requirement(random: Random, files: Files) -> str | None:
    picked = _pick(random, files)
    if picked is None:
        return None
    path, section, name = picked
    del files[path][section][name]
    return f"{path} {section}.{name}"


@_register
def move_requirement(random: Random, files: Files) -> str | None:
    picked = _pick(random, files)
    if picked is None:
        return None
    path, section, name = picked
    spec = files[path][section].pop(name)
    to = random.choice(SECTIONS)
    files[path].setdefault(to, {})[name] = spec
    return f"{path} {name} {section} -> {to}"


@_register
def make_peer_optional(random: Random, files: Files) -> str | None:
    holders = [
        *(files[path] for path in _manifests(files)),
        *(entry for key, entry in _packages(files).items() if key),
    ]
    holders = [holder for holder in holders if holder.get("peerDependencies")]
    if not holders:
        return None
    holder = random.choice(holders)
    name = random.choice(sorted(holder["peerDependencies"]))
    meta = holder.setdefault("peerDependenciesMeta", {})
    optional = not meta.get(name, {}).get("optional", False)
    meta[name] = {"optional": optional}
    return f"{name} optional {optional}"


@_register
def remove_entry(random: Random, files: Files) -> str | None:
    lock = files[LOCK]
    if "packages" not in lock:
        parents = [
            entry for entry in (lock, *_packages(files).values()) if entry.get("dependencies")
        ]
        parent = random.choice(parents)
        name: str = random.choice(sorted(parent["dependencies"]))
        del parent["dependencies"][name]
        return f"a {name}"
    keys = [key for key in lock["packages"] if key]
    key: str = random.choice(keys)
    del lock["packages"][key]
    return key


@_register
def change_version(random: Random, files: Files) -> str | None:
    keys = [
        key for key in _installed(files) if _packages(files)[key].get("version", "")[:1].isdigit()
    ]
    if not keys:
        return None
    key = random.choice(keys)
    entry = _packages(files)[key]
    entry["version"] = _near(random, entry["version"])
    return f"{key} = {entry['version']}"


@_register
def change_edge(random: Random, files: Files) -> str | None:
    picked = _pick_edge(random, files)
    if picked is None:
        return None
    key, section, name = picked
    spec = _spec(random, files, name)
    _packages(files)[key][section][name] = spec
    return f"{key} {section}.{name} = {spec}"


@_register
def remove_edge(random: Random, files: Files) -> str | None:
    picked = _pick_edge(random, files)
    if picked is None:
        return None
    key, section, name = picked
    del _packages(files)[key][section][name]
    return f"{key} {section}.{name}"


@_register
def add_edge(random: Random, files: Files) -> str | None:
    if "packages" not in files[LOCK]:
        return None
    keys = [key for key in _installed(files) if not _packages(files)[key].get("link")]
    if not keys:
        return None
    key = random.choice(keys)
    section = random.choice(("dependencies", "optionalDependencies", "peerDependencies"))
    name = random.choice([*map(_name, keys), "left-pad"])
    spec = _spec(random, files, name)
    _packages(files)[key].setdefault(section, {})[name] = spec
    return f"{key} {section}.{name} = {spec}"


@_register
def move_edge(random: Random, files: Files) -> str | None:
    picked = _pick_edge(random, files)
    if picked is None or picked[1] == "requires":
        return None
    key, section, name = picked
    entry = _packages(files)[key]
    spec = entry[section].pop(name)
    to = random.choice(("dependencies", "optionalDependencies", "peerDependencies"))
    entry.setdefault(to, {})[name] = spec
    return f"{key} {name} {section} -> {to}"


@_register
def move_entry(random: Random, files: Files) -> str | None:
    """Hoist an entry, or nest it under another one."""
    if "packages" not in files[LOCK]:
        return None
    packages = _packages(files)
    keys = _installed(files)
    key = random.choice(keys)
    place = random.choice(["", *(other for other in packages if not packages[other].get("link"))])
    to = f"{place}/node_modules/{_name(key)}" if place else f"node_modules/{_name(key)}"
    if to == key or to.startswith(f"{key}/"):
        return None
    entry = packages.pop(key) if random.random() < 0.5 else copy.deepcopy(packages[key])
    packages[to] = entry
    files[LOCK]["packages"] = dict(sorted(packages.items()))
    return f"{key} -> {to}"


@_register
def rename_entry(random: Random, files: Files) -> str | None:
    if "packages" not in files[LOCK]:
        return None
    packages = _packages(files)
    key = random.choice(_installed(files))
    name = _name(key)
    other = random.choice([name.upper(), f"{name}-2", _name(random.choice(_installed(files)))])
    to = f"{key.removesuffix(name)}{other}"
    packages[to] = packages.pop(key)
    return f"{key} -> {to}"


_FLAGS: Final = (
    "dev",
    "optional",
    "devOptional",
    "peer",
    "inBundle",
    "hasShrinkwrap",
    "extraneous",
)


@_register
def toggle_flag(random: Random, files: Files) -> str | None:
    key = random.choice([key for key in _packages(files) if key])
    flag = random.choice(_FLAGS)
    entry = _packages(files)[key]
    entry[flag] = not entry.get(flag, False)
    return f"{key} {flag} {entry[flag]}"


@_register
def bundle(random: Random, files: Files) -> str | None:
    holders = [
        entry
        for entry in (*_packages(files).values(), *(files[path] for path in _manifests(files)))
        if entry.get("dependencies") and not entry.get("requires")
    ]
    if not holders or "packages" not in files[LOCK]:
        return None
    holder = random.choice(holders)
    names = random.sample(sorted(holder["dependencies"]), 1)
    holder["bundleDependencies"] = names
    return f"{holder.get('name')} bundles {names}"


@_register
def change_resolved(random: Random, files: Files) -> str | None:
    keys = [key for key in _installed(files) if "resolved" in _packages(files)[key]]
    if not keys:
        return None
    key = random.choice(keys)
    entry = _packages(files)[key]
    if entry.get("link"):
        links = [k for k in _packages(files) if k and "node_modules" not in k]
        entry["resolved"] = random.choice([*links, "nowhere"])
    else:
        entry["resolved"] = entry["resolved"].replace("registry.example.org", "mirror.example.net")
    return f"{key} {entry['resolved']}"


@_register
def accept(random: Random, files: Files) -> str | None:
    picked = _pick(random, files)
    if picked is None:
        return None
    path, section, name = picked
    files[path][section][name] = _spec(random, files, name)
    accepted = _spec(random, files, name)
    files[path].setdefault("acceptDependencies", {})[name] = accepted
    return f"{path} {name}: {files[path][section][name]} or {accepted}"


@_register
def change_member(random: Random, files: Files) -> str | None:
    """A workspace or linked folder gets another version or name."""
    paths = [path for path in _manifests(files) if path != "package.json"]
    if not paths:
        return None
    path = random.choice(paths)
    manifest = files[path]
    if random.random() < 0.7:
        manifest["version"] = _near(random, manifest.get("version", "1.0.0"))
        return f"{path} version {manifest['version']}"
    manifest["name"] = random.choice(
        [f"{manifest['name']}-2", *(files[other].get("name", "x") for other in paths)]
    )
    return f"{path} name {manifest['name']}"


@_register
def change_globs(random: Random, files: Files) -> str | None:
    root = files["package.json"]
    if "workspaces" not in root:
        return None
    globs = root["workspaces"]
    root["workspaces"] = random.choice(
        [
            globs[1:],
            [*globs, "libs/*"],
            [*globs, "!packages/u*"],
            ["packages/*"],
            [],
            [*globs, "packages/ignored"],
            ["**"],
        ]
    )
    return f"{root['workspaces']}"


@_register
def remove_member(random: Random, files: Files) -> str | None:
    paths = [path for path in _manifests(files) if path != "package.json"]
    if not paths:
        return None
    path = random.choice(paths)
    del files[path]
    return path


def _override(random: Random, files: Files, depth: int) -> dict[str, Any]:
    names = sorted({_name(key) for key in _installed(files)}) or ["x"]
    rules: dict[str, Any] = {}
    for _ in range(random.choice([1, 1, 2])):
        name = random.choice(names)
        versions = _versions(files, name) or ["1.0.0"]
        key = random.choice(
            [
                name,
                name,
                f"{name}@^{random.choice(versions)}",
                f"{name}@{_near(random, versions[0])}",
            ]
        )
        value = random.choice(
            [
                random.choice(versions),
                f"^{random.choice(versions)}",
                f"${random.choice(names)}",
                _near(random, versions[0]),
                "",
                "*",
            ]
        )
        if depth and random.random() < 0.5:
            rules[key] = _override(random, files, depth - 1)
            if random.random() < 0.4:
                rules[key]["."] = value
        else:
            rules[key] = value
    return rules


@_register
def add_override(random: Random, files: Files) -> str | None:
    rules = _override(random, files, 2)
    files["package.json"].setdefault("overrides", {}).update(rules)
    return f"{rules}"


@_register
def override_requirement(random: Random, files: Files) -> str | None:
    """An override of what the root requires itself; npm allows it only when both agree."""
    root = files["package.json"]
    every = [(name, spec) for section in SECTIONS for name, spec in root.get(section, {}).items()]
    if not every:
        return None
    name, spec = random.choice(every)
    rule = random.choice([spec, f"${name}", _spec(random, files, name)])
    root.setdefault("overrides", {})[name] = rule
    return f"{name}: {rule} (asked {spec})"


@_register
def remove_override(random: Random, files: Files) -> str | None:
    overrides = files["package.json"].get("overrides")
    if not overrides:
        return None
    key: str = random.choice(sorted(overrides))
    del overrides[key]
    return key
