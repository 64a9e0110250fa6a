"""How a changed package is told: what the two rules about changes share."""

from __future__ import annotations

from lockward.findings import Finding
from lockward.lockdiff.codes import CODES
from lockward.remedies import regenerate

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

    from lockward.lockdiff import Item
    from lockward.model import Lockfile, Severity

# What happened, behind "name@version: ", by the judgement's code.
FACTS: Final = {
    "downgrade": "went down, and nothing asks for it",
    "unproven": "went back to a version that the past knows by another kind of hash only",
    "out-of-range": "out of range for who needs it",
    "missing": "gone, but still needed",
    "missing-optional": "optional, and gone while who asks for it stayed",
    "source-switched": "another kind of source, unasked",
    "shadowed": "a nested copy shadows one that still fits",
    "major-jump": "jumps a major version, unasked",
    "orphan": "nobody needs it",
    "no-cause": "new, and no cause was found",
    "below-unexplained": "came along with an unexplained package",
    "unasked-source": "comes from a kind of source that nobody asked for",
    "unknown-host": "comes from a host that was never used before",
    "integrity-missing": "new, without integrity",
    "integrity-lost": "lost its integrity",
    "integrity-weakened": "a weaker integrity than before",
    "integrity-doubled": "a second hash beside the first",
    "integrity-malformed": "a malformed integrity",
    "integrity-unverified": "a checksum that Yarn does not verify",
    "bundle-faked": "claims to be bundled, but nothing bundles it",
    "edges-lost": "lost dependencies under the same version",
    "edges-added": "has dependencies that no earlier revision recorded",
    "facts-foreign": "got a bin or platforms that are hardly its own",
    "importer": "requirements other than package.json's",
    "format-lowered": "the format's version went down",
    "integrity-replaced": "other integrity, and nothing explains it",
    "place-replaced": "other address, and nothing explains it",
    "wrong-tarball": "fetched as something else than it is called",
    "laundered": "stands under a name that is not its own, unasked",
    "edges-changed": "other dependencies under the same version",
    "facts-changed": "other contents under the same version",
    "mirror": "the lockfile's two trees disagree",
}


def label(item: Item) -> str:
    """``qs 6.16.0 -> 6.16.2`` for a move, ``qs@6.16.0`` for anything else."""
    old, new = item.version_before, item.version_after
    if old and new and old != new:
        return f"{item.name} {old} -> {new}"
    version = new or old
    return f"{item.name}@{version}" if version else item.name


def finding(rule: str, item: Item, lockfile: Lockfile, severity: Severity = "error") -> Finding:
    """A finding about one package whose change no package manager would have written."""
    code = CODES[item.code]
    line = lockfile.line_of(item.pointer)
    cause = item.cause
    fact = FACTS.get(item.code, "unexplained")
    return Finding(
        rule=rule,
        severity=severity,
        path=lockfile.path,
        line=line,
        pointer=item.pointer,
        package=package_of(item),
        subject=f"{item.code} {item.version_before}",
        message=f"{label(item)}: {fact}{f' ({cause})' if cause else ''}",
        was=item.was,
        now=item.now,
        why=code.why,
        remedy=regenerate(lockfile.path, lockfile.format),
        group=code.headline,
        row=(item.name, _versions(item), f"line {line}", cause),
    )


def package_of(item: Item) -> str:
    """The package as a policy's exception names it: ``name@version``, as locked now."""
    version = item.version_after or item.version_before
    return f"{item.name}@{version}" if version else item.name


def _versions(item: Item) -> str:
    old, new = item.version_before, item.version_after
    return f"{old} -> {new}" if old and new and old != new else new or old
