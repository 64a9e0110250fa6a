"""npm's ``overrides``: which requirements they replace, and with what.

Reference: @npmcli/arborist, override-set.js and edge.js.  Overrides are a tree
of rules: ``{"a": {"b@^1": "1.2.3"}}`` says that below ``a`` every requirement
of ``b`` that could mean a 1.x gets 1.2.3.  A key is a name, with a range or
without; ``.`` is the rule's own value; ``$name`` the root's own requirement of
that name.  A package is under the most specific rules of all its dependants.
"""

from __future__ import annotations

from lockward import bounds, semver, spec
from lockward.bounds import OVERRIDES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Final

ANY: Final = "*"


class OverridesError(Exception):
    """Overrides that make npm stop: ``str()`` says why."""


class Rule:
    """One key of the overrides with what stands below it; the top has neither name nor key.

    ``wanted`` is the range of requirements that it replaces ("" at the top),
    ``value`` what it puts there.
    """

    __slots__ = ("by_name", "children", "depth", "key", "name", "parent", "value", "wanted")

    def __init__(self, parent: Rule | None, key: str, name: str, wanted: str, value: str) -> None:
        self.parent: Final = parent
        self.key: Final = key
        self.name: Final = name
        self.wanted: Final = wanted
        self.value: Final = value
        self.depth: Final[int] = 0 if parent is None else parent.depth + 1
        self.children: Final[dict[str, Rule]] = {}
        self.by_name: Final[dict[str, list[Rule]]] = {}

    def ancestry(self) -> Iterator[Rule]:
        """This rule and those around it, up to the top."""
        rule: Rule | None = self
        while rule is not None:
            yield rule
            rule = rule.parent

    def for_edge(self, name: str, wanted: str) -> Rule:
        """The rule under which a requirement falls; this one when none is about it."""
        seen = set()
        for around in self.ancestry():
            rules = around.by_name.get(name, ())
            for rule in (*rules, around) if around.name == name else rules:
                OVERRIDES.spend()
                if rule.key not in seen:
                    seen.add(rule.key)
                    if _covers(rule, name, wanted):
                        return rule
        return self

    def lookup(self, key: str) -> Rule | None:
        """The rule of a key that counts here: the nearest."""
        for around in self.ancestry():
            found = around.children.get(key)
            if found is not None:
                return found
            if around.parent is not None and around.key == key:
                return around
        return None


def read(overrides: Mapping[str, object]) -> Rule:
    """The top of the rules in a manifest's ``overrides``.

    Raises OverridesError for what makes npm stop.
    """
    top = Rule(None, "", "", "", "")
    waiting: list[tuple[Rule, object]] = [(top, overrides)]
    count = 0
    while waiting:
        parent, below = waiting.pop()
        if not isinstance(below, dict):
            continue  # a string or another scalar has nothing below it
        for key, value in below.items():
            if key != ".":
                count += 1
                bounds.check_overrides(count)
                waiting.append((_add(parent, key, value), value))
    return top


def _add(parent: Rule, key: str, value: object) -> Rule:
    name, wanted = _read_key(key)
    if value is None:
        raise OverridesError(f"the override of {key} is null")
    own = value.get(".") if isinstance(value, dict) else value if isinstance(value, str) else None
    if own == "":
        own = ANY
    if own and not isinstance(own, str):
        raise OverridesError(f"the override of {key} is not a string")
    rule = Rule(parent, key, name, wanted, own if isinstance(own, str) and own else wanted)
    twin = parent.children.get(key)
    if twin is None:
        parent.by_name.setdefault(name, []).append(rule)
    parent.children[key] = rule
    return rule


def _read_key(key: str) -> tuple[str, str]:
    """The name and the range of a key; the range is ``*`` when there is none."""
    at = key.find("@", 1)
    name, wanted = (key[:at], key[at + 1 :]) if at > 0 else (key, "")
    parsed = spec.parse(name, wanted or ANY)
    if ":" in name or ("/" in name and not name.startswith("@")) or parsed.kind == "invalid":
        raise OverridesError(f"an override without a package name: {key}")
    return name, parsed.fetch or wanted or ANY


def _covers(rule: Rule, name: str, wanted: str) -> bool:
    """Whether a rule is about a requirement: their ranges meet, or cannot be compared."""
    if rule.wanted == ANY:
        return True
    parsed = spec.parse(name, wanted or ANY)
    if parsed.kind == "alias" and parsed.alias is not None:
        parsed = parsed.alias
    if parsed.kind == "invalid":
        raise OverridesError(f"{name}@{wanted} is no requirement that npm understands")
    if parsed.kind == "git":
        return bool(parsed.git_range) and _meet(parsed.git_range or "", rule.wanted)
    if parsed.kind in ("range", "version"):
        return _meet(parsed.fetch, rule.wanted)
    return True


def _meet(a: str, b: str) -> bool:
    for text in (a, b):
        if not semver.is_range(text):
            raise OverridesError(f"{text} is no range")
    return semver.intersects(a, b)


def merged(first: Rule, second: Rule) -> Rule | None:
    """What a package under two rules is under: the more specific; None when they conflict.

    Rules of which neither contains the other are replaced by what is around both.
    """
    shallow, deep = (first, second) if first.depth <= second.depth else (second, first)
    above = deep
    while above.depth > shallow.depth and above.parent is not None:
        above = above.parent
    if above is shallow:
        return deep
    if conflict(first, second):
        return None
    while above is not shallow and above.parent is not None and shallow.parent is not None:
        above, shallow = above.parent, shallow.parent
    return above


def conflict(first: Rule, second: Rule) -> bool:
    """Whether two packages under these rules would get versions that no range allows both."""
    return _conflicts(first, second) or _conflicts(second, first)


def _conflicts(rules: Rule, others: Rule) -> bool:
    above = set(others.ancestry())
    for around in rules.ancestry():
        if around in above:
            break  # from here on both have the same rules
        for rule in (*around.children.values(), around):
            OVERRIDES.spend(1 + rule.depth)
            mine, other = rules.lookup(rule.key), others.lookup(rule.key)
            if mine is rule and other is not None and other is not rule and _differ(rule, other):
                return True
    return False


def _differ(rule: Rule, other: Rule) -> bool:
    """Whether two values for one key exclude each other; references are left to later."""
    if rule.value.startswith("$") or other.value.startswith("$"):
        return False
    one, two = spec.parse(rule.name, rule.value), spec.parse(other.name, other.value)
    ranges = ("range", "version")
    if one.kind not in ranges or two.kind not in ranges:
        return False
    return not semver.intersects(one.fetch, two.fetch)
