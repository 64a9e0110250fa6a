"""The report that people read, whole texts."""

from __future__ import annotations

import pytest

from lockward.errors import LockfileError, LockwardError, NotAFileError, PolicyError
from lockward.findings import Finding, LockfileVerdict
from lockward.policyfile import read
from lockward.reports.summary import Style, passed
from lockward.reports.text import REMOTE_LINES, REMOTE_WIDTH, fault, render, summary
from tests.policy.reports.findings import (
    DOUBLED,
    LOCK,
    LOOSE_INSTALL,
    TAMPERED,
    UNSCOPED,
    bare,
    refreshed,
    report,
)
from tests.support import interpreter


def test_a_tampered_entry() -> None:
    expected = """\
error[lockfile-tampered]: debug@2.6.9: other integrity, and nothing explains it
  --> package-lock.json:153
  was: sha512-bC7ElrdJaJnPbAP+1EotYvqZsb3ecl5wi6Bf...APVMNcKGsHMA==
  now: sha512-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA...AAAAAAAAAAAA==
  why: published bytes never change; this version was locked with the old hash
  fix: git checkout HEAD -- package-lock.json
       npm install --package-lock-only --ignore-scripts
       if it comes back, stop and tell whoever runs your registry
lockward: refused, 1 error. More: lockward explain lockfile-tampered
"""

    assert render(report(TAMPERED)) == expected


def test_a_refresh_is_one_block_with_a_row_per_package() -> None:
    expected = """\
error[lockfile-unmatched]: in-range refresh of 3 packages, and no requirement changed
  --> package-lock.json
  cookie  0.7.1 -> 0.7.2    line 135  express wants ~0.7.1
  qs      6.16.0 -> 6.16.2  line 629  express wants ~6.16.0
  send    0.19.0 -> 0.19.2  line 695  express wants ~0.19.0
  why: a refresh: in range, same registry, sha512; but package.json asks none
  fix: drop it   git checkout HEAD -- package-lock.json
       ask it    npm pkg set overrides.qs=6.16.2
lockward: refused, 3 errors of 1 cause. More: lockward explain lockfile-unmatched
"""
    moved = (
        refreshed("cookie", "0.7.1", "0.7.2", 135, "~0.7.1"),
        refreshed("qs", "6.16.0", "6.16.2", 629, "~6.16.0"),
        refreshed("send", "0.19.0", "0.19.2", 695, "~0.19.0"),
    )

    assert render(report(*moved)) == expected


def test_a_group_of_one_is_the_finding_itself() -> None:
    expected = """\
error[lockfile-unmatched]: qs moved from 6.16.0 to 6.16.2, but no requirement changed
  --> package-lock.json:629
"""

    assert render(report(refreshed("qs", "6.16.0", "6.16.2", 629, "~6.16.0"))).startswith(expected)


MANIFEST = b'{\n  "dependencies": {\n    "billing-client": "^2.1.0"\n  }\n}\n'


def test_an_unscoped_name_with_the_line_it_stands_on() -> None:
    expected = """\
error[internal-name-unscoped]: billing-client: ours, but asked for without @acme
  --> package.json:3
   3 |     "billing-client": "^2.1.0"
     |     ^^^^^^^^^^^^^^^^
  why: anybody can publish the bare name; npm would install theirs
  fix: npm pkg delete dependencies.billing-client
       npm pkg set 'dependencies.@acme/billing-client=^2.1.0'
       npm install --package-lock-only --ignore-scripts
lockward: refused, 1 error. More: lockward explain internal-name-unscoped
"""

    assert render(report(UNSCOPED), Style(source=lambda _: MANIFEST)) == expected


def test_a_warning_in_a_passing_hook() -> None:
    expected = """\
warning[ci-npm-install]: `npm install` can install what was never locked
  --> .github/workflows/ci.yml:2
   2 |       - run: npm install
  fix: npm ci
lockward: passed, 1 warning. More: lockward explain ci-npm-install
"""
    source = b"    steps:\n      - run: npm install\n"

    assert render(report(LOOSE_INSTALL), Style(quiet=True, source=lambda _: source)) == expected


