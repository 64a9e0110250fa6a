"""The policy as people write it: ``.lockward.toml``, or ``[tool.lockward]`` of pyproject.toml.

Strict: an unknown key or a value of the wrong kind is a PolicyError with file,
line, key and the nearest right one, and nothing is judged.  A typo must never
leave a weaker policy than the one that was written.
"""

from __future__ import annotations

from lockward import policyvalues as values
from lockward.errors import PolicyError
from lockward.nearest import hint
from lockward.policy import PathSection, Policy, PolicyException
from lockward.rules import IDS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from typing import Final, TypeVar

    from lockward.model import Level
    from lockward.serverpolicy import ServerPolicy, Treatment

    Place = tuple[str | int, ...]
    T = TypeVar("T")

FILE: Final = ".lockward.toml"
EMBEDDED: Final = "pyproject.toml"
LARGEST: Final = 1 << 20  # bytes; the largest real pyproject.toml are a tenth of it
SEARCHED: Final = 500  # lines below a key in which a word of its value is looked for

TOP: Final = (
    "internal",
    "lockfile",
    "sources",
    "scripts",
    "rules",
    "ignore",
    "paths",
    "exceptions",
    "server",
)


def read(path: str, data: bytes) -> Policy | None:
    """The policy that a file holds; None for a pyproject.toml without ``[tool.lockward]``."""
    embedded = path.rpartition("/")[2].lower() == EMBEDDED
    if embedded and b"lockward" not in data:
        return None  # also when it is no TOML at all: that is not ours to judge
    text = _decoded(path, data)
    source = _Source(path, text)
    document: object = _parsed(path, text)
    place: Place = ()
    if embedded:
        place = ("tool", "lockward")
        for part in place:
            document = document.get(part) if isinstance(document, dict) else None
        if document is None:
            return None
    return _policy(_Table(source, place, document, TOP))


def _decoded(path: str, data: bytes) -> str:
    """The text of the file, without a byte order mark."""
    if len(data) > LARGEST:
        raise PolicyError(f"is longer than {LARGEST} bytes", path=path)
    try:
        return data.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise PolicyError("is not UTF-8", path=path, line=line) from None


def _parsed(path: str, text: str) -> Mapping[str, object]:
    """The TOML document."""
    try:
        return _loads()(text)
    except RecursionError:
        raise PolicyError("is nested too deeply", path=path) from None
    except ValueError as error:
        message, line = _toml_fault(str(error), text)
        raise PolicyError(f"is not valid TOML: {message}", path=path, line=line) from None


def _loads() -> Callable[[str], Mapping[str, object]]:
    """Tomli's compiled parser, 16 ms quicker to import than the standard library's."""
    try:
        from tomli import loads
    except ImportError:
        from tomllib import loads
    return loads


def _toml_fault(message: str, text: str) -> tuple[str, int]:
    """A parser's message without its place, and the line that it names."""
    what, found, where = message.rpartition(" (at ")
    if not found:
        return message.partition(";")[0], 0  # Python's limit on digits names no place
    digits = where.removeprefix("line ").partition(",")[0]
    line = int(digits) if digits.isdigit() else text.rstrip("\n").count("\n") + 1
    return what[:1].lower() + what[1:], line


class _Source:
    """The file that a message is about."""

    def __init__(self, path: str, text: str) -> None:
        self.path: Final = path
        self.text: Final = text
        self._places: Mapping[Place, int] | None = None

    def error(self, place: Place, message: str, word: str = "", hint: str = "") -> PolicyError:
        """The refusal of what stands at a place."""
        pointer = "/" + "/".join(str(part).replace("~", "~0").replace("/", "~1") for part in place)
        line = self.line(place, word)
        return PolicyError(
            message, path=self.path, line=line, pointer=pointer, word=word, hint=hint
        )

    def line(self, place: Place, word: str = "") -> int:
        """The line of a key; for a word of its value, the first line below that holds it."""
        if self._places is None:
            from lockward.tomllines import places

            self._places = places(self.text)
        while place and place not in self._places:
            place = place[:-1]
        line = self._places.get(place, 1)
        below = self.text.split("\n")[line - 1 : line - 1 + SEARCHED] if word else []
        return next((line + n for n, row in enumerate(below) if word in row), line)


