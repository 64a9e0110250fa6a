"""Commits of real repositories that go back from Yarn 4 to Yarn 1, reduced by hand.

Yarn 1 writes the hashes of the tarballs, of which Berry knew none, and asks for no node-gyp.
Beside edits of them that must be refused.
"""

from __future__ import annotations

import pytest

from tests.support.commits import DEFAULT, Commit, berry, classic, manifest, sha1_of, told
from tests.support.diffs import Past
from tests.support.npm import sri

PATH = "yarn.lock"
BERRY = """
    app@workspace:. = 0.0.0-use.local [in=.] > fsevents npm:^2.3.2, yargs npm:^16.0.0
    fsevents@npm:^2.3.2 = 2.3.3 > node-gyp npm:latest
    node-gyp@npm:latest = 11.4.2
    yargs@npm:^16.0.0 = 16.2.0 > cliui npm:^7.0.2
    cliui@npm:^7.0.2 = 7.0.4
"""
CLASSIC = """
    fsevents@^2.3.2 = 2.3.3
    yargs@^17.0.0 = 17.7.2 > cliui ^8.0.1
    cliui@^8.0.1 = 8.0.1
"""
BACK = Commit(
    {
        "package.json": manifest({"fsevents": "^2.3.2", "yargs": "^16.0.0"}),
        PATH: berry(BERRY, key="10c0"),
    },
    {
        "package.json": manifest({"fsevents": "^2.3.2", "yargs": "^17.0.0"}),
        PATH: classic(CLASSIC, DEFAULT),
    },
    "matched",
    (f"  integrity {sri('fsevents@2.3.3')}\n", '  dependencies:\n    evil "*"\n'),
    (f'#{sha1_of("fsevents", "2.3.3")}"\n  integrity {sri("fsevents@2.3.3")}', '"'),
    (sri("fsevents@2.3.3"), f'"{sri("fsevents@2.3.3")} {sri("evil")}"'),
    ("fsevents/-/fsevents-2.3.3.tgz", "evil/-/evil-2.3.3.tgz"),
    ('"cliui" "^8.0.1"', '"evil" "^8.0.1"'),
    ('version "2.3.3"', 'version "3.0.0"'),
    ('version "2.3.3"', 'version "2.3.2"'),
)


def test_terraform_cdk_dbc66f192f_hashes_of_another_kind_are_no_other_bytes() -> None:
    diff = BACK.judged()
    assert diff.classification == BACK.wanted, told(diff)


class Thorough(Past):
    """A past that is asked for everything."""

    thorough = True


def test_what_yarn_1_had_locked_before_berry_is_compared() -> None:
    """Of the hashes that an earlier revision held in Yarn 1's own kind."""
    seen = Thorough(lambda _path, name, version: (name, version) == ("fsevents", "2.3.3"))
    diff = BACK.judged(seen)
    assert diff.classification == BACK.wanted, told(diff)
    text = BACK.after[PATH].replace(sri("fsevents@2.3.3").encode(), sri("evil").encode())
    assert text != BACK.after[PATH]
    evil = Commit(BACK.before, {**BACK.after, PATH: text}, "").judged(seen)
    assert evil.classification == "tampered", told(evil)


@pytest.mark.parametrize("at", range(len(BACK.evil)))
def test_nothing_else_hides_in_it(at: int) -> None:
    diff = list(BACK.tampered())[at]
    assert diff.classification in ("unexplained", "tampered"), f"{BACK.evil[at]}: {told(diff)}"
