"""Namespaces, kinds of servers, deadlines and the policy that a push changes: real pushes."""

from __future__ import annotations

import time

import pytest

from lockward_hooks import servers
from lockward_hooks.clock import Clock, TimeIsUp
from lockward_hooks.namespaces import Namespaces
from tests.support.repos import CLEAN, EVIL, GROWN, Server

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path

RULE = "error[lockfile-integrity]"
ONLY = "--only lockfile-integrity"
LAX = '[server.refs]\n"refs/heads/sandbox/" = "accept"\n"refs/secret/" = "refuse"\n'


def configured(server: Server, text: str) -> Server:
    """The server with a policy file of its own."""
    path = server.bare.path.parent / "server.toml"
    path.write_text(text)
    server.bare.git("config", "lockward.policy", str(path))
    return server


@pytest.fixture
def server(tmp_path: Path, lockward: Path) -> Server:
    server = Server(tmp_path, lockward, args=ONLY)
    server.seed()
    return server


# Namespaces


@pytest.mark.parametrize(
    ("ref", "treatment"),
    [
        ("refs/heads/main", "judge"),
        ("refs/heads/sandbox/x", "accept"),
        ("refs/heads/sandbox", "judge"),
        ("refs/heads/sandbox/kept/x", "judge"),
        ("refs/heads/frozen", "refuse"),
        ("refs/heads/frozen2", "judge"),
        ("refs/replace/0", "refuse"),
        ("refs/anything/else", "judge"),
        ("HEAD", "judge"),
    ],
)
def test_the_longest_row_counts(ref: str, treatment: str) -> None:
    spaces = Namespaces(
        {
            "refs/heads/sandbox/": "accept",
            "refs/heads/sandbox/kept/": "judge",
            "refs/heads/frozen": "refuse",
        }
    )

    assert spaces.treatment(ref) == treatment


def test_a_commit_is_not_laundered_through_a_ref_that_is_not_judged(server: Server) -> None:
    """What `--not --all` would take for known: pushed to the sandbox first, then to main."""
    configured(server, LAX)
    server.work.git("checkout", "--quiet", "-b", "wip")
    evil = server.work.commit(EVIL)
    server.work.commit(CLEAN, "undo: the tip is sound again")
    assert server.accept("wip:refs/heads/sandbox/wip") == ""

    said = server.refuse("wip:main")

    assert f"commit {evil[:12]} on refs/heads/main:" in said
    assert RULE in said


@pytest.mark.parametrize("ref", ["refs/merge-requests/1/head", "refs/pull/1/head"])
def test_nor_through_a_ref_that_the_server_made_itself(server: Server, ref: str) -> None:
    """A fork's commits come in past every hook."""
    server.work.git("checkout", "--quiet", "-b", "fork")
    evil = server.work.commit(EVIL)
    server.work.commit(CLEAN, "undo")
    server.bare.git("fetch", "--quiet", str(server.work.path), f"fork:{ref}")

    assert f"commit {evil[:12]}" in server.refuse("fork:main")


def test_a_namespace_that_is_refused_takes_nothing_but_deletions(server: Server) -> None:
    configured(server, LAX)
    server.bare.git("update-ref", "refs/secret/old", "refs/heads/main")

    said = server.refuse("main:refs/secret/x", "main:other")

    assert "error: refs/secret/x: this server takes no push to it" in said
    assert "refused: refs/secret/x" in said
    assert "passed: refs/heads/other" in said
    assert server.accept(":refs/secret/old", "main:other") == ""


# Kinds of servers: the variables of their documented contracts

GITLAB = {
    "GL_ID": "user-4",
    "GL_PROJECT_PATH": "group/shop",
    "GL_REPOSITORY": "project-7",
    "GL_USERNAME": "alice",
}
PROFILES = {
    "gitlab": (GITLAB, "gitlab:alice", "group/shop"),
    "gitolite": ({"GL_REPO": "shop", "GL_USER": "alice"}, "gitolite:alice", "shop"),
    "github": (
        {"GITHUB_REPO_NAME": "acme/shop", "GITHUB_USER_LOGIN": "alice", "GITHUB_VIA": "blob#save"},
        "github:alice",
        "acme/shop",
    ),
    "gitea": (
        {"GITEA_REPO_NAME": "shop", "GITEA_REPO_USER_NAME": "acme", "GITEA_PUSHER_NAME": "alice"},
        "gitea:alice",
        "acme/shop",
    ),
    "bitbucket": (
        {"BB_REPO_SLUG": "shop", "BB_PROJECT_KEY": "ACME", "BB_USER_NAME": "alice"},
        "bitbucket:alice",
        "ACME/shop",
    ),
    "http": ({"GIT_PROJECT_ROOT": "/srv", "REMOTE_USER": "alice"}, "http:alice", "/srv/x.git"),
    "git": ({"REMOTE_USER": "alice", "GL_USERNAME": "alice", "USER": "a"}, "", "/srv/x.git"),
}


@pytest.mark.parametrize("kind", PROFILES)
def test_a_server_is_told_by_its_variables(kind: str) -> None:
    environ, who, repository = PROFILES[kind]
    found = servers.of(environ)

    assert found.kind == kind
    assert servers.identities(found, environ) == ((who,) if who else ())
    assert servers.repository(found, environ, "/srv/x.git") == repository


@pytest.mark.parametrize("kind", PROFILES)
def test_a_push_is_refused_and_accepted_under_every_profile(server: Server, kind: str) -> None:
    """The hook itself, with the variables that such a server sets."""
    server.work.env.update(PROFILES[kind][0])
    server.work.commit(EVIL)
    assert RULE in server.refuse("main")

    server.work.git("reset", "--quiet", "--hard", "HEAD~1")
    server.work.commit(GROWN)
    assert server.accept("main") == ""


