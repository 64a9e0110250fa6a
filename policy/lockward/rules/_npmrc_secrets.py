"""Secrets in settings: what is one, and how much of it may be shown."""

from __future__ import annotations

from lockward.registries import hosts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

    from lockward.policy import Policy
    from lockward.registries.npmrc import Npmrc, Setting

# The last part of a credential's key, in lower case: whatever npm reads, an
# _AUTHTOKEN in a repository is as public as an _authToken.
_SECRET_NAMES: Final = frozenset({"_authtoken", "-authtoken", "_auth", "_password", "password"})
_PRIVATE_KEY: Final = "PRIVATE KEY-----"
SHOWN: Final = 4  # characters of a secret that a finding may show
_TOKEN_LENGTH: Final = 20  # https://<token>@host/: as a user's name it would be long
_WORTH_HIDING: Final = 8  # a shorter one is not shown at all
_NAME: Final = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_")


def literal(setting: Setting) -> str:
    """The secret that the file itself holds; "" when it comes from the environment.

    ``${NAME-default}`` is one: npm takes it literally, pnpm takes the default.
    """
    if setting.name.lower() in _SECRET_NAMES:
        return _written(setting)
    if setting.name == "key" and _PRIVATE_KEY in setting.value:
        return setting.value
    name, colon, password = _user(setting.literal).partition(":")
    return password if colon or len(name) < _TOKEN_LENGTH else name


def _user(value: str) -> str:
    """What stands before the @ of a URL, however odd its characters are."""
    authority = value.partition("://")[2]
    for end in "/?#\\":
        authority = authority.partition(end)[0]
    return authority.rpartition("@")[0]


def written(setting: Setting) -> str:
    """``key=value`` as a message shows it, without the credentials in a URL."""
    value, user = setting.value, _user(setting.value)
    if user:
        value = value.replace(f"{user}@", "...@", 1)
    elif ":" in value.rpartition("@")[0]:  # user:password@host, no URL
        value = f"...@{value.rpartition('@')[2]}"
    return f"{setting.key}={value}"


def _written(setting: Setting) -> str:
    """What is left of a value without what the environment gives."""
    if setting.value in ("null", "false", "true", "undefined") or _is_placeholder(setting.value):
        return ""
    odd = [name for name in setting.env if not _NAME.issuperset(name)]
    rest = setting.literal + "".join(odd)
    return rest if any(character.isalnum() for character in rest) else ""


def _is_placeholder(value: str) -> bool:
    """``$NAME`` (nobody expands it: the rule says so), ``<token>``, ``xxxx``."""
    bracketed = value.startswith("<") and value.endswith(">")
    return bracketed or set(value.lower()) <= set("x*.-") or _is_shell_variable(value)


def _is_shell_variable(value: str) -> bool:
    return len(value) > 1 and value[0] == "$" and _NAME.issuperset(value[1:])


def unexpanded(setting: Setting) -> bool:
    """Whether a credential is written as ``$NAME``, which npm sends as it stands."""
    return setting.name.lower() in _SECRET_NAMES and _is_shell_variable(setting.value)


def shown(secret: str) -> str:
    """As much of a secret as helps to find it: its beginning and its length."""
    number = f"{len(secret)} characters"
    return number if len(secret) < _WORTH_HIDING else f"{secret[:SHOWN]}..., {number}"


def unscoped(setting: Setting) -> bool:
    """Whether a credential names no registry: npm 9 and later refuse to start."""
    return not setting.nerf and setting.key in ("_authToken", "_auth", "_password")


def destination(setting: Setting) -> str:
    """The host that gets a token from the environment; its key's prefix when that is no host.

    "" for all other settings, and for public registries.
    """
    if not setting.nerf or not setting.env or setting.name.lower() not in _SECRET_NAMES:
        return ""
    host = hosts.host_of(f"https:{setting.nerf}")
    if host is None:
        return setting.nerf
    return "" if hosts.is_public(host) else host


def declared_hosts(policy: Policy) -> frozenset[str]:
    """The hosts that a policy names, lower-case; empty when it names none."""
    named = [hosts.host_of(url) for url in policy.registries.values()]
    named += [host.lower().partition(":")[0] for host in policy.hosts]
    return frozenset(host for host in named if host)


def pinned_hosts(file: Npmrc) -> frozenset[str]:
    """The hosts of all registries in a file."""
    urls = [
        lines[-1].value
        for key, lines in file.effective.items()
        if key == "registry" or key.endswith(":registry")
    ]
    found = (hosts.host_of(url) for url in urls)
    return frozenset(host for host in found if host)
