"""What a policy decides about a finding."""

from __future__ import annotations

import pytest

from lockward.findings import Finding
from lockward.levels import Exceptions, ignored, level
from lockward.policy import PathSection, Policy, PolicyException

SECTIONS = (
    PathSection(("examples/",), {"lockfile-missing": "off", "ci-npm-install": "note"}),
    PathSection(("/examples/live/",), {"lockfile-missing": "warning"}),
)
POLICY = Policy(levels={"lockfile-missing": "note"}, paths=SECTIONS, ignore=("vendor/",))


@pytest.mark.parametrize(
    ("rule", "path", "expected"),
    [
        pytest.param("lockfile-integrity", "x", "error", id="the rule's own level"),
        pytest.param("lockfile-missing", "x", "note", id="the policy's level"),
        pytest.param("lockfile-missing", "examples/a/x", "off", id="a section's level"),
        pytest.param("lockfile-missing", "examples/live/x", "warning", id="the last section wins"),
        pytest.param(
            "ci-npm-install", "examples/live/x", "note", id="a section that does not name the rule"
        ),
    ],
)
def test_level(rule: str, path: str, expected: str) -> None:
    assert level(POLICY, rule, "error", path) == expected


def test_ignored() -> None:
    assert ignored(POLICY, "a/vendor/package.json")
    assert not ignored(POLICY, "a/package.json")
    assert not ignored(Policy(), "a/vendor/package.json")


def finding(package: str | None, path: str = "app/package-lock.json") -> Finding:
    return Finding(
        rule="lockfile-integrity", severity="error", path=path, message="m", package=package
    )


def exception(package: str = "", path: str = "", expires: str = "2027-01-31") -> PolicyException:
    return PolicyException(
        rule="lockfile-integrity",
        package=package,
        path=path,
        reason="r",
        owner="o",
        expires=expires,
    )


@pytest.mark.parametrize(
    ("given", "package", "today", "covers"),
    [
        pytest.param(exception("old"), "old@1.0.0", "", True, id="a name covers its versions"),
        pytest.param(exception("old@1.*"), "old@1.2.0", "", True, id="a version glob"),
        pytest.param(exception("old@1.*"), "old@2.0.0", "", False, id="another version"),
        pytest.param(exception("@acme/*"), "@acme/ui@1.0.0", "", True, id="a whole scope"),
        pytest.param(exception("@acme/*"), "@acme/ui", "", True, id="a finding without version"),
        pytest.param(exception("old"), "older@1.0.0", "", False, id="a name is not a prefix"),
        pytest.param(exception("old"), None, "", False, id="a finding about no package"),
        pytest.param(exception(), None, "", True, id="an exception for the rule as a whole"),
        pytest.param(exception(path="app/"), "x", "", True, id="a path covers"),
        pytest.param(exception(path="lib/"), "x", "", False, id="another path"),
        pytest.param(exception(), "x", "2027-01-31", True, id="the last day counts"),
        pytest.param(exception(), "x", "2027-02-01", False, id="the day after does not"),
    ],
)
def test_excepted(
    given: PolicyException,
    package: str | None,
    today: str,
    covers: bool,  # noqa: FBT001 - a table's column
) -> None:
    policy = Policy(exceptions=(given,))

    assert (Exceptions(policy, today).covering(finding(package)) is given) is covers


def test_an_exception_is_for_its_rule_only() -> None:
    policy = Policy(exceptions=(exception(),))
    other = Finding(rule="lockfile-missing", severity="error", path="x", message="m")

    assert Exceptions(policy, "").covering(other) is None
