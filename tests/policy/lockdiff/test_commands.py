"""Packages that are known to have commands: the table, its reader, what makes it."""

from __future__ import annotations

import pytest

from lockward import lockfiles
from lockward.lockdiff import commands
from tests.support import pnpm
from tools import commands as maker

TEXT = maker.TABLE.read_text("utf-8")


def test_the_table_is_as_its_program_writes_it() -> None:
    assert maker.written(maker.load(TEXT)) == TEXT
    assert len(maker.load(TEXT)) > 500
    assert len(TEXT.encode()) < 100 << 10


@pytest.mark.parametrize(
    ("key", "resolution", "known"),
    [
        pytest.param("typescript@5.9.3", {}, True, id="a package with commands"),
        pytest.param("typescrip@5.9.3", {}, False, id="a name that begins like one"),
        pytest.param("script@5.9.3", {}, False, id="a name that ends like one"),
        pytest.param("# Packages that have commands.@1.0.0", {}, False, id="the table's own words"),
        pytest.param(
            "typescript@https://cdn.example.org/typescript.tgz",
            {"tarball": "https://cdn.example.org/typescript.tgz"},
            False,
            id="a tarball from elsewhere",
        ),
    ],
)
def test_a_package_is_known(key: str, resolution: dict[str, str], *, known: bool) -> None:
    entry = {"resolution": resolution, "version": "5.9.3"} if resolution else {}
    (package,) = lockfiles.read("pnpm-lock.yaml", pnpm.lockfile({}, {key: entry}).encode()).packages
    assert commands.are_known(package) is known


def test_lockfiles_tell_who_has_commands() -> None:
    packages: dict[str, dict[str, object]] = {
        "a@1.0.0": {"hasBin": True},
        "b@1.0.0": {},
        "c@https://cdn.example.org/c.tgz": {
            "hasBin": True,
            "resolution": {"tarball": "https://cdn.example.org/c.tgz"},
        },
    }
    text = pnpm.lockfile({}, packages)
    assert maker.with_commands("pnpm-lock.yaml", text.encode()) == {"a"}
    assert maker.with_commands("pnpm-lock.yaml", b"<<<<<<< HEAD\n") == set()