class _Table:
    """A TOML table, every key of which is known."""

    def __init__(
        self,
        source: _Source,
        place: Place,
        value: object,
        known: Collection[str] | None,
        noun: str = "key",
    ) -> None:
        self.source: Final = source
        self.place: Final = place
        if not isinstance(value, dict):
            raise source.error(place, f"{self.name} must be a table, not {values.shown(value)}")
        self.value: Final[Mapping[str, object]] = value
        for key in value:
            if known is not None and key not in known:
                where = f" in [{self.name}]" if self.name else ""
                message = f'unknown {noun} "{key}"{where}'
                raise source.error((*place, key), message, key, hint(key, known))

    @property
    def name(self) -> str:
        """The header as the file writes it: ``tool.lockward.internal``."""
        return ".".join(part for part in self.place if isinstance(part, str))

    def get(self, key: str, check: Callable[[object], T], default: T) -> T:
        """The checked value of a key, or the default."""
        return self.checked(key, check, self.value[key]) if key in self.value else default

    def need(self, key: str, check: Callable[[object], T]) -> T:
        """The checked value of a key that must be there."""
        if key not in self.value:
            raise self.source.error(self.place, f"[[{self.name}]] needs {key}")
        return self.checked(key, check, self.value[key])

    def checked(self, key: str, check: Callable[[object], T], value: object) -> T:
        """What a checker says of a value at a key."""
        try:
            return check(value)
        except values.Wrong as wrong:
            where = f"{self.name}.{key}" if self.name else key
            error = self.source.error(
                (*self.place, key), f"{where} {wrong.must}", wrong.word, wrong.hint
            )
        raise error

    def table(self, key: str, known: Collection[str] | None, noun: str = "key") -> _Table:
        """The table at a key; an empty one when there is none."""
        return _Table(self.source, (*self.place, key), self.value.get(key, {}), known, noun)

    def tables(self, key: str, known: Collection[str]) -> list[_Table]:
        """The array of tables at a key."""
        found = self.value.get(key, [])
        place = (*self.place, key)
        if not isinstance(found, list):
            header = ".".join(str(part) for part in place)
            raise self.source.error(place, f"{header} must be an array of tables, [[{header}]]")
        return [
            _Table(self.source, (*place, number), value, known)
            for number, value in enumerate(found)
        ]


def _policy(top: _Table) -> Policy:
    """The record, from the whole document."""
    internal = top.table("internal", ("scopes", "names", "registries"))
    lockfile = top.table("lockfile", ("refresh", "refresh-alongside", "max-bytes"))
    sources = top.table("sources", ("hosts", "git", "remote"))
    scripts = top.table("scripts", ("reviewed",))
    shipped = Policy()
    return Policy(
        source=top.source.path,
        scopes=internal.get("scopes", values.array(values.scope), ()),
        names=internal.get("names", values.array(values.unscoped_glob), ()),
        registries=_registries(internal.table("registries", None)),
        refresh=lockfile.get("refresh", values.choice(values.REFRESH), shipped.refresh),
        alongside=lockfile.get(
            "refresh-alongside", values.choice(values.ALONGSIDE), shipped.alongside
        ),
        max_bytes=lockfile.get("max-bytes", values.size, shipped.max_bytes),
        hosts=sources.get("hosts", values.array(values.host), ()),
        git=sources.get("git", values.array(values.git_glob), ()),
        remote=sources.get("remote", values.array(values.https_url), ()),
        reviewed=scripts.get("reviewed", values.array(values.package_glob), ()),
        levels=_levels(top.table("rules", IDS, "rule")),
        ignore=top.get("ignore", values.array(values.ignore_pattern), ()),
        paths=tuple(_section(table) for table in top.tables("paths", ("match", "rules"))),
        exceptions=tuple(_exception(table) for table in top.tables("exceptions", _EXCEPTION)),
        server=_server(top) if "server" in top.value else None,
    )


def _registries(table: _Table) -> Mapping[str, str]:
    """Scope to URL."""
    return {
        table.checked(scope, values.scope, scope): table.checked(scope, values.https_url, url)
        for scope, url in table.value.items()
    }


def _levels(table: _Table) -> Mapping[str, Level]:
    """Rule id to level."""
    check = values.choice(values.LEVELS)
    return {rule: table.checked(rule, check, level) for rule, level in table.value.items()}


def _section(table: _Table) -> PathSection:
    """One ``[[paths]]``."""
    match = table.need("match", values.array(values.ignore_pattern))
    if not match:
        raise table.source.error(table.place, f"[[{table.name}]] matches nothing")
    return PathSection(match, _levels(table.table("rules", IDS, "rule")))


def _server(top: _Table) -> ServerPolicy:
    """``[server]``; imported here, because a developer's policy has none."""
    from lockward import serverpolicy as server

    table = top.table("server", server.KEYS)
    shipped = server.ServerPolicy()
    return server.ServerPolicy(
        deadline=table.get("deadline", server.seconds, shipped.deadline),
        at_deadline=table.get("at-deadline", values.choice(server.OUTCOMES), shipped.at_deadline),
        audit=table.get("audit", server.absolute, shipped.audit),
        refs=_treatments(table.table("refs", None)),
        skips=tuple(
            server.SkipGrant(
                who=each.need("who", values.array(server.identity)),
                rules=each.need("rules", values.array(values.one_of("a rule", IDS))),
            )
            for each in table.tables("skip", server.SKIP_KEYS)
        ),
    )


def _treatments(table: _Table) -> Mapping[str, Treatment]:
    """Ref, or beginning of ref names, to what becomes of a push to it."""
    from lockward import serverpolicy as server

    check = values.choice(server.TREATMENTS)
    return {
        table.checked(refs, server.namespace, refs): table.checked(refs, check, treatment)
        for refs, treatment in table.value.items()
    }


_EXCEPTION: Final = ("rule", "package", "path", "reason", "owner", "expires")


def _exception(table: _Table) -> PolicyException:
    """One ``[[exceptions]]``."""
    return PolicyException(
        rule=table.need("rule", values.one_of("a rule", IDS)),
        package=table.get("package", values.package_glob, ""),
        path=table.get("path", values.ignore_pattern, ""),
        reason=table.need("reason", values.text),
        owner=table.need("owner", values.text),
        expires=table.need("expires", values.day),
        line=table.source.line(table.place),
    )
