"""States of pnpm and bun projects in a few lines: what is asked for, and what is locked.

Real commits are reduced to two of them: names, versions and what differed, no more.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from lockward import engine, lockdiff
from lockward.memory import MemoryTree
from lockward.model import Change
from lockward.policy import Policy
from lockward.project import Project
from tests.support import bun, pnpm
from tests.support.npm import sri

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lockward.lockdiff import LockDiff

Json = dict[str, Any]
Files = dict[str, str | bytes]
_SNAPSHOT = ("dependencies", "optionalDependencies", "optional")
REFUSING = frozenset({"lockfile-tampered", "lockfile-unmatched", "lockfile-unreadable"})


def pnpm_state(
    asks: Mapping[str, str],
    packages: Mapping[str, Json],
    *,
    recorded: Mapping[str, str] | None = None,
    answers: Mapping[str, str] | None = None,
    manifest: Json | None = None,
    extra: Mapping[str, str] | None = None,
    members: Mapping[str, Mapping[str, str]] | None = None,
    told: Mapping[str, Mapping[str, str]] | None = None,
    **top: object,
) -> Files:
    """A project with a 9.0 lockfile; ``packages`` maps ``name@version`` to all that it says.

    ``recorded`` are the root's requirements as the lockfile has them, where they
    differ, ``told`` those of ``members`` (folder to requirements); ``answers`` is what
    answers a name, where it is not the first package of that name.
    """
    root = _told(asks if recorded is None else recorded, packages, answers or {})
    of_members = {
        folder: {"dependencies": _told(wanted, packages, answers or {})}
        for folder, wanted in {**(members or {}), **(told or {})}.items()
    }
    lock = pnpm.lockfile(
        {name: (entry["specifier"], entry["version"]) for name, entry in root.items()},
        {
            key: {
                "resolution": {"integrity": sri(key)},
                **{field: value for field, value in entry.items() if field not in _SNAPSHOT},
            }
            for key, entry in packages.items()
        },
        {
            key: {field: entry[field] for field in _SNAPSHOT if field in entry}
            for key, entry in packages.items()
        },
        importers=of_members,
        **top,
    )
    files: Files = {
        f"{folder}/package.json": json.dumps({"name": folder, "dependencies": wanted})
        for folder, wanted in (members or {}).items()
    }
    return pnpm.files(
        {"name": "app", "dependencies": dict(asks), **(manifest or {})},
        lock,
        {**files, **(extra or {})},
    )


def _told(
    wanted: Mapping[str, str], packages: Mapping[str, Json], answers: Mapping[str, str]
) -> dict[str, dict[str, str]]:
    """Requirements with what answers them: the first package of the name, when nothing says."""
    first: dict[str, str] = {}
    for key in packages:
        name, _, version = key.rpartition("@")
        first.setdefault(name, version)
    return {
        name: {"specifier": spec, "version": answers.get(name) or first[name]}
        for name, spec in wanted.items()
    }


def bun_state(
    asks: Mapping[str, str],
    packages: Mapping[str, tuple[str, Json] | list[Any]],
    *,
    recorded: Mapping[str, str] | None = None,
    members: Mapping[str, Json] | None = None,
    manifest: Json | None = None,
    told: Mapping[str, Json] | None = None,
) -> Files:
    """A project with a bun.lock; ``packages`` maps a place to (``name@version``, description).

    ``recorded`` and ``told`` are what the lockfile says of the root and of members, where
    that is not what their package.json says.
    """
    root: Json = {"name": "app", "dependencies": dict(asks), **(manifest or {})}
    entries: dict[str, bun.Entry] = {
        place: entry if isinstance(entry, list) else _locked(*entry)
        for place, entry in packages.items()
    }
    files = bun.files(root, entries, members=dict(members or {}), version=1)
    manifests = {
        "": {**root, "dependencies": dict(asks if recorded is None else recorded)},
        **(members or {}),
        **(told or {}),
    }
    return {**files, "bun.lock": bun.lockfile(manifests, entries, 1)}


def _locked(what: str, info: Json) -> bun.Entry:
    return [what, "", info, sri(what)]


def judged(before: Files, after: Files, root: str = "") -> LockDiff:
    """How the lockfile changed between two states."""
    policy = Policy()
    old, new = (Project(MemoryTree(files), root, policy) for files in (before, after))
    assert not old.faults, [str(fault) for fault in old.faults]
    assert not new.faults, [str(fault) for fault in new.faults]
    return lockdiff.compare(old, new, policy)


def told(diff: LockDiff) -> str:
    """For messages: the class and every item."""
    rows = [f"{item.classification} {item.code} {item.name} {item.cause}" for item in diff.items]
    return "\n".join([diff.classification, *rows])


def refused(before: Files, after: Files) -> set[str]:
    """The rules that refuse a change, of those that judge it."""
    paths = [path for path in {**before, **after} if before.get(path) != after.get(path)]
    change = Change(MemoryTree(before), MemoryTree(after), paths)
    found = engine.evaluate(change, Policy()).findings
    return {one.rule for one in found if one.severity == "error"} & REFUSING
