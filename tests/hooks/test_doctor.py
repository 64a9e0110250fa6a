"""`lockward doctor`: each thing that makes a gate stand open is found, and its remedy works."""

from __future__ import annotations

import os
import shlex

import pytest

from tests.support.repos import Repo, Server

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

POLICY = """
[server]
audit = "{folder}/audit.jsonl"
[[server.skip]]
who = ["github:alice"]
rules = ["lockfile-unmatched"]
"""


class Clinic(Server):
    """A server on which everything is as it should be."""

    def __init__(self, folder: Path, lockward: Path) -> None:
        super().__init__(folder, lockward)
        self.policy = folder / "server.toml"
        self.policy.write_text(POLICY.format(folder=folder))
        self.hook = self.bare.path / "hooks" / "pre-receive"
        self.install()
        for key, text in {
            "lockward.policy": str(self.policy),
            "receive.fsckObjects": "true",
            "receive.advertisePushOptions": "true",
            "receive.hideRefs": "refs/replace",
        }.items():
            self.bare.git("config", key, text)

    def install(self) -> None:
        self.hook.unlink()
        words = ("install", "--server", "--command", str(self.lockward))
        done = self.bare.run(str(self.lockward), *words)
        assert done.returncode == 0, done.stderr

    def doctor(self) -> tuple[int, list[str]]:
        done = self.bare.run(str(self.lockward), "doctor")
        assert "Traceback" not in done.stderr
        return done.returncode, [
            line for line in done.stdout.splitlines() if "not compiled" not in line
        ]


@pytest.fixture
def clinic(tmp_path: Path, lockward: Path) -> Clinic:
    return Clinic(tmp_path, lockward)


def test_a_sound_server_has_no_fault(clinic: Clinic) -> None:
    code, lines = clinic.doctor()

    assert code == 0
    assert [line for line in lines if line.startswith(("fault", "warning"))] == []
    assert "no fault" in lines[-1]
    assert "hooks: pre-receive" in lines[-1]


def executable(clinic: Clinic) -> None:
    clinic.hook.chmod(0o644)


def crlf(clinic: Clinic) -> None:
    clinic.hook.write_bytes(clinic.hook.read_bytes().replace(b"\n", b"\r\n"))


def no_interpreter(clinic: Clinic) -> None:
    clinic.hook.write_text("#!/opt/nowhere/python\nimport lockward_hooks\n")


def hooks_path(clinic: Clinic) -> None:
    clinic.bare.git("config", "core.hooksPath", "/etc")


def no_command(clinic: Clinic) -> None:
    clinic.bare.git("config", "lockward.command", "/opt/nowhere")


def broken_policy(clinic: Clinic) -> None:
    clinic.policy.write_text("[server]\naudt = 1\n")


def open_policy(clinic: Clinic) -> None:
    clinic.policy.chmod(0o666)


def long_deadline(clinic: Clinic) -> None:
    clinic.policy.write_text(clinic.policy.read_text() + '[server.refs]\n"refs/x/" = "judge"\n')
    text = clinic.policy.read_text().replace("[server]\n", "[server]\ndeadline = 20\n", 1)
    clinic.policy.write_text(text)


def broken_audit(clinic: Clinic) -> None:
    (clinic.policy.parent / "audit.jsonl").write_text('{"previous":"1"}\n')


FAULTS: list[tuple[Callable[[Clinic], None], str]] = [
    (executable, "is not executable: git ignores it"),
    (crlf, "has Windows line ends"),
    (no_interpreter, "is for /opt/nowhere/python, which is not there"),
    (hooks_path, "core.hooksPath is /etc: git ignores the hooks in"),
    (no_command, "lockward.command is /opt/nowhere, which cannot be run"),
    (broken_policy, 'did you mean "audit"'),
    (open_policy, "can be changed by anybody"),
    (long_deadline, "server.deadline is 20 s; github ends hooks at 5"),
    (broken_audit, "audit.jsonl:1: does not follow"),
]


@pytest.mark.parametrize(("harm", "said"), FAULTS, ids=[each[0].__name__ for each in FAULTS])
def test_a_fault_is_found(clinic: Clinic, harm: Callable[[Clinic], None], said: str) -> None:
    harm(clinic)

    code, lines = clinic.doctor()

    assert code == 1
    assert [line for line in lines if line.startswith("fault") and said in line], lines


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("receive.fsckObjects", "receive.fsckObjects is off"),
        ("receive.advertisePushOptions", "nobody can ask for a skip"),
        ("receive.hideRefs", "does not name refs/replace"),
        ("lockward.policy", "whoever may push to the default branch sets the policy"),
        ("lockward.command", "depends on the PATH"),
    ],
)
def test_a_missing_setting_is_a_warning(clinic: Clinic, key: str, said: str) -> None:
    clinic.bare.git("config", "--unset", key)

    code, lines = clinic.doctor()

    assert code == 0
    assert [line for line in lines if line.startswith("warning") and said in line], lines


def test_replacements_and_a_cut_off_history_are_warnings(clinic: Clinic) -> None:
    clinic.seed()
    head = clinic.bare.git("rev-parse", "HEAD")
    tree = clinic.bare.git("rev-parse", "HEAD^{tree}")
    clinic.bare.git("update-ref", f"refs/replace/{tree}", tree)
    (clinic.bare.path / "shallow").write_text(f"{head}\n")

    _, lines = clinic.doctor()

    text = "\n".join(lines)
    assert "holds refs/replace/" in text
    assert "is shallow" in text


def test_remedies_mend(clinic: Clinic) -> None:
    executable(clinic)
    clinic.bare.git("config", "--unset", "receive.fsckObjects")
    _, lines = clinic.doctor()

    for line in lines:
        if line.startswith("  fix: "):
            clinic.bare.run(*shlex.split(line.removeprefix("  fix: ")))

    code, lines = clinic.doctor()
    assert (code, len(lines)) == (0, 1), lines
    assert os.access(clinic.hook, os.X_OK)


def test_a_developers_repository(repo: Repo, lockward: Path) -> None:
    done = repo.run(str(lockward), "doctor")
    assert (done.returncode, "runs lockward" in done.stdout) == (1, True)
    repo.run(str(lockward), "install", "--command", str(lockward))
    assert repo.run(str(lockward), "doctor").returncode == 0
    repo.stage({".lockward.toml": "[x]\n"})

    done = repo.run(str(lockward), "doctor")

    assert (done.returncode, 'unknown key "x"' in done.stdout) == (1, True)
