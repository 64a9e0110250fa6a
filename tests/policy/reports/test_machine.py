"""The reports that machines read: concise, JSON, SARIF."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from lockward.findings import Finding, LockfileVerdict, Report
from lockward.reports import concise, sarif
from lockward.reports import json as json_report
from tests.policy.reports.findings import DOUBLED, LOCK, LOOSE_INSTALL, UNSCOPED, bare, report

ROOT = Path(__file__).parents[3]
JSON_SCHEMA = json.loads((ROOT / "docs" / "report.schema.json").read_text())
SARIF_SCHEMA = json.loads((ROOT / "tests" / "data" / "sarif" / "schema.json").read_text())

VERDICT = LockfileVerdict(LOCK, "tampered", ("a@1.0.0",), ("b@1.0.0",), (("c", "1.0.0", "2.0.0"),))
HOSTILE = Finding(
    rule="lockfile-integrity",
    severity="error",
    path="caf\u00e9 [x]/a:b#c\udcff/package-lock.json",
    line=0,
    package="x\ud800",
    message="see [here](https://evil.example.org)\n::error::\x1b[2J",
    was="\x00" * 500,
    remedy=("echo '\x1b'",),
)
REPORTS = [
    pytest.param(report(), id="nothing at all"),
    pytest.param(report(examined={"lockfiles": 1}, lockfiles=(VERDICT,)), id="a pass"),
    pytest.param(report(bare(1), bare(1), bare(2), suppressed=(bare(3),)), id="findings and twins"),
    pytest.param(report(DOUBLED), id="an unreadable file"),
    pytest.param(report(HOSTILE, undecided=("x\udcff\n",)), id="hostile text"),
]


def test_concise() -> None:
    found = report(UNSCOPED, LOOSE_INSTALL, undecided=("deadline passed",))

    assert concise.render(found) == (
        "package.json:3: error[internal-name-unscoped]: billing-client: ours, but asked for"
        " without @acme\n"
        ".github/workflows/ci.yml:2: warning[ci-npm-install]: `npm install` can install what was"
        " never locked\n"
        "lockward: undecided: deadline passed\n"
    )


@pytest.mark.parametrize("given", REPORTS)
def test_json_is_what_the_published_schema_says(given: Report) -> None:
    text = json_report.render(given)

    jsonschema.validate(json.loads(text), JSON_SCHEMA)
    assert text.isascii()
    assert json.loads(text)["verdict"] == given.verdict


def test_json_in_full() -> None:
    found = report(DOUBLED, lockfiles=(VERDICT,), examined={"lockfiles": 1})

    assert json.loads(json_report.render(found)) == {
        "version": 1,
        "verdict": "undecided",
        "lockfiles": [
            {
                "path": "package-lock.json",
                "classification": "tampered",
                "added": ["a@1.0.0"],
                "removed": ["b@1.0.0"],
                "changed": [{"name": "c", "before": "1.0.0", "after": "2.0.0"}],
            }
        ],
        "findings": [
            {
                "rule": "lockfile-unreadable",
                "severity": "error",
                "path": "package-lock.json",
                "line": 198,
                "pointer": "",
                "package": None,
                "message": '"node_modules/debug" is there twice',
                "was": "",
                "now": "",
                "why": "two readers can read two lockfiles here; mostly a bad merge",
                "remedy": [
                    "git checkout HEAD -- package-lock.json",
                    "npm install --package-lock-only --ignore-scripts",
                ],
                "fingerprint": DOUBLED.fingerprint,
                "undecided": True,
            }
        ],
        "examined": {"lockfiles": 1},
        "suppressed": [],
        "undecided": [],
        "requirements_changed": False,
    }


def test_bytes_that_are_not_utf_8_are_told_apart() -> None:
    [finding] = json.loads(json_report.render(report(HOSTILE)))["findings"]

    assert finding["path"] == "caf\u00e9 [x]/a:b#c\\xff/package-lock.json"
    assert finding["package"] == "x\\ud800"


@pytest.mark.parametrize("given", REPORTS)
def test_sarif_is_within_the_standard_and_the_limits(given: Report) -> None:
    text = sarif.render(given, version="0.1.0")
    [run] = json.loads(text)["runs"]

    jsonschema.validate(json.loads(text), SARIF_SCHEMA)
    assert len(run["results"]) == len(given.findings)
    assert run["invocations"][0]["executionSuccessful"] is (given.verdict != "undecided")


def test_a_sarif_result() -> None:
    [run] = json.loads(sarif.render(report(bare(1), bare(1))))["runs"]
    [rule] = run["tool"]["driver"]["rules"]
    first, second = run["results"]

    assert first == {
        "ruleId": "lockfile-integrity",
        "level": "error",
        "message": {"text": "package-1@1.0.0: no integrity"},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": LOCK, "uriBaseId": "%SRCROOT%"},
                    "region": {"startLine": 41},
                }
            }
        ],
        "partialFingerprints": {"primaryLocationLineHash": f"{bare(1).fingerprint}:1"},
    }
    assert second["partialFingerprints"]["primaryLocationLineHash"].endswith(":2")
    assert rule["id"] == "lockfile-integrity"
    assert rule["defaultConfiguration"] == {"level": "error"}
    assert rule["help"]["markdown"].count("## ") == 5


def test_a_hostile_sarif_result() -> None:
    [run] = json.loads(sarif.render(report(HOSTILE)))["runs"]
    [result] = run["results"]
    place = result["locations"][0]["physicalLocation"]

    assert place["artifactLocation"]["uri"] == (
        "caf%C3%A9%20%5Bx%5D/a%3Ab%23c%FF/package-lock.json"
    )
    assert place["region"] == {"startLine": 1}
    assert "](" not in result["message"]["text"]
    assert "\x1b" not in result["message"]["text"]


def test_a_path_that_no_tree_can_hold_is_still_a_uri() -> None:
    assert sarif.uri("a\ud800") == "a%ED%A0%80"


def test_more_results_than_github_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sarif, "RESULTS", 3)
    [run] = json.loads(sarif.render(report(*map(bare, range(5)))))["runs"]

    assert len(run["results"]) == 3
    assert run["invocations"][0]["toolExecutionNotifications"] == [
        {"level": "error", "message": {"text": "2 more findings are not in this file"}}
    ]


def test_a_key_that_names_thousands_of_ranges_is_not_repeated_by_each_finding() -> None:
    """Yarn writes all descriptors of a package as one key: megabytes, times the findings."""
    key = ", ".join(f"a@npm:^1.{n}.0" for n in range(5_000))
    found = Finding(rule="r", severity="error", path=LOCK, message="m", pointer=key)
    told = json_report.finding_row(found)["pointer"]
    assert isinstance(told, str)
    assert told.startswith(key[:1_000])
    assert len(told) < 1_100
    short = Finding(rule="r", severity="error", path=LOCK, message="m", pointer=key[:1_000])
    assert json_report.finding_row(short)["pointer"] == key[:1_000]
