"""JUnit XML, which every CI system draws: a test case per finding, errors failing.

Source: the format that Ant writes and Jenkins' junit-10.xsd describes.  Warnings
and notes are cases that pass and say so in their output; what could not be
decided is an ``<error>``.  No time stamp: two runs give the same bytes.
"""

from __future__ import annotations

from lockward.reports.escape import escape, sentence, storable, value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

    from lockward.findings import Finding, Report

_LONGEST: Final = 1000
_ENTITIES: Final = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&apos;"}


def render(report: Report) -> str:
    """One document, ended by a newline."""
    broken = sum(finding.undecided for finding in report.findings) + len(report.undecided)
    failed = sum(f.severity == "error" and not f.undecided for f in report.findings)
    cases = [line for reason in report.undecided for line in _undecided(reason)]
    cases += [line for finding in report.findings for line in _case(finding)]
    number = len(report.findings) + len(report.undecided)
    if not number:
        number = 1
        cases = [f"    <testcase {_attributes(classname='lockward', name='passed', time='0')}/>"]
    counts = _attributes(tests=str(number), failures=str(failed), errors=str(broken))
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<testsuites name="lockward" {counts} time="0">',
        f'  <testsuite name="lockward" {counts} skipped="0" time="0">',
        *cases,
        "  </testsuite>",
        "</testsuites>",
    ]
    return "\n".join(lines) + "\n"


def _undecided(reason: str) -> list[str]:
    text = sentence(reason)
    return [
        f"    <testcase {_attributes(classname='lockward', name='undecided', time='0')}>",
        f"      <error {_attributes(message=text, type='undecided')}/>",
        "    </testcase>",
    ]


def _case(finding: Finding) -> list[str]:
    place = f"{value(finding.path, _LONGEST)}:{max(1, finding.line)}"
    message = sentence(finding.message)
    head = _attributes(classname=f"lockward.{finding.rule}", name=f"{place} {message}", time="0")
    return [f"    <testcase {head}>", *_outcome(finding, message), "    </testcase>"]


def _outcome(finding: Finding, message: str) -> list[str]:
    details = [f"{value(finding.path, _LONGEST)}:{max(1, finding.line)}", message]
    if finding.why:
        details.append(f"why: {sentence(finding.why)}")
    details += [f"fix: {escape(command)}" for command in finding.remedy]
    body = _text("\n".join(details))
    if finding.severity != "error" and not finding.undecided:
        return [f"      <system-out>{finding.severity}: {body}</system-out>"]
    tag = "error" if finding.undecided else "failure"
    return [f"      <{tag} {_attributes(message=message, type=finding.rule)}>{body}</{tag}>"]


def _attributes(**given: str) -> str:
    return " ".join(f'{name}="{_text(text)}"' for name, text in given.items())


def _text(text: str) -> str:
    """Text for XML 1.0; what it forbids was escaped before (escape, storable)."""
    whole = str(storable(text))
    return "".join(_ENTITIES.get(character, character) for character in whole)
