"""npm's options: which take the next word as their value, and what the short ones mean.

The facts are those of npm 11 and 12 (its config definitions); the reading is
nopt's.  An option that npm does not know takes no value.
"""

from __future__ import annotations

from lockward.ci.managers.arguments import table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Final

    Value = str | bool

# Take the next word, unless it starts with a dash.
STRINGS: Final = table(
    """
    _auth call cert cpu diff-dst-prefix diff-src-prefix editor git heading init-author-email
    init-author-name init-license init-type init.author.email init.author.name init.license
    key libc message name node-options os otp pack-destination password preid
    replace-registry-host save-prefix scope script-shell searchexclude searchopts shell tag
    tag-version-prefix token-description user-agent viewer
    """
)
# Take the next word whatever it is: paths, addresses, numbers, lists, one of several words.
OTHERS: Final = table(
    """
    access allow-directory allow-file allow-git allow-remote allow-scripts also audit-level
    auth-type before ca cache cache-max cache-min cafile cidr depth diff diff-unified
    edit-dir expect-result-count expires extension-file fetch-retries fetch-retry-factor
    fetch-retry-maxtimeout fetch-retry-mintimeout fetch-timeout global-ignore-file
    globalconfig https-proxy include init-author-url init-module init-version
    init.author.url init.module init.version install-strategy local-address location
    lockfile-version loglevel logs-dir logs-max maxsockets min-release-age
    min-release-age-exclude node-gyp noproxy omit only orgs orgs-permission package packages
    packages-and-scopes-permission patches-dir prefix provenance-file proxy registry
    sbom-format sbom-type scopes searchlimit searchstaleness to umask userconfig which
    workspace
    """
)
# Take no value but "true" or "false".
BOOLEANS: Final = table(
    """
    all allow-same-version allow-scripts-pending allow-scripts-pin allow-unused-patches
    audit bin-links bypass-2fa commit-hooks dangerously-allow-all-scripts description dev
    diff-ignore-all-space diff-name-only diff-no-prefix diff-text dry-run engine-strict
    expect-results force foreground-scripts format-package-lock fund git-tag-version global
    global-style if-present ignore-existing ignore-extension ignore-patch-failures
    ignore-scripts include-attestations include-staged include-workspace-root init-private
    install-links json keep-edit-dir legacy-bundling legacy-peer-deps link long offline
    omit-lockfile-registry-resolved optional package-lock package-lock-only packages-all
    parseable prefer-dedupe prefer-offline prefer-online production progress provenance
    read-only rebuild-bundle save save-bundle save-dev save-exact save-optional save-peer
    save-prod shrinkwrap sign-git-commit sign-git-tag strict-allow-scripts strict-npmrc
    strict-peer-deps strict-ssl timing unicode update-notifier usage version versions
    workspaces workspaces-update yes
    """
)
# Booleans that also take one of these words, or any word.
_MIXED: Final = {"browser": None, "color": "always"}
SHORTHANDS: Final = {
    "?": ("--usage",),
    "B": ("--save-bundle",),
    "C": ("--prefix",),
    "D": ("--save-dev",),
    "E": ("--save-exact",),
    "H": ("--usage",),
    "L": ("--location",),
    "O": ("--save-optional",),
    "P": ("--save-prod",),
    "S": ("--save",),
    "a": ("--all",),
    "c": ("--call",),
    "d": ("--loglevel", "info"),
    "dd": ("--loglevel", "verbose"),
    "ddd": ("--loglevel", "silly"),
    "desc": ("--description",),
    "enjoy-by": ("--before",),
    "f": ("--force",),
    "g": ("--global",),
    "h": ("--usage",),
    "help": ("--usage",),
    "iwr": ("--include-workspace-root",),
    "l": ("--long",),
    "local": ("--no-global",),
    "m": ("--message",),
    "n": ("--no-yes",),
    "no": ("--no-yes",),
    "p": ("--parseable",),
    "porcelain": ("--parseable",),
    "q": ("--loglevel", "warn"),
    "quiet": ("--loglevel", "warn"),
    "readonly": ("--read-only",),
    "reg": ("--registry",),
    "s": ("--loglevel", "silent"),
    "silent": ("--loglevel", "silent"),
    "v": ("--version",),
    "verbose": ("--loglevel", "verbose"),
    "w": ("--workspace",),
    "ws": ("--workspaces",),
    "y": ("--yes",),
}
_KNOWN: Final = STRINGS | OTHERS | BOOLEANS | _MIXED.keys()
_MOST: Final = 400  # words of a command line; more is no command line