def test_an_unreadable_lockfile_is_undecided() -> None:
    expected = """\
error[lockfile-unreadable]: "node_modules/debug" is there twice
  --> package-lock.json:198
  why: two readers can read two lockfiles here; mostly a bad merge
  fix: git checkout HEAD -- package-lock.json
       npm install --package-lock-only --ignore-scripts
lockward: undecided, 1 file unreadable (exit 2)
"""

    assert render(report(DOUBLED)) == expected
    assert summary(report(DOUBLED, TAMPERED)) == (
        "lockward: undecided, 1 file unreadable, 1 other finding (exit 2)"
    )


def test_a_policy_with_a_typo() -> None:
    data = b'# ours\n\n[lockfile]\nrefesh = "trailer"\n'
    expected = """\
error: .lockward.toml:4: unknown key "refesh" in [lockfile]
   4 | refesh = "trailer"
     | ^^^^^^ did you mean "refresh"?
lockward: undecided, the policy is not valid; nothing was judged (exit 2)
"""
    with pytest.raises(PolicyError) as raised:
        read(".lockward.toml", data)

    assert fault(raised.value, data) == expected


@pytest.mark.parametrize(
    ("error", "data", "expected"),
    [
        pytest.param(
            PolicyError("[[paths]] needs match", path="p.toml", line=9, hint="known: a"),
            None,
            "error: p.toml:9: [[paths]] needs match\n  known: a\n"
            "lockward: undecided, the policy is not valid; nothing was judged (exit 2)\n",
            id="the hint stands alone where the line cannot be shown",
        ),
        pytest.param(
            PolicyError("a", path="p.toml", line=1, word="zzz", hint="known: b"),
            b"x = 1",
            "error: p.toml:1: a\n   1 | x = 1\n     | known: b\n"
            "lockward: undecided, the policy is not valid; nothing was judged (exit 2)\n",
            id="the hint stands below the line where the word is not in it",
        ),
        pytest.param(
            LockfileError("truncated", path=LOCK, line=3),
            b"{",
            "error: package-lock.json:3: truncated\n"
            "lockward: undecided, nothing was judged (exit 2)\n",
            id="a line that is not there",
        ),
        pytest.param(
            LockwardError("git failed\nlockward: passed"),
            None,
            "error: git failed\\nlockward: passed\n"
            "lockward: undecided, nothing was judged (exit 2)\n",
            id="no place at all, and a forged line",
        ),
    ],
)
def test_fault(error: LockwardError, data: bytes | None, expected: str) -> None:
    assert fault(error, data) == expected


def test_undecided_on_a_server() -> None:
    expected = """\
error: deadline of 4.0 s passed: 3 of 5 commits judged, none refused
lockward: undecided, nothing was judged (exit 2)
"""
    reason = "deadline of 4.0 s passed: 3 of 5 commits judged, none refused"

    assert render(report(undecided=(reason,)), Style(width=REMOTE_WIDTH, quiet=True)) == expected
    assert summary(report(TAMPERED, undecided=(reason,))) == (
        "lockward: undecided, 1 error (exit 2)"
    )


def test_many_reasons_are_counted() -> None:
    lines = render(report(undecided=tuple(f"reason {n}" for n in range(14)))).splitlines()

    assert lines[9:11] == ["error: reason 9", "error: ... 4 more reasons"]


