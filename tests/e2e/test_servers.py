"""A push to each kind of server is refused and, once mended, accepted."""

from __future__ import annotations

import pytest

from lockward_hooks import audit, shims
from tests.support import daemons
from tests.support.repos import CLEAN, EVIL, GROWN, Repo, Server, environment, remote

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from pathlib import Path

    from tests.support.daemons import Address

RULE = "error[lockfile-integrity]"
SKIP = "lockward.skip=lockfile-integrity,lockfile-unmatched;reason=registry outage"


def local(bare: Path) -> AbstractContextManager[Address]:
    """A path: git runs receive-pack itself."""
    from contextlib import nullcontext

    return nullcontext((str(bare), {}))


KINDS = [local, daemons.http_backend, daemons.lighttpd, daemons.git_daemon, daemons.ssh]


def installed(folder: Path, lockward: Path) -> Server:
    """A server into which `lockward install` has put its hook."""
    server = Server(folder, lockward)
    (server.bare.path / "hooks" / "pre-receive").unlink()
    done = server.bare.run(str(lockward), "install", "--server", "--command", str(lockward))
    assert done.returncode == 0, done.stderr
    server.bare.git("config", "http.receivepack", "true")
    return server


@pytest.mark.parametrize("kind", KINDS, ids=[kind.__name__ for kind in KINDS])
def test_a_push_is_refused_and_mended_accepted(
    tmp_path: Path, lockward: Path, kind: Callable[[Path], AbstractContextManager[Address]]
) -> None:
    server = installed(tmp_path, lockward)
    server.seed()
    with kind(server.bare.path) as (url, env):
        server.work.env.update(env)
        server.work.git("remote", "set-url", "origin", url)
        server.work.commit(EVIL)

        said = server.refuse("main", "main:refs/heads/other")

        assert RULE in said
        assert "refused: refs/heads/other" in said
        server.work.git("reset", "--quiet", "--hard", "HEAD~1")
        head = server.work.commit(GROWN)
        assert server.accept("main") == ""
    assert server.bare.git("rev-parse", "main") == head


def skipping(server: Server, who: str) -> None:
    """Let somebody skip what EVIL breaks."""
    folder = server.bare.path.parent
    (folder / "server.toml").write_text(POLICY.format(folder=folder, who=who))
    server.bare.git("config", "lockward.policy", str(folder / "server.toml"))
    server.bare.git("config", "receive.advertisePushOptions", "true")
    server.work.commit(EVIL)


@pytest.mark.parametrize(("who", "code"), [("http:alice", 0), ("http:bob", 1)])
def test_a_web_server_says_who_skips(tmp_path: Path, lockward: Path, who: str, code: int) -> None:
    server = installed(tmp_path, lockward)
    server.seed()
    with daemons.http_backend(server.bare.path) as (url, env):
        server.work.env.update(env)
        skipping(server, who)

        done = server.work.run("git", "push", "--quiet", "-o", SKIP, url, "main")

    assert done.returncode == code, done.stderr
    assert (tmp_path / "audit.jsonl").exists() == (code == 0)


@pytest.mark.parametrize("listed", [True, False])
def test_a_signed_push_says_who_skips(tmp_path: Path, lockward: Path, *, listed: bool) -> None:
    """What a server without accounts can know: the key that signed the push."""
    daemons.needed("ssh-keygen")
    server = installed(tmp_path, lockward)
    server.seed()
    key = daemons.key(tmp_path / "signer")
    shown = server.work.run("ssh-keygen", "-lf", str(tmp_path / "signer.pub")).stdout.split()[1]
    (tmp_path / "signers").write_text(f"person@example.org {key}\n")
    for repo in (server.work, server.bare):
        repo.git("config", "gpg.format", "ssh")
    server.bare.git("config", "gpg.ssh.allowedSignersFile", str(tmp_path / "signers"))
    server.bare.git("config", "receive.certNonceSeed", "a secret")
    server.work.git("config", "user.signingKey", str(tmp_path / "signer"))
    skipping(server, f"signed:{shown if listed else 'SHA256:another'}")

    done = server.work.run("git", "push", "--quiet", "--signed", "-o", SKIP, "origin", "main")

    assert done.returncode == (0 if listed else 1), done.stderr
    assert (f"for signed:{shown}: registry outage" in done.stderr) == listed


