"""``lockward scan``: folders, revisions, bare repositories; evidence, rubrics, output files."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.support import npm
from tests.support.repos import CLEAN, Repo

if TYPE_CHECKING:
    from pathlib import Path

FORMATS = (
    *("text", "concise", "json", "sarif"),
    *("github", "gitlab", "junit", "markdown", "html"),
)


class Scan:
    """The command in a repository."""

    def __init__(self, repo: Repo, lockward: Path) -> None:
        self.repo = repo
        self._lockward = str(lockward)

    def __call__(self, *args: str) -> tuple[int, str, str]:
        done = self.repo.run(self._lockward, "scan", *args)
        return done.returncode, done.stdout, done.stderr

    def json(self, *args: str) -> dict[str, object]:
        _, out, err = self("--format", "json", *args)
        assert err == ""
        found: dict[str, object] = json.loads(out)
        return found


@pytest.fixture
def scan(repo: Repo, lockward: Path) -> Scan:
    return Scan(repo, lockward)


def test_a_folder_a_revision_and_a_bare_repository_say_the_same(
    scan: Scan, tmp_path: Path, lockward: Path
) -> None:
    scan.repo.git("clone", "--quiet", "--bare", str(scan.repo.path), str(tmp_path / "bare.git"))
    bare = Repo.__new__(Repo)
    bare.path, bare.env = tmp_path / "bare.git", scan.repo.env
    plain = tmp_path / "plain"
    plain.mkdir()
    for name, data in CLEAN.items():
        (plain / name).write_bytes(data if isinstance(data, bytes) else data.encode())

    answers = [
        scan.json(),
        scan.json("--rev", "HEAD"),
        scan.json(str(plain)),
        Scan(bare, lockward).json("--rev", "main"),
    ]

    assert all(answer == answers[0] for answer in answers)
    assert answers[0]["grade"] in ("A", "B")


@pytest.mark.parametrize("form", FORMATS)
def test_two_scans_give_the_same_bytes(scan: Scan, form: str) -> None:
    assert scan("--format", form) == scan("--format", form)


def test_the_summary_comes_before_the_last_line(scan: Scan) -> None:
    code, out, _ = scan()
    lines = out.splitlines()

    assert code == 0
    assert lines[-1].startswith("lockward: passed")
    assert [line for line in lines if line.startswith("posture: grade ")]
    assert "  packages   1: 1 direct, 0 transitive, 1 deep" in out
    assert "unmeasured ci-frozen-install, vulnerabilities, ci-audit, provenance" in out


def test_the_way_to_a_transitive_package_is_told(scan: Scan) -> None:
    manifest = {"name": "app", "dependencies": {"schema-validator": "1.0.0"}}
    packages = {
        "schema-validator": npm.locked("schema-validator", dependencies={"string-utils": "1.0.0"}),
        "string-utils": npm.locked("string-utils", dependencies={"fast-str": "1.0.0"}),
        "fast-str": npm.locked("fast-str", integrity=None),
    }
    scan.repo.write(npm.files(manifest, packages))

    _, out, _ = scan("--only", "lockfile-integrity")
    document = scan.json("--only", "lockfile-integrity")

    assert "  via: schema-validator > string-utils > fast-str\n" in out
    findings = document["findings"]
    assert isinstance(findings, list)
    assert findings[0]["way"] == ["schema-validator", "string-utils", "fast-str"]


def test_evidence_measures_what_needs_the_network(scan: Scan) -> None:
    rows = [{"id": "GHSA-x", "package": "a", "severity": "high", "title": "t"}]
    evidence = {"version": 1, "vulnerabilities": rows, "provenance": {"missing": []}}
    (scan.repo.path / "e.json").write_text(json.dumps(evidence))
    before, after = scan.json(), scan.json("--evidence", "e.json")

    assert after["score"] == int(str(before["score"])) - 15
    states = {each["id"]: each["status"] for each in after["controls"]}  # type: ignore[attr-defined]
    assert (states["vulnerabilities"], states["provenance"]) == ("fail", "pass")


@pytest.mark.parametrize(
    ("args", "said"),
    [
        pytest.param(("--evidence", "none.json"), "none.json: cannot be read", id="no file"),
        pytest.param(("--evidence", "package.json"), "neither `npm audit", id="no evidence"),
        pytest.param(("--rubric", "package.json"), "is not valid TOML", id="no rubric"),
        pytest.param(("--output", "no/where.txt"), "cannot be written", id="no place to write"),
    ],
)
def test_a_wrong_file_decides_nothing(scan: Scan, args: tuple[str, ...], said: str) -> None:
    code, _, err = scan(*args)

    assert code == 2
    assert said in err


def test_a_rubric_of_ones_own_is_named(scan: Scan) -> None:
    (scan.repo.path / "r.toml").write_text(
        'name = "acme"\nversion = "7"\nstart = 10\n'
        "[grades]\nA = 9\nB = 8\nC = 7\nD = 6\n[caps]\ncritical = 'F'\n"
        "[danger]\npackages = 1\ninstall-scripts = 0\n"
        "[[controls]]\nid = 'sbom'\ntitle = 'SBOM'\nseverity = 'critical'\ndelta = -1\n"
        "per = 'control'\nrules = ['sbom-missing']\n"
    )
    _, out, _ = scan("--rubric", "r.toml")

    assert "posture: grade F, 9 of 10 (rubric acme 7); no better than F while sbom fails" in out


@pytest.mark.parametrize("form", FORMATS)
def test_output_writes_what_would_be_printed(scan: Scan, form: str) -> None:
    code, printed, _ = scan("--format", form)

    assert scan("--format", form, "--output", "report") == (code, "", "")
    assert (scan.repo.path / "report").read_text() == printed
