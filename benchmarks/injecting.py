"""Tampering put into the text of a real lockfile of any format.

Each edit takes the text and a victim: a package whose entry stands before and
after the commit alike.  It gives the edited text, or None where the format does
not carry the fact or the entry is written in another way.
"""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING

from lockward import semver

if TYPE_CHECKING:
    from collections.abc import Callable

    from lockward.model import Lockfile, Package

    Edit = Callable[["Victim"], "str | None"]

EVIL_HASH = "sha512-" + b64encode(b"e" * 64).decode()
EVIL_HEX = "e" * 128
COMMIT = "0123456789abcdef0123456789abcdef01234567"


class Victim:
    """A package in a lockfile's text; ``block`` is its entry's lines."""

    def __init__(self, text: str, lockfile: Lockfile, package: Package) -> None:
        self.text = text
        self.lockfile = lockfile
        self.form = lockfile.format
        self.version = lockfile.version
        self.package = package
        lines = text.split("\n")
        start = lockfile.line_of(package.key) - 1
        indent = _indent(lines[start])
        end = start + 1
        while end < len(lines) and lines[end].strip() and _indent(lines[end]) > indent:
            end += 1
        if self.form == "npm":
            end += 1  # the closing brace
        self.before = "".join(f"{line}\n" for line in lines[:start])
        self.block = "\n".join(lines[start:end])
        self.after = "".join(f"\n{line}" for line in lines[end:])

    def with_block(self, block: str) -> str | None:
        """The text with another entry in this one's place; None when nothing changed."""
        return None if block == self.block else f"{self.before}{block}{self.after}"

    def swapped(self, old: str | None, new: str) -> str | None:
        """The text with the first ``old`` of the entry replaced."""
        if not old or old not in self.block:
            return None
        return self.with_block(self.block.replace(old, new, 1))


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def other_hash(victim: Victim) -> str | None:
    """Another hash."""
    old = victim.package.integrity
    if victim.form != "yarn-berry":
        return victim.swapped(old, EVIL_HASH)
    prefix = (old or "").rpartition("/")[0]
    return victim.swapped(old, f"{prefix}/{EVIL_HEX}" if prefix else EVIL_HEX)


def no_hash(victim: Victim) -> str | None:
    """No hash."""
    old = victim.package.integrity
    if not old:
        return None
    if victim.form == "pnpm":
        return victim.swapped(f"{{integrity: {old}}}", "{tarball: x}".replace("tarball: x", ""))
    if victim.form == "bun":
        return victim.swapped(f', "{old}"]', "]")
    lines = [line for line in victim.block.split("\n") if old not in line]
    if victim.form == "npm":
        lines[-2] = lines[-2].rstrip(",")
    return victim.with_block("\n".join(lines))


def weak_hash(victim: Victim) -> str | None:
    """A sha1 in the sha512's place."""
    weak = "sha1-" + b64encode(b"1" * 20).decode()
    return None if victim.form == "yarn-berry" else victim.swapped(victim.package.integrity, weak)


def second_hash(victim: Victim) -> str | None:
    """A second hash beside the first."""
    old = victim.package.integrity
    if not old or victim.form in ("yarn-berry", "pnpm"):
        return None
    new = f"{old} {EVIL_HASH}"
    return victim.swapped(old, f'"{new}"' if victim.form == "yarn-classic" else new)


def other_host(victim: Victim) -> str | None:
    """Another host."""
    one, evil = victim.package, "https://evil.example.net/"
    if one.resolved:
        return victim.swapped(one.resolved, evil + one.resolved.split("/", 3)[3])
    path = f"{one.name}/-/{one.name.rpartition('/')[2]}-{one.version}.tgz"
    return _addressed(victim, evil + path)


def other_package(victim: Victim) -> str | None:
    """The tarball of another package."""
    one = victim.package
    base = "/".join((one.resolved or "https://registry.example.org/").split("/")[:3])
    address = f"{base}/evil/-/evil-{one.version}.tgz"
    return victim.swapped(one.resolved, address) if one.resolved else _addressed(victim, address)


