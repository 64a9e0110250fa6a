"""Npmrc files by the thousand, and what npm itself makes of them."""

from __future__ import annotations

import base64
import json
import random
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypedDict

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Shown = list[tuple[str, list[str], bool]]

SCRIPT: Final = Path(__file__).with_name("npmrc_reference.cjs")


class Answer(TypedDict):
    """See npmrc_reference.cjs."""

    ini: Shown | None
    config: Shown | None
    booleans: dict[str, bool]
    registry: dict[str, str | None] | None


def ask_npm(files: Sequence[bytes], scratch: Path) -> list[Answer]:
    """What the installed npm makes of each file; one node process for all."""
    root = subprocess.run(["npm", "root", "-g"], capture_output=True, text=True, check=True)
    answer = subprocess.run(
        ["node", str(SCRIPT), f"{root.stdout.strip()}/npm", str(scratch)],
        input=json.dumps([base64.b64encode(file).decode() for file in files]),
        capture_output=True,
        text=True,
        check=True,
    )
    read: list[Answer] = json.loads(answer.stdout)
    return read


KEYS: Final = (
    "registry",
    "@acme:registry",
    "@Acme:registry",
    "ignore-scripts",
    "ignore_scripts",
    "strict-ssl",
    "package-lock",
    "git",
    "script-shell",
    "scope",
    "ca",
    "noproxy",
    "_auth",
    "//npm.acme.test/:_authToken",
    "a.b",
    "__proto__",
    "true",
    "null",
    "",
    "k",
)
VALUES: Final = (
    "https://npm.acme.test/",
    "http://evil.example.net",
    "https://evil.example.org/npm/",
    "@acme",
    "true",
    "false",
    "null",
    "undefined",
    "0",
    "-0.0",
    "0x0",
    "1e-400",
    "1",
    "no",
    "",
    " ",
    "a=b",
    "x\\y",
    "x \\; y # z",
    "x\u2028y",
    "${X?}",
    "${X?}false",
    "${UNSET}",
    "\\${UNSET}",
    "\\\\${X?}z",
    "\\\\\\${X?}z",
    "${A-b}",
    "${}${A?B}${${X?}",
    "[]",
    '["https://evil.example.net/"]',
    "\udc80\udcff",
    "\u0085v\x1c",
    "é\ufeff",
)
SECTIONS: Final = (
    "x",
    "registry",
    "@acme:registry",
    "registry.x",
    "a\\.b",
    "__proto__",
    "",
    "${X?}registry",
    '"registry"',
    "'true'",
    "a;b",
    ".",
    "__proto__.registry",
)
ENDS: Final = ("\n",) * 9 + ("\r\n", "\r", "\n\r", "\r\r\n", "\v", "\u2028", "\u0085")
BEFORE: Final = ("",) * 9 + (" ", "\t", "\u00a0", "\ufeff", "\x1c", "\u0085", "[", "; ", "#")


def generate(number: int, seed: int) -> list[bytes]:
    """Files of one to eight lines, each line a setting or a header with evasions in it."""
    chance = random.Random(seed)  # noqa: S311 - cases, not secrets
    files = []
    for _ in range(number):
        lines = (_line(chance) + chance.choice(ENDS) for _ in range(chance.randint(1, 8)))
        files.append("".join(lines).encode("utf-8", "surrogateescape"))
    return files


def _line(chance: random.Random) -> str:
    if chance.random() < 0.08:
        tail = chance.choice(["", "", " ", "\u00a0", " ; c", "=1", "]"])
        return f"{chance.choice(BEFORE)}[{chance.choice(SECTIONS)}]{tail}"
    key = _spelled(chance, chance.choice(KEYS))
    if chance.random() < 0.1:
        key += "[]"
    if chance.random() < 0.05:
        return chance.choice(BEFORE) + key
    value = _spelled(chance, chance.choice(VALUES))
    return f"{chance.choice(BEFORE)}{key}{chance.choice(['=', '=', ' = ', '=='])}{value}"


def _spelled(chance: random.Random, text: str) -> str:
    """The text, mostly as it is, else in a way that hides it from a plain reader."""
    if chance.random() < 0.6:
        return text
    return chance.choice(_SPELLINGS)(chance, text)


def _split(chance: random.Random, text: str) -> str:
    middle = len(text) // 2
    return text[:middle] + chance.choice(["${X?}", "${K}", "\\${X}"]) + text[middle:]


_SPELLINGS: Final[tuple[Callable[[random.Random, str], str], ...]] = (
    lambda _, text: '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"',
    lambda _, text: '"' + "".join(f"\\u{ord(character):04x}" for character in text) + '"',
    lambda _, text: f"'{text}'",
    lambda _, text: "'" + json.dumps(text) + "'",
    lambda _, text: "'" + json.dumps([text]) + "'",
    _split,
    lambda chance, text: text + chance.choice([" ; c", "#c", "\\;c", "\\", "'", '"']),
    lambda chance, text: chance.choice(["'", '"']) + text,
)