def abbreviated(word: str, known: Iterable[str]) -> str:
    """The only known word that starts with this one, or the word itself; "" for none or several."""
    found = ""
    for candidate in known:
        if candidate == word:
            return word
        if candidate.startswith(word):
            found = "\0" if found else candidate
    return found if word and found != "\0" else ""


def parse(words: Sequence[str]) -> tuple[list[str], dict[str, Value]]:
    """The operands and options of npm; an option's last value wins, ``--no-x`` is False."""
    key = tuple(words)
    known = _PARSED.get(key)
    if known is None:
        if len(_PARSED) >= _MOST_PARSED:
            _PARSED.clear()
        known = _PARSED[key] = _parse(key)
    return list(known[0]), dict(known[1])


# What was parsed last: every rule about CI, and a history's next commit, ask for the same.
_PARSED: Final[dict[tuple[str, ...], tuple[list[str], dict[str, Value]]]] = {}
_MOST_PARSED: Final = 500


def _parse(words: Sequence[str]) -> tuple[list[str], dict[str, Value]]:
    operands: list[str] = []
    options: dict[str, Value] = {}
    pending = list(words[:_MOST])[::-1]
    while pending:
        word = pending.pop()
        if len(word) > 1 and not word.strip("-"):
            operands += pending[::-1]
            break
        if len(word) < 2 or word[0] != "-":  # noqa: PLR2004 - "-" alone is an operand
            operands.append(word)
            continue
        name, equals, value = word.partition("=")
        if equals:
            pending.append(value)
        name = name.lstrip("-")
        meaning = _shorthand(name)
        if meaning and meaning != (f"--{name}",):
            pending.extend(meaning[::-1])
            continue
        _option(name, pending, options, given=bool(equals))
    return operands, options


def _shorthand(name: str) -> tuple[str, ...]:
    """What a short option stands for: ``g``, ``gf`` glued together, or the start of a long name."""
    if name in _KNOWN:
        return ()
    if name in SHORTHANDS:
        return SHORTHANDS[name]
    if name and all(char in SHORTHANDS for char in name):
        return tuple(word for char in name for word in SHORTHANDS[char])
    if abbreviated(name, _KNOWN):
        return ()
    return SHORTHANDS.get(abbreviated(name, SHORTHANDS), ())


def _option(name: str, pending: list[str], options: dict[str, Value], *, given: bool) -> None:
    """Take one long option, and its value from the words that follow."""
    negated = False
    while name.lower().startswith("no-"):
        negated = not negated
        name = name[3:]
    spelled_no = negated or f"no-{name}" in options
    name = abbreviated(name, _KNOWN) or name
    following = pending[-1] if pending else None
    takes = name in STRINGS or name in OTHERS or (given and name not in _KNOWN)
    if takes and not spelled_no:
        dashed = following is not None and following.startswith("-")
        if following is None or (
            dashed and not given and (name in STRINGS or not following.strip("-"))
        ):
            options[name] = True
        else:
            options[name] = pending.pop()
        return
    options[name] = not negated
    if following in ("true", "false"):
        pending.pop()
        options[name] = (following == "true") != negated
    elif (
        name in _MIXED
        and following is not None
        and not following.startswith("-")
        and _MIXED[name] in (None, following)
    ):
        options[name] = pending.pop()
