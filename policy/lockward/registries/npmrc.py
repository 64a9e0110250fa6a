"""An .npmrc as npm understands it: which settings it makes, and which it only seems to make.

Reference: @npmcli/config (lib/index.js, lib/env-replace.js, lib/parse-field.js,
npm 11) on top of the ini dialect; a differential test drives both.  npm
replaces ``${NAME}`` in keys and in values.  The environment is unknown here:
``${NAME}`` stays as it is written, ``${NAME?}`` becomes empty, because whoever
writes the file may count on NAME being unset, and both are marked.
"""

from __future__ import annotations

from lockward.registries import ini

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from typing import Final

LARGEST: Final = 1 << 20  # bytes; a thousand times the largest one we have seen


class Setting:
    """One line that sets something, or that looks as if it did.

    ``key`` and ``value`` as npm has them, values as text ("true" for a bare
    key).  ``inert`` says why npm does not apply it, "" when it does.  ``env``
    and ``key_env`` name the environment variables that the value and the key
    depend on.  ``array`` tells ``key[]=`` (see ini.Line); ``raw_key`` and
    ``raw`` are key and value before ``${}``.
    """

    __slots__ = (
        "array",
        "env",
        "inert",
        "key",
        "key_env",
        "line",
        "path",
        "raw",
        "raw_key",
        "value",
    )

    def __init__(
        self, path: str, line: int, key: str, raw: str, *, array: str = "", inert: str = ""
    ) -> None:
        self.path: Final = path
        self.line: Final = line
        self.raw_key: Final = key
        self.key, self.key_env = expand(key)
        self.raw: Final = raw
        self.value, self.env = expand(raw.strip(ini.BLANKS))
        self.array: Final = array
        self.inert: Final = inert

    @property
    def nerf(self) -> str:
        """The registry that a credential is for, ``//host/path/``; "" for other settings.

        npm calls this form nerf-darted: a URL without scheme, user and query.
        """
        return self.key.rpartition(":")[0] if self.key.startswith("//") else ""

    @property
    def name(self) -> str:
        """The key without the registry or scope in front: ``_authToken``, ``registry``."""
        return self.key.rpartition(":")[2]

    @property
    def truth(self) -> bool:
        """What npm takes the value for where the key is a Boolean (nopt, type-defs.js)."""
        if self.array:
            return True  # [false] is an object
        if self.raw.strip(ini.BLANKS) == "undefined":
            return False
        return self.value not in ("false", "null") and not _is_zero(self)

    @property
    def literal(self) -> str:
        """What of the value stands in the file itself, the ``${NAME}`` left out."""
        return _replace(self.raw, lambda _name, _optional: "")


def _is_zero(setting: Setting) -> bool:
    """Whether JavaScript's Number() of the value is 0; a value written as empty is true."""
    text = setting.value.strip(ini.BLANKS)
    if not text:
        return bool(setting.env)  # ${X?}: empty only after npm has looked for ''
    if not text.isascii() or "_" in text:
        return False
    try:
        prefixed = text[:2].lower() in ("0x", "0o", "0b")
        return (int(text, 0) if prefixed else float(text)) == 0
    except ValueError:
        return False


class Npmrc:
    """The whole file.

    ``settings`` in file order, those without effect included; ``comments`` what
    commented lines would set; ``sections`` each header and what stands below
    it; ``broken`` the lines that npm skips or stops at: (line, key, kind).
    ``effective`` is what npm ends up with: key -> the line that wins, or all
    lines of an array.  ``rewritten``: the keys that something further down
    takes away again (see _taken), and its line; they are not in ``effective``.
    """

    __slots__ = ("broken", "comments", "effective", "path", "rewritten", "sections", "settings")

    def __init__(
        self,
        path: str,
        settings: tuple[Setting, ...],
        comments: tuple[Setting, ...],
        sections: tuple[tuple[ini.Header, list[Setting]], ...],
        broken: tuple[tuple[int, str, str], ...],
    ) -> None:
        self.path: Final = path
        self.settings: Final = settings
        self.comments: Final = comments
        self.sections: Final = sections
        self.broken: Final = broken
        winners = _winners(settings)
        self.rewritten: Final = _taken([header for header, _ in sections], winners)
        self.effective: Final[Mapping[str, tuple[Setting, ...]]] = {
            lines[-1].key: tuple(lines) for lines in winners if lines[-1].key not in self.rewritten
        }

    def get(self, key: str) -> Setting | None:
        """The line that decides a key; the last one of an array."""
        found = self.effective.get(key)
        return found[-1] if found else None