def _addressed(victim: Victim, address: str) -> str | None:
    """An address for an entry that has none."""
    one = victim.package
    if victim.form == "pnpm":
        old = f"integrity: {one.integrity}}}"
        return victim.swapped(old, f"integrity: {one.integrity}, tarball: {address}}}")
    if victim.form == "bun":
        return victim.swapped(f'@{one.version}", ""', f'@{one.version}", "{address}"')
    if victim.form == "yarn-berry":
        bound = address.replace(":", "%3A").replace("/", "%2F")
        old = f'@npm:{one.version}"\n'
        return victim.swapped(old, f'@npm:{one.version}::__archiveUrl={bound}"\n')
    return None


def git(victim: Victim) -> str | None:
    """A git checkout."""
    one, repo = victim.package, f"https://github.com/evil/x.git#{COMMIT}"
    if victim.form in ("npm", "yarn-classic"):
        return victim.swapped(one.resolved, f"git+{repo}")
    if victim.form == "yarn-berry":
        old = f'"{one.name}@npm:{one.version}"\n'
        return victim.swapped(old, f'"{one.name}@{repo.replace("#", "#commit=")}"\n')
    if victim.form == "bun":
        return victim.swapped(f'["{one.name}@{one.version}", ""', f'["{one.name}@git+{repo}", ""')
    old = f"{{integrity: {one.integrity}}}"
    new = f"{{type: git, repo: https://github.com/evil/x.git, commit: '{COMMIT}'}}"
    return victim.swapped(old, new)


def renamed(victim: Victim) -> str | None:
    """Another package under the same name."""
    one = victim.package
    if victim.form == "yarn-berry":
        return victim.swapped(f'"{one.name}@npm:{one.version}"\n', f'"evil@npm:{one.version}"\n')
    if victim.form == "bun":
        return victim.swapped(f'["{one.name}@{one.version}"', f'["evil@{one.version}"')
    if victim.form == "npm" and victim.version in ("2", "3"):
        return victim.swapped('"version":', '"name": "evil",\n      "version":')
    if victim.form == "pnpm":
        return _referred(victim)
    return None


def _referred(victim: Victim) -> str | None:
    """Pnpm: another package that is locked already, in the victim's place for one dependant."""
    one = victim.package
    name = f"'{one.name}'" if one.name.startswith("@") else one.name
    line = f"\n      {name}: {one.version}\n"
    scoped = (
        other.key
        for other in victim.lockfile.packages
        if other.source == "registry" and other.name.startswith("@") and other.name != one.name
    )
    other = next(scoped, None)
    if other is None or line not in victim.text:
        return None
    return victim.text.replace(line, f"\n      {name}: '{other}'\n", 1)


def version(victim: Victim, new: str) -> str | None:
    """Another version of the entry, with the address that belongs to it."""
    one = victim.package
    if victim.form == "pnpm" or (victim.form != "bun" and one.version not in victim.block):
        return None
    head, newline, rest = victim.block.partition("\n")
    if victim.form == "bun":
        return victim.swapped(f"@{one.version}", f"@{new}")
    return victim.with_block(head + newline + rest.replace(one.version, new))


def out_of_range(victim: Victim) -> str | None:
    """A version that nobody allows: none is beyond ``*``."""
    if victim.package.key.endswith(("@*", ":*")) or _is_in_every_range(victim, _HIGHEST):
        return None
    return version(victim, _HIGHEST)


_HIGHEST = "9999.0.0"


def _is_in_every_range(victim: Victim, new: str) -> bool:
    """Whether all who record a range for the victim take a version (@types/vinyl of typeorm)."""
    name = victim.package.name
    found = (one.dependencies.get(name) for one in victim.lockfile.packages)
    texts = [text.removeprefix("npm:") for text in found if text is not None]
    return bool(texts) and all(semver.satisfies(new, text, loose=True) for text in texts)


def downgrade(victim: Victim) -> str | None:
    """The same minor version, one patch lower."""
    parts = victim.package.version.split(".")
    if len(parts) != 3 or not parts[2].isdecimal() or parts[2] == "0":  # noqa: PLR2004
        return None
    return version(victim, f"{parts[0]}.{parts[1]}.{int(parts[2]) - 1}")


