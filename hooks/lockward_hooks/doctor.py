"""``lockward doctor``: whether the hooks of a repository will run, and what weakens them.

Git says nothing of a hook that it skips: one without its executable bit is
ignored and the push accepted.  Each check is a function that yields remarks;
CHECKS is the table.
"""

from __future__ import annotations

import os
import sys

from lockward.errors import LockwardError
from lockward.reports.escape import escape
from lockward_hooks import output, servers, shims
from lockward_hooks.git import Git

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from typing import Final, Literal

    from lockward.policy import Policy
    from lockward_hooks.arguments import Arguments

    Weight = Literal["fault", "warning"]

OURS: Final = b"lockward"
_FIRST: Final = 1 << 12  # bytes of a hook in which its shebang and our name stand


class Remark:
    """One thing that is not as it should be, and the command that mends it."""

    __slots__ = ("fix", "text", "weight")

    def __init__(self, weight: Weight, text: str, fix: str = "") -> None:
        self.weight: Final[Weight] = weight
        self.text: Final = text
        self.fix: Final = fix


class Patient:
    """A repository: its settings, its hooks folder, its policy."""

    def __init__(self, git: Git, environ: Mapping[str, str]) -> None:
        self.git: Final = git
        self.environ: Final = environ
        self.bare: Final = not git.top
        self.own: Final = _hooks_of(git)
        configured = self.setting("core.hooksPath")
        path = os.path.expanduser(configured)
        self.folder: Final = os.path.join(git.top or git.directory, path) if path else self.own
        names = shims.SERVER if self.bare else shims.CLIENT
        self.hooks: Final = tuple(
            f"{self.folder}/{name}" for name in names if _is_ours(f"{self.folder}/{name}")
        )

    def setting(self, key: str) -> str:
        """A setting of git, the last of several; "" when there is none."""
        section, _, name = key.partition(".")
        return self.git.settings(section).get(name.lower(), "")

    def config(self, key: str) -> str:
        """``git config KEY VALUE`` for this repository, to paste."""
        return f"git --git-dir={self.git.directory} config {key}"

    def policy(self) -> tuple[str, Policy | None]:
        """The server's policy file and what it says; "" when it has none."""
        from lockward_hooks import policies

        given = self.setting("lockward.policy")
        if not given:
            return "", None
        path = os.path.join(self.git.directory, given)
        return path, policies.of_server(path)


def _hooks_of(git: Git) -> str:
    from lockward_hooks.install import common_hooks

    return common_hooks(git.directory)


def _is_ours(path: str) -> bool:
    return OURS in _beginning(path)


def _beginning(path: str) -> bytes:
    try:
        with open(path, "rb") as file:
            return file.read(_FIRST)
    except OSError:
        return b""


# The checks


def _installed(patient: Patient) -> Iterator[Remark]:
    if patient.hooks or _configured(patient):
        return
    option = " --server" if patient.bare else ""
    fix = f"lockward install{option} {patient.git.top or patient.git.directory}"
    shadowed = [name for name in os.listdir(patient.own) if _is_ours(f"{patient.own}/{name}")]
    if patient.folder != patient.own and shadowed:
        text = f"core.hooksPath is {patient.folder}: git ignores the hooks in {patient.own}"
        yield Remark("fault", text, patient.config("--unset core.hooksPath"))
    else:
        yield Remark("fault", f"no hook in {patient.folder} runs lockward", fix)


def _configured(patient: Patient) -> bool:
    """Whether git's settings hold a hook of ours (git >= 2.54)."""
    return any("lockward" in text for text in patient.git.settings("hook").values())


def _executable(patient: Patient) -> Iterator[Remark]:
    for path in patient.hooks:
        if not os.access(path, os.X_OK):
            text = f"{path} is not executable: git ignores it and accepts everything"
            yield Remark("fault", text, f"chmod 755 {path}")


def _interpreter(patient: Patient) -> Iterator[Remark]:
    for path in patient.hooks:
        first = _beginning(path).partition(b"\n")[0]
        program = os.fsdecode(first.removeprefix(b"#!").strip()).split(" ")[0]
        if not first.startswith(b"#!"):
            if not first.startswith((b"\x7fELF", b"PK")):
                yield Remark("fault", f"{path} does not begin with #!", _again(patient))
        elif first.endswith(b"\r"):
            yield Remark("fault", f"{path} has Windows line ends", f"sed -i 's/\\r$//' {path}")
        elif not os.access(program, os.X_OK):
            yield Remark("fault", f"{path} is for {program}, which is not there", _again(patient))


