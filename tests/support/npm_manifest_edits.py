"""Random edits of the manifests: requirements, workspaces, overrides."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.support.npm_edits import (
    SECTIONS,
    entries_of,
    installed_keys,
    last_name,
    manifest_paths,
    nearby,
    pick_name,
    register,
    spec_around,
    versions_of,
)

if TYPE_CHECKING:
    from random import Random

    from tests.support.npm_edits import Files


@register
def change_requirement(random: Random, files: Files) -> str | None:
    picked = pick_name(random, files)
    if picked is None:
        return None
    path, section, name = picked
    spec = spec_around(random, files, name)
    files[path][section][name] = spec
    return f"{path} {section}.{name} = {spec}"


@register
def widen_requirement(random: Random, files: Files) -> str | None:
    """Small, mostly harmless edits: lockfiles are in sync after most of them."""
    picked = pick_name(random, files)
    if picked is None:
        return None
    path, section, name = picked
    versions = versions_of(files, name)
    if not versions:
        return None
    version = random.choice(versions)
    spec = random.choice([f"^{version}", version, f">={version}", "*", f"<={version}", "x"])
    files[path][section][name] = spec
    return f"{path} {section}.{name} = {spec}"


@register
def add_requirement(random: Random, files: Files) -> str | None:
    path = random.choice(manifest_paths(files))
    section = random.choice(SECTIONS)
    name = random.choice([*map(last_name, installed_keys(files)), "left-pad"])
    spec = spec_around(random, files, name)
    files[path].setdefault(section, {})[name] = spec
    return f"{path} {section}.{name} = {spec}"


@register
def remove_requirement(random: Random, files: Files) -> str | None:
    picked = pick_name(random, files)
    if picked is None:
        return None
    path, section, name = picked
    del files[path][section][name]
    return f"{path} {section}.{name}"


@register
def move_requirement(random: Random, files: Files) -> str | None:
    picked = pick_name(random, files)
    if picked is None:
        return None
    path, section, name = picked
    spec = files[path][section].pop(name)
    to = random.choice(SECTIONS)
    files[path].setdefault(to, {})[name] = spec
    return f"{path} {name} {section} -> {to}"


@register
def make_peer_optional(random: Random, files: Files) -> str | None:
    holders = [
        *(files[path] for path in manifest_paths(files)),
        *(entry for key, entry in entries_of(files).items() if key),
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


@register
def change_member(random: Random, files: Files) -> str | None:
    """A workspace or linked folder gets another version or name."""
    paths = [path for path in manifest_paths(files) if path != "package.json"]
    if not paths:
        return None
    path = random.choice(paths)
    manifest = files[path]
    if random.random() < 0.7:
        manifest["version"] = nearby(random, manifest.get("version", "1.0.0"))
        return f"{path} version {manifest['version']}"
    manifest["name"] = random.choice(
        [f"{manifest['name']}-2", *(files[other].get("name", "x") for other in paths)]
    )
    return f"{path} name {manifest['name']}"


@register
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


@register
def remove_member(random: Random, files: Files) -> str | None:
    paths = [path for path in manifest_paths(files) if path != "package.json"]
    if not paths:
        return None
    path = random.choice(paths)
    del files[path]
    return path


def _override(random: Random, files: Files, depth: int) -> dict[str, Any]:
    names = sorted({last_name(key) for key in installed_keys(files)}) or ["x"]
    rules: dict[str, Any] = {}
    for _ in range(random.choice([1, 1, 2])):
        name = random.choice(names)
        versions = versions_of(files, name) or ["1.0.0"]
        key = random.choice(
            [
                name,
                name,
                f"{name}@^{random.choice(versions)}",
                f"{name}@{nearby(random, versions[0])}",
            ]
        )
        value = random.choice(
            [
                random.choice(versions),
                f"^{random.choice(versions)}",
                f"${random.choice(names)}",
                nearby(random, versions[0]),
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


@register
def add_override(random: Random, files: Files) -> str | None:
    rules = _override(random, files, 2)
    files["package.json"].setdefault("overrides", {}).update(rules)
    return f"{rules}"


@register
def override_requirement(random: Random, files: Files) -> str | None:
    """An override of what the root requires itself; npm allows it only when both agree."""
    root = files["package.json"]
    every = [(name, spec) for section in SECTIONS for name, spec in root.get(section, {}).items()]
    if not every:
        return None
    name, spec = random.choice(every)
    rule = random.choice([spec, f"${name}", spec_around(random, files, name)])
    root.setdefault("overrides", {})[name] = rule
    return f"{name}: {rule} (asked {spec})"


@register
def remove_override(random: Random, files: Files) -> str | None:
    overrides = files["package.json"].get("overrides")
    if not overrides:
        return None
    key: str = random.choice(sorted(overrides))
    del overrides[key]
    return key
