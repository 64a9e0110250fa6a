"""Git servers for tests, on the loopback interface: sshd, git-http-backend, git daemon, gitolite.

Each is a context manager that yields the URL to push to and the variables that
a client needs.  What is not installed skips the test with a reason; where
LOCKWARD_REQUIRE_ALL is set (.ci/run sets it) that is a failure.
"""

from __future__ import annotations

import getpass
import os
import shutil
import socket
import subprocess
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    Address = tuple[str, dict[str, str]]

REQUIRED = "LOCKWARD_REQUIRE_ALL"


def needed(*programs: str) -> None:
    """Skip, or fail where every server is asked for, unless these programs are installed."""
    path = f"{os.environ['PATH']}:/usr/sbin:/sbin"
    missing = [program for program in programs if not shutil.which(program, path=path)]
    if missing and os.environ.get(REQUIRED):
        pytest.fail(f"{', '.join(missing)} is not installed, and {REQUIRED} asks for it")
    if missing:
        pytest.skip(f"{', '.join(missing)} is not installed")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def _running(argv: Sequence[str], port: int, folder: Path) -> Iterator[None]:
    """A server process; it is there once it takes a connection, and ended afterwards."""
    log = folder / "server.log"
    with log.open("wb") as file:
        process = subprocess.Popen(argv, stdout=file, stderr=file, stdin=subprocess.DEVNULL)
    try:
        for _ in range(200):
            if process.poll() is not None:
                break
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
            except OSError:
                time.sleep(0.05)
            else:
                break
        else:
            process.kill()
        assert process.poll() is None, log.read_text(errors="replace")
        yield
    finally:
        process.terminate()
        process.wait(20)


# git daemon


@contextmanager
def git_daemon(bare: Path) -> Iterator[Address]:
    """``git daemon``, which anybody may push to."""
    port = _free_port()
    backend = subprocess.run(["git", "--exec-path"], check=True, capture_output=True, text=True)
    argv = [f"{backend.stdout.strip()}/git-daemon", "--listen=127.0.0.1", f"--port={port}"]
    argv += ["--reuseaddr", f"--base-path={bare.parent}", "--export-all", "--enable=receive-pack"]
    with _running([*argv, str(bare)], port, bare.parent):
        yield f"git://127.0.0.1:{port}/{bare.name}", {}


# git-http-backend under the standard library's HTTP server


class _Backend(BaseHTTPRequestHandler):
    """A CGI host for ``git http-backend``: RFC 3875, as far as git needs it."""

    protocol_version = "HTTP/1.1"
    root = ""

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        parts = []
        while size := int(self.rfile.readline().split(b";")[0], 16):
            parts.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(parts)

    def _serve(self) -> None:
        path, _, query = self.path.partition("?")
        env = {
            "PATH": os.environ["PATH"],
            "HOME": self.root,
            "GIT_PROJECT_ROOT": self.root,
            "GIT_HTTP_EXPORT_ALL": "1",
            "GIT_CONFIG_NOSYSTEM": "1",
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "REQUEST_METHOD": self.command,
            "CONTENT_TYPE": self.headers.get("Content-Type", ""),
            "REMOTE_ADDR": self.client_address[0],
            "REMOTE_USER": "alice",
            "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""),
            "GIT_PROTOCOL": self.headers.get("Git-Protocol", ""),
        }
        body = self._body()
        env["CONTENT_LENGTH"] = str(len(body))
        done = subprocess.run(
            ["git", "http-backend"], input=body, stdout=subprocess.PIPE, env=env, check=True
        )
        head, _, answer = done.stdout.partition(b"\r\n\r\n")
        fields = [line.partition(": ")[::2] for line in head.decode().split("\r\n")]
        status = next((value for name, value in fields if name == "Status"), "200")
        self.send_response(int(status.split()[0]))
        for name, value in fields:
            if name not in ("", "Status"):
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    do_GET = do_POST = _serve  # noqa: N815 - names that http.server calls


@contextmanager
def http_backend(bare: Path) -> Iterator[Address]:
    """``git http-backend``; the user is alice."""
    handler = type("Handler", (_Backend,), {"root": str(bare.parent)})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/{bare.name}", {"no_proxy": "127.0.0.1"}
    finally:
        server.shutdown()
        server.server_close()
        thread.join(20)


LIGHTTPD = """
server.bind = "127.0.0.1"
server.port = {port}
server.document-root = "{root}"
server.modules = ("mod_alias", "mod_cgi", "mod_setenv")
alias.url = ("/git" => "{backend}/git-http-backend")
cgi.assign = ("" => "")
setenv.set-environment = (
  "GIT_PROJECT_ROOT" => "{root}", "GIT_HTTP_EXPORT_ALL" => "1", "REMOTE_USER" => "alice",
  "PATH" => "/usr/local/bin:/usr/bin:/bin", "HOME" => "{root}"
)
"""


