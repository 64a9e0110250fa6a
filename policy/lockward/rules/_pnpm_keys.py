"""Which of pnpm's settings a repository must not bring along, one row each.

Names and defaults are those of pnpm's config/reader (types.ts, index.ts), pnpm 11
and 12.  A row's test gets the value as text, as a list of texts, or as the names of
a mapping, and gives the fact to report, "" when there is none.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Final

    from lockward.model import Severity
    from lockward.rules._npmrc_keys import Effect

    Value = str | tuple[str, ...]
    Test = Callable[[Value], str]


class Row:
    """One key: what a value of it does, how bad that is, and when."""

    __slots__ = ("effect", "severity", "test")

    def __init__(self, effect: Effect, severity: Severity, test: Test) -> None:
        self.effect: Final[Effect] = effect
        self.severity: Final[Severity] = severity
        self.test: Final = test


def _set(fact: str, *harmless: str) -> Test:
    return lambda value: "" if value in ("", "null", "false", (), *harmless) else fact


def _on(fact: str) -> Test:
    return lambda value: fact if _lower(value) == "true" else ""


def _off(fact: str) -> Test:
    return lambda value: fact if _lower(value) == "false" else ""


def _is(wanted: str, fact: str) -> Test:
    return lambda value: fact if _lower(value) == wanted else ""


def _all(fact: str) -> Test:
    """A list that names everything."""
    return lambda value: fact if not isinstance(value, str) and _EVERYTHING & {*value} else ""


_EVERYTHING: Final = frozenset({"*", "**", "@*/*"})


def _lower(value: Value) -> str:
    return value.lower() if isinstance(value, str) else ""


def _never_built(value: Value) -> str:
    if isinstance(value, str):
        return ""
    return "" if value else "install scripts of all packages run"


def _release_age(value: Value) -> str:
    if isinstance(value, str) and value.strip("0.-") == "" and value not in ("", "-", "."):
        return "pnpm installs releases of any age"
    return ""


def _node_options(value: Value) -> str:
    from lockward.rules._npmrc_keys import HARMLESS_OPTIONS

    words = value.split(" ") if isinstance(value, str) else value
    if all(word.startswith(HARMLESS_OPTIONS) for word in words if word):
        return ""
    return "every node process below pnpm takes these options, which can load code"


_SHELLS: Final = ("bash", "sh", "zsh", "/bin/bash", "/bin/sh")

KEYS: Final[Mapping[str, Row]] = {
    # Programs and code
    "scriptShell": Row(
        "executes",
        "error",
        _set(
            "pnpm runs every script with this program", "bash", "sh", "zsh", "/bin/bash", "/bin/sh"
        ),
    ),
    "nodeOptions": Row("executes", "error", _node_options),
    "configDependencies": Row(
        "executes", "warning", _set("pnpm installs these first, and they may change its settings")
    ),
    "pnpmfile": Row("executes", "warning", _set("pnpm runs this file during every install")),
    "dangerouslyAllowAllBuilds": Row(
        "executes", "error", _on("install scripts of all packages run")
    ),
    "neverBuiltDependencies": Row("executes", "error", _never_built),
    "onlyBuiltDependencies": Row("executes", "error", _all("install scripts of all packages run")),
    "allowBuilds": Row("executes", "error", _all("install scripts of all packages run")),
    # Other places
    "pnprServer": Row("redirects", "error", _set("this server decides what is installed")),
    "npmrcAuthFile": Row("redirects", "error", _set("pnpm reads its tokens from another file")),
    "lockfileDir": Row("redirects", "warning", _set("pnpm reads another lockfile", ".", "./")),
    "httpProxy": Row("redirects", "warning", _set("all requests go through it")),
    "httpsProxy": Row("redirects", "warning", _set("all requests go through it")),
    "proxy": Row("redirects", "warning", _set("all requests go through it")),
    "ca": Row("redirects", "warning", _set("pnpm trusts only this certificate authority")),
    "cafile": Row("redirects", "warning", _set("pnpm trusts the certificate authorities in it")),
    # Protections
    "lockfile": Row("weakens", "error", _off("pnpm neither reads nor writes the lockfile")),
    "frozenLockfile": Row("weakens", "warning", _off("CI rewrites the lockfile")),
    "trustLockfile": Row(
        "weakens", "error", _on("pnpm does not compare the lockfile with the registry")
    ),
    "blockExoticSubdeps": Row(
        "weakens", "error", _off("a dependency may bring packages from any URL or git repository")
    ),
    "strictDepBuilds": Row("weakens", "warning", _off("scripts that nobody reviewed only warn")),
    "trustPolicy": Row("weakens", "warning", _is("off", "a release may lose its provenance")),
    "trustPolicyExclude": Row("weakens", "warning", _all("a release may lose its provenance")),
    "minimumReleaseAge": Row("weakens", "warning", _release_age),
    "minimumReleaseAgeExclude": Row(
        "weakens", "warning", _all("pnpm installs releases of any age")
    ),
    "minimumReleaseAgeStrict": Row(
        "weakens", "note", _off("pnpm takes a younger release when there is no other")
    ),
    "ignoreScripts": Row(
        "weakens", "warning", _off("install scripts run, whatever a developer's own setting says")
    ),
    "strictSsl": Row("weakens", "error", _off("pnpm accepts any certificate")),
    "verifyStoreIntegrity": Row(
        "weakens", "error", _off("pnpm links files of its store without comparing their hashes")
    ),
    "strictStorePkgContentCheck": Row(
        "weakens", "warning", _off("pnpm does not compare a tarball's name with what it asked for")
    ),
}

# Written in another way than camelCase pnpm ignores them: they only seem to protect.
PROTECTIVE: Final = (
    "blockExoticSubdeps",
    "ignoreScripts",
    "minimumReleaseAge",
    "onlyBuiltDependencies",
    "allowBuilds",
    "strictDepBuilds",
    "strictSsl",
    "trustPolicy",
    "verifyStoreIntegrity",
)
_WRITTEN_ALIKE: Final = {key.lower(): key for key in PROTECTIVE}
_SEPARATORS: Final = str.maketrans("", "", "-_. ")


def meant(key: str) -> str:
    """The protective setting that a key pnpm does not know was meant for; "" when none."""
    found = _WRITTEN_ALIKE.get(key.lower().translate(_SEPARATORS), "")
    return "" if found == key else found
