"""An emergency's way through: a push option asks, the server's policy decides who may.

``git push -o "lockward.skip=RULE[,RULE];reason=TEXT[;ticket=TEXT]"``.  Only
findings of these rules are let through, only for an identity that the policy
lists for each of them, and only once the audit file holds it.  What a commit
says grants nothing: whoever is to be stopped writes it.
"""

from __future__ import annotations

from lockward.errors import LockwardError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from typing import Final

    from lockward.findings import Finding, Report
    from lockward.serverpolicy import ServerPolicy

PREFIX: Final = "lockward."
KEY: Final = "lockward.skip"
FIELDS: Final = ("reason", "ticket")
MOST_OPTIONS: Final = 100
LONGEST: Final = 1000
SHORTEST_REASON: Final = 3  # characters: "-" and "x" are no reasons


class SkipError(LockwardError):
    """A push option that asks for a skip, and does not say what or why."""


class SkipRequest:
    """What a pusher asks to have skipped: rule ids, why, and a ticket ("" = none)."""

    __slots__ = ("reason", "rules", "ticket")

    def __init__(self, rules: tuple[str, ...], reason: str, ticket: str) -> None:
        self.rules: Final = rules
        self.reason: Final = reason
        self.ticket: Final = ticket


def options(environ: Mapping[str, str]) -> Iterator[str]:
    """The push options (githooks(5)); none where their count is missing or no number."""
    count = environ.get("GIT_PUSH_OPTION_COUNT", "")
    number = int(count) if count.isascii() and count.isdecimal() and len(count) < 6 else 0  # noqa: PLR2004 - digits
    if number > MOST_OPTIONS:
        raise SkipError(f"more than {MOST_OPTIONS} push options")
    for each in range(number):
        yield environ.get(f"GIT_PUSH_OPTION_{each}", "")


def asked(environ: Mapping[str, str]) -> SkipRequest | None:
    """What the push options ask for; None when nothing.  SkipError when they make no sense."""
    ours = [option for option in options(environ) if option.startswith(PREFIX)]
    if not ours:
        return None
    if len(ours) > 1:
        raise SkipError(f"push options: one {KEY} at a time; it takes RULE,RULE")
    return _read(ours[0])


def _read(option: str) -> SkipRequest:
    from lockward.nearest import hint
    from lockward.rules import IDS

    if len(option) > LONGEST:
        raise SkipError(f"push option: longer than {LONGEST} characters")
    first, *rest = option.split(";")
    key, _, value = first.partition("=")
    if key != KEY:
        raise SkipError(f"push option: unknown {key!r}; did you mean {KEY!r}?")
    rules = tuple(dict.fromkeys(part.strip() for part in value.split(",") if part.strip()))
    for rule in rules:
        if rule not in IDS:
            raise SkipError(f"push option: unknown rule {rule!r}; {hint(rule, IDS)}")
    fields = dict.fromkeys(FIELDS, "")
    for part in rest:
        name, _, text = part.partition("=")
        if name.strip() not in fields:
            raise SkipError(f"push option: unknown {name!r}; {hint(name, FIELDS)}")
        fields[name.strip()] = text.strip()
    if not rules:
        raise SkipError(f"push option: {KEY} names no rule")
    if len(fields["reason"]) < SHORTEST_REASON:
        raise SkipError(f"push option: {KEY} needs a reason: {KEY}={','.join(rules)};reason=...")
    return SkipRequest(rules, fields["reason"], fields["ticket"])


def granted(
    request: SkipRequest, server: ServerPolicy | None, identities: Iterable[str]
) -> tuple[str, str]:
    """For which identity a request is granted, or else why it is not.

    All of its rules, by one identity; the other of the two is "".
    """
    who = tuple(identities)
    if server is None or not server.skips:
        return "", "the server's policy lets nobody skip a rule"
    if not server.audit:
        return "", "the server's policy names no audit file"
    if not who:
        return "", "the server does not say who pushes"
    for identity in who:
        allowed = {rule for grant in server.skips if identity in grant.who for rule in grant.rules}
        if allowed.issuperset(request.rules):
            return identity, ""
    return "", f"{who[0]} is not listed for {', '.join(request.rules)}"


def without(report: Report, rules: Iterable[str]) -> tuple[Report, tuple[Finding, ...]]:
    """A report without the findings that these rules refuse, and those findings."""
    from lockward.findings import Report

    wanted = frozenset(rules)
    gone = tuple(
        each
        for each in report.findings
        if each.rule in wanted and (each.severity == "error" or each.undecided)
    )
    if not gone:
        return report, ()
    kept = tuple(each for each in report.findings if each not in gone)
    return Report(findings=kept, undecided=report.undecided), gone
