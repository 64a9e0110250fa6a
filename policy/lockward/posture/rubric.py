"""What each control costs: the shipped rubric, and the reader of one's own.

``SHIPPED`` is policy/rubric.toml word for word (a test holds them equal): the
program must not depend on a file beside it.
"""

from __future__ import annotations

from lockward import policyvalues as values
from lockward.errors import PolicyError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Final, Literal, TypeVar

    Weight = Literal["critical", "high", "medium", "low"]
    Per = Literal["control", "finding"]
    T = TypeVar("T")

WEIGHTS: Final[tuple[Weight, ...]] = ("critical", "high", "medium", "low")
PERS: Final[tuple[Per, ...]] = ("control", "finding")
EVIDENCE: Final = ("vulnerabilities", "provenance")
LETTERS: Final = ("A", "B", "C", "D", "F")
_LARGEST: Final = 1 << 20


class Control:
    """A row of the rubric.  Either ``rules`` or ``evidence`` decide it; ``delta`` is <= 0."""

    __slots__ = ("delta", "evidence", "id", "per", "rules", "severity", "title")

    def __init__(
        self,
        id: str,  # noqa: A002 - the rubric's word
        title: str,
        severity: Weight,
        delta: int,
        *,
        per: Per = "control",
        rules: tuple[str, ...] = (),
        evidence: str = "",
    ) -> None:
        self.id: Final = id
        self.title: Final = title
        self.severity: Final[Weight] = severity
        self.delta: Final = delta
        self.per: Final[Per] = per
        self.rules: Final = rules
        self.evidence: Final = evidence


class Rubric:
    """A validated rubric.  ``grades`` holds (letter, lowest score), best first.

    ``cap`` is the best grade beside a failed critical control; ``packages`` and
    ``scripts`` the bounds of the danger zone (at least, more than).
    """

    __slots__ = ("cap", "controls", "grades", "name", "packages", "scripts", "start", "version")

    def __init__(
        self,
        controls: tuple[Control, ...],
        *,
        name: str = "lockward",
        version: str = "1",
        start: int = 100,
        grades: tuple[tuple[str, int], ...] = (("A", 90), ("B", 80), ("C", 70), ("D", 60)),
        cap: str = "D",
        packages: int = 500,
        scripts: int = 10,
    ) -> None:
        self.controls: Final = controls
        self.name: Final = name
        self.version: Final = version
        self.start: Final = start
        self.grades: Final = grades
        self.cap: Final = cap
        self.packages: Final = packages
        self.scripts: Final = scripts

    def letter(self, score: int) -> str:
        """The grade of a score, before any cap."""
        return next((letter for letter, lowest in self.grades if score >= lowest), "F")


SHIPPED: Final = Rubric(
    (
        Control(
            "lockfile",
            "Every project with dependencies commits its lockfile",
            "critical",
            -20,
            rules=("lockfile-missing",),
        ),
        Control(
            "ci-frozen-install",
            "CI installs what is locked: npm ci, not npm install",
            "high",
            -15,
            rules=("ci-npm-install",),
        ),
        Control(
            "vulnerabilities",
            "No unresolved high or critical vulnerability",
            "high",
            -15,
            per="finding",
            evidence="vulnerabilities",
        ),
        Control(
            "ci-audit",
            "CI asks npm audit, and can fail because of it",
            "medium",
            -8,
            rules=("ci-audit-missing",),
        ),
        Control(
            "sbom",
            "A bill of materials lies in the repository",
            "medium",
            -5,
            rules=("sbom-missing",),
        ),
        Control(
            "integrity-and-sources",
            "Every package has its sha512 and comes from a trusted place",
            "high",
            -15,
            rules=("lockfile-integrity", "lockfile-untrusted-source", "lockfile-wrong-package"),
        ),
        Control(
            "internal-names",
            "Internal packages are scoped, and their scope is pinned",
            "critical",
            -20,
            rules=("internal-name-unscoped", "internal-scope-source", "npmrc-scope-pin"),
        ),
        Control(
            "provenance",
            "Provenance and registry signatures are valid",
            "medium",
            0,
            evidence="provenance",
        ),
    )
)