def edge(victim: Victim) -> str | None:
    """A dependency more."""
    marks = {
        "npm": ('"dependencies": {\n', '        "evil": "*",\n'),
        "yarn-classic": ("  dependencies:\n", '    evil "*"\n'),
        "yarn-berry": ("  dependencies:\n", '    evil: "npm:*"\n'),
        "pnpm": ("    dependencies:\n", "      evil: 1.0.0\n"),
        "bun": ('"dependencies": { ', '"evil": "*", '),
    }
    mark, more = marks[victim.form]
    if victim.form == "npm" and '"requires": {' in victim.block:
        mark = '"requires": {\n'
    return victim.swapped(mark, mark + more)


def binary(victim: Victim) -> str | None:
    """A bin more."""
    if victim.form == "npm" and victim.version in ("2", "3"):
        return victim.swapped('"version":', '"bin": {"node": "x.js"},\n      "version":')
    if victim.form == "yarn-berry" and "  bin:" not in victim.block:
        return victim.swapped("  languageName:", "  bin:\n    node: x.js\n  languageName:")
    return None


def script(victim: Victim) -> str | None:
    """A script that npm runs, whatever the tarball says."""
    if victim.form == "npm" and victim.version in ("2", "3"):
        return victim.swapped('"version":', '"scripts": {"install": "x"},\n      "version":')
    return None


def build(victim: Victim) -> str | None:
    """Another hash under the same version, which build metadata makes look like another."""
    one = victim.package
    if victim.form not in ("npm", "yarn-classic") or "+" in one.version:
        return None
    hashed = victim.block.replace(one.integrity or "-", EVIL_HASH, 1)
    if hashed == victim.block or f'"{one.version}"' not in hashed:
        return None
    return victim.with_block(hashed.replace(f'"{one.version}"', f'"{one.version}+evil"', 1))


def platform(victim: Victim) -> str | None:
    """A platform that nobody has."""
    if victim.form == "npm" and victim.version in ("2", "3") and '"os"' not in victim.block:
        return victim.swapped('"version":', '"os": ["aix"],\n      "version":')
    if victim.form == "yarn-berry" and "conditions:" not in victim.block:
        return victim.swapped("  languageName:", "  conditions: os=aix\n  languageName:")
    if victim.form == "pnpm" and "    os:" not in victim.block:
        return victim.with_block(victim.block + "\n    os: [aix]")
    return None


def orphan(victim: Victim) -> str | None:
    """An entry that nobody needs."""
    address = "https://registry.example.org/evil/-/evil-1.0.0.tgz"
    entries = {
        "yarn-classic": f'evil@^1.0.0:\n  version "1.0.0"\n  resolved "{address}"\n'
        f"  integrity {EVIL_HASH}\n\n",
        "yarn-berry": '"evil@npm:^1.0.0":\n  version: 1.0.0\n  resolution: "evil@npm:1.0.0"\n'
        f"  checksum: {EVIL_HEX}\n  languageName: node\n  linkType: hard\n\n",
        "bun": f'    "evil": ["evil@1.0.0", "", {{}}, "{EVIL_HASH}"],\n',
    }
    entry = entries.get(victim.form)
    return None if entry is None else f"{victim.before}{entry}{victim.block}{victim.after}"


def twice(victim: Victim) -> str | None:
    """The same key twice."""
    gap = "\n\n" if victim.form not in ("npm", "bun") else "\n"
    return f"{victim.before}{victim.block}{gap}{victim.block}{victim.after}"


EDITS: dict[str, Edit] = {
    "another hash": other_hash,
    "no hash": no_hash,
    "a weaker hash": weak_hash,
    "a second hash": second_hash,
    "another host": other_host,
    "another package's tarball": other_package,
    "a git checkout": git,
    "another name": renamed,
    "out of range": out_of_range,
    "a downgrade": downgrade,
    "an edge more": edge,
    "a bin more": binary,
    "a platform": platform,
    "a script": script,
    "another hash under build metadata": build,
    "an orphan": orphan,
    "a key twice": twice,
}