def test_three_hundred_findings() -> None:
    expected = """\
error[lockfile-tampered]: debug@2.6.9: other integrity, and nothing explains it
  --> package-lock.json:153
  was: sha512-bC7ElrdJaJnPbAP+1EotYvqZsb3ecl5wi6Bf...APVMNcKGsHMA==
  now: sha512-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA...AAAAAAAAAAAA==
  why: published bytes never change; this version was locked with the old hash
  fix: git checkout HEAD -- package-lock.json
       npm install --package-lock-only --ignore-scripts
       if it comes back, stop and tell whoever runs your registry
error[lockfile-integrity]: 263 packages lost their integrity
  --> package-lock.json:40 package-0@1.0.0, :41 package-1@1.0.0, :42 package-2@1.0.0, 260 more
error[lockfile-unmatched]: in-range refresh of 36 packages, and no requirement changed
  --> package-lock.json
  p-0  1.0.0 -> 1.0.1  line 0  express wants ~1.0.0
  p-1  1.0.0 -> 1.0.1  line 1  express wants ~1.0.0
  p-2  1.0.0 -> 1.0.1  line 2  express wants ~1.0.0
  p-3  1.0.0 -> 1.0.1  line 3  express wants ~1.0.0
  p-4  1.0.0 -> 1.0.1  line 4  express wants ~1.0.0
  ... 31 more
  why: a refresh: in range, same registry, sha512; but package.json asks none
  fix: drop it   git checkout HEAD -- package-lock.json
       ask it    npm pkg set overrides.qs=6.16.2
lockward: refused, 300 errors of 3 causes. All: lockward check --format concise
"""
    lost = [bare(n, group="{n} packages lost their integrity") for n in range(263)]
    moved = [refreshed(f"p-{n}", "1.0.0", "1.0.1", n, "~1.0.0") for n in range(36)]

    assert render(report(TAMPERED, *lost, *moved)) == expected


def test_ten_blocks_but_every_rule() -> None:
    many = [bare(n) for n in range(20)]
    text = render(report(LOOSE_INSTALL, *many, UNSCOPED))
    labels = [line.partition(":")[0] for line in text.splitlines() if "]: " in line]

    assert labels == (
        ["error[lockfile-integrity]"] * 8
        + ["error[internal-name-unscoped]", "warning[ci-npm-install]"]
    )
    assert text.endswith(
        "lockward: refused, 21 errors, 1 warning. All: lockward check --format concise\n"
    )


@pytest.mark.parametrize("rules", [1, 8, 15])
def test_a_server_gets_forty_lines_at_most(rules: int) -> None:
    found = [
        refreshed(f"{rule}-{n}", "1.0.0", "1.0.1", n, "~1.0.0")
        for rule in range(rules)
        for n in range(6)
    ]
    named = [
        type(finding)(
            rule=f"rule-{finding.row[0].partition('-')[0]}",
            severity="error",
            path=LOCK,
            message=finding.message,
            group=finding.group,
            row=finding.row,
            why=finding.why,
            remedy=finding.remedy,
        )
        for finding in found
    ]
    style = Style(lines=REMOTE_LINES, width=REMOTE_WIDTH, all="git log")

    lines = render(report(*named), style).splitlines()

    assert len(lines) <= REMOTE_LINES
    assert sum(line.startswith("error[") for line in lines) == rules
    assert lines[-1].startswith(f"lockward: refused, {6 * rules} errors of {rules} cause")
    assert lines[-1].endswith(". All: git log")


def test_a_server_drops_the_later_findings_of_a_rule_first() -> None:
    style = Style(lines=24)
    lines = render(report(*map(bare, range(8)), TAMPERED), style).splitlines()

    assert len(lines) == 23  # blocks go whole
    assert sum(line.startswith("error[lockfile-integrity]") for line in lines) == 7
    assert "  now: sha512-AAA" in "\n".join(lines)
    assert lines[-1] == "lockward: refused, 9 errors. All: lockward check --format concise"


@pytest.mark.parametrize(
    ("was", "now", "expected"),
    [
        pytest.param("", "sha1-x", ["  now: sha1-x"], id="only what is there now"),
        pytest.param("sha512-x", "", ["  was: sha512-x"], id="only what was there"),
    ],
)
def test_evidence_of_one_side(was: str, now: str, expected: list[str]) -> None:
    found = Finding(rule="r", severity="note", path=LOCK, line=2, message="m", was=was, now=now)

    assert render(report(found)).splitlines() == [
        "note[r]: m",
        "  --> package-lock.json:2",
        *expected,
        "lockward: passed, 1 note. More: lockward explain r",
    ]


