"""The command line: what it takes, what it prints where, and its exit codes."""

from __future__ import annotations

import io
import json
import os
import subprocess

import pytest

from lockward_hooks import arguments, cli, output, pre_commit
from lockward_hooks.arguments import UsageError
from tests.support.repos import CLEAN, EVIL, GROWN, Repo

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path

LOCK = "package-lock.json"
ONLY = ("--only", "lockfile-integrity")


@pytest.fixture
def run(repo: Repo, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Runner:
    return Runner(repo, monkeypatch, capsys)


class Runner:
    """``main`` in the repository: its exit code and what it printed."""

    def __init__(
        self, repo: Repo, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        self.repo = repo
        self.capsys = capsys
        monkeypatch.chdir(repo.path)
        for name in list(os.environ):
            monkeypatch.delenv(name)
        for name, value in repo.env.items():
            monkeypatch.setenv(name, value)

    def __call__(self, *argv: str) -> tuple[int, str, str]:
        code = cli.main(argv)
        printed = self.capsys.readouterr()
        return code, printed.out, printed.err


# Usage


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        pytest.param((), "which command? (check, scan, ", id="nothing"),
        pytest.param(("chek",), "unknown command 'chek'; did you mean \"check\"?", id="command"),
        pytest.param(("check", "--onyl"), 'did you mean "--only"?', id="option"),
        pytest.param(("check", "-x"), "unknown option of check '-x'", id="a short option"),
        pytest.param(("check", "--only"), "--only needs a value: RULE,...", id="no value"),
        pytest.param(("check", "--only="), "--only needs a value", id="an empty value"),
        pytest.param(("check", "--only", ","), "--only needs a value", id="no rule in the list"),
        pytest.param(
            ("check", "--only", "lockfile-integrety"),
            "unknown rule 'lockfile-integrety'; did you mean \"lockfile-integrity\"?",
            id="rule",
        ),
        pytest.param(("check", "--staged=no"), "--staged takes no value", id="a flag's value"),
        pytest.param(("check", "--from", "HEAD"), "--from and --to go together", id="half a range"),
        pytest.param(
            ("check", "--staged", "--from", "a", "--to", "b"), "exclude each other", id="two ways"
        ),
        pytest.param(("check", "--format", "jsn"), 'did you mean "json"?', id="format"),
        pytest.param(("check", "stray"), "takes no 'stray'", id="an operand too many"),
        pytest.param(("explain", "nonsense"), "unknown rule 'nonsense'", id="explain"),
        pytest.param(("explain",), "needs a RULE", id="explain what"),
        pytest.param(("packages",), "needs a LOCKFILE", id="packages of what"),
        pytest.param(("commit-msg",), "needs the FILE", id="which message"),
        pytest.param(("check", "--only", "\x1b[2J"), "'\\x1b[2J'", id="an escape sequence"),
    ],
)
def test_wrong_usage_is_one_clear_line(run: Runner, argv: tuple[str, ...], said: str) -> None:
    code, out, err = run(*argv)

    assert (code, out, err.count("\n")) == (2, "", 1)
    assert said in err


def test_options_are_read_in_every_spelling() -> None:
    one = arguments.parse(["check", "--only=lockfile-missing", "--only", "npmrc-unsafe"])
    two = arguments.parse(["scan", "--format", "json", "--", "--odd"])

    assert one.only == ("lockfile-missing", "npmrc-unsafe")
    assert (two.get("format"), two.operands) == ("json", ("--odd",))
    with pytest.raises(UsageError):
        arguments.parse(["check", "--from", "--to"])


@pytest.mark.parametrize("command", ["", *arguments.COMMANDS])
def test_help_is_offered_for_every_command(run: Runner, command: str) -> None:
    code, out, err = run(*filter(None, (command, "--help")))

    assert (code, err) == (0, "")
    assert out.startswith(f"usage: lockward {command or 'COMMAND'}")
    assert max(map(len, out.splitlines()[1:])) <= 80


# check


