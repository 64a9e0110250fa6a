"""Settings, manifests and the files beside them that want to be slow: one shape each."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from benchmarks.hostile_files import entry, npm
from benchmarks.hostile_pnpm import pnpm_dense
from benchmarks.hostile_yarn import berry

if TYPE_CHECKING:
    from benchmarks.hostile_files import Case, Files

SETTINGS = 1 << 20  # bytes of a settings file that is read


def _beside(path: str, text: str, state: int, comment: str = "#") -> Files:
    found = npm({"node_modules/a": entry("a", "1.0.0", 1)}, {"a": "^1.0.0"})
    return {**found, path: f"{text}\n{comment} {state}\n".encode()}


def npmrc_scopes(size: int, state: int) -> Files:
    """Thousands of scopes, each of a registry of its own, and ${} in every value."""
    rows = "".join(
        f"@s{n}:registry=https://h{n}.example.org/${{A{n}}}\n" for n in range(size // 48)
    )
    return _beside(".npmrc", rows, state)


def npmrc_unsafe(size: int, state: int) -> Files:
    """Tens of thousands of unsafe keys."""
    rows = "".join(f"//h{n}.example.org/:_authToken=abc{n}{state}\n" for n in range(size // 42))
    return _beside(".npmrc", rows, state)


def npmrc_sections(size: int, state: int) -> Files:
    """Sections, arrays and quotes."""
    return _beside(".npmrc", '[a.b]\nx[]="\\"${${' * (size // 16), state)


def npmrc_line(size: int, state: int) -> Files:
    """One line of references."""
    return _beside(".npmrc", "registry=" + "${A" * (size // 3), state)


def yarnrc(size: int, state: int) -> Files:
    """Yarn 1: a hundred thousand settings."""
    rows = "".join(f'"@s{n}:registry" "http://h{n}.example.org/"\n' for n in range(size // 45))
    return _beside(".yarnrc", rows, state)


def yarnrc_yml(size: int, state: int) -> Files:
    """Berry: thousands of scopes with tokens, and plugins."""
    rows = "".join(
        f"  s{n}:\n    npmRegistryServer: http://h{n}.example.org\n    npmAuthToken: a{n}\n"
        for n in range(size // 75)
    )
    found = berry([], {"name": "app"}, f"npmScopes:\n{rows}# {state}\n")
    return {**found, "x.txt": str(state).encode()}


def bunfig(size: int, state: int) -> Files:
    """Thousands of tables, one in the other."""
    rows = "".join(f'[install.scopes.a{n}."b.{n}"]\nurl = "http://h"\n' for n in range(size // 44))
    return _beside("bunfig.toml", rows, state)


def bunfig_deep(size: int, state: int) -> Files:
    """Lists in lists, and one key of a hundred thousand parts."""
    text = f"a = {'[' * (size // 4)}{']' * (size // 4)}\n{'b.' * (size // 4)}c = 1"
    return _beside("bunfig.toml", text, state)


def pyproject(size: int, state: int) -> Files:
    """A policy of a hundred thousand tables, which judges nothing here."""
    rows = "".join(f"[tool.lockward.x{n}]\ny = {n}\n" for n in range(size // 32))
    return _beside("pyproject.toml", rows, state)


def attributes(size: int, state: int) -> Files:
    """Ten thousand patterns, and ten thousand files that they may name."""
    rows = "".join(f"**/a*{n}*b/**/p* filter=x{state}\n" for n in range(min(9_000, size // 34)))
    found = _beside(".gitattributes", rows, state)
    deep = "/".join("ab" * 20)
    return {**found, **{f"{deep}/{n}/package.json": b"{}" for n in range(size // 2_000)}}


def attribute_macros(size: int, state: int) -> Files:
    """Thousands of macros, each made of the one before."""
    rows = "".join(f"[attr]m{n} m{n - 1} filter=a\n" for n in range(min(9_000, size // 30)))
    return _beside(".gitattributes", f"{rows}* m8999", state)


def ignores(size: int, state: int) -> Files:
    """Hundreds of thousands of patterns in .gitignore."""
    return _beside(".gitignore", "**/a*b*c*/**/package-lock.json\n!*.x*y*z\n" * (size // 44), state)


def owners(size: int, state: int) -> Files:
    """Tens of thousands of lines of CODEOWNERS."""
    return _beside("CODEOWNERS", "**/a*b*/**/package-lock.json @a @b\n" * (size // 36), state)


def manifest_sections(size: int, state: int) -> Files:
    """A package.json of a hundred thousand requirements of every kind of spec."""
    specs = (
        "^1.0.0",
        "npm:x@1",
        "git+ssh://git@h/a/b.git#semver:^1",
        "file:../x",
        "a/b#c",
        "http:",
    )
    found = npm({"node_modules/a": entry("a", "1.0.0", 1)}, {"a": "^1.0.0"})
    document = json.loads(found["package.json"])
    document["optionalDependencies"] = {
        f"p{n}": f"{specs[n % len(specs)]}{state}" for n in range(size // 40)
    }
    return {**found, "package.json": json.dumps(document).encode()}


def manifest_deep(size: int, state: int) -> Files:
    """Values in values in values."""
    text = '{"name": "a", "x": ' + "[" * (size // 2) + "]" * (size // 2) + f', "y": {state}}}'
    return {"package.json": text.encode()}


def manifest_fields(size: int, state: int) -> Files:
    """A hundred thousand fields that mean nothing."""
    document: dict[str, Any] = {f"f{n}": state for n in range(size // 14)}
    return {"package.json": json.dumps({"name": "a", **document}).encode()}


def internal_names(size: int, state: int) -> Files:
    """A hundred thousand names of one scope."""
    asks = {f"@s/p{n}": f"^1.{state}.0" for n in range(size // 200)}
    packages = {
        f"node_modules/{name}": entry(name, f"1.{state}.0", n) for n, name in enumerate(asks)
    }
    return npm(packages, asks)


def catalogs_alone(size: int, state: int) -> Files:
    """Catalogs of a hundred thousand entries that nobody uses."""
    found = pnpm_dense(size // 50, state)
    rows = "".join(f"  p{n}: ^1.{n}.{state}\n" for n in range(size // 22))
    return {**found, "pnpm-workspace.yaml": f"catalog:\n{rows}".encode()}


def workspace_yaml_deep(size: int, state: int) -> Files:
    """pnpm-workspace.yaml as flow lists in one line."""
    found = pnpm_dense(size // 50, state)
    text = f"packages: {'[' * (size // 2)}{']' * (size // 2)}\n"
    return {**found, "pnpm-workspace.yaml": text.encode()}


def range_spaces(size: int, state: int) -> Files:
    """Ranges of blanks, of thousands of comparators, of hyphens and of x."""
    texts = (
        " " * 60_000 + "1",
        " ".join(f">={n}.0.0" for n in range(6_000)),
        " || ".join("1 - 2" for _ in range(6_000)),
        "x." * 30_000,
        "=" * 60_000,
        "1.2.3-" + "a." * 30_000,
        "1.2.3-" + "0" * 60_000,
        "~" * 60_000 + "1",
    )
    packages = {
        f"node_modules/p{n}": entry(
            f"p{n}", f"1.{state}.0", n, dependencies={"x": texts[n % len(texts)] + str(n % 10)}
        )
        for n in range(size // 61_000)
    }
    packages["node_modules/x"] = entry("x", f"1.{state}.0", 9)
    return npm(packages, {f"p{n}": "^1.0.0" for n in range(len(packages) - 1)})


def long_strings(size: int, state: int) -> Files:
    """Names, versions, addresses and hashes of a hundred kilobytes each."""
    packages: dict[str, Any] = {}
    for n in range(size // 400_000):
        long = f"{n}" + "a" * 100_000
        packages[f"node_modules/{long}"] = {
            "version": f"1.0.0-{long}{state}",
            "resolved": f"https://registry.example.org/{long}/-/{long}.tgz",
            "integrity": f"sha512-{long} sha1-{long}",
        }
    return npm(packages, {name.removeprefix("node_modules/"): "*" for name in packages})


def sbom(size: int, state: int) -> Files:
    """A bill of materials of tens of thousands of components in one another."""
    deep: dict[str, Any] = {"name": "x", "version": str(state)}
    for _ in range(60):
        deep = {"name": "a", "version": "1", "components": [deep]}
    rows = [{"name": f"a{n}", "version": "1", "purl": f"pkg:npm/a{n}@1"} for n in range(size // 60)]
    document = {"bomFormat": "CycloneDX", "specVersion": "1.5", "components": [deep, *rows]}
    return _beside("bom.json", json.dumps(document), state, comment="")


CASES: tuple[Case, ...] = (
    *(npmrc_scopes, npmrc_unsafe, npmrc_sections, npmrc_line, yarnrc, yarnrc_yml, bunfig),
    *(bunfig_deep, pyproject, attributes, attribute_macros, ignores, owners, manifest_sections),
    *(manifest_deep, manifest_fields, internal_names, catalogs_alone, workspace_yaml_deep),
    *(range_spaces, long_strings, sbom),
)