def _again(patient: Patient) -> str:
    return f"lockward install{' --server' if patient.bare else ''}"


def _command(patient: Patient) -> Iterator[Remark]:
    command = patient.setting("lockward.command")
    if command and not os.access(command, os.X_OK):
        text = f"lockward.command is {command}, which cannot be run: every push is refused"
        yield Remark("fault", text, patient.config("lockward.command /path/to/lockward"))
    elif not command and patient.hooks:
        text = "lockward.command is not set: the hook depends on the PATH of whoever runs git"
        yield Remark("warning", text, patient.config("lockward.command /path/to/lockward"))


def _compiled(patient: Patient) -> Iterator[Remark]:  # noqa: ARG001 - a check's shape
    module = sys.modules[__name__]
    cached = getattr(module, "__cached__", "")
    if cached and not os.path.exists(cached):
        text = "the program is not compiled: every hook compiles it again"
        folder = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
        yield Remark("warning", text, f"{sys.executable} -m compileall -q {folder}")


def _fsck(patient: Patient) -> Iterator[Remark]:
    found = patient.setting("receive.fsckObjects") or patient.setting("transfer.fsckObjects")
    if patient.bare and found.lower() not in ("true", "yes", "on", "1"):
        text = "receive.fsckObjects is off: git takes in malformed trees"
        yield Remark("warning", text, patient.config("receive.fsckObjects true"))


def _shallow(patient: Patient) -> Iterator[Remark]:
    git = patient.git
    if patient.bare and git.exists("shallow"):
        yield Remark("warning", "is shallow: where history is cut off, all counts as new")
    if patient.setting("receive.shallowUpdate").lower() == "true":
        text = "receive.shallowUpdate is on: a push may cut off its own history"
        yield Remark("warning", text, patient.config("--unset receive.shallowUpdate"))
    if patient.bare and git.exists("objects/info/alternates"):
        yield Remark("warning", "borrows objects (objects/info/alternates): keep those readable")
    if patient.bare and patient.setting("extensions.partialClone"):
        text = "is a partial clone: a push that needs a missing object is refused"
        yield Remark("warning", text)


def _replacements(patient: Patient) -> Iterator[Remark]:
    if not patient.bare:
        return
    if patient.git.output("for-each-ref", "--count=1", "refs/replace/"):
        text = "holds refs/replace/: other programs see other objects than we judge"
        yield Remark("warning", text, "git replace --list, and git replace --delete each")
    hidden = [
        text
        for key in ("receive.hideRefs", "transfer.hideRefs")
        for text in patient.git.start("config", "-z", "--get-all", key).output(1).split(b"\0")
    ]
    if not any(b"refs/replace".startswith(text) and text for text in hidden):
        text = "receive.hideRefs does not name refs/replace: git itself would take such a push"
        yield Remark("warning", text, patient.config("--add receive.hideRefs refs/replace"))


def _policy(patient: Patient) -> Iterator[Remark]:
    if not patient.bare:
        return
    path = patient.setting("lockward.policy")
    try:
        path, policy = patient.policy()
    except LockwardError as error:
        yield Remark("fault", f"the policy cannot be used: {error}", f"mend {path}")
        return
    if policy is None:
        text = "lockward.policy is not set: whoever may push to the default branch sets the policy"
        yield Remark("warning", text, patient.config("lockward.policy /etc/lockward.toml"))
        return
    yield from _trusted(path)
    yield from _audit(policy)
    yield from _deadline(patient, policy)
    server = policy.server
    if server and server.skips and patient.setting("receive.advertisePushOptions") != "true":
        text = "receive.advertisePushOptions is off: nobody can ask for a skip"
        yield Remark("warning", text, patient.config("receive.advertisePushOptions true"))