@contextmanager
def lighttpd(bare: Path) -> Iterator[Address]:
    """``git http-backend`` behind a web server; the user is alice."""
    needed("lighttpd")
    port = _free_port()
    path = subprocess.run(["git", "--exec-path"], check=True, capture_output=True, text=True)
    config = bare.parent / "lighttpd.conf"
    config.write_text(LIGHTTPD.format(port=port, root=bare.parent, backend=path.stdout.strip()))
    program = shutil.which("lighttpd", path=f"{os.environ['PATH']}:/usr/sbin") or ""
    with _running([program, "-D", "-f", str(config)], port, bare.parent):
        yield f"http://127.0.0.1:{port}/git/{bare.name}", {"no_proxy": "127.0.0.1"}


# ssh

SSHD = """
Port {port}
ListenAddress 127.0.0.1
HostKey {folder}/hostkey
PidFile none
AuthorizedKeysFile {keys}
PasswordAuthentication no
KbdInteractiveAuthentication no
UsePAM no
StrictModes no
PermitRootLogin forced-commands-only
SetEnv HOME={home}
"""


def key(path: Path) -> str:
    """Make a key pair without a password; the public half."""
    argv = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(path)]
    subprocess.run(argv, check=True, stdin=subprocess.DEVNULL)
    return path.with_suffix(".pub").read_text().strip()


@contextmanager
def _sshd(folder: Path, keys: Path, home: Path, identity: Path) -> Iterator[Address]:
    needed("sshd", "ssh")
    if os.geteuid() == 0:
        os.makedirs("/run/sshd", exist_ok=True)  # noqa: PTH103 - where sshd insists on it
    port = _free_port()
    key(folder / "hostkey")
    config = folder / "sshd_config"
    config.write_text(SSHD.format(port=port, folder=folder, keys=keys, home=home))
    program = shutil.which("sshd", path=f"{os.environ['PATH']}:/usr/sbin") or ""
    ssh = f"ssh -i {identity} -p {port} -F none -o IdentitiesOnly=yes"
    ssh += " -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR"
    with _running([program, "-D", "-e", "-f", str(config)], port, folder):
        yield f"ssh://{getpass.getuser()}@127.0.0.1", {"GIT_SSH_COMMAND": ssh}


@contextmanager
def ssh(bare: Path) -> Iterator[Address]:
    """Sshd with git-shell behind a forced command, as small servers have it."""
    needed("sshd", "ssh", "git-shell")
    folder = bare.parent / "ssh"
    folder.mkdir()
    public = key(folder / "id")
    forced = 'restrict,command="git-shell -c \\"$SSH_ORIGINAL_COMMAND\\""'
    (folder / "keys").write_text(f"{forced} {public}\n")
    with _sshd(folder, folder / "keys", bare.parent, folder / "id") as (url, env):
        yield f"{url}{bare}", env


def _gitolite_setup(home: Path, *args: str) -> None:
    env = {"HOME": str(home), "PATH": os.environ["PATH"], "USER": getpass.getuser()}
    argv = ["gitolite", "setup", *args]
    done = subprocess.run(argv, env=env, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


@contextmanager
def gitolite(folder: Path, common: dict[str, str], vref: str, config: str) -> Iterator[Address]:
    """Gitolite over sshd, its home in a folder; ``alice`` administers it.

    ``common`` are hooks of every repository, ``vref`` the script LOCKWARD,
    ``config`` what git reads in that home.
    """
    needed("gitolite", "sshd", "ssh")
    home = folder / "home"
    (home / ".ssh").mkdir(parents=True, mode=0o700)
    identity = folder / "alice"
    key(identity)
    (home / ".gitconfig").write_text(f"[init]\n\tdefaultBranch = master\n{config}")
    _gitolite_setup(home, "-pk", f"{identity}.pub")
    local = home / "local"
    for place, script in (
        *((local / "hooks" / "common" / name, text) for name, text in common.items()),
        (local / "VREF" / "LOCKWARD", vref),
    ):
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(script)
        place.chmod(0o755)
    rc = home / ".gitolite.rc"
    wanted = '# LOCAL_CODE                =>  "$ENV{HOME}/local"'
    assert wanted in rc.read_text()
    rc.write_text(rc.read_text().replace(wanted, wanted.removeprefix("# ")))
    _gitolite_setup(home)
    with _sshd(folder, home / ".ssh" / "authorized_keys", home, identity) as address:
        yield address
