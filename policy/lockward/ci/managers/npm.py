"""npm: only ``npm ci`` and its aliases install exactly what the lockfile says.

npm resolves a command's name exactly, then as an alias, then as the only
command or alias that starts so; it never looks at CI variables.
"""

from __future__ import annotations

from lockward.ci.managers.arguments import is_unknown, kinds, table, truth
from lockward.ci.managers.npm_options import abbreviated, parse
from lockward.ci.managers.verdict import (
    FROZEN,
    GLOBAL,
    LOCAL,
    LOCK_ONLY,
    MAINTENANCE,
    NOT_AN_INSTALL,
    NOTHING_WRITTEN,
    Facts,
    Verdict,
    added,
    pinned,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Final

    from lockward.ci.command import Environment
    from lockward.ci.managers.npm_options import Value

COMMANDS: Final = table(
    """
    access adduser approve-scripts audit bugs cache ci completion config dedupe deny-scripts
    deprecate diff dist-tag docs doctor edit exec explain explore find-dupes fund get help
    help-search init install install-ci-test install-scripts install-test link ll login
    logout ls org outdated owner pack ping pkg prefix profile prune publish query rebuild
    repo restart root run sbom search set shrinkwrap stage star stars start stop team test
    token trust undeprecate uninstall unpublish unstar update version view whoami
    """
)
# Several words for one command; those of npm 9 to 12 together, misspellings included.
_ALIASES: Final = {
    "install": "i in ins inst insta instal add ad isnt isnta isntal isntall",
    "install-test": "it",
    "ci": "ic clean-install install-clean isntall-clean",
    "install-ci-test": "cit sit si clean-install-test",
    "update": "u up upgrade udpate",
    "dedupe": "ddp",
    "uninstall": "unlink remove rm r un",
    "link": "ln",
    "exec": "x",
    "run": "run-script rum urn",
    "test": "t tst",
    "init": "create innit",
    "config": "c",
    "search": "s se find",
    "rebuild": "rb",
    "ls": "list",
    "ll": "la",
    "view": "v info show",
    "explain": "why",
    "help": "hlep",
    "version": "verison",
    "owner": "author",
    "docs": "home",
    "bugs": "issues",
    "dist-tag": "dist-tags",
    "org": "ogr",
    "adduser": "add-user",
}
ALIASES: Final = {word: name for name, words in _ALIASES.items() for word in words.split()}
_INSTALLS: Final = frozenset({"install", "install-test"})
_MAINTAINS: Final = frozenset({"update", "dedupe", "prune", "uninstall"})
# Options that other managers have and npm has not.
_FOREIGN: Final = ("frozen-lockfile", "frozen", "ci", "immutable", "pure-lockfile")
_LOCK_OFF: Final = ("package-lock", "shrinkwrap")
# Options that have no place beside `npm ci`.
_DROPPED: Final = frozenset(
    f"--{name}"
    for name in (*_FOREIGN, "no-save", "no-package-lock", "package-lock", "no-shrinkwrap")
)

UNFROZEN: Final = "`{command}` can install what was never locked"


def resolve(verb: str) -> str:
    """The command that npm makes of a word: ``isntall`` is install; "" for none."""
    known = _VERBS.get(verb)
    if known is None:
        if len(_VERBS) >= _MOST_VERBS:
            _VERBS.clear()
        known = _VERBS[verb] = _resolve(verb)
    return known


# What was asked for last: a repository's CI files call a few commands, again and again.
_VERBS: Final[dict[str, str]] = {}
_MOST_VERBS: Final = 500


def _resolve(verb: str) -> str:
    dashed = "".join(f"-{char.lower()}" if char.isupper() else char for char in verb)
    if dashed in COMMANDS:
        return dashed
    if dashed in ALIASES:
        return ALIASES[dashed]
    found = abbreviated(dashed, (*COMMANDS, *ALIASES))
    return ALIASES.get(found, found)


def judge(argv: Sequence[str], environment: Environment, facts: Facts) -> Verdict:
    """What an npm command line does to the lockfile."""
    operands, options = parse(argv[1:])
    if not operands or is_unknown(operands[0]):
        return NOT_AN_INSTALL
    settings = _settings(environment, options)
    verb = resolve(operands[0])
    if settings.get("usage") is True or settings.get("version") is True:
        return NOT_AN_INSTALL
    if verb in ("ci", "install-ci-test"):
        return FROZEN
    if verb in _INSTALLS:
        return _install(argv, operands, settings, facts)
    fixes = verb == "audit" and operands[1:2] == ["fix"]
    if verb in _MAINTAINS or fixes or (verb == "link" and len(operands) > 1):
        return GLOBAL if _is_global(settings) else MAINTENANCE
    return NOT_AN_INSTALL


def directory(argv: Sequence[str]) -> str:
    """The folder of ``--prefix``."""
    prefix = parse(argv[1:])[1].get("prefix")
    return prefix if isinstance(prefix, str) else ""


def _settings(environment: Environment, options: Mapping[str, Value]) -> dict[str, Value]:
    """Options, with those that ``npm_config_...`` variables set below them."""
    found: dict[str, Value] = {}
    for name, value in environment.variables.items():
        if name.lower().startswith("npm_config_"):
            key = name[11:].lower().replace("_", "-")
            flag = truth(value)
            found[key] = value if flag is None or value.lower() not in ("true", "false") else flag
    found.update(options)
    return found


def _is_global(settings: Mapping[str, Value]) -> bool:
    return settings.get("global") is True or settings.get("location") == "global"


def _install(  # noqa: PLR0911 - a decision list, its rows in their order
    argv: Sequence[str], operands: Sequence[str], settings: Mapping[str, Value], facts: Facts
) -> Verdict:
    if _is_global(settings):
        return GLOBAL
    if settings.get("dry-run") is True:
        return NOTHING_WRITTEN
    named = kinds(operands[1:])
    if "floating" in named:
        return added(named["floating"], "npm ci")
    if "pinned" in named:
        return pinned(named["pinned"])
    if "local" in named:
        return LOCAL
    if settings.get("package-lock-only") is True:
        return LOCK_ONLY
    remedy = (instead(argv, operands[0]),)
    off = any(settings.get(name) is False for name in _LOCK_OFF)
    if off or ("npm" in facts.lockfile_off and settings.get("package-lock") is not True):
        return Verdict("unfrozen", "lockfile-off", "`{command}` does not read the lockfile", remedy)
    foreign = next((name for name in _FOREIGN if settings.get(name)), "")
    if foreign:
        message = f"{UNFROZEN}: npm has no --{foreign}"
        return Verdict("unfrozen", "no-such-option", message, remedy)
    if facts.unlocked:
        return Verdict("unfrozen", "no-lockfile", f"{UNFROZEN}: no lockfile is tracked", remedy)
    return Verdict("unfrozen", "install", UNFROZEN, remedy)


def instead(argv: Sequence[str], verb: str) -> str:
    """The same command line with ``ci`` for its verb, where every word of it is known."""
    frozen = "install-ci-test" if resolve(verb) == "install-test" else "ci"
    words = ["npm"]
    done = False
    for word in argv[1:]:
        if not done and word == verb:
            words.append(frozen)
            done = True
        elif word.partition("=")[0] not in _DROPPED and not (done and word == "."):
            words.append(word)
    plain = all(word.isascii() and word.isprintable() and " " not in word for word in words)
    return " ".join(words) if done and plain else f"npm {frozen}"
