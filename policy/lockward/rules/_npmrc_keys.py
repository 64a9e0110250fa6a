"""Which npm settings a repository must not bring along, one row each.

Effects were run with npm 11 on a committed .npmrc; names and defaults are
those of @npmcli/config, definitions.js.  A row's test gets the setting as npm
applies it and gives the fact to report, "" when there is none.
"""

from __future__ import annotations

from lockward.registries import hosts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Final, Literal

    from lockward.model import Severity
    from lockward.registries.npmrc import Setting

    Effect = Literal["executes", "redirects", "weakens"]
    Test = Callable[[Setting], str]

# What the effects have in common: the reason, and the headline of several findings.
WHY: Final[Mapping[Effect, str]] = {
    "executes": "whoever can edit this line runs code wherever somebody installs",
    "redirects": "it decides from where code comes, for everybody who installs",
    "weakens": "a project's setting overrides the stricter one that a person or CI has",
}
GROUP: Final[Mapping[Effect, str]] = {
    "executes": "{n} settings name code that npm runs",
    "redirects": "{n} settings decide where npm reads from",
    "weakens": "{n} settings switch off what protects an install",
}


class Row:
    """One key: what a value of it does, how bad that is, and when."""

    __slots__ = ("effect", "severity", "test")

    def __init__(self, effect: Effect, severity: Severity, test: Test) -> None:
        self.effect: Final[Effect] = effect
        self.severity: Final[Severity] = severity
        self.test: Final = test


def _set(fact: str, *harmless: str) -> Test:
    """Any value but an empty one, null, false and those that are known to be harmless."""
    passing = {"", "null", "false", "undefined", *harmless}
    return lambda setting: "" if setting.value in passing else fact


def _on(fact: str) -> Test:
    """A value that npm takes for true."""
    return lambda setting: fact if setting.truth else ""


def _off(fact: str) -> Test:
    """A value that npm takes for false."""
    return lambda setting: "" if setting.truth else fact


def _is(value: str, fact: str) -> Test:
    """One value only."""
    return lambda setting: fact if setting.value == value else ""


# Options of node that change limits and messages, and load no code.
HARMLESS_OPTIONS: Final = (
    "--dns-result-order=",
    "--enable-source-maps",
    "--max-http-header-size=",
    "--max-old-space-size=",
    "--max_old_space_size=",
    "--max-semi-space-size=",
    "--no-deprecation",
    "--no-warnings",
    "--openssl-legacy-provider",
    "--stack-trace-limit=",
    "--trace-deprecation",
    "--trace-warnings",
    "--unhandled-rejections=",
)


def _node_options(setting: Setting) -> str:
    if setting.env or not all(
        word.startswith(HARMLESS_OPTIONS) for word in setting.value.split(" ") if word
    ):
        return "every node process below npm takes these options, which can load code"
    return ""


def _release_age(setting: Setting) -> str:
    """``7d`` is no number: npm drops the setting; 0 and null switch the wait off."""
    if setting.value in ("null", "undefined") or not setting.truth:
        return "npm installs releases of any age"
    if not setting.value.replace(".", "", 1).isdecimal():
        return "npm wants a number of days and drops anything else"
    return ""


def _ignore_scripts(setting: Setting) -> str:
    if setting.env:
        return "whether install scripts run depends on the environment"
    return "" if setting.truth else "install scripts run, whatever a developer's own setting says"


def _proxy(setting: Setting) -> str:
    if setting.value in ("", "null", "false", "undefined"):
        return ""
    url = hosts.split(setting.value)
    return f"all requests go through {'it' if url is None else url.place}"


