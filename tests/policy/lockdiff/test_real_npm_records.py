"""Commits of real repositories with a package-lock.json of npm 7 and later: what it records.

Reduced by hand; beside edits of them that must be refused.
"""

from __future__ import annotations

import json

import pytest

from lockward.lockdiff.witness import Nobody, Sighting
from tests.support.commits import Commit, Files, hashed, judged, npm, npm_entry, sha1, told, v3
from tests.support.npm import sri

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from lockward.lockdiff.witness import Wanted

PATH = "package-lock.json"
OPTIONAL = {"supports-color": {"optional": True}}


def debugging(version: str, **more: object) -> Files:
    asks = {"@babel/core": version, "debug": "^4.3.1"}
    packages = {
        **npm("@babel/core", version[1:]),
        **npm("debug", "4.3.1", dependencies={"ms": "2.1.2"}, **more),
        **npm("ms", "2.1.2"),
    }
    return v3(asks, packages)


META = Commit(
    debugging("^7.13.13"),
    debugging("^7.13.14", peerDependenciesMeta=OPTIONAL),
    "matched",
    ('"peerDependenciesMeta"', '"peerDependencies": {"evil": "*"}, "peerDependenciesMeta"'),
    ('"ms": "2.1.2"', '"ms": "2.1.2", "evil": "*"'),
    (hashed("debug", "4.3.1"), f'"integrity": "{sri("evil")}"'),
)


def recorded(asks: str, told: str, version: str = "8.4.21") -> Files:
    """A lockfile whose root is another one than package.json."""
    files = v3({"postcss": asks}, npm("postcss", version))
    lock = json.loads(files[PATH])
    lock["packages"][""]["dependencies"] = {"postcss": told}
    return {**files, PATH: json.dumps(lock, indent=2).encode()}


PINNED = Commit(
    recorded("^8.4.14", "^8.4.14", "8.4.20"),
    recorded("^8.4.21", "8.4.21"),
    "matched",
    ('"postcss": "8.4.21"', '"postcss": "8.4.20"'),
    ('"postcss": "8.4.21"', '"postcss": "8.4.21", "evil": "1.0.0"'),
    ("postcss/-/postcss-8.4.21.tgz", "evil/-/evil-8.4.21.tgz"),
)

COMMITS = [
    pytest.param(
        META, id="nextcloud/calendar 3f3f315e01: debug says of no peer that it is optional"
    ),
    pytest.param(PINNED, id="tailwindlabs/tailwindcss 6e40a8ea80: a bot records the version"),
]


@pytest.mark.parametrize("commit", COMMITS)
def test_a_commit_has_its_class(commit: Commit) -> None:
    diff = commit.judged()
    assert diff.classification == commit.wanted, told(diff)


@pytest.mark.parametrize("commit", COMMITS)
def test_nothing_else_hides_in_it(commit: Commit) -> None:
    for (old, new), diff in zip(commit.evil, commit.tampered(), strict=True):
        assert diff.classification in ("unexplained", "tampered"), f"{old} -> {new}: {told(diff)}"


def test_a_recorded_version_out_of_range_is_not_what_package_json_asks_for() -> None:
    before = recorded("^8.4.14", "^8.4.14", "8.4.20")
    after = recorded("^9.0.0", "8.4.21")
    assert judged(before, after).classification == "unexplained"


class Held(Nobody):
    """A past that held ini 1.3.7, with some hashes."""

    def __init__(self, hashes: str) -> None:
        self._one = Sighting(own=True, kind="tarball", hashes=hashes, resolved="", where="before")

    def sightings(
        self,
        _path: str,
        wanted: Collection[Wanted],
        /,
        *,
        deep: bool,  # noqa: ARG002 - the shape of Witness
    ) -> Mapping[Wanted, tuple[Sighting, ...]]:
        """See lockward.lockdiff.witness.Witness."""
        return {each: (self._one,) for each in wanted if each == ("ini", "1.3.7")}


SHA1, SHA512 = sha1("ini", "1.3.7"), sri("ini@1.3.7")


@pytest.mark.parametrize(
    ("held", "now", "wanted"),
    [
        pytest.param(SHA512, SHA512, "rollback", id="the same sha512"),
        pytest.param(SHA1, SHA1, "rollback", id="the same sha1"),
        pytest.param(f"{SHA1} {SHA512}", SHA512, "rollback", id="both were known"),
        pytest.param(SHA1, SHA512, "unexplained", id="a sha512 of what was known by sha1"),
        pytest.param("", SHA512, "unexplained", id="a sha512 of what had no hash"),
        pytest.param(sri("evil"), SHA512, "tampered", id="another sha512"),
    ],
)
@pytest.mark.parametrize("real", [False, True], ids=["alone", "beside a real change"])
def test_a_rollback_is_to_bytes_that_were_seen(
    held: str, now: str, wanted: str, *, real: bool
) -> None:
    """Else any hash would do for a version of which the past knows a sha1 only."""
    rc = npm("rc", "1.2.8", dependencies={"ini": "~1.3.0"})
    ms = npm("ms", "2.1.3") if real else {}
    before = v3({"rc": "^1.2.0"}, {**rc, **npm("ini", "1.3.8")})
    after = v3(
        {"rc": "^1.2.0", **({"ms": "^2.0.0"} if real else {})},
        {**rc, "node_modules/ini": npm_entry("ini", "1.3.7", integrity=now), **ms},
    )
    diff = judged(before, after, Held(held))
    assert diff.classification == ("matched" if real and wanted == "rollback" else wanted), told(
        diff
    )
