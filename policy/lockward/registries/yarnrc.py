"""A .yarnrc as Yarn 1 reads it: the tokens of a yarn.lock, one setting a line.

Reference: yarn, src/registries/yarn-registry.js (loadConfig) and src/rc.js, on
top of src/lockfile/parse.js.  ``key value`` sets, ``--command.flag value`` is an
argument of the command line, and a block below ``env:`` sets variables.  What
Yarn's tokenizer does not take makes it read the whole file as YAML.
"""

from __future__ import annotations

from lockward.lockfiles import yarn_classic
from lockward.registries.npmrc import Setting

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

FILE: Final = ".yarnrc"


def parse(path: str, data: bytes) -> tuple[tuple[Setting, ...], tuple[int, ...]]:
    """Every setting in file order, and the lines that are none; any bytes, never raises.

    ``${NAME}`` means nothing here.  A setting of a block has its key in front:
    ``env.NODE_OPTIONS``.
    """
    settings: list[Setting] = []
    odd: list[int] = []
    block = ""
    text = data.decode("utf-8", "replace").removeprefix("\ufeff")
    for number, line in enumerate(text.replace("\r\n", "\n").split("\n"), 1):
        body = line.strip(" ")
        if not body or body[0] == "#":
            continue
        keys, value = yarn_classic.setting(body)
        if not line.startswith(" "):
            block = keys[0] if value is None and keys else ""
        prefix = f"{block}." if line.startswith(" ") and block else ""
        if not keys or (line.startswith(" ") and not block):
            odd.append(number)
        elif value is not None:
            settings.extend(Setting(path, number, f"{prefix}{key}", value) for key in keys)
    return tuple(settings), tuple(odd)
