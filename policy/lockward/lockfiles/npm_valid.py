"""Whether what npm finds under a name answers a requirement of it.

Reference: @npmcli/arborist, dep-valid.js, from-path.js and consistent-resolve.js.
Nothing but the lockfile and the manifests is looked at; the name of the found
package is not (that is another rule's business).
"""

from __future__ import annotations

from lockward import semver, spec
from lockward.lockfiles.npm_entries import normal_path
from lockward.paths import folder_of, join

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Final

    from lockward.lockfiles.npm_nodes import Node
    from lockward.spec import Spec

    Check = Callable[[Node, Spec, "Asked"], bool]

_FILE: Final = "file:"


class Asked:
    """A requirement as the check needs it: who asks, and from which folder its paths count."""

    __slots__ = ("accepted", "base", "install_links", "name", "source")

    def __init__(
        self, source: Node, name: str, base: str, accepted: str | None, *, install_links: bool
    ) -> None:
        self.source: Final = source
        self.name: Final = name
        self.base: Final = base
        self.accepted: Final = accepted
        self.install_links: Final = install_links


def base_of(source: Node) -> str:
    """The folder from which a package's own ``file:`` paths count.

    Those of a tarball in the repository count from where the tarball lies.
    """
    resolved = _resolved(source)
    if resolved.startswith(_FILE) and not source.link:
        parsed = spec.parse(source.name, resolved)
        if parsed.kind == "file":
            return folder_of(normal_path(parsed.fetch))
    return source.key


def answers(found: Node, wanted: str, asked: Asked) -> bool:
    """Whether a node satisfies a spec, or the spec that its dependant also accepts."""
    if _answers(found, spec.parse(asked.name, wanted or "*"), asked):
        return True
    return asked.accepted is not None and _answers(
        found, spec.parse(asked.name, asked.accepted or "*"), asked
    )


def _answers(found: Node, wanted: Spec, asked: Asked) -> bool:
    check = _CHECKS.get(wanted.kind)
    return check is not None and check(found, wanted, asked)


def _range(found: Node, wanted: Spec, _: Asked) -> bool:
    """Any source will do, as long as the version fits."""
    return wanted.fetch == "*" or semver.satisfies(found.version, wanted.fetch, loose=True)


def _alias(found: Node, wanted: Spec, asked: Asked) -> bool:
    """The target's range; ``jsr:`` is an alias to others, but nothing to npm."""
    if wanted.alias is None or wanted.raw[:4].lower() != "npm:":
        return False
    return _answers(found, wanted.alias, asked)


def _tag(found: Node, _: Spec, asked: Asked) -> bool:
    """A tag's version cannot be known offline; npm wants a tarball's address, no more.

    An entry without ``resolved`` (omit-lockfile-registry-resolved) came from
    the registry too: npm asks there again, and as a rule hears the same.
    """
    if found.link:
        return False
    resolved = _resolved(found)
    return not resolved or spec.parse(asked.name, resolved).kind == "remote"


def _remote(found: Node, wanted: Spec, _: Asked) -> bool:
    return not found.link and _resolved(found) == wanted.raw


def _tarball(found: Node, wanted: Spec, asked: Asked) -> bool:
    resolved = _resolved(found)
    if found.link or not resolved.startswith(_FILE):
        return False
    return _same_place(spec.parse(asked.name, resolved).fetch, "", wanted.fetch, asked.base)


def _folder(found: Node, wanted: Spec, asked: Asked) -> bool:
    """A link to the very folder; with install-links a copy of it, whichever that is."""
    if asked.install_links and not _is_workspace(found):
        return not found.link
    target = found.target
    return (
        found.link and target is not None and _same_place(target.key, "", wanted.fetch, asked.base)
    )


def _same_place(one: str, its_base: str, other: str, other_base: str) -> bool:
    """Whether two paths are one.

    An absolute path cannot be compared with a relative one without knowing
    where the project lies: nothing speaks against it.
    """
    if one.startswith(("/", "~")) != other.startswith(("/", "~")):
        return True
    if other.startswith(("/", "~")):
        return normal_path(one) == normal_path(other)
    return normal_path(join(its_base, one)) == normal_path(join(other_base, other))


def _is_workspace(node: Node) -> bool:
    return node.package is not None and node.package.source == "workspace"


def _git(found: Node, wanted: Spec, asked: Asked) -> bool:
    """The same repository; and the same commit, or a version in the range, where one is asked."""
    resolved = _resolved(found)
    if found.link or not resolved:
        return False
    locked = spec.parse(asked.name, resolved)
    if locked.kind != "git":
        return False
    exact = _is_commit(wanted.committish)
    if locked.hosted is None:
        if locked.fetch != wanted.fetch:
            return False
    elif locked.hosted != wanted.hosted or (exact and locked.fragment != wanted.fragment):
        return False
    if wanted.git_range:
        return semver.satisfies(found.version, wanted.git_range, loose=True)
    return exact or _same_ref(wanted, asked)


def _is_commit(committish: str | None) -> bool:
    return (
        committish is not None
        and 40 <= len(committish) <= 64  # noqa: PLR2004 - SHA-1 to SHA-256, as npm has it
        and all(character in "0123456789abcdefABCDEF" for character in committish)
    )


def _same_ref(wanted: Spec, asked: Asked) -> bool:
    """A branch or tag cannot be compared with a commit, but with what the lockfile recorded."""
    recorded = _recorded(asked)
    if recorded is None:
        return True
    parsed = spec.parse(asked.name, recorded)
    return parsed.kind != "git" or (parsed.committish or "") == (wanted.committish or "")


def _recorded(asked: Asked) -> str | None:
    """The spec that the lockfile itself has for a requirement."""
    package = asked.source.package
    if package is None:
        return None
    sections: tuple[Mapping[str, str], ...] = (
        package.dependencies,
        package.optional_dependencies,
        package.dev_dependencies,
        package.peer_dependencies,
    )
    for section in sections:
        if section.get(asked.name):
            return section[asked.name]
    return None


def _resolved(node: Node) -> str:
    return "" if node.package is None else node.package.resolved or ""


# npm-package-arg's kinds; npm understands no others (workspace:, catalog:, …).
_CHECKS: Final[Mapping[str, Check]] = {
    "range": _range,
    "version": _range,
    "tag": _tag,
    "alias": _alias,
    "remote": _remote,
    "file": _tarball,
    "directory": _folder,
    "git": _git,
}