SIGNED = {
    "GIT_PUSH_CERT_KEY": "ABC",
    "GIT_PUSH_CERT_STATUS": "G",
    "GIT_PUSH_CERT_NONCE_STATUS": "OK",
}


@pytest.mark.parametrize(
    ("change", "who"),
    [
        pytest.param({}, ("signed:ABC",), id="good"),
        pytest.param({"GIT_PUSH_CERT_STATUS": "U"}, (), id="a key of unknown trust"),
        pytest.param({"GIT_PUSH_CERT_STATUS": "B"}, (), id="a bad signature"),
        pytest.param({"GIT_PUSH_CERT_NONCE_STATUS": "BAD"}, (), id="another nonce"),
        pytest.param({"GIT_PUSH_CERT_NONCE_STATUS": "UNSOLICITED"}, (), id="a nonce not asked for"),
    ],
)
def test_a_push_certificate_counts_when_git_trusts_it(
    change: dict[str, str], who: tuple[str, ...]
) -> None:
    assert servers.identities(servers.PLAIN, {**SIGNED, **change}) == who


@pytest.mark.parametrize(("protocol", "marked"), [("web", True), ("ssh", False), ("http", False)])
def test_gitlabs_pages_get_lines_that_they_show(
    server: Server, protocol: str, *, marked: bool
) -> None:
    server.work.env.update({**GITLAB, "GL_PROTOCOL": protocol})
    server.work.commit(EVIL)

    lines = server.refuse("main").splitlines()

    found = [line for line in lines if line.startswith("GL-HOOK-ERR: ")]
    assert bool(found) == marked
    assert not marked or RULE in found[0]
    assert not marked or found[-1].startswith("GL-HOOK-ERR: lockward: refused, 1 error")


def test_giteas_delegate_passes_the_updates_on(server: Server) -> None:
    """Gitea's hooks/pre-receive saves standard input and gives it to each file of a folder."""
    hooks = server.bare.path / "hooks"
    (hooks / "pre-receive.d").mkdir()
    (hooks / "pre-receive").rename(hooks / "pre-receive.d" / "lockward")
    (hooks / "pre-receive").write_text(
        '#!/usr/bin/env bash\ndata=$(cat)\nexitcodes=""\nhookname=$(basename $0)\n'
        "GIT_DIR=${GIT_DIR:-$(dirname $0)/..}\n"
        "for hook in ${GIT_DIR}/hooks/${hookname}.d/*; do\n"
        'test -x "${hook}" && test -f "${hook}" || continue\n'
        'echo "${data}" | "${hook}"\nexitcodes="${exitcodes} $?"\ndone\n'
        "for i in ${exitcodes}; do\n[ ${i} -eq 0 ] || exit ${i}\ndone\n"
    )
    (hooks / "pre-receive").chmod(0o755)
    server.work.env.update(PROFILES["gitea"][0])
    server.work.commit(EVIL)

    assert RULE in server.refuse("main")


# Time


def test_time_that_is_up_interrupts_what_runs() -> None:
    with Clock(0.05), pytest.raises(TimeIsUp):
        time.sleep(10)


SHORT = "[server]\ndeadline = 0.001\n"


def test_at_the_deadline_a_push_is_refused(server: Server) -> None:
    configured(server, SHORT)
    server.work.commit(GROWN)

    said = server.refuse("main")

    assert "error: deadline of 0.001 s passed: 0 of " in said
    assert "not judged: ref refs/heads/main" in said
    assert "lockward: undecided" in said


def test_at_the_deadline_a_push_is_accepted_where_the_servers_policy_says_so(
    server: Server,
) -> None:
    audit = server.bare.path.parent / "audit.jsonl"
    configured(server, f'{SHORT}at-deadline = "accept"\naudit = "{audit}"\n')
    server.work.commit(GROWN)

    said = server.accept("main")

    assert "warning: deadline of 0.001 s passed" in said
    assert '"event":"deadline"' in audit.read_text()


def test_a_policy_of_the_repository_opens_nothing(server: Server) -> None:
    server.work.commit({".lockward.toml": f'{SHORT}at-deadline = "accept"\n{LAX}'})
    server.accept("main")
    server.work.commit(EVIL)

    assert RULE in server.refuse("main:refs/heads/sandbox/x")


# A push that changes the policy


def test_a_push_that_weakens_the_policy_is_told_what(server: Server) -> None:
    server.work.commit({".lockward.toml": '[rules]\nlockfile-integrity = "off"\n'})

    said = server.accept("main")

    assert "note: with this push the policy allows more" in said
    assert "lockfile-integrity: error -> off" in said
    server.work.commit({".lockward.toml": "# as shipped\n"})
    assert server.accept("main") == ""


def test_a_policy_that_would_lock_everybody_out_is_refused(server: Server) -> None:
    """It would be read for the next push, also for the one that mends it."""
    server.work.commit({".lockward.toml": "[ruls]\n"})

    said = server.refuse("main")

    assert '.lockward.toml:1: unknown key "ruls"' in said
    server.work.commit({".lockward.toml": "[rules]\n"})
    server.accept("main")


def test_where_the_server_has_its_own_policy_the_pushed_one_is_nobodys_business(
    server: Server,
) -> None:
    configured(server, "[rules]\n")
    server.work.commit({".lockward.toml": '[rules]\nlockfile-integrity = "off"\n'})

    assert server.accept("main") == ""


def test_a_policy_file_that_anybody_can_write_is_nobodys(server: Server) -> None:
    configured(server, "[rules]\n")
    (server.bare.path.parent / "server.toml").chmod(0o666)
    server.work.commit(GROWN)

    assert "can be changed by anybody" in server.refuse("main")
