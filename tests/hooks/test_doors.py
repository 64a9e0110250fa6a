"""The hooks that get their ref as arguments: update, gitolite's VREF, Gerrit's."""

from __future__ import annotations

import pytest

from tests.support.repos import EVIL, GROWN, Repo, Server

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path

RULE = "error[lockfile-integrity]"
REFEX = "VREF/LOCKWARD"


class Doors:
    """A bare repository that holds an evil and a sound commit beyond its main."""

    def __init__(self, server: Server) -> None:
        self.bare = server.bare
        self.lockward = server.lockward
        self.old = server.seed()
        self.evil = server.work.commit(EVIL)
        server.work.git("checkout", "--quiet", "-b", "sound", self.old)
        self.sound = server.work.commit(GROWN)
        (server.bare.path / "hooks" / "pre-receive").unlink()
        for ref in (self.evil, self.sound):  # as objects are there when such a hook runs
            server.bare.git("fetch", "--quiet", str(server.work.path), f"{ref}:refs/tmp/{ref}")
            server.bare.git("update-ref", "-d", f"refs/tmp/{ref}")

    def run(self, *words: str, **env: str) -> tuple[int, str]:
        done = Repo.run(self.bare, str(self.lockward), *words, env={"GIT_DIR": ".", **env})
        assert "Traceback" not in done.stderr
        return done.returncode, done.stdout + done.stderr


@pytest.fixture
def doors(tmp_path: Path, lockward: Path) -> Doors:
    return Doors(Server(tmp_path, lockward))


def update(doors: Doors, new: str) -> tuple[str, ...]:
    return ("update", "refs/heads/main", doors.old, new)


def gerrit(doors: Doors, new: str) -> tuple[str, ...]:
    """The arguments of Gerrit's hooks plugin, config.md of the plugin."""
    values = {
        "project": "shop",
        "refname": "main",
        "uploader": "Alice <alice@example.org>",
        "uploader-username": "alice",
        "oldrev": doors.old,
        "newrev": new,
    }
    return ("ref-update", *(word for key, value in values.items() for word in (f"--{key}", value)))


def review(doors: Doors, new: str) -> tuple[str, ...]:
    return ("commit-received", *gerrit(doors, new)[1:], "--cmdref", "refs/for/main")


@pytest.mark.parametrize("door", [update, gerrit, review], ids=lambda door: door.__name__)
@pytest.mark.parametrize("only", [(), ("--only", "lockfile-integrity")], ids=["all", "one rule"])
def test_a_door_that_answers_by_its_exit_code(
    doors: Doors, door: object, only: tuple[str, ...]
) -> None:
    assert callable(door)
    code, said = doors.run(*door(doors, doors.evil), *only)
    assert (code, RULE in said) == (1, True)
    assert doors.run(*door(doors, doors.sound), *only) == (0, "")


def vref(doors: Doors, new: str) -> tuple[str, ...]:
    return ("vref", "refs/heads/main", doors.old, new, "tree", "tree", "W", REFEX, "parameter")


def test_a_vref_denies_by_its_words(doors: Doors) -> None:
    code, said = doors.run(*vref(doors, doors.evil))
    assert (code, RULE in said) == (0, True)
    assert f"\n{REFEX} refused" in said
    assert doors.run(*vref(doors, doors.sound)) == (0, "")


def test_a_vref_that_cannot_decide_denies_by_its_exit_code(doors: Doors) -> None:
    """Whatever gitolite.conf says of the refex: a rule that grants it must not help."""
    doors.bare.git("config", "lockward.policy", "/nonexistent")
    code, said = doors.run(*vref(doors, doors.sound))
    assert (code, "cannot be read" in said) == (2, True)


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(("update", "refs/heads/main"), id="update without ids"),
        pytest.param(("update", "refs/heads/main", "x", "y"), id="update with rubbish"),
        pytest.param(("vref", "refs/heads/main", "0" * 40, "1" * 40), id="vref without refex"),
        pytest.param(("ref-update", "--refname", "main"), id="Gerrit without ids"),
        pytest.param(("ref-update", "--refnam", "main"), id="Gerrit with another flag"),
        pytest.param(("pre-receive", "x"), id="pre-receive with an argument"),
    ],
)
def test_arguments_that_make_no_sense_are_undecided(doors: Doors, words: tuple[str, ...]) -> None:
    code, said = doors.run(*words)

    assert code == 2
    assert "lockward: " in said


def test_gerrit_says_who_may_skip_but_passes_no_push_options(doors: Doors) -> None:
    """Its hooks get no options, so nothing is skipped, whatever the policy grants."""
    policy = doors.bare.path.parent / "server.toml"
    policy.write_text(
        f'[server]\naudit = "{policy.parent}/audit"\n[[server.skip]]\n'
        'who = ["gerrit:alice"]\nrules = ["lockfile-integrity", "lockfile-unmatched"]\n'
    )
    doors.bare.git("config", "lockward.policy", str(policy))

    assert doors.run(*gerrit(doors, doors.evil))[0] == 1
    assert doors.run(*gerrit(doors, doors.sound))[0] == 0
