"""What becomes of a push to a ref, by the beginning of its name.

Whatever no row names is judged: a list of namespaces to judge would let
everything else in unseen.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Final

    from lockward.serverpolicy import Treatment

SHIPPED: Final[Mapping[str, Treatment]] = {
    # Who fetches it sees another object in an object's place, and so does every
    # hook that runs git without --no-replace-objects.
    "refs/replace/": "refuse",
}
# What the repository holds under these was judged when it came in.  Other refs may
# be the server's own (refs/pull/, refs/merge-requests/, refs/changes/): their
# commits came from forks and past no hook.
_JUDGED: Final = ("refs/heads/", "refs/tags/")


class Namespaces:
    """The shipped table with a policy's rows in it."""

    def __init__(self, rows: Mapping[str, Treatment] | None = None) -> None:
        self._rows: Final[Mapping[str, Treatment]] = {**SHIPPED, **(rows or {})}

    def treatment(self, ref: str) -> Treatment:
        """The row of the ref itself, else that of the longest beginning with a slash."""
        rows = [row for row in self._rows if ref == row or (row[-1] == "/" and ref.startswith(row))]
        return self._rows[max(rows, key=len)] if rows else "judge"

    def known(self) -> tuple[str, ...]:
        """What rev-list need not look at: refs whose commits were judged as ours are.

        Never what lies under a prefix that is accepted without judgement: a
        commit must not be laundered by pushing it there first.
        """
        lax = [name for name, treatment in self._rows.items() if treatment != "judge"]
        words = ["--not"]
        for judged in _JUDGED:
            # `--exclude` holds for the next `--glob` only.
            words += [f"--exclude={name}{'*' if name[-1] == '/' else ''}" for name in lax]
            words.append(f"--glob={judged}*")
        return tuple(words)