def parse(path: str, data: bytes) -> Npmrc:
    """Any bytes; never raises."""
    settings: list[Setting] = []
    comments: list[Setting] = []
    sections: list[tuple[ini.Header, list[Setting]]] = []
    broken: list[tuple[int, str, str]] = []
    for line in ini.read(data):
        if isinstance(line, ini.Header):
            sections.append((line, []))
        elif line.kind == "setting":
            inert = "" if line.section is None else f"[{line.section}]"
            setting = Setting(
                path, line.number, line.key, line.value, array=line.array, inert=inert
            )
            settings.append(setting)
            if sections:
                sections[-1][1].append(setting)
        elif line.kind == "comment":
            comments.append(Setting(path, line.number, line.key, line.value, inert="comment"))
        else:
            broken.append((line.number, line.key, line.kind))
    return Npmrc(path, tuple(settings), tuple(comments), tuple(sections), tuple(broken))


def expand(text: str) -> tuple[str, tuple[str, ...]]:
    """Text with its ``${NAME}`` replaced as in an empty environment, and the names."""
    if "${" not in text:
        return text, ()
    names: list[str] = []

    def unset(name: str, optional: bool) -> str:  # noqa: FBT001 - called by _replace only
        names.append(name)
        return "" if optional else f"${{{name}}}"

    return _replace(text, unset), tuple(names)


def _replace(text: str, value_of: Callable[[str, bool], str]) -> str:
    r"""As npm's env-replace does: ``/(?<!\\)(\\*)\$\{([^${}?]+)(\?)?\}/g``, in one pass."""
    done: list[str] = []
    kept = 0  # text before this is in `done`
    start = text.find("${")
    while start >= 0:
        name, optional, end = _reference(text, start)
        if not name:
            start = text.find("${", start + 1)
            continue
        slashes = start
        while slashes > kept and text[slashes - 1] == "\\":
            slashes -= 1
        number = start - slashes
        done.append(text[kept:slashes])
        if number % 2:  # escaped: npm drops half of the backslashes, and keeps the rest as it is
            done.append(text[slashes + (number + 1) // 2 : end])
        else:
            done.append("\\" * (number // 2) + value_of(name, optional))
        kept = end
        start = text.find("${", end)
    done.append(text[kept:])
    return "".join(done)


def _reference(text: str, start: int) -> tuple[str, bool, int]:
    """The name in ``${NAME}`` or ``${NAME?}`` at start, and where it ends; "" when it is none."""
    at = start + 2
    while at < len(text) and text[at] not in "${}?":
        at += 1
    name = text[start + 2 : at]
    optional = text[at : at + 1] == "?"
    at += optional
    if text[at : at + 1] != "}":
        return "", False, start
    return name, optional, at + 1


def _winners(settings: tuple[Setting, ...]) -> list[list[Setting]]:
    """The members of the object that ini makes: the last line wins, arrays gather.

    npm expands ``${}`` in keys only when that object is complete, so of members
    that become the same key, the one whose first line comes last wins.
    """
    members: dict[str, list[Setting]] = {}
    gathering: set[str] = set()
    for setting in settings:
        if setting.inert:
            continue
        lines = members.setdefault(setting.raw_key, [])
        if setting.raw_key not in gathering and setting.array != "[]":
            lines.clear()
        if setting.array:
            gathering.add(setting.raw_key)
        lines.append(setting)
    return list(members.values())


def _taken(headers: list[ini.Header], winners: list[list[Setting]]) -> Mapping[str, int]:
    r"""The keys that a section takes away, and its line; more than npm's, never fewer.

    ``[a]``, ``[a.b]`` and ``[a\.b]`` make objects of ``a``, ``a`` and ``a.b``; so does a
    dotted key whose value is null or a JSON object (the end of ini's decode).
    """
    sections = [(header.name, header.number) for header in headers]
    for lines in winners:
        last = lines[-1]
        if "." in last.raw_key and not last.array and last.raw in ("null", "[object Object]"):
            sections.append((last.raw_key, last.line))
    taken: dict[str, int] = {}
    for name, line in sections:
        for key in _parents(name):
            taken.setdefault(expand(key)[0], line)
    return taken


def _parents(name: str) -> Iterator[str]:
    """The name, without escapes, and up to its first dot that no backslash escapes."""
    yield name
    yield name.replace("\\.", ".")
    at = name.find(".")
    while at >= 0:
        if name[at - 1 : at] != "\\":
            yield name[:at]
            return
        at = name.find(".", at + 1)
