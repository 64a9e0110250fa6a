"""Random edits of the lockfile, and of what it says of entries."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Final

from tests.support.npm_edits import (
    LOCK,
    entries_of,
    installed_keys,
    last_name,
    manifest_paths,
    nearby,
    pick_edge,
    pick_name,
    register,
    spec_around,
)

if TYPE_CHECKING:
    from random import Random

    from tests.support.npm_edits import Files


@register
def remove_entry(random: Random, files: Files) -> str | None:
    lock = files[LOCK]
    if "packages" not in lock:
        parents = [
            entry for entry in (lock, *entries_of(files).values()) if entry.get("dependencies")
        ]
        parent = random.choice(parents)
        name: str = random.choice(sorted(parent["dependencies"]))
        del parent["dependencies"][name]
        return f"a {name}"
    keys = [key for key in lock["packages"] if key]
    key: str = random.choice(keys)
    del lock["packages"][key]
    return key


@register
def change_version(random: Random, files: Files) -> str | None:
    keys = [
        key
        for key in installed_keys(files)
        if entries_of(files)[key].get("version", "")[:1].isdigit()
    ]
    if not keys:
        return None
    key = random.choice(keys)
    entry = entries_of(files)[key]
    entry["version"] = nearby(random, entry["version"])
    return f"{key} = {entry['version']}"


@register
def change_edge(random: Random, files: Files) -> str | None:
    picked = pick_edge(random, files)
    if picked is None:
        return None
    key, section, name = picked
    spec = spec_around(random, files, name)
    entries_of(files)[key][section][name] = spec
    return f"{key} {section}.{name} = {spec}"


@register
def remove_edge(random: Random, files: Files) -> str | None:
    picked = pick_edge(random, files)
    if picked is None:
        return None
    key, section, name = picked
    del entries_of(files)[key][section][name]
    return f"{key} {section}.{name}"


@register
def add_edge(random: Random, files: Files) -> str | None:
    if "packages" not in files[LOCK]:
        return None
    keys = [key for key in installed_keys(files) if not entries_of(files)[key].get("link")]
    if not keys:
        return None
    key = random.choice(keys)
    section = random.choice(("dependencies", "optionalDependencies", "peerDependencies"))
    name = random.choice([*map(last_name, keys), "left-pad"])
    spec = spec_around(random, files, name)
    entries_of(files)[key].setdefault(section, {})[name] = spec
    return f"{key} {section}.{name} = {spec}"


@register
def move_edge(random: Random, files: Files) -> str | None:
    picked = pick_edge(random, files)
    if picked is None or picked[1] == "requires":
        return None
    key, section, name = picked
    entry = entries_of(files)[key]
    spec = entry[section].pop(name)
    to = random.choice(("dependencies", "optionalDependencies", "peerDependencies"))
    entry.setdefault(to, {})[name] = spec
    return f"{key} {name} {section} -> {to}"


@register
def move_entry(random: Random, files: Files) -> str | None:
    """Hoist an entry, or nest it under another one."""
    if "packages" not in files[LOCK]:
        return None
    packages = entries_of(files)
    keys = installed_keys(files)
    key = random.choice(keys)
    place = random.choice(["", *(other for other in packages if not packages[other].get("link"))])
    to = f"{place}/node_modules/{last_name(key)}" if place else f"node_modules/{last_name(key)}"
    if to == key or to.startswith(f"{key}/"):
        return None
    entry = packages.pop(key) if random.random() < 0.5 else copy.deepcopy(packages[key])
    packages[to] = entry
    files[LOCK]["packages"] = dict(sorted(packages.items()))
    return f"{key} -> {to}"


@register
def rename_entry(random: Random, files: Files) -> str | None:
    if "packages" not in files[LOCK]:
        return None
    packages = entries_of(files)
    key = random.choice(installed_keys(files))
    name = last_name(key)
    other = random.choice(
        [name.upper(), f"{name}-2", last_name(random.choice(installed_keys(files)))]
    )
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


@register
def toggle_flag(random: Random, files: Files) -> str | None:
    key = random.choice([key for key in entries_of(files) if key])
    flag = random.choice(_FLAGS)
    entry = entries_of(files)[key]
    entry[flag] = not entry.get(flag, False)
    return f"{key} {flag} {entry[flag]}"


@register
def bundle(random: Random, files: Files) -> str | None:
    holders = [
        entry
        for entry in (*entries_of(files).values(), *(files[path] for path in manifest_paths(files)))
        if entry.get("dependencies") and not entry.get("requires")
    ]
    if not holders or "packages" not in files[LOCK]:
        return None
    holder = random.choice(holders)
    names = random.sample(sorted(holder["dependencies"]), 1)
    holder["bundleDependencies"] = names
    return f"{holder.get('name')} bundles {names}"


@register
def change_resolved(random: Random, files: Files) -> str | None:
    keys = [key for key in installed_keys(files) if "resolved" in entries_of(files)[key]]
    if not keys:
        return None
    key = random.choice(keys)
    entry = entries_of(files)[key]
    if entry.get("link"):
        links = [k for k in entries_of(files) if k and "node_modules" not in k]
        entry["resolved"] = random.choice([*links, "nowhere"])
    else:
        entry["resolved"] = entry["resolved"].replace("registry.example.org", "mirror.example.net")
    return f"{key} {entry['resolved']}"


@register
def accept(random: Random, files: Files) -> str | None:
    picked = pick_name(random, files)
    if picked is None:
        return None
    path, section, name = picked
    files[path][section][name] = spec_around(random, files, name)
    accepted = spec_around(random, files, name)
    files[path].setdefault("acceptDependencies", {})[name] = accepted
    return f"{path} {name}: {files[path][section][name]} or {accepted}"
