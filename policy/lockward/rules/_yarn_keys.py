"""Which of Yarn's settings a repository must not bring along: one table a file, one row a key.

``RC``   .yarnrc of Yarn 1 (src/cli/commands, src/rc.js, config.js)
``YML``  .yarnrc.yml of Berry (core's Configuration, plugin-npm); a key is the first
         of the keys that lead to a value, or the last one below npmScopes,
         npmRegistries and networkSettings

A row's test gets the value as text and gives the fact to report, "" when there is none.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Final

    from lockward.model import Severity
    from lockward.rules._npmrc_keys import Effect

    Test = Callable[[str], str]


class Row:
    """One key: what a value of it does, how bad that is, and when."""

    __slots__ = ("effect", "severity", "test")

    def __init__(self, effect: Effect, severity: Severity, test: Test) -> None:
        self.effect: Final[Effect] = effect
        self.severity: Final[Severity] = severity
        self.test: Final = test


def _set(fact: str, *harmless: str) -> Test:
    return lambda value: "" if value in ("", "null", *harmless) else fact


def _on(fact: str) -> Test:
    return lambda value: fact if value in ("true", "1") else ""


def _off(fact: str) -> Test:
    return lambda value: fact if value in ("false", "0") else ""


def _is(fact: str, *values: str) -> Test:
    return lambda value: fact if value in values else ""


def _zero(fact: str) -> Test:
    return lambda value: fact if value and value.strip("0.smhdw") == "" else ""


def _node_options(value: str) -> str:
    from lockward.rules._npmrc_keys import HARMLESS_OPTIONS

    if all(word.startswith(HARMLESS_OPTIONS) for word in value.split(" ") if word):
        return ""
    return "every node process below yarn takes these options, which can load code"


_CERTIFICATE: Final = "yarn accepts any certificate"
_PROXY: Final = "all requests go through it"
_AUTHORITY: Final = "yarn trusts the certificate authorities in it"
_HERE: Final = ("localhost", "127.0.0.1", "::1")
_NO_LOCKFILE: Final = "yarn neither reads nor writes the lockfile"
_SHELL: Final = "yarn runs every script with this program"

# Arguments that a .yarnrc passes: ``--flag``, ``--install.flag``; the part behind the dot.
ARGUMENTS: Final[Mapping[str, Row]] = {
    "no-lockfile": Row("weakens", "error", _on(_NO_LOCKFILE)),
    "pure-lockfile": Row("weakens", "warning", _on("yarn installs what the lockfile lacks")),
    "frozen-lockfile": Row("weakens", "warning", _off("CI rewrites the lockfile")),
    "update-checksums": Row("weakens", "error", _on("yarn writes whatever hash it meets")),
    "skip-integrity-check": Row("weakens", "warning", _on("yarn does not look at what it has")),
    "force": Row("weakens", "note", _on("yarn installs everything anew")),
    "use-yarnrc": Row("redirects", "error", _set("yarn reads another settings file")),
    "modules-folder": Row("redirects", "warning", _set("packages are installed elsewhere")),
    "cwd": Row("redirects", "warning", _set("yarn works in another folder")),
    "proxy": Row("redirects", "warning", _set(_PROXY)),
    "https-proxy": Row("redirects", "warning", _set(_PROXY)),
}
RC: Final[Mapping[str, Row]] = {
    # Programs and code
    "script-shell": Row("executes", "error", _set(_SHELL)),
    "env.NODE_OPTIONS": Row("executes", "error", _node_options),
    "env.PATH": Row("executes", "error", _set("yarn finds its programs there")),
    "ignore-scripts": Row(
        "weakens", "warning", _off("install scripts run, whatever a developer's own setting says")
    ),
    "unsafe-disable-integrity-migration": Row(
        "weakens", "note", _on("yarn adds no hashes to old entries")
    ),
    # Other places
    "yarn-offline-mirror": Row(
        "redirects", "warning", _set("yarn takes packages from this folder before the registry")
    ),
    "cafile": Row("redirects", "warning", _set(_AUTHORITY)),
    "ca": Row("redirects", "warning", _set("yarn trusts only this certificate authority")),
    "proxy": Row("redirects", "warning", _set(_PROXY, "false")),
    "https-proxy": Row("redirects", "warning", _set(_PROXY, "false")),
    "custom-host-suffix": Row(
        "redirects", "warning", _set("tokens are sent to every host that ends so")
    ),
    "userconfig": Row("redirects", "error", _set("yarn reads another settings file")),
    # Protections
    "strict-ssl": Row("weakens", "error", _off(_CERTIFICATE)),
    "cert": Row("redirects", "warning", _set("yarn shows this certificate to every registry")),
}
YML: Final[Mapping[str, Row]] = {
    # Programs and code
    "enableScripts": Row("executes", "warning", _on("install scripts of all packages run")),
    "injectEnvironmentFiles": Row(
        "executes", "note", _set("yarn takes environment variables from this file")
    ),
    # Other places
    "httpProxy": Row("redirects", "warning", _set(_PROXY)),
    "httpsProxy": Row("redirects", "warning", _set(_PROXY)),
    "caFilePath": Row("redirects", "warning", _set(_AUTHORITY)),
    "httpsCaFilePath": Row("redirects", "warning", _set(_AUTHORITY)),
    "lockfileFilename": Row("redirects", "error", _set("yarn reads another lockfile", "yarn.lock")),
    "npmAlwaysAuth": Row("redirects", "note", _on("tokens are sent with every request")),
    # Protections
    "unsafeHttpWhitelist": Row(
        "weakens",
        "error",
        _set("packages and tokens travel to this host without encryption", *_HERE),
    ),
    "enableStrictSsl": Row("weakens", "error", _off(_CERTIFICATE)),
    "checksumBehavior": Row(
        "weakens",
        "error",
        _is("yarn goes on when a checksum does not match", "ignore", "update", "reset"),
    ),
    "enableHardenedMode": Row(
        "weakens", "warning", _off("yarn never compares the lockfile with the registry")
    ),
    "enableImmutableInstalls": Row("weakens", "warning", _off("CI rewrites the lockfile")),
    "enableLockfile": Row("weakens", "error", _off(_NO_LOCKFILE)),
    "npmMinimalAgeGate": Row("weakens", "warning", _zero("yarn installs releases of any age")),
    "npmPreapprovedPackages": Row(
        "weakens", "warning", _is("yarn installs releases of any age", "*", "**", "@*/*")
    ),
    "approvedGitRepositories": Row(
        "weakens", "error", _is("packages may come from any git repository", "*", "**")
    ),
    "cacheMigrationMode": Row(
        "weakens", "note", _is("checksums of older caches stay", "required-only")
    ),
}

# Settings that hold a secret, by the last of the keys that lead to them.
SECRETS: Final = frozenset({"npmAuthToken", "npmAuthIdent"})
# Settings that name a registry.
REGISTRIES: Final = frozenset({"npmRegistryServer", "npmAuditRegistry", "npmPublishRegistry"})

# Berry's protective settings; written in another way Yarn stops at them, or ignores them.
PROTECTIVE: Final = (
    *("enableHardenedMode", "enableImmutableInstalls", "enableStrictSsl", "enableScripts"),
    *("checksumBehavior", "npmMinimalAgeGate", "approvedGitRepositories"),
)
_WRITTEN_ALIKE: Final = {key.lower(): key for key in PROTECTIVE}
_SEPARATORS: Final = str.maketrans("", "", "-_. ")


def meant(key: str) -> str:
    """The protective setting that a key Yarn does not know was meant for; "" when none."""
    found = _WRITTEN_ALIKE.get(key.lower().translate(_SEPARATORS), "")
    return "" if found == key else found
