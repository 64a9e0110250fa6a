"""What people ask for by hand: packages, rules, explain, version."""

from __future__ import annotations

from lockward_hooks import output
from lockward_hooks.arguments import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Final

    from lockward.model import Lockfile, Package
    from lockward_hooks.arguments import Arguments

LARGEST: Final = 256 << 20  # bytes of a lockfile


def run_packages(args: Arguments, _environ: Mapping[str, str]) -> int:
    """``lockward packages LOCKFILE``: every entry of a lockfile, in file order."""
    from lockward import lockfiles
    from lockward_hooks.files import content

    path = _operand(args, "LOCKFILE")
    found = lockfiles.read(path, content(path, LARGEST))
    if args.get("format") == "json":
        from json import dumps

        from lockward.reports.escape import storable

        rows = [_row(found, package) for package in found.packages]
        output.emit(dumps(storable(rows), indent=2) + "\n")
    else:
        output.emit("".join(_line(found, package) for package in found.packages))
    return output.PASSED


def _row(found: Lockfile, package: Package) -> dict[str, object]:
    """An entry as scripts rely on it (docs/output.md)."""
    return {
        "key": package.key,
        "name": package.name,
        "version": package.version,
        "resolved": package.resolved,
        "integrity": package.integrity,
        "dev": package.dev,
        "optional": package.optional,
        "link": package.link,
        "workspace": package.source == "workspace",
        "line": found.line_of(package.key),
    }


def _line(found: Lockfile, package: Package) -> str:
    from lockward.reports.escape import escape

    flags = [name for name in ("dev", "optional", "link") if getattr(package, name)]
    words = [f"{package.name}@{package.version}", package.resolved or "-", *flags]
    return f"{found.line_of(package.key)}: {' '.join(map(escape, words))}\n"


def run_rules(_args: Arguments, _environ: Mapping[str, str]) -> int:
    """``lockward rules``: id, default severity and summary of each."""
    from lockward import rules

    width = max(map(len, rules.IDS))
    for rule_id in rules.IDS:
        rule = rules.module(rule_id)
        output.emit(f"{rule_id.ljust(width)}  {rules.default(rule_id):7}  {rule.SUMMARY}\n")
    return output.PASSED


def run_explain(args: Arguments, _environ: Mapping[str, str]) -> int:
    """``lockward explain RULE``: the rule's own documentation, offline."""
    from lockward import rules
    from lockward.nearest import hint

    rule_id = _operand(args, "RULE")
    if rule_id not in rules.IDS:
        raise UsageError(f"unknown rule {rule_id!r}; {hint(rule_id, rules.IDS)}")
    rule = rules.module(rule_id)
    text = (rule.__doc__ or "").strip()
    output.emit(f"{rule_id} ({rules.default(rule_id)})\n\n{text}\n")
    return output.PASSED


def run_version(_args: Arguments, _environ: Mapping[str, str]) -> int:
    """``lockward version``: as the installed distribution says."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        number = version("lockward")
    except PackageNotFoundError:
        number = "(not installed)"
    output.emit(f"lockward {number}\n")
    return output.PASSED


def _operand(args: Arguments, name: str) -> str:
    if not args.operands:
        raise UsageError(f"lockward {args.command} needs a {name}")
    return args.operands[0]
