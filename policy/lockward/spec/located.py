"""Specs that are no version, range or tag: paths, aliases, git, URLs.

Source: npm-package-arg 13, ``resolve``, ``fromAlias``, ``fromURL`` and
``setGitAttrs``, on a POSIX system.
"""

from __future__ import annotations

from lockward.spec import Spec, foreign, hosted, names, paths, registry, url

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

    Attributes = dict[str, str]

_LINE_ENDS: Final = frozenset("\n\r\u2028\u2029")  # what a dot in a JavaScript expression stops at
_DIGITS: Final = frozenset("0123456789")
_GIT: Final = frozenset(
    ("git:", "git+http:", "git+https:", "git+rsync:", "git+ftp:", "git+file:", "git+ssh:")
)
_REMOTE: Final = frozenset(("http:", "https:"))


class InvalidSpecError(ValueError):
    """What npm throws on."""


def parse(name: str, spec: str) -> Spec:
    """The spec as npm reads it; else as another package manager would; else "invalid"."""
    try:
        return resolve(name, spec)
    except ValueError:  # BrokenUrlError is one too
        return foreign.parse(name, spec) or Spec(name, spec, "invalid")


def resolve(name: str, spec: str) -> Spec:
    """The spec as npm reads it.  Raises ValueError where npm throws."""
    if paths.is_path(spec):
        return _path(name, spec)
    if is_alias(spec):
        return Spec(name, spec, "alias", alias=_target(spec[4:]))
    repository = hosted.parse(spec)
    if repository:
        fragment = repository.committish
        return _git(name, spec, repository.fetch, fragment, hosted_as=repository.ssh)
    if is_url(spec):
        return _url(name, spec)
    if "/" in spec or paths.is_tarball(spec):
        return _path(name, spec)
    found = registry(name, spec)
    if found.kind == "invalid":
        raise InvalidSpecError(spec)
    return found


def _path(name: str, spec: str) -> Spec:
    kind: Final = "file" if paths.is_tarball(spec) else "directory"
    return Spec(name, spec, kind, paths.normalise(spec))


def is_alias(text: str) -> bool:
    """Whether text is ``npm:`` and whatever."""
    return text[:4].lower() == "npm:"


def is_url(text: str) -> bool:
    """Whether text starts with a scheme of letters only, ``git+`` before it or not."""
    scheme, colon, _ = text.partition(":")
    scheme = scheme.lower().removeprefix("git+") if scheme.isascii() else ""
    return bool(colon) and scheme.isalpha()


def _target(text: str) -> Spec:
    """What an alias points to: a name, and a version, range or tag of it.

    Raises InvalidSpecError.
    """
    end = text.find("@", 1)
    name = text[:end] if end > 0 else text
    if is_url(text) or _is_scp(text):
        raise InvalidSpecError(text)
    if not name.startswith("@") and ("/" in name or paths.is_tarball(name)):
        raise InvalidSpecError(text)
    wanted = (text[end + 1 :] or "*") if end > 0 else "*"
    if not names.is_valid(name) or is_alias(wanted):  # refused here: it could nest without end
        raise InvalidSpecError(text)
    target = resolve(name, wanted)
    if target.kind not in ("version", "range", "tag"):
        raise InvalidSpecError(text)
    return target


def _is_scp(text: str) -> bool:
    """Whether text is ``user@host.name:path``."""
    user, _, rest = text.partition("@")
    host, dot, rest = rest.partition(".")
    suffix, colon, path = rest.partition(":")
    return (
        bool(user and host and dot and suffix and colon and path)
        and ":" not in host
        and _LINE_ENDS.isdisjoint(path)
    )


def _url(name: str, spec: str) -> Spec:
    """A git repository or a tarball at a URL.  Raises InvalidSpecError."""
    scp = _scp(spec) if spec.startswith("git+ssh:") else None
    if scp:
        return _git(name, spec, *scp)
    text = spec.replace("\\", "/") if spec.startswith("git+file://") else spec
    parsed = url.parse(text)
    if parsed is None:
        raise InvalidSpecError(spec)
    if parsed.protocol in _REMOTE:
        return Spec(name, spec, "remote", spec)
    if parsed.protocol not in _GIT:
        raise InvalidSpecError(spec)
    fetch = parsed.text
    if parsed.protocol == "git+file:" and _has_drive(text):
        fetch = f"git+file://{parsed.host.lower()}:{parsed.pathname}"
    return _git(name, spec, fetch.removeprefix("git+"), parsed.hash[1:])


def _has_drive(text: str) -> bool:
    """Whether a git+file URL starts with a drive letter."""
    drive = text[len("git+file://") :][:2]
    return (
        text[: len("git+file://")].lower() == "git+file://"
        and drive[1:] == ":"
        and drive[0].isascii()
        and drive[0].isalpha()
    )


def _scp(spec: str) -> tuple[str, str] | None:
    """Address and committish of ``git+ssh://user@host:path#committish``, which is no URL."""
    if not spec.startswith("git+ssh://"):
        return None
    address, _, fragment = spec[len("git+ssh://") :].partition("#")
    user, colon, path = address.partition(":")
    if not (user and colon and path) or not _LINE_ENDS.isdisjoint(fragment):
        return None
    return None if _has_port(address) else (address, fragment)


def _has_port(address: str) -> bool:
    """Whether digits stand between a colon and a slash, or the end."""
    *others, last = address.split(":")[1:]
    numbers = [part.partition("/")[0] for part in others if "/" in part]
    numbers.append(last.partition("/")[0])
    return any(number and _DIGITS.issuperset(number) for number in numbers)


def _git(name: str, spec: str, fetch: str, fragment: str, *, hosted_as: str | None = None) -> Spec:
    """A git repository.  Raises InvalidSpecError for a fragment that contradicts itself."""
    attributes: Attributes = {}
    for part in fragment.split("::") if fragment else ():
        _attribute(attributes, part)
    return Spec(
        name,
        spec,
        "git",
        fetch,
        hosted=hosted_as,
        fragment=fragment or None,
        committish=attributes.get("committish"),
        git_range=attributes.get("semver"),
        subdir=attributes.get("path"),
    )


def _attribute(attributes: Attributes, part: str) -> None:
    """One part of a fragment: a committish, ``semver:range``, ``path:folder``, or ignored.

    An empty one may be overwritten.  Raises InvalidSpecError.
    """
    key, colon, value = part.partition(":")
    value = value.partition(":")[0]
    taken = attributes.get("semver") or attributes.get("committish")
    if not colon:
        if taken:
            raise InvalidSpecError(part)
        attributes["committish"] = part
    elif key == "semver":
        wanted = url.decode(value)
        if taken or wanted is None:
            raise InvalidSpecError(part)
        attributes["semver"] = wanted
    elif key == "path":
        if attributes.get("path"):
            raise InvalidSpecError(part)
        attributes["path"] = "/" + value
