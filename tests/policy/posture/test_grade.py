"""The grade: the published table, caps, what is not measured, and the same bytes twice."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from lockward import engine
from lockward.errors import PolicyError
from lockward.findings import Finding
from lockward.memory import MemoryTree
from lockward.policy import Policy
from lockward.posture import evidence, grade, rubric
from lockward.posture.assess import measure
from lockward.posture.evidence import EvidenceError
from lockward.posture.facts import Facts
from lockward.reports import json as json_report
from tests.support import npm

if TYPE_CHECKING:
    from lockward.findings import Report
    from lockward.model import Severity

FILE = Path(__file__).parents[3] / "policy" / "rubric.toml"
APP = {"name": "app", "dependencies": {"a": "^1.0.0"}}
FILES = npm.files(APP, {"a": npm.locked("a")})


def fields(one: object) -> dict[str, object]:
    return {name: getattr(one, name) for name in type(one).__slots__}  # type: ignore[attr-defined]


def test_the_shipped_file_is_what_the_program_uses() -> None:
    read = rubric.read(str(FILE), FILE.read_bytes())

    assert list(map(fields, read.controls)) == list(map(fields, rubric.SHIPPED.controls))
    assert {**fields(read), "controls": ()} == {**fields(rubric.SHIPPED), "controls": ()}


def found(rule: str, severity: Severity = "error") -> Finding:
    return Finding(rule=rule, severity=severity, path="x", message="m", remedy=(f"mend {rule}",))


def graded(
    *rules: str, told: evidence.Evidence | None = None, off: tuple[str, ...] = ()
) -> grade.Grade:
    results = grade.judge(
        rubric.SHIPPED,
        [found(rule) for rule in rules],
        lambda rule: "switched off" if rule in off else "",
        told,
    )
    return grade.Grade(rubric.SHIPPED, results)


TWO = evidence.Evidence(
    (
        evidence.Vulnerability("GHSA-1", "a", "high", "t"),
        evidence.Vulnerability("GHSA-2", "b", "critical", "t"),
        evidence.Vulnerability("GHSA-3", "b", "low", "t"),
    )
)


@pytest.mark.parametrize(
    ("rules", "told", "score", "letter"),
    [
        pytest.param((), None, 100, "A", id="nothing found"),
        pytest.param(("ci-npm-install",), None, 85, "B", id="npm install in CI"),
        pytest.param(("ci-audit-missing",), None, 92, "A", id="no audit step"),
        pytest.param(("sbom-missing",), None, 95, "A", id="no SBOM"),
        pytest.param(("lockfile-missing",), None, 80, "D", id="critical: capped at D"),
        pytest.param(("internal-name-unscoped",), None, 80, "D", id="an unscoped internal name"),
        pytest.param(("npmrc-scope-pin",) * 9, None, 80, "D", id="a control counts once"),
        pytest.param((), TWO, 70, "C", id="vulnerabilities count each, the low one not"),
        pytest.param(("lockfile-integrity", "ci-npm-install"), None, 70, "C", id="two of high"),
        pytest.param(("lockfile-review-missing", "tree-large"), None, 100, "A", id="no control"),
        pytest.param(
            ("lockfile-missing", "ci-npm-install", "internal-scope-source", "lockfile-integrity"),
            TWO,
            0,
            "F",
            id="never below 0",
        ),
    ],
)
def test_the_published_table(
    rules: tuple[str, ...], told: evidence.Evidence | None, score: int, letter: str
) -> None:
    result = graded(*rules, told=told)

    assert (result.score, result.letter) == (score, letter)


def test_a_cap_names_what_holds_the_grade_down() -> None:
    assert graded("lockfile-missing").capped_by == ("lockfile",)
    assert graded("ci-npm-install").capped_by == ()


def test_what_cannot_be_told_is_named_and_costs_nothing() -> None:
    result = graded(off=("sbom-missing", "npmrc-scope-pin"))
    states = {each.control.id: (each.status, each.reason) for each in result.results}

    assert result.score == 100
    assert states["vulnerabilities"][0] == states["provenance"][0] == "not measured"
    assert states["sbom"] == ("not measured", "sbom-missing: switched off")
    assert states["internal-names"] == ("pass", "npmrc-scope-pin: switched off")


def test_the_next_step_is_the_one_that_gains_most() -> None:
    result = graded("sbom-missing", "ci-npm-install", "lockfile-missing")

    assert [(s.result.control.id, s.gain, s.grade) for s in result.steps] == [
        ("lockfile", 20, "B"),
        ("ci-frozen-install", 15, "D"),
        ("sbom", 5, "D"),
    ]
    assert result.steps[0].result.remedy == ("mend lockfile-missing",)


@pytest.mark.parametrize(
    ("total", "scripts", "told", "failed", "expected"),
    [
        pytest.param(500, 11, TWO, {"ci-npm-install"}, True, id="all four"),
        pytest.param(499, 11, TWO, {"ci-npm-install"}, False, id="a smaller tree"),
        pytest.param(500, 10, TWO, {"ci-npm-install"}, False, id="fewer scripts"),
        pytest.param(500, 11, None, {"ci-npm-install"}, False, id="nobody asked the network"),
        pytest.param(500, 11, TWO, set(), False, id="npm ci"),
    ],
)
def test_the_danger_zone(
    total: int, scripts: int, told: evidence.Evidence | None, failed: set[str], expected: object
) -> None:
    counted = Facts(total=total, scripts=tuple(map(str, range(scripts))))

    assert grade.in_danger(rubric.SHIPPED, counted, told, failed) is expected


def scanned(
    files: dict[str, str | bytes], policy: Policy | None = None, only: tuple[str, ...] = ()
) -> Report:
    return engine.scan(MemoryTree(files), policy or Policy(), only=only, measure=measure())


def test_two_scans_give_the_same_bytes() -> None:
    assert json_report.render(scanned(FILES)) == json_report.render(scanned(FILES))


def test_a_scan_carries_grade_and_numbers() -> None:
    document = json.loads(json_report.render(scanned(FILES)))

    assert document["rubric"] == {"name": "lockward", "version": "1"}
    assert (document["grade"], document["score"]) == ("A", 95)
    assert document["packages"]["total"] == document["packages"]["direct"] == 1
    assert {each["id"]: each["status"] for each in document["controls"]}["sbom"] == "fail"


@pytest.mark.parametrize(
    ("files", "word"),
    [
        pytest.param({"README.md": ""}, "no JavaScript", id="no project at all"),
        pytest.param({"package.json": "{}"}, "depends on anybody", id="no dependencies"),
        pytest.param(
            {**FILES, "package-lock.json": "{"}, "a file could not be read", id="unreadable"
        ),
    ],
)
def test_what_cannot_be_graded_says_so(files: dict[str, str | bytes], word: str) -> None:
    document = json.loads(json_report.render(scanned(files)))

    assert document["grade"] is document["score"] is None
    assert word in document["not_graded"]


FLOW = "jobs:\n  b:\n    steps:\n      - run: {}\n"


@pytest.mark.parametrize(
    ("files", "audit", "frozen"),
    [
        pytest.param({}, "not measured", "not measured", id="no CI at all"),
        pytest.param({"Dockerfile": "RUN npm i\n"}, "not measured", "fail", id="a Dockerfile"),
        pytest.param(
            {".github/workflows/a.yml": FLOW.format("npm ci")}, "fail", "pass", id="npm ci"
        ),
        pytest.param(
            {".github/workflows/a.yml": FLOW.format("npm ci && npm audit")},
            "pass",
            "pass",
            id="both",
        ),
    ],
)
def test_what_ci_does_is_measured_where_there_is_one(
    files: dict[str, str | bytes], audit: str, frozen: str
) -> None:
    report = scanned({**FILES, **files})

    assert report.posture is not None
    states = {each.control.id: each.status for each in report.posture.grade.results}
    assert (states["ci-audit"], states["ci-frozen-install"]) == (audit, frozen)


def test_a_rule_that_the_policy_switches_off_is_not_measured() -> None:
    report = scanned(FILES, Policy(levels={"sbom-missing": "off"}))

    assert report.posture is not None
    assert "sbom" in [each.control.id for each in report.posture.grade.not_measured]


def test_only_some_rules_measure_only_some_controls() -> None:
    report = scanned(FILES, only=("lockfile-missing",))

    assert report.posture is not None
    measured = set(report.posture.grade.results) - set(report.posture.grade.not_measured)
    assert [each.control.id for each in measured] == ["lockfile"]


AUDIT = {
    "auditReportVersion": 2,
    "vulnerabilities": {
        "a": {"via": [{"name": "a", "url": "https://x/GHSA-1", "severity": "high", "title": "t"}]},
        "b": {"via": ["a", {"name": "a", "url": "https://x/GHSA-1", "severity": "high"}]},
        "c": {"via": [{"name": "c", "url": "https://x/GHSA-2", "severity": "moderate"}]},
    },
}


@pytest.mark.parametrize(
    ("document", "severe", "unproven"),
    [
        pytest.param(AUDIT, ["GHSA-1"], None, id="npm audit: each advisory once"),
        pytest.param(
            {"invalid": [{"name": "a", "version": "1.0.0"}], "missing": []},
            [],
            ("a@1.0.0",),
            id="npm audit signatures",
        ),
        pytest.param(
            {
                "version": 1,
                "vulnerabilities": [{"id": "X", "package": "a", "severity": "critical"}],
                "provenance": {"verified": 3, "missing": ["b@1.0.0"]},
            },
            ["X"],
            ("b@1.0.0",),
            id="our own",
        ),
        pytest.param(
            {"version": 1, "vulnerabilities": [{"id": "X", "severity": "odd"}]},
            ["X"],
            None,
            id="an unknown severity counts as high, as npm takes it",
        ),
    ],
)
def test_evidence(document: object, severe: list[str], unproven: tuple[str, ...] | None) -> None:
    read = evidence.read("e.json", json.dumps(document).encode())

    assert [each.id for each in read.severe] == severe
    assert read.unproven == unproven


def test_several_files_tell_together() -> None:
    audit = evidence.read("a", json.dumps(AUDIT).encode())
    signed = evidence.read("s", b'{"invalid": [], "missing": []}')
    both = evidence.joined([audit, signed, audit])

    assert [each.id for each in both.vulnerabilities or ()] == ["GHSA-1", "GHSA-2"]
    assert both.unproven == ()
    assert evidence.joined([audit]).unproven is None


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("{", id="no JSON"),
        pytest.param("[]", id="no object"),
        pytest.param("[" * 100_000, id="nested too deep"),
        pytest.param('{"auditReportVersion": 3}', id="another version of npm's report"),
        pytest.param('{"error": {"code": "ENOTFOUND"}}', id="npm audit that failed"),
        pytest.param('{"version": 1, "vulnerabilities": {}}', id="not a list"),
        pytest.param('{"version": 1, "provenance": []}', id="not an object"),
    ],
)
def test_no_evidence_is_an_error_and_not_a_pass(text: str) -> None:
    with pytest.raises(EvidenceError, match=r"e\.json"):
        evidence.read("e.json", text.encode())


SHIPPED = FILE.read_text()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        pytest.param('version = "1"', "", "needs version", id="no version"),
        pytest.param("start = 100", "strat = 100", "needs start", id="a typo"),
        pytest.param("start = 100", "start = 100\nmore = 1", 'unknown key "more"', id="a new key"),
        pytest.param("delta = -20", "delta = 20", "from -1000 to 0", id="a reward"),
        pytest.param('critical = "D"', 'critical = "E"', "one of", id="no such grade"),
        pytest.param('per = "finding"\nev', 'per = "each"\nev', "one of", id="an unknown count"),
        pytest.param('rules = ["sbom-missing"]', "", "either rules or evidence", id="no judge"),
        pytest.param("A = 90", 'A = "90"', "must be a number", id="a word for a number"),
        pytest.param("[caps]", "[caps", "not valid TOML", id="no TOML"),
    ],
)
def test_a_wrong_rubric_is_refused(old: str, new: str, said: str) -> None:
    assert old in SHIPPED
    with pytest.raises(PolicyError, match=said):
        rubric.read("r.toml", SHIPPED.replace(old, new, 1).encode())