CONF = """
repo app
    RW+             =   alice
    -   VREF/LOCKWARD   =   alice
"""


class Gitolite:
    """A client of gitolite: ``app`` is the repository that is pushed to."""

    def __init__(self, folder: Path, url: str, env: dict[str, str]) -> None:
        self.url = url
        self.env = environment(folder, **env)
        admin = Repo(folder / "admin", env=self.env)
        admin.git("pull", "--quiet", f"{url}/gitolite-admin", "master")
        conf = admin.path / "conf" / "gitolite.conf"
        conf.write_text(conf.read_text() + CONF)
        admin.git("commit", "--quiet", "-am", "app")
        admin.git("push", "--quiet", f"{url}/gitolite-admin", "HEAD:master")
        self.work = Repo(folder / "work", env=self.env)

    def push(self, *options: str) -> tuple[int, str]:
        """The exit code, and what the server said."""
        done = self.work.run("git", "push", "--quiet", *options, f"{self.url}/app", "main:master")
        return done.returncode, remote(done.stderr)


POLICY = """
[server]
audit = "{folder}/audit.jsonl"
[[server.skip]]
who = ["{who}"]
rules = ["lockfile-integrity", "lockfile-unmatched"]
"""


def settings(folder: Path, lockward: Path) -> str:
    (folder / "server.toml").write_text(POLICY.format(folder=folder, who="gitolite:alice"))
    return (
        f"[lockward]\n\tcommand = {lockward}\n\tpolicy = {folder}/server.toml\n"
        "[receive]\n\tadvertisePushOptions = true\n"
    )


def test_gitolite_with_a_pre_receive_hook_of_every_repository(
    tmp_path: Path, lockward: Path
) -> None:
    hook = {"pre-receive": shims.text("pre-receive", copied=True)}
    config = settings(tmp_path, lockward)
    with daemons.gitolite(tmp_path, hook, "#!/bin/sh\nexit 0\n", config) as address:
        client = Gitolite(tmp_path, *address)
        client.work.commit(CLEAN, "first")
        assert client.push() == (0, "")
        client.work.commit(EVIL)

        code, said = client.push()

        assert (code, RULE in said) == (1, True)
        code, said = client.push("-o", SKIP)
        assert (code, "for gitolite:alice: registry outage" in said) == (0, True)
    (line,) = audit.lines(str(tmp_path / "audit.jsonl"))
    assert line.entry is not None
    assert (line.entry["server"], line.entry["repository"]) == ("gitolite", "app")


def test_gitolite_with_a_vref(tmp_path: Path, lockward: Path) -> None:
    vref = shims.text("vref", copied=True)
    with daemons.gitolite(tmp_path, {}, vref, settings(tmp_path, lockward)) as address:
        client = Gitolite(tmp_path, *address)
        client.work.commit(CLEAN, "first")
        assert client.push() == (0, "")
        client.work.commit(EVIL)

        code, said = client.push()

        assert (code, RULE in said) == (1, True)
        assert "DENIED by VREF/LOCKWARD" in said
        assert "refused by lockward: see above" in said
        client.work.git("reset", "--quiet", "--hard", "HEAD~1")
        client.work.commit(GROWN)
        assert client.push() == (0, "")
        (tmp_path / "server.toml").write_text("rubbish")
        client.work.commit(CLEAN)
        code, said = client.push()
        assert (code, "the policy is not valid" in said) == (1, True), "undecided is denied as well"


def test_a_server_that_is_missing_is_a_failure_where_all_are_asked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv(daemons.REQUIRED, raising=False)
    with pytest.raises(pytest.skip.Exception, match="no-such-program is not installed"):
        daemons.needed("no-such-program")
    monkeypatch.setenv(daemons.REQUIRED, "1")
    with pytest.raises(pytest.fail.Exception, match="asks for it"):
        daemons.needed("no-such-program")
