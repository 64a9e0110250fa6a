"""The reports that platforms draw: GitHub annotations, GitLab, JUnit, Markdown."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import jsonschema
import pytest

from lockward.findings import Finding, Report
from lockward.reports import github, gitlab, junit, markdown
from tests.policy.reports.findings import DOUBLED, LOOSE_INSTALL, TAMPERED, bare, refreshed, report

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

EVIL = (
    "x\n::error::owned %0A::stop-commands::x\r\x1b[2J]]><script>alert(1)</script>"
    "<img src=x onerror=alert(1)>&amp;\"' ```` @acme/team #1 www.evil.example https://evil.example"
    " [a](javascript:alert(1)) ![i](https://evil.example) | a\u202e \ufffe \ud800"
)
HOSTILE = Finding(
    rule="lockfile-integrity",
    severity="error",
    path=f"a:b,{EVIL}/package-lock.json",
    line=3,
    package=EVIL,
    message=f"{EVIL}: no integrity",
    was=EVIL,
    now=EVIL,
    why=EVIL,
    remedy=(f"echo {EVIL}",),
)
GROUPED = [refreshed(f"p{n}", "1.0.0", f"1.0.{n}", n, "^1.0.0") for n in range(1, github.ROWS + 3)]
REPORTS = [
    pytest.param(report(), id="nothing at all"),
    pytest.param(report(TAMPERED, LOOSE_INSTALL, bare(1), bare(1)), id="findings and twins"),
    pytest.param(report(*GROUPED), id="many of one cause"),
    pytest.param(report(DOUBLED, undecided=(EVIL,)), id="undecided"),
    pytest.param(report(HOSTILE, undecided=(EVIL,)), id="hostile text"),
]

COMMAND = re.compile(r"::(error|warning|notice) ((file=[^:,]*,line=\d+,)?title=[^:,]*)::[^\r\n]*")


@pytest.mark.parametrize("given", REPORTS)
def test_every_line_for_github_is_a_command_or_the_verdict(given: Report) -> None:
    lines = github.render(given).splitlines()

    assert all(COMMAND.fullmatch(line) for line in lines[:-1])
    assert lines[-1].startswith("lockward: ")
    assert "\x1b" not in "".join(lines)


def test_an_annotation() -> None:
    assert github.render(report(LOOSE_INSTALL)).splitlines()[0] == (
        "::warning file=.github/workflows/ci.yml,line=2,title=ci-npm-install::"
        "`npm install` can install what was never locked%0Afix: npm ci"
    )


def test_findings_of_one_cause_share_an_annotation() -> None:
    [annotation, _] = github.render(report(*GROUPED)).splitlines()

    assert annotation.count("%0Ap") == github.ROWS
    assert "... 2 more" in annotation


CODE_QUALITY = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["description", "check_name", "fingerprint", "severity", "location"],
        "properties": {
            "description": {"type": "string", "minLength": 1},
            "check_name": {"type": "string"},
            "fingerprint": {"type": "string"},
            "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
            "location": {
                "type": "object",
                "required": ["path", "lines"],
                "properties": {
                    "path": {"type": "string", "pattern": "^(?!\\./)."},
                    "lines": {
                        "type": "object",
                        "required": ["begin"],
                        "properties": {"begin": {"type": "integer", "minimum": 1}},
                    },
                },
            },
        },
        "additionalProperties": False,
    },
}


@pytest.mark.parametrize("given", REPORTS)
def test_gitlab_gets_issues_with_fingerprints_of_their_own(given: Report) -> None:
    issues = json.loads(gitlab.render(given))

    jsonschema.validate(issues, CODE_QUALITY)
    assert len({issue["fingerprint"] for issue in issues}) == len(issues)
    assert len(issues) == len(given.findings) + len(given.undecided)
    assert not any("\n" in issue["description"] for issue in issues)


# junit-10.xsd of Jenkins' xUnit plugin, as far as we write it: element -> its
# attributes (True: required) and the children that may follow.
JUNIT: dict[str, tuple[dict[str, bool], set[str]]] = {
    "testsuites": (
        {"name": False, "time": False, "tests": False, "failures": False, "errors": False},
        {"testsuite"},
    ),
    "testsuite": (
        {
            "name": True,
            "tests": True,
            "failures": False,
            "errors": False,
            "skipped": False,
            "time": False,
        },
        {"testcase"},
    ),
    "testcase": (
        {"name": True, "classname": False, "time": False},
        {"failure", "error", "system-out"},
    ),
    "failure": ({"type": False, "message": False}, set()),
    "error": ({"type": False, "message": False}, set()),
    "system-out": ({}, set()),
}


def fits(element: Element) -> None:
    attributes, children = JUNIT[element.tag]
    assert set(element.attrib) <= set(attributes)
    assert all(name in element.attrib for name, needed in attributes.items() if needed)
    for child in element:
        assert child.tag in children
        fits(child)


@pytest.mark.parametrize("given", REPORTS)
def test_junit_is_well_formed_and_counts(given: Report) -> None:
    text = junit.render(given)
    root = ET.fromstring(text.encode())  # noqa: S314 - our own text
    suite = root[0]

    assert root.tag == "testsuites"
    fits(root)
    assert len(suite) == int(suite.attrib["tests"]) > 0
    assert len(suite.findall("testcase/failure")) == int(suite.attrib["failures"])
    assert len(suite.findall("testcase/error")) == int(suite.attrib["errors"])
    assert (suite.attrib["errors"] != "0") is (given.verdict == "undecided")


SPAN = re.compile(r"(?<!`)(`+)(?!`)(.*?)(?<!`)\1(?!`)")
FENCE = re.compile(r"^(```+)sh\n.*?\n\1$", re.MULTILINE | re.DOTALL)


def prose(text: str) -> str:
    """Markdown without its code blocks and spans (CommonMark 6.1): what could be markup."""
    return SPAN.sub("", FENCE.sub("", text))


@pytest.mark.parametrize("given", REPORTS)
def test_markdown_has_foreign_words_in_code_only(given: Report) -> None:
    left = prose(markdown.render(given))

    assert not re.search(r"[<>@\[\]|&`\\#]", left.replace("### ", "", 1).replace(" -> ", "")), left
    assert "www." not in left
    assert "evil" not in left
    assert "\x1b" not in left


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("3 errors of 2 causes", "3 errors of 2 causes", id="plain words"),
        pytest.param("@acme/ui: gone", "`@acme/ui`: gone", id="no mention"),
        pytest.param("`npm ci` is it", "`npm ci` is it", id="our own code"),
        pytest.param("a ` b", "a `` ` `` b", id="a lone backtick"),
        pytest.param("a``b", "a``` `` ```b", id="two of them, in a word"),
        pytest.param("`a``b`", "`a` `b`", id="two spans that would touch"),
        pytest.param("_a_ *b*", "`_a_` `*b*`", id="emphasis"),
        pytest.param("www.evil.example x", "`www.evil.example` x", id="an automatic link"),
    ],
)
def test_words_in_markdown(text: str, expected: str) -> None:
    assert markdown.inline(text) == expected


def test_a_markdown_comment() -> None:
    assert markdown.render(report(LOOSE_INSTALL)) == (
        "### lockward: passed, 1 warning\n"
        "\n"
        "warning `ci-npm-install` `npm install` can install what was never locked"
        " (`.github/workflows/ci.yml:2`)\n"
        "\n"
        "\n"
        "```sh\n"
        "npm ci\n"
        "```\n"
    )


def test_a_markdown_comment_stays_short() -> None:
    text = markdown.render(report(*(bare(n) for n in range(3000))))

    assert len(text) < 65_536  # what GitHub takes
    assert "2990 more causes" in text
