"""``lockward audit``: what servers let through, and whether the record is whole."""

from __future__ import annotations

from lockward.reports.escape import escape, value
from lockward_hooks import audit, output
from lockward_hooks.arguments import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Final

    from lockward_hooks.arguments import Arguments
    from lockward_hooks.audit import Line

ACTIONS: Final = ("verify", "list")


def run(args: Arguments, environ: Mapping[str, str]) -> int:  # noqa: ARG001 - a command's shape
    """``lockward audit verify|list FILE``."""
    if len(args.operands) != 2 or args.operands[0] not in ACTIONS:  # noqa: PLR2004 - both
        raise UsageError("lockward audit needs verify or list, and the FILE")
    action, path = args.operands
    if action == "list":
        for line in audit.lines(path):
            output.emit(_row(line))
        return output.PASSED
    return _verify(path, args.get("receipt"))


def _verify(path: str, receipt: str) -> int:
    """0 when every line follows the one before it (and the receipt's is there), else 1."""
    words = [f"error: {value(path)}:{number}: {what}" for number, what in audit.faults(path)]
    count, last, found = 0, audit.FIRST, not receipt
    for line in audit.lines(path):
        count, last = count + 1, line.digest
        found = found or line.digest.startswith(receipt.lower())
    if not found:
        words.append(f"error: {value(path)}: holds no entry of receipt {escape(receipt)}")
    head = f"lockward: audit broken, {len(words)} faults" if words else "lockward: audit whole"
    words.append(f"{head}, {count} lines, the last is {last}")
    output.emit("".join(f"{line}\n" for line in words))
    return output.REFUSED if len(words) > 1 else output.PASSED


def _row(line: Line) -> str:
    """``time who event rules repository reason`` of an entry."""
    receipt = line.digest[: audit.RECEIPT]
    if line.entry is None:
        what = "is no entry" if line.whole else "was cut off: what it was about was not accepted"
        return f"{receipt}  line {line.number} {what}\n"
    known = line.entry
    rules = known.get("rules")
    listed = ",".join(map(str, rules)) if isinstance(rules, list) else ""
    cells = [_text(known, key) for key in ("time", "event", "who", "repository")]
    words = [escape(cell) or "-" for cell in (*cells, listed)]
    ticket = _text(known, "ticket")
    reason = _text(known, "reason") + (f" ({ticket})" if ticket else "")
    return f"{receipt}  {'  '.join(words)}  {escape(reason)}\n"


def _text(entry: Mapping[str, object], key: str) -> str:
    return str(entry.get(key, ""))
