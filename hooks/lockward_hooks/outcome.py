"""From judgements to what a server does: skips, the audit file, a policy that changes."""

from __future__ import annotations

from lockward.errors import LockwardError
from lockward_hooks import audit, gate, output, servers, skips
from lockward_hooks.push import Judgement
from lockward_hooks.verdict import Extra, tell

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from typing import Final

    from lockward.findings import Finding
    from lockward_hooks.gate import Caller, Trusted
    from lockward_hooks.output import Told
    from lockward_hooks.push import Push
    from lockward_hooks.refs import RefUpdate
    from lockward_hooks.skips import SkipRequest

MOST_NOTED: Final = 100  # refs and findings that an audit entry names; it counts the rest
MOST_WEAKER: Final = 8


def of(
    push: Push,
    updates: Sequence[RefUpdate],
    caller: Caller,
    trusted: Trusted,
    request: SkipRequest | None,
) -> Told:
    """What to tell the pusher, and the exit code; what is let through is written down first."""
    return _Outcome(push, updates, caller, trusted).told(request)


class _Outcome:
    """A judged push on its way to the pusher."""

    def __init__(
        self, push: Push, updates: Sequence[RefUpdate], caller: Caller, trusted: Trusted
    ) -> None:
        self.push: Final = push
        self.updates: Final = updates
        self.caller: Final = caller
        self.trusted: Final = trusted
        self.notes: Final = list(_policy_change(push, trusted))
        server = trusted.server
        self.lax: Final = bool(push.skipped and server and server.at_deadline == "accept")

    def told(self, request: SkipRequest | None) -> Told:
        """The outcome, with what was asked to be skipped."""
        who = ""
        skipped: tuple[Finding, ...] = ()
        if request is not None:
            who, why_not = skips.granted(request, self.trusted.server, self.caller.identities)
            if who:
                skipped = _skip(self.push, request)
            else:
                self.notes.append(f"note: nothing was skipped: {why_not}")
        told = self._tell()
        if told.code != output.PASSED or not (skipped or self.lax):
            return told
        entry = _entry(self, skipped, request if skipped else None, who)
        receipt = _written(entry, self.caller, self.trusted)
        if skipped and request is not None:
            rules = ", ".join(dict.fromkeys(finding.rule for finding in skipped))
            self.notes.append(f"lockward: skipped {rules} for {who}: {request.reason}")
        self.notes.extend([receipt] if receipt else [])
        return self._tell()

    def _tell(self) -> Told:
        extra = Extra(
            notes=self.notes,
            open_late=self.lax,
            seconds=self.trusted.deadline() or self.caller.server.deadline,
            marked=servers.shows_marked_lines_only(self.caller.environ),
        )
        return tell(self.push, self.updates, gate.style(), extra)


# Skips


def _skip(push: Push, request: SkipRequest) -> tuple[Finding, ...]:
    """Take out of the judgements what was asked for; the findings that went."""
    gone: list[Finding] = []
    for number, judgement in enumerate(push.judgements):
        report, removed = skips.without(judgement.report, request.rules)
        if removed:
            gone += removed
            push.judgements[number] = judgement.with_report(report)
    return tuple(gone)


def _entry(
    outcome: _Outcome, skipped: tuple[Finding, ...], request: SkipRequest | None, who: str
) -> dict[str, object]:
    """What the audit file keeps of an acceptance."""
    from time import gmtime, strftime

    from lockward.reports.escape import storable

    caller, updates = outcome.caller, outcome.updates
    directory = outcome.push.git.directory
    findings = list({each.twin(): each for each in skipped}.values())
    entry = {
        "time": strftime("%Y-%m-%dT%H:%M:%SZ", gmtime()),
        "event": "skip" if skipped else "deadline",
        "server": caller.server.kind,
        "repository": servers.repository(caller.server, caller.environ, directory),
        "who": who or ", ".join(caller.identities),
        "rules": list(dict.fromkeys(each.rule for each in findings)),
        "reason": request.reason if request else "",
        "ticket": request.ticket if request else "",
        "refs": [
            {"ref": each.ref, "old": each.old, "new": each.new} for each in updates[:MOST_NOTED]
        ],
        "refs_in_all": len(updates),
        "findings": [_noted(each) for each in findings[:MOST_NOTED]],
        "findings_in_all": len(findings),
        "not_judged": outcome.push.skipped[:MOST_NOTED],
    }
    return {key: storable(value) for key, value in entry.items()}


def _noted(finding: Finding) -> dict[str, object]:
    return {
        "rule": finding.rule,
        "path": finding.path,
        "package": finding.package or "",
        "fingerprint": finding.fingerprint,
    }


def _written(entry: dict[str, object], caller: Caller, trusted: Trusted) -> str:
    """Write an entry down; the receipt to show.  AuditError when that cannot be.

    Nothing will be kept in a dry run, so nothing is written either.
    """
    path = trusted.server.audit if trusted.server else ""
    if not path:
        return ""
    if servers.dry_run(caller.environ):
        return "  a dry run: not written down"
    return f"  written down, receipt {audit.append(path, entry)[: audit.RECEIPT]}"


# A policy that changes


def _policy_change(push: Push, trusted: Trusted) -> Iterator[str]:
    """Which rules a push weakens for the pushes after it, where its policy will count then.

    A policy that is not valid would refuse every later push, the one that mends
    it too: such a push is refused.
    """
    if trusted.path:
        return
    ref, commit = push.rules.branch
    for judgement in tuple(push.judgements):
        if judgement.commit or judgement.refs != (ref,):
            continue
        try:
            lines = _weaker(push, trusted, judgement.after)
        except LockwardError as error:
            from lockward.findings import Report

            broken = Report(findings=(), undecided=(str(error),))
            push.judgements.append(Judgement(broken, (ref,), commit, after=judgement.after))
        else:
            yield from lines


def _weaker(push: Push, trusted: Trusted, after: str) -> Iterable[str]:
    from lockward.weakening import weaker
    from lockward_hooks import policies

    new = policies.of_commit(push.git, push.objects, after)
    found = weaker(trusted.policy, new)
    if not found:
        return ()
    head = "note: with this push the policy allows more, from the next push on:"
    more = [f"  and {len(found) - MOST_WEAKER} more"] if len(found) > MOST_WEAKER else []
    return (head, *(f"  {line}" for line in found[:MOST_WEAKER]), *more)