def _trusted(path: str) -> Iterator[Remark]:
    found = os.stat(path)
    if found.st_uid not in (0, os.geteuid()):
        yield Remark("fault", f"{path} belongs to another user", f"chown root {path}")
    if found.st_mode & 0o020:
        yield Remark("warning", f"{path} can be changed by its group", f"chmod g-w {path}")
    folder = os.stat(os.path.dirname(path) or "/")
    if folder.st_mode & 0o002 and not folder.st_mode & 0o1000:
        text = f"{os.path.dirname(path)} can be changed by anybody, and so {path} replaced"
        yield Remark("fault", text, f"chmod o-w {os.path.dirname(path)}")


def _audit(policy: Policy) -> Iterator[Remark]:
    from lockward_hooks import audit

    path = policy.server.audit if policy.server else ""
    if not path:
        if policy.server and policy.server.skips:
            yield Remark("fault", "[[server.skip]] without server.audit: nothing is skipped")
        return
    if not os.path.exists(path):
        folder = os.path.dirname(path)
        if not os.access(folder, os.W_OK):
            yield Remark("fault", f"{path} cannot be made: no skip gets through", f"mkdir {folder}")
        return
    if not os.access(path, os.W_OK | os.R_OK):
        yield Remark(
            "fault", f"{path} cannot be written: no skip gets through", f"chown git {path}"
        )
        return
    for number, what in audit.faults(path):
        yield Remark("fault", f"{path}:{number}: {what}", f"lockward audit list {path}")
        return


def _deadline(patient: Patient, policy: Policy) -> Iterator[Remark]:
    """The kinds of servers are those whose variables are set here, or whose people may skip."""
    deadline = policy.server.deadline if policy.server else 0
    grants = policy.server.skips if policy.server else ()
    named = {who.partition(":")[0] for grant in grants for who in grant.who}
    kinds = {servers.of(patient.environ).kind, *named}
    for server in (*servers.SERVERS, servers.GERRIT):
        if server.kind in kinds and server.limit and deadline >= server.limit:
            text = (
                f"server.deadline is {deadline:g} s; {server.kind} ends hooks at {server.limit:g}"
            )
            yield Remark("fault", text, f"deadline = {server.deadline:g}")


def _chained(patient: Patient) -> Iterator[Remark]:
    for path in patient.hooks:
        before = path + shims.BEFORE
        if os.path.exists(before) and not os.access(before, os.X_OK):
            text = f"{before} is not executable: what it did is no longer done"
            yield Remark("warning", text, f"chmod 755 {before}")


def _own_policy(patient: Patient) -> Iterator[Remark]:
    """On a developer's machine: the policy that is staged."""
    if patient.bare:
        return
    from lockward_hooks import policies
    from lockward_hooks.objects import Objects
    from lockward_hooks.trees import IndexTree

    with Objects(patient.git) as objects:
        try:
            policies.of_tree(IndexTree(patient.git, objects))
        except LockwardError as error:
            yield Remark("fault", f"the policy cannot be used: {error}", "mend it")


CHECKS: Final[tuple[Callable[[Patient], Iterator[Remark]], ...]] = (
    _installed,
    _executable,
    _interpreter,
    _command,
    _chained,
    _compiled,
    _policy,
    _own_policy,
    _fsck,
    _replacements,
    _shallow,
)


def run(args: Arguments, environ: Mapping[str, str]) -> int:
    """``lockward doctor [PATH]``: 0 when there is no fault (there may be warnings), else 1."""
    plain = {name: text for name, text in environ.items() if not name.startswith("GIT_")}
    patient = Patient(Git(args.operands[0] if args.operands else ".", plain), environ)
    remarks = [remark for check in CHECKS for remark in check(patient)]
    remarks.sort(key=lambda remark: remark.weight)
    lines = []
    for remark in remarks:
        lines.append(f"{remark.weight}: {escape(remark.text)}")
        if remark.fix:
            lines.append(f"  fix: {escape(remark.fix)}")
    faults = sum(remark.weight == "fault" for remark in remarks)
    what = "a server's repository" if patient.bare else "a working repository"
    verdict = f"{faults} faults" if faults else "no fault"
    warnings = f", {len(remarks) - faults} warnings" if len(remarks) > faults else ""
    names = ", ".join(os.path.basename(path) for path in patient.hooks) or "none"
    lines.append(f"lockward: {verdict}{warnings} in {what}; hooks: {names}")
    output.emit("".join(f"{line}\n" for line in lines))
    return output.REFUSED if faults else output.PASSED
