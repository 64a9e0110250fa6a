"""How an integrity may change under an unchanged artifact, as decoded hashes."""

from __future__ import annotations

import base64
import hashlib
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import pytest

from lockward.lockdiff import hashes
from lockward.model import Lockfile, Package

if TYPE_CHECKING:
    from lockward.lockdiff.scene import Scene


def sri(algorithm: str, text: str) -> str:
    return (
        f"{algorithm}-{base64.b64encode(hashlib.new(algorithm, text.encode()).digest()).decode()}"
    )


def package(integrity: str | None) -> Package:
    return Package(
        key="node_modules/a",
        alias="a",
        name="a",
        version="1.0.0",
        source="registry",
        resolved=None,
        integrity=integrity,
        raw={},
    )


LOCKFILE = Lockfile(
    path="package-lock.json",
    format="npm",
    version="3",
    packages=(),
    importers={},
    raw={},
    locate=dict,
)
SCENE = cast(
    "Scene",
    SimpleNamespace(
        lockfile=LOCKFILE, lockfile_before=LOCKFILE, rekeyed=False, crosses_formats=False
    ),
)
ONE, TWO = sri("sha512", "one"), sri("sha512", "two")
SHA1, SHA256, SHA384 = sri("sha1", "one"), sri("sha256", "one"), sri("sha384", "one")


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [
        pytest.param([ONE], ONE, "", id="the same"),
        pytest.param([None], None, "", id="none as before"),
        pytest.param([ONE, TWO], TWO, "", id="one of several copies'"),
        pytest.param([f"{ONE} {SHA1}"], ONE, "", id="the weaker of two goes"),
        pytest.param([ONE], f"{ONE} {SHA1}", "", id="a weaker one comes beside"),
        pytest.param([ONE], f"{ONE}?x", "integrity-malformed", id="an option comes"),
        pytest.param([ONE], TWO, "integrity-replaced", id="another"),
        pytest.param([ONE], f"{TWO} {ONE}", "integrity-doubled", id="another one beside it"),
        pytest.param([ONE], None, "integrity-lost", id="gone"),
        pytest.param([ONE], "", "integrity-lost", id="emptied"),
        pytest.param([ONE], "junk", "integrity-lost", id="nothing that npm reads"),
        pytest.param([ONE], ONE.upper(), "integrity-lost", id="in capitals npm reads nothing"),
        pytest.param([ONE], SHA1, "integrity-replaced", id="weaker, and never known"),
        pytest.param([f"{ONE} {SHA1}"], SHA1, "integrity-weakened", id="weaker, and known"),
        pytest.param([SHA1], ONE, "integrity-upgraded", id="sha1 to sha512"),
        pytest.param([SHA1], f"{SHA1} {ONE}", "integrity-upgraded", id="sha512 beside sha1"),
        pytest.param([SHA1], f"{ONE} {TWO}", "integrity-doubled", id="two sha512 for a sha1"),
        pytest.param([SHA1], f"{ONE} junk", "integrity-malformed", id="an upgrade with junk"),
        pytest.param([SHA256], ONE, "integrity-replaced", id="no registry gives sha256"),
        pytest.param([SHA384], ONE, "integrity-replaced", id="nor sha384"),
        pytest.param([None], ONE, "integrity-added", id="where none was"),
        pytest.param([None], f"{ONE} {TWO}", "integrity-doubled", id="two where none was"),
        pytest.param(["junk"], ONE, "", id="where nothing was that npm reads"),
    ],
)
def test_compare(before: list[str | None], after: str | None, code: str) -> None:
    assert hashes.compare(SCENE, [package(text) for text in before], package(after)) == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        pytest.param(None, "", id="none"),
        pytest.param(ONE, "", id="one"),
        pytest.param(SHA1, "", id="a weak one is another rule's"),
        pytest.param(f"{SHA1} {ONE}", "", id="a weaker one beside"),
        pytest.param(f"{ONE} {TWO}", "integrity-doubled", id="two"),
        pytest.param("sha512-short", "integrity-malformed", id="too short"),
        pytest.param("md9-abcd", "integrity-malformed", id="an algorithm nobody knows"),
        pytest.param("", "integrity-malformed", id="empty"),
    ],
)
def test_a_new_artifacts_integrity(text: str | None, code: str) -> None:
    assert hashes.flaw_of_new(LOCKFILE, package(text)) == code
