"""A locked package carries one sha512 hash of its tarball.

## What it judges
Every entry of a lockfile whose format writes an integrity for its kind of
source: registry packages, remote tarballs and tarball files.  Packages inside
their parent's tarball, git checkouts, folders and workspaces have none by design.

## Why
The hash is what ties a reviewed lockfile to the bytes that are installed.
npm verifies nothing when it is absent, empty or of an algorithm it does not
know (`SHA512-...`), and accepts either of two when there are two.

## Refused
- no `integrity`, or an empty one
- sha1, md5, sha256 or sha384 where sha512 is possible
- `"sha512-good sha512-evil"`: two hashes, either is accepted
- an unknown algorithm, broken base64, a digest of the wrong length
- Yarn 2 and later: no `checksum` without `conditions`, or one under another cacheKey (`9/...`)

## Passes
- one sha512
- `inBundle` entries, git dependencies, links, workspaces

## Fix
Restore the lockfile, then let the package manager write it again:
`git checkout HEAD -- package-lock.json`, then
`npm install --package-lock-only --ignore-scripts`.
"""

from __future__ import annotations

from lockward import integrity, plain
from lockward.findings import Finding

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Final

    from lockward.model import Lockfile, Package, Severity
    from lockward.policy import Policy
    from lockward.project import Project

ID: Final = "lockfile-integrity"
SEVERITY: Final[Severity] = "error"
SUMMARY: Final = "integrity missing or weaker than sha512 where the format carries it"

# Which kinds of source carry an integrity, by format.  Yarn Berry hashes its
# own archives and leaves out those that only some platforms fetch.
CARRIES: Final = {
    "npm": frozenset({"registry", "remote", "file"}),
    "yarn-classic": frozenset({"registry"}),
    "yarn-berry": frozenset({"registry", "remote", "file", "directory", "git"}),
    "pnpm": frozenset({"registry", "remote", "file"}),
    "bun": frozenset({"registry", "remote", "file"}),
}
_SHA512: Final = integrity.STRENGTH["sha512"]
_HEADLINES: Final = {
    "missing": "{n} packages have no integrity",
    "weak": "{n} packages are locked by a hash weaker than sha512",
}
_WHY: Final = {
    "missing": "without a hash, whatever the server sends is installed",
    "weak": "a sha1 or md5 collision can be made; only the strongest hash is verified",
    "several hashes": "a tarball that matches either hash is accepted",
    "unknown algorithm": "a hash whose algorithm nobody knows is ignored",
    "empty": "an empty integrity counts as none",
    "another cacheKey": "Yarn takes such a checksum for an old one, and verifies nothing",
}
_MALFORMED: Final = "a malformed hash cannot be verified"


def check(project: Project, policy: Policy) -> Iterator[Finding]:  # noqa: ARG001 - a rule's shape
    """One finding for each entry without a single, whole sha512."""
    lockfile = project.lockfile
    if lockfile is None:
        return
    carried = CARRIES.get(lockfile.format, frozenset())
    flaw_in = flaw_of
    if lockfile.format == "yarn-berry":
        from lockward.lockfiles.yarn_berry import checksum_flaw

        flaw_in = checksum_flaw
    for package in plain.of(lockfile).odd:
        if package.source in carried:
            flaw = flaw_in(package, lockfile)
            if flaw:
                yield _finding(lockfile, package, flaw)


def flaw_of(package: Package, lockfile: Lockfile) -> str:
    """What is wrong with an entry's integrity, in a word; "" when nothing is."""
    if lockfile.format == "yarn-berry":
        from lockward.lockfiles.yarn_berry import checksum_flaw

        return checksum_flaw(package, lockfile)
    text = package.integrity
    if text is None:
        return "weak" if lockfile.format == "yarn-classic" and _has_sha1(package) else "missing"
    if integrity.is_whole(text):
        return ""
    parsed = integrity.parse(text)
    if parsed.defects:
        return parsed.defects[0]
    return "" if parsed.strength >= _least(package) else "weak"


def _has_sha1(package: Package) -> bool:
    """Yarn 1 before 1.10 wrote a sha1 behind the address, and nothing else."""
    from lockward.lockfiles.yarn_classic import fragment

    return fragment(package) is not None


def _least(package: Package) -> int:
    """The weakest hash that passes: of Node.js, Deno and Bun their makers publish a sha256."""
    return integrity.STRENGTH["sha256"] if "@runtime:" in package.key else _SHA512


def _finding(lockfile: Lockfile, package: Package, flaw: str) -> Finding:
    from lockward.remedies import with_hashes

    name = f"{package.name}@{package.version}" if package.version else package.name
    line = lockfile.line_of(package.key)
    fact = "no integrity" if flaw in ("missing", "empty") else f"integrity: {_describe(flaw)}"
    return Finding(
        rule=ID,
        severity=SEVERITY,
        path=lockfile.path,
        line=line,
        pointer=package.key,
        package=name,
        subject=flaw,
        message=f"{name}: {fact}",
        why=_WHY.get(flaw, _MALFORMED),
        now=package.integrity or "",
        remedy=with_hashes(lockfile.path, lockfile.format),
        group=_HEADLINES.get(flaw, "{n} packages have a malformed integrity"),
        row=(package.name, package.version, f"line {line}"),
    )


def _describe(flaw: str) -> str:
    return "weaker than sha512" if flaw == "weak" else flaw
