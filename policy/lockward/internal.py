"""Which packages are the organisation's own: scopes, and names that look like one of them."""

from __future__ import annotations

from lockward import globs
from lockward.bounds import GLOBS
from lockward.registries import hosts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Final

    from lockward.policy import Policy
    from lockward.project import Project

# What stands between a scope's word and the rest of a name that lost its @ and /.
SEPARATORS: Final = ("-", "_", ".")
UNKNOWN_SCOPE: Final = "@YOUR-SCOPE"
_BEGINNINGS: Final = 32  # with which a name is compared in one step
_CHARACTERS: Final = 256  # compared with one another in one step

# Characters and pairs that are read as others.  Registries take only ASCII names,
# lower-case ones if new; other registries, old names and typing hands do not.
_READ_AS: Final = str.maketrans(
    {
        "0": "o",
        "1": "l",
        "\u0430": "a",
        "\u0435": "e",
        "\u043e": "o",
        "\u0440": "p",
        "\u0441": "c",
        "\u0445": "x",
        "\u0443": "y",
        "\u0456": "i",
        "\u043c": "m",
        "\u043d": "h",
        "\u043a": "k",
        "\u0442": "t",
        "\u03b1": "a",
        "\u03bf": "o",
        "\u03c1": "p",
        "\u0131": "i",
        "\u2010": "-",
        "\u2011": "-",
        "\u2013": "-",
    }
)


def skeleton(name: str) -> str:
    """A name as a hurried reader sees it: equal for names that look alike."""
    if not name.isascii():
        from unicodedata import normalize

        name = normalize("NFKC", name)
    return name.lower().translate(_READ_AS).replace("rn", "m").replace("vv", "w")


def scopes(policy: Policy) -> frozenset[str]:
    """The scopes that the policy calls internal."""
    return frozenset((*policy.scopes, *policy.registries))


class Names:
    """Decides whether a name is one of ours without its scope; each name once."""

    def __init__(self, policy: Policy) -> None:
        self._scopes: Final = tuple(sorted(scopes(policy)))
        self._words: Final = {scope: skeleton(scope[1:]) for scope in self._scopes}
        self._of_word: Final = {word: scope for scope, word in reversed(self._words.items())}
        self._beginnings: Final = tuple(
            f"{word}{separator}" for word in self._words.values() for separator in SEPARATORS
        )
        spellings = {
            spelling
            for pattern in policy.names
            for spelling in (pattern.lower(), skeleton(pattern))
        }
        # names, beginnings of names, and what the glob reader decides
        self._whole: Final = {one for one in spellings if globs.WILD.isdisjoint(one)}
        starts = {one for one in spellings - self._whole if globs.WILD.isdisjoint(one.rstrip("*"))}
        self._starts: Final = tuple(one.rstrip("*") for one in starts)
        self._patterns: Final = tuple(spellings - self._whole - starts)
        self._known: Final[dict[str, str]] = {}

    def __bool__(self) -> bool:
        return bool(self._scopes or self._whole or self._starts or self._patterns)

    def scoped(self, name: str) -> str:
        """The name with its scope, ``@acme/ui`` for ``acme-ui``; "" when it is not ours.

        Ours already are ``@acme/ui`` and everything that looks like nothing of ours.
        """
        found = self._known.get(name)
        if found is None:
            found = self._known[name] = self._decide(name)
        return found

    def _decide(self, name: str) -> str:
        if name.startswith("@"):
            return self._look_alike(name)
        seen = skeleton(name)
        GLOBS.spend((len(self._beginnings) + len(self._starts)) // _BEGINNINGS)
        if seen.startswith(self._beginnings):
            GLOBS.spend(2 * len(self._words))
            for scope, word in self._words.items():
                rest = _behind(name, word)
                if rest:
                    return f"{scope}/{rest}"
        if any(map(self._is_named, {name.lower(), seen})):
            return f"{self._scopes[0] if self._scopes else UNKNOWN_SCOPE}/{name}"
        return ""

    def _is_named(self, text: str) -> bool:
        """Whether the policy lists a name so spelt, or matches it."""
        if text in self._whole or text.startswith(self._starts):
            return True
        for pattern in self._patterns:
            GLOBS.spend(4 + len(pattern) * len(text) // _CHARACTERS)
            if globs.match(pattern, text):
                return True
        return False

    def _look_alike(self, name: str) -> str:
        """``@Acme/ui`` and ``@acrne/ui`` for the scope @acme."""
        scope, slash, rest = name.partition("/")
        if not slash or scope in self._words:
            return ""
        ours = self._of_word.get(skeleton(scope[1:]))
        return f"{ours}/{rest}" if ours else ""


def _behind(name: str, word: str) -> str:
    """What follows a word and a separator in a name that looks as if it began so."""
    at = 0
    while at < len(name):
        if name[at].translate(_READ_AS) in SEPARATORS and skeleton(name[:at]) == word:
            return name[at + 1 :]
        at += 1
        if at > 2 * len(word) + 1:  # the longest writing of a word: every m as rn
            return ""
    return ""


def bases(project: Project, policy: Policy) -> Mapping[str, str]:
    """Internal scope -> the registry's URL that its packages must come from, "" if none is known.

    The policy's word counts more than that of .npmrc.  Beside the policy's
    scopes, those are internal that .npmrc pins to a registry that is not public.
    """
    known = dict.fromkeys(sorted(scopes(policy)), "")
    for scope, pin in project.registries.scopes.items():
        private = pin.host is not None and not hosts.is_public(pin.host)
        if scope in known or (private and not pin.fault):
            known[scope] = "" if pin.fault or pin.host is None else pin.url
    known.update(policy.registries)
    return known
