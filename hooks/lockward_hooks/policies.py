"""Which policy judges, and where it may come from.

On a developer's machine it is the repository's own, as staged.  On a server it
is the server's, or what the default branch already holds: never the pushed tree.
"""

from __future__ import annotations

from lockward.errors import LockwardError, PolicyError
from lockward.policy import Policy
from lockward_hooks.trees import ObjectTree

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

    from lockward.model import Tree
    from lockward_hooks.git import Git
    from lockward_hooks.listing import Listing
    from lockward_hooks.objects import Objects

FILES: Final = (".lockward.toml", "pyproject.toml")
LIMIT: Final = 1 << 20  # bytes; a policy is written by hand


class UnusablePolicyError(LockwardError):
    """A policy that cannot be used; ``cause`` says why, ``data`` is the file."""

    def __init__(self, cause: LockwardError, data: bytes | None) -> None:
        super().__init__(cause.message, path=cause.path, line=cause.line, pointer=cause.pointer)
        self.cause: Final = cause
        self.data: Final = data

    def __str__(self) -> str:
        return str(self.cause)


def of_tree(tree: Tree) -> Policy:
    """The policy that a state of a repository holds; the default when it holds none."""
    for path in FILES:
        try:
            data = tree.read(path, LIMIT)
        except LockwardError as error:
            raise UnusablePolicyError(error, None) from None
        policy = _read(path, data)
        if policy is not None:
            return policy
    return Policy()


def of_file(path: str) -> Policy:
    """The policy in a file of this machine."""
    data = _content(path)
    policy = _read(path, data)
    if policy is None:
        fault = PolicyError("holds no [tool.lockward]", path=path)
        raise UnusablePolicyError(fault, None)
    return policy


def of_server(path: str) -> Policy:
    """The policy in a file of the server; one that anybody can write is nobody's policy."""
    from os import stat

    policy = of_file(path)
    if stat(path).st_mode & 0o002:
        fault = PolicyError("can be changed by anybody (chmod o-w)", path=path)
        raise UnusablePolicyError(fault, None)
    return policy


def mentions(path: str, word: bytes) -> bool:
    """Whether a policy file of this machine holds a word."""
    return word in _content(path)


def _content(path: str) -> bytes:
    try:
        with open(path, "rb") as file:
            return file.read(LIMIT + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        fault = PolicyError(f"cannot be read: {reason}", path=path)
        raise UnusablePolicyError(fault, None) from None


def of_commit(git: Git, objects: Objects, commit: str) -> Policy:
    """The policy that a commit (or tree) holds at its top; the default when it holds none."""
    return of_tree(_Top(git, objects, commit))


class _Top(ObjectTree):
    """The policy files of a commit and nothing else: the rest need not be listed."""

    def __init__(self, git: Git, objects: Objects, commit: str) -> None:
        super().__init__(objects)
        self._git: Final = git
        self._commit: Final = commit

    def _list(self) -> Listing:
        from lockward_hooks import listing

        return listing.recorded(
            self._git.output("ls-tree", "-z", "--full-tree", self._commit, "--", *FILES)
        )


def _read(path: str, data: bytes | None) -> Policy | None:
    if data is None or (path.endswith(FILES[1]) and b"lockward" not in data):
        return None  # most pyproject.toml: not worth loading a TOML reader for
    from lockward import policyfile

    try:
        return policyfile.read(path, data)
    except PolicyError as error:
        raise UnusablePolicyError(error, data) from None


def changed(policy: Policy, **members: object) -> Policy:
    """The same policy with some members replaced."""
    values = {name: getattr(policy, name) for name in Policy.__slots__}
    return Policy(**{**values, **members})


def asks_reason(policy: Policy) -> bool:
    """Whether a commit's trailer may decide."""
    return "trailer" in (policy.refresh, policy.alongside)


def with_reason(policy: Policy) -> Policy:
    """The policy for a change whose commit gives its reason for a refresh."""
    return _instead_of_trailer(policy, "allow")


def announcing(policy: Policy) -> Policy:
    """The policy before the message is written: what it will be asked for is only announced."""
    return _instead_of_trailer(policy, "announce")


def _instead_of_trailer(policy: Policy, word: str) -> Policy:
    if not asks_reason(policy):
        return policy
    return changed(
        policy,
        refresh=word if policy.refresh == "trailer" else policy.refresh,
        alongside=word if policy.alongside == "trailer" else policy.alongside,
    )