def test_by_hand_a_pass_says_what_was_judged(run: Runner) -> None:
    assert run("check") == (0, "lockward: passed, nothing to judge\n", "")
    run.repo.stage(GROWN)

    code, out, _ = run("check", "--staged", *ONLY)

    assert (code, out.startswith("lockward: passed, package-lock.json matched")) == (0, True)


def test_findings_go_to_standard_output(run: Runner) -> None:
    run.repo.stage(EVIL)

    code, out, err = run("check", *ONLY)

    assert (code, err) == (1, "")
    assert out.startswith("error[lockfile-integrity]: a@1.0.0: no integrity\n  --> package-lock")
    assert out.endswith("More: lockward explain lockfile-integrity\n")


def test_what_could_not_be_judged_goes_to_standard_error(run: Runner) -> None:
    code, out, err = run("check", "--from", "nowhere", "--to", "HEAD")

    assert (code, out) == (2, "")
    assert "there is no commit 'nowhere' here" in err
    assert err.endswith("lockward: undecided, nothing was judged (exit 2)\n")


def test_json_is_json_whatever_happens(run: Runner) -> None:
    nothing = json.loads(run("check", "--format", "json")[1])
    run.repo.stage(EVIL)
    code, refused, _ = run("check", *ONLY, "--format", "json")
    wrong, undecided, err = run("check", "--from", "x", "--to", "y", "--format", "json")

    assert nothing["verdict"] == "pass"
    assert (code, json.loads(refused)["verdict"]) == (1, "fail")
    assert json.loads(refused)["findings"][0]["rule"] == "lockfile-integrity"
    assert (wrong, json.loads(undecided)["verdict"], err) == (2, "undecided", "")


@pytest.mark.parametrize("form", ["concise", "sarif"])
def test_other_formats(run: Runner, form: str) -> None:
    run.repo.stage(EVIL)

    code, out, _ = run("check", *ONLY, "--format", form)

    assert code == 1
    assert "lockfile-integrity" in out
    assert run("check", *ONLY, "--format", form, "--policy", "/nonexistent")[0] == 2


def test_a_range_is_judged_with_the_policy_where_it_starts(run: Runner) -> None:
    off = '[rules]\nlockfile-integrity = "off"\n'
    start = run.repo.git("rev-parse", "HEAD")
    run.repo.commit({**EVIL, ".lockward.toml": off})

    code, out, _ = run("check", "--from", start, "--to", "HEAD", *ONLY)

    assert (code, "error[lockfile-integrity]" in out) == (1, True)
    middle = run.repo.git("rev-parse", "HEAD")
    run.repo.commit({"sub/" + name: data for name, data in EVIL.items()})
    assert run("check", "--from", middle, "--to", "HEAD", *ONLY)[0] == 0


def test_a_range_starts_where_the_two_parted(run: Runner) -> None:
    """What others did to main meanwhile is not this branch's doing."""
    run.repo.git("checkout", "--quiet", "-b", "feature")
    run.repo.commit({"README": "x"})
    run.repo.git("checkout", "--quiet", "main")
    run.repo.commit(GROWN)

    assert run("check", "--from", "main", "--to", "feature") == (0, output.NOTHING, "")


def test_a_range_backwards_is_judged_as_it_is(run: Runner) -> None:
    """A branch that is reset takes back what came later, also a repair."""
    run.repo.commit(EVIL)
    run.repo.commit(CLEAN)

    assert run("check", "--from", "HEAD", "--to", "HEAD~1", *ONLY)[0] == 1