def test_a_group_without_rows_names_its_places() -> None:
    two = [bare(n, group="{n} packages lost their integrity") for n in range(2)]

    assert render(report(*two)).splitlines()[:2] == [
        "error[lockfile-integrity]: 2 packages lost their integrity",
        "  --> package-lock.json:40 package-0@1.0.0, :41 package-1@1.0.0",
    ]


def test_a_long_reason_is_wrapped_below_itself() -> None:
    lines = render(report(TAMPERED), Style(width=50)).splitlines()

    assert lines[4:6] == [
        "  why: published bytes never change; this version",
        "       was locked with the old hash",
    ]


MATCHED = LockfileVerdict(LOCK, "matched", ("a@1.0.0", "b@1.0.0"), ("c@1.0.0",), (("d", "1", "2"),))


@pytest.mark.parametrize(
    ("examined", "lockfiles", "expected"),
    [
        pytest.param(
            {"lockfiles": 1},
            (MATCHED,),
            "lockward: passed, package-lock.json matched (4 packages changed)",
            id="one lockfile",
        ),
        pytest.param(
            {"lockfiles": 2, "packages": 700, "manifests": 1, "ci": 1, "settings": 0},
            (MATCHED, MATCHED),
            "lockward: passed, 2 lockfiles, 700 packages, 1 manifest, 1 CI file",
            id="several files",
        ),
        pytest.param({}, (), "lockward: passed, nothing to judge", id="nothing at all"),
    ],
)
def test_a_pass_by_hand_names_what_was_looked_at(
    examined: dict[str, int], lockfiles: tuple[LockfileVerdict, ...], expected: str
) -> None:
    found = report(examined=examined, lockfiles=lockfiles)

    for say in (render, passed):  # the second is what a commit without findings loads
        assert say(found, Style()) == f"{expected}\n"
        assert say(found, Style(quiet=True)) == ""
        assert say(found, Style(colour=True)) == f"\x1b[1m{expected}\x1b[0m\n"


def test_excepted_findings_are_counted() -> None:
    for say in (render, passed):
        assert say(report(suppressed=(TAMPERED,)), Style()) == (
            "lockward: passed, nothing to judge, 1 excepted\n"
        )
    assert summary(report(TAMPERED, suppressed=(UNSCOPED,))) == (
        "lockward: refused, 1 error, 1 excepted"
    )


def test_colour_is_the_callers_decision() -> None:
    plain, coloured = render(report(TAMPERED)), render(report(TAMPERED), Style(colour=True))

    assert "\x1b" not in plain
    assert "\x1b[1;31merror[lockfile-tampered]\x1b[0m: " in coloured
    assert plain == _uncoloured(coloured)


def _uncoloured(text: str) -> str:
    import re

    return re.sub(r"\x1b\[[0-9;]*m", "", text)


def test_no_excerpt_of_what_cannot_be_read_or_holds_secrets() -> None:
    def fails(path: str) -> bytes | None:
        raise NotAFileError("is a link", path=path)

    token = type(UNSCOPED)(rule="npmrc-unsafe", severity="error", path=".npmrc", message="m")

    assert " | " not in render(report(UNSCOPED), Style(source=fails))
    assert " | " not in render(report(UNSCOPED), Style(source=lambda _: None))
    assert " | " not in render(report(UNSCOPED), Style(source=lambda _: b"{}\n"))
    assert "secret" not in render(report(token), Style(source=lambda _: b"token=secret\n"))


def test_the_text_report_imports_little() -> None:
    costly = ["re", "json", "textwrap", "typing", "dataclasses", "enum", "functools"]

    assert interpreter.loaded(["lockward.reports.text"], costly) == []