def read(path: str, data: bytes) -> Rubric:
    """A rubric in TOML; PolicyError when a key is unknown, missing or of the wrong kind."""
    try:
        from tomllib import loads

        document = loads(data[: _LARGEST + 1].decode())
    except (ValueError, RecursionError) as error:
        raise PolicyError(f"is not valid TOML: {error}", path=path) from None
    top = _Table(path, "", document)
    grades = top.table("grades")
    danger = top.table("danger")
    rubric = Rubric(
        tuple(_control(table) for table in top.tables("controls")),
        name=top.need("name", values.text),
        version=top.need("version", values.text),
        start=top.need("start", _number(1, 1000)),
        grades=tuple(
            (letter, grades.need(letter, _number(0, 1000))) for letter in LETTERS if letter != "F"
        ),
        cap=top.table("caps", done=True).need("critical", values.choice(LETTERS)),
        packages=danger.need("packages", _number(1, 1 << 30)),
        scripts=danger.need("install-scripts", _number(0, 1 << 30)),
    )
    for table in (grades, danger, top):
        table.finish()
    return rubric


def _control(table: _Table) -> Control:
    control = Control(
        table.need("id", values.text),
        table.need("title", values.text),
        table.need("severity", values.choice(WEIGHTS)),
        table.need("delta", _number(-1000, 0)),
        per=table.need("per", values.choice(PERS)),
        rules=table.get("rules", values.array(values.text), ()),
        evidence=table.get("evidence", values.choice(EVIDENCE), ""),
    )
    if bool(control.rules) == bool(control.evidence):
        raise PolicyError(f'control "{control.id}" needs either rules or evidence', path=table.path)
    table.finish()
    return control


def _number(least: int, most: int) -> Callable[[object], int]:
    def check(value: object) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise values.Wrong(
                f"must be a number from {least} to {most}, not {values.shown(value)}"
            )
        return value

    return check


class _Table:
    """A table of the rubric; ``finish`` refuses the keys that nobody asked for."""

    def __init__(self, path: str, name: str, value: object) -> None:
        if not isinstance(value, dict):
            raise PolicyError(f"{name} must be a table, not {values.shown(value)}", path=path)
        self.path: Final = path
        self._name: Final = name
        self._value: Final[Mapping[str, object]] = value
        self._asked: Final[set[str]] = set()

    def need(self, key: str, check: Callable[[object], T]) -> T:
        """The checked value of a key that must be there."""
        if key not in self._value:
            raise PolicyError(f"{self._name or 'the rubric'} needs {key}", path=self.path)
        self._asked.add(key)
        try:
            return check(self._value[key])
        except values.Wrong as wrong:
            where = f"{self._name}.{key}" if self._name else key
            raise PolicyError(f"{where} {wrong.must}", path=self.path) from None

    def get(self, key: str, check: Callable[[object], T], default: T) -> T:
        """The checked value of a key, or the default."""
        return self.need(key, check) if key in self._value else default

    def table(self, key: str, *, done: bool = False) -> _Table:
        """The table at a key; ``done``: its one key is asked for at once."""
        found = _Table(self.path, key, self.need(key, lambda value: value))
        if done:
            for unknown in found._value.keys() - {"critical"}:
                raise PolicyError(f'unknown key "{unknown}" in [{key}]', path=self.path)
        return found

    def tables(self, key: str) -> list[_Table]:
        """The array of tables at a key."""
        listed = self.need(key, lambda value: value)
        if not isinstance(listed, list) or not listed:
            raise PolicyError(f"[[{key}]] must be an array of tables", path=self.path)
        return [_Table(self.path, f"{key}[{n}]", value) for n, value in enumerate(listed, 1)]

    def finish(self) -> None:
        """Refuse what was not asked for: a typo must not change a grade."""
        for key in self._value:
            if key not in self._asked:
                where = f" in [{self._name}]" if self._name else ""
                raise PolicyError(f'unknown key "{key}"{where}', path=self.path)
