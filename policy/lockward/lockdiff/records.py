"""What a comparison comes to: one item per changed package, and one class for the file."""

from __future__ import annotations

from lockward.lockdiff.codes import CODES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Final

    from lockward.findings import LockfileVerdict
    from lockward.lockdiff.requirements import Changed
    from lockward.model import Class, Package
    from lockward.registries import Pin

# Mildest first: the class of a whole is its worst part's.
CLASSES: Final[tuple[Class, ...]] = (
    "metadata",
    "matched",
    "refresh",
    "rollback",
    "unexplained",
    "tampered",
)
_SETTLED: Final = frozenset({"metadata", "matched"})


class Item:
    """One thing that happened to one package.

    ``before`` and ``after`` are its entries, None where it has none; ``code`` is
    a key of ``codes.CODES``; ``cause`` says in words what moved it ("express
    wants ~0.7.1"); ``was``/``now`` are the evidence, as the files write it.
    ``name`` is what a person calls it; ``pointer`` the entry's key in ``after``
    (in ``before`` for what is gone).
    """

    __slots__ = (
        "_cause",
        "after",
        "before",
        "classification",
        "code",
        "name",
        "now",
        "pointer",
        "was",
    )

    def __init__(
        self,
        code: str,
        *,
        before: Package | None = None,
        after: Package | None = None,
        classification: Class | None = None,
        cause: str | Callable[[], str] = "",
        name: str = "",
        was: str = "",
        now: str = "",
        pointer: str = "",
    ) -> None:
        package = after or before
        self.code: Final = code
        self.before: Final = before
        self.after: Final = after
        self.classification: Final[Class] = classification or CODES[code].classification
        self._cause: Final = cause
        self.name: Final = name or ("" if package is None else package.name)
        self.was: Final = was
        self.now: Final = now
        self.pointer: Final = pointer or ("" if package is None else package.key)

    @property
    def cause(self) -> str:
        """What moved the package, or why nothing explains it."""
        return self._cause if isinstance(self._cause, str) else self._cause()

    @property
    def version_before(self) -> str:
        """The version that was locked; "" when there was none."""
        return "" if self.before is None else self.before.version

    @property
    def version_after(self) -> str:
        """The version that is locked now; "" when there is none."""
        return "" if self.after is None else self.after.version

    @property
    def identity(self) -> tuple[str, str, str]:
        """What makes items against several parents the same: code, name and versions."""
        return (self.code, self.name, f"{self.version_before} -> {self.version_after}")


class LockDiff:
    """How one lockfile changed, and whether its manifests explain it.

    ``classification`` is the class of the whole: the worst item's, but a refresh
    or rollback beside a real requirement change leaves it ``matched``; those
    items are ``refresh_alongside``.  ``requirements_changed`` is true when any
    requirement, override, workspace or registry pin differs; ``matched_by`` are
    those of them, and earlier ones that only now reach the lockfile (of a new
    lockfile: all).  ``form`` is the lockfile's format, ``named`` the registries that the settings
    name anew.
    """

    __slots__ = (
        "classification",
        "form",
        "items",
        "matched_by",
        "named",
        "new_lockfile",
        "refresh_alongside",
        "requirements_changed",
        "verdict",
    )

    def __init__(
        self,
        *,
        classification: Class,
        items: tuple[Item, ...],
        requirements_changed: bool,
        refresh_alongside: tuple[Item, ...],
        verdict: LockfileVerdict,
        new_lockfile: bool,
        form: str = "",
        matched_by: tuple[Changed, ...] = (),
        named: tuple[Pin, ...] = (),
    ) -> None:
        self.classification: Final[Class] = classification
        self.items: Final = items
        self.requirements_changed: Final = requirements_changed
        self.refresh_alongside: Final = refresh_alongside
        self.verdict: Final = verdict
        self.new_lockfile: Final = new_lockfile
        self.form: Final = form
        self.matched_by: Final = matched_by
        self.named: Final = named

    @property
    def doubtful(self) -> bool:
        """Whether anything moved that no requirement explains: what rules about changes judge."""
        return bool(self.named) or any(item.classification not in _SETTLED for item in self.items)

    def of_class(self, *classes: Class) -> tuple[Item, ...]:
        """The items of these classes, in the order of the lockfile."""
        return tuple(item for item in self.items if item.classification in classes)


def worst(classes: tuple[Class, ...]) -> Class:
    """The worst of some classes; "metadata" of none."""
    return max(classes, key=CLASSES.index, default="metadata")
