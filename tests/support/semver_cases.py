"""Versions and ranges by the thousand: from a grammar, then bent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import random

# a version, another, a range, another, loose, includePrerelease
Case = tuple[str, str, str, str, bool, bool]

SMALL: Final = ("0", "1", "2", "3", "10")
ODD: Final = (
    "00",
    "01",
    "007",
    "9007199254740990",
    "9007199254740991",
    "9007199254740992",
    "9007199254740993",
    "999999999999999999999",
    "1000000000000000000000",
    "99999999999999999999999",
)
IDENTIFIERS: Final = (
    *(
        "0",
        "1",
        "2",
        "01",
        "00",
        "a",
        "b",
        "x",
        "v",
        "-",
        "a-b",
        "1a",
        "pre",
        "alpha",
        "beta",
        "rc",
    ),
    *("9007199254740991", "9007199254740992", "9007199254740993"),
)
OPERATORS: Final = (
    *("", "^", "~", ">=", ">", "<", "<=", "=", "~>"),
    *("^ ", ">= ", "< ", "~ ", "~> ", "> ", "<= ", "= "),
)
WHOLE: Final = ("*", "", "x", "latest", "X.x", "foo *", "* foo", "foo", "~", "^", ">", "=", "||")
LETTERS: Final = "0129xX*vV=<>^~-+. |\t\n\u00a0\ufeff\x1f\x85abzA_,@#\u0661\u00b2"
RUNS: Final = (240, 249, 250, 251, 252, 255, 256, 257, 258, 300)  # about node-semver's bounds
EXPONENTS: Final = (15, 16, 17, 20, 21, 22, 25, 60)


def number(rng: random.Random, *, wild: bool = False) -> str:
    if wild and rng.random() < 0.2:
        return rng.choice("xX*x")
    chance = rng.random()
    if chance < 0.9:
        return rng.choice(SMALL)
    if chance < 0.93:
        return str(rng.randrange(10 ** rng.choice(EXPONENTS)))
    return rng.choice(ODD)


def dotted(rng: random.Random, most: int) -> str:
    return ".".join([rng.choice(IDENTIFIERS) for _ in range(rng.randint(1, most))])


def tail(rng: random.Random) -> str:
    """A prerelease and build metadata, or none."""
    text = ""
    if rng.random() < 0.35:
        text = rng.choice(("-", "-", "-", "-", "", "--")) + dotted(rng, 3)
    return text + "+" + dotted(rng, 2) if rng.random() < 0.1 else text


def version(rng: random.Random) -> str:
    prefix = rng.choice((*[""] * 12, "v", "=", " ", "= v", "vv", "\n"))
    main = ".".join([number(rng) for _ in range(3)])
    return prefix + main + tail(rng) + rng.choice((*[""] * 14, " ", "\t", "."))


def partial(rng: random.Random) -> str:
    parts = rng.choice((1, 2, 3, 3, 3))
    text = ".".join([number(rng, wild=True) for _ in range(parts)])
    if parts == 3 or rng.random() < 0.05:
        text += tail(rng)
    return rng.choice((*[""] * 12, "v", "=", "= ", "v ")) + text


def alternative(rng: random.Random) -> str:
    chance = rng.random()
    if chance < 0.15:
        hyphen = rng.choice((*[" - "] * 6, "  -  ", "-", " -", "\t-\n"))
        return partial(rng) + hyphen + partial(rng)
    if chance < 0.22:
        return rng.choice(WHOLE)
    space = rng.choice((" ", " ", " ", "  ", "\n", ", ", ""))
    return space.join([rng.choice(OPERATORS) + partial(rng) for _ in range(rng.randint(1, 3))])


def range_(rng: random.Random) -> str:
    bars = rng.choice(("||", " || ", "  ||", "|| ", "||||", "|"))
    return bent(rng, bars.join([alternative(rng) for _ in range(rng.choice((1, 1, 1, 2, 3)))]))


def bent(rng: random.Random, text: str) -> str:
    """The text, or one a few slips of the finger away."""
    if rng.random() > 0.25:
        return text
    for _ in range(rng.choice((1, 1, 2, 4))):
        at, chance = rng.randrange(len(text) + 1), rng.random()
        if chance < 0.45:
            text = text[:at] + rng.choice(LETTERS) + text[at:]
        elif chance < 0.75:
            text = text[:at] + text[at + 1 :]
        elif chance < 0.9:
            start, end = sorted((at, rng.randrange(len(text) + 1)))
            text = text[:end] + text[start:end] + text[end:]
        elif chance < 0.93:
            text = text[:at] + rng.choice("01ax-v =+.9") * rng.choice(RUNS) + text[at:]
        else:
            text = text[:at] + text[at:][::-1]
    return text


def near(rng: random.Random, text: str) -> str:
    """The text, or one with a letter changed or put in."""
    if not text or rng.random() < 0.3:
        return text
    at = rng.randrange(len(text))
    return text[:at] + rng.choice("0123xa.-") + text[at + rng.choice((0, 1)) :]


def case(rng: random.Random) -> Case:
    a = bent(rng, version(rng))
    b = bent(rng, version(rng)) if rng.random() < 0.5 else near(rng, a)
    wanted = range_(rng)
    if rng.random() < 0.3:
        wanted = rng.choice(("", ">", "<=", "^", "~", "<", ">=")) + near(rng, a)
    other = range_(rng) if rng.random() < 0.6 else near(rng, wanted)
    return a, b, wanted, other, rng.random() < 0.4, rng.random() < 0.4