KEYS: Final[Mapping[str, Row]] = {
    # Programs and code
    "git": Row("executes", "error", _set("npm runs this in place of git")),
    "script-shell": Row("executes", "error", _set("npm runs every script with this program")),
    "shell": Row("executes", "error", _set("`npm explore` runs this program")),
    "node-options": Row("executes", "error", _node_options),
    "node-gyp": Row("executes", "error", _set("npm runs this in place of node-gyp")),
    "editor": Row("executes", "error", _set("`npm edit` runs this program")),
    "viewer": Row(
        "executes", "error", _set("`npm help` runs this program", "man", "browser", "woman")
    ),
    "browser": Row("executes", "error", _set("npm opens pages with this program", "true")),
    "init-module": Row("executes", "error", _set("`npm init` runs this file")),
    "init.module": Row("executes", "error", _set("`npm init` runs this file")),  # its older name
    "tokenHelper": Row("executes", "error", _set("pnpm runs this program to get a token")),
    # Other settings, other places
    "globalconfig": Row("redirects", "error", _set("npm reads another settings file")),
    "userconfig": Row("redirects", "error", _set("npm reads another settings file")),
    "prefix": Row("redirects", "warning", _set("global packages and settings live there")),
    "global": Row("redirects", "error", _on("npm installs into the machine, not the project")),
    "location": Row(
        "redirects", "error", _is("global", "npm installs into the machine, not the project")
    ),
    "scope": Row("redirects", "error", _set("names without a scope are asked of its registry")),
    "replace-registry-host": Row(
        "redirects",
        "warning",
        _set("npm replaces the hosts that the lockfile names", "npmjs", "never"),
    ),
    "proxy": Row("redirects", "warning", _proxy),
    "https-proxy": Row("redirects", "warning", _proxy),
    "noproxy": Row("redirects", "note", _set("requests to these hosts avoid the proxy")),
    "cafile": Row("redirects", "warning", _set("npm trusts the certificate authorities in it")),
    "ca": Row("redirects", "warning", _set("npm trusts only this certificate authority")),
    "cert": Row("redirects", "warning", _set("npm shows this certificate to every registry")),
    # Protections
    "strict-ssl": Row("weakens", "error", _off("npm accepts any certificate")),
    "package-lock": Row("weakens", "error", _off("npm neither reads nor writes the lockfile")),
    "shrinkwrap": Row("weakens", "error", _off("npm neither reads nor writes the lockfile")),
    "ignore-scripts": Row("weakens", "warning", _ignore_scripts),
    "dangerously-allow-all-scripts": Row(
        "weakens", "error", _on("install scripts of all packages run")
    ),
    "strict-allow-scripts": Row(
        "weakens", "warning", _off("scripts that nobody reviewed only warn")
    ),
    "allow-scripts": Row("weakens", "note", _set("install scripts of these packages run")),
    "allow-git": Row("weakens", "error", _is("all", "packages may come from any git repository")),
    "allow-remote": Row("weakens", "error", _is("all", "packages may come from any URL")),
    "allow-file": Row("weakens", "warning", _is("all", "packages may come from any tarball file")),
    "allow-directory": Row("weakens", "warning", _is("all", "packages may come from any folder")),
    "min-release-age": Row("weakens", "warning", _release_age),
    "before": Row("weakens", "warning", _set("it takes the place of min-release-age")),
    "force": Row("weakens", "warning", _on("npm goes on where it would refuse")),
    "yes": Row("weakens", "note", _on("npx installs what it does not find without asking")),
    "omit-lockfile-registry-resolved": Row(
        "weakens", "note", _on("the lockfile does not say where packages came from")
    ),
}

# Settings that protect: written where or how npm does not read them, they only seem to.
PROTECTIVE: Final = (
    "ignore-scripts",
    "strict-ssl",
    "strict-allow-scripts",
    "min-release-age",
    "allow-git",
    "allow-remote",
    "allow-file",
    "allow-directory",
    "package-lock",
)
_WRITTEN_ALIKE: Final = {key.replace("-", ""): key for key in PROTECTIVE}


def row_of(setting: Setting) -> Row | None:
    """The row that judges a setting; ``tokenHelper`` stands behind a registry's prefix."""
    return KEYS.get("tokenHelper" if setting.name == "tokenHelper" else setting.key)


def meant(key: str) -> str:
    """The protective setting that a key npm does not know was meant for; "" when none.

    ``ignore_scripts``, ``Ignore-Scripts``, ``ignoreScripts``: unknown to npm, which goes on.
    """
    found = _WRITTEN_ALIKE.get(key.lower().translate(_SEPARATORS), "")
    return "" if found == key else found


_SEPARATORS: Final = str.maketrans("", "", "-_. ")


def matters(key: str) -> bool:
    """Whether a setting that does nothing looks as if it protected or directed something."""
    return key in KEYS or key == "registry" or key.endswith(":registry") or bool(meant(key))