def test_a_shallow_clone_that_hides_the_start_is_no_pass(
    run: Runner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    base = run.repo.git("rev-parse", "HEAD")
    run.repo.git("checkout", "--quiet", "-b", "feature")
    run.repo.commit(EVIL)
    run.repo.git("checkout", "--quiet", "main")
    run.repo.commit({"README": "x"})
    url = f"file://{run.repo.path}"
    run.repo.git("clone", "-q", "--depth=1", "--no-single-branch", url, str(tmp_path / "s"))
    monkeypatch.chdir(tmp_path / "s")

    parted = run("check", "--from", "origin/main", "--to", "origin/feature", *ONLY)
    hidden = run("check", "--from", base, "--to", "origin/feature", *ONLY)

    assert (parted[0], hidden[0]) == (2, 2)
    assert "shallow" in parted[2]
    assert "shallow" in hidden[2]


# scan


def test_a_folder_is_scanned(run: Runner) -> None:
    assert run("scan", *ONLY)[0] == 0
    run.repo.write(EVIL)

    code, out, _ = run("scan", ".", *ONLY)

    assert (code, "error[lockfile-integrity]" in out) == (1, True)
    assert run("scan", "nowhere")[0] == 2


def test_a_revision_is_scanned(run: Runner) -> None:
    run.repo.commit(EVIL)
    run.repo.commit(CLEAN)

    assert run("scan", "--rev", "HEAD~1", *ONLY)[0] == 1
    assert run("scan", "--rev", "HEAD", *ONLY)[0] == 0
    assert run("scan", "--rev", "nowhere")[0] == 2
    assert run("scan", "--rev", "HEAD", "x")[0] == 2


# The rest


def test_packages_are_listed_in_file_order(run: Runner) -> None:
    run.repo.write(GROWN)

    code, out, _ = run("packages", LOCK, "--format", "json")
    listed = json.loads(out)

    assert code == 0
    assert [row["key"] for row in listed] == ["", "node_modules/a", "node_modules/b"]
    assert set(listed[1]) == {
        *("key", "name", "version", "resolved", "integrity"),
        *("dev", "optional", "link", "workspace", "line"),
    }
    assert "b@2.1.0 https://registry.example.org/b/" in run("packages", LOCK)[1]
    assert run("packages", "nowhere/package-lock.json")[0] == 2


def test_a_rule_is_explained(run: Runner) -> None:
    code, out, _ = run("explain", "lockfile-integrity")

    assert (code, out.startswith("lockfile-integrity (error)\n")) == (0, True)
    assert "## Why" in out


def test_the_version_is_printed(run: Runner) -> None:
    for spelling in ("version", "--version"):
        code, out, _ = run(spelling)
        assert (code, out.split()[0]) == (0, "lockward")


# What must not happen


def test_a_crash_is_two_and_one_line(run: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(*_: object, **__: object) -> int:
        raise ZeroDivisionError("esc \x1b[2J")

    monkeypatch.setattr(pre_commit, "judge_staged", crash)

    code, out, err = run("check")

    assert (code, out) == (2, "")
    assert err.splitlines()[0].startswith("lockward: crashed, nothing was decided: ZeroDivision")
    assert "Traceback" not in err
    assert "\x1b" not in err
    monkeypatch.setenv("LOCKWARD_DEBUG", "1")
    assert "Traceback" in run("check")[2]


def test_an_interrupt_is_two(run: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object, **__: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(pre_commit, "judge_staged", interrupt)

    assert run("check")[0] == 2


def test_what_a_locale_cannot_show_is_escaped() -> None:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="ascii")

    output.emit("\u2192 \udcff\n", stream)

    assert raw.getvalue() == b"\\u2192 \\udcff\n"


@pytest.mark.parametrize("closed", ["1>&-", "2>&-", "0<&-", "0<&- 1>&- 2>&-", "| true"])
def test_the_verdict_survives_closed_descriptors(repo: Repo, lockward: Path, closed: str) -> None:
    repo.stage(EVIL)
    command = f"{lockward} check --only lockfile-integrity"
    script = f"{command} {closed}" if closed[0] != "|" else f"set -o pipefail; {command} {closed}"

    done = subprocess.run(
        ["bash", "-c", script], cwd=repo.path, env=repo.env, check=False, capture_output=True
    )

    assert done.returncode == 1
    assert b"Traceback" not in done.stderr


def test_colour_is_for_terminals(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)

    assert output.style({"TERM": "xterm"}).colour
    assert not output.style({"TERM": "xterm", "NO_COLOR": "1"}).colour
    assert not output.style({"TERM": "dumb"}).colour
    assert not output.style({}).colour
