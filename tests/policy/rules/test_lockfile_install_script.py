"""lockfile-install-script."""

from __future__ import annotations

import pytest

from lockward.policy import Policy
from lockward.rules import lockfile_install_script
from tests.support import npm

MANIFEST = {"name": "app", "dependencies": {"a": "1"}}
SCRIPTED = npm.locked("a", hasInstallScript=True)


def names(packages: npm.Json, *reviewed: str) -> list[str | None]:
    policy = Policy(reviewed=reviewed)
    judged = npm.project(npm.files(MANIFEST, packages), policy)
    return [finding.package for finding in lockfile_install_script.check(judged, policy)]


@pytest.mark.parametrize(
    ("packages", "reviewed"),
    [
        pytest.param({"a": SCRIPTED}, (), id="no list"),
        pytest.param({"a": SCRIPTED}, ("b", "aa", "a@2.*"), id="others on the list"),
        pytest.param(
            {"a": SCRIPTED, "node_modules/b/node_modules/a": SCRIPTED, "b": npm.locked("b")},
            (),
            id="two copies are told once",
        ),
    ],
)
def test_a_package_that_runs_unreviewed_scripts_warns(
    packages: npm.Json, reviewed: tuple[str, ...]
) -> None:
    assert names(packages, *reviewed) == ["a"]


@pytest.mark.parametrize(
    ("packages", "reviewed"),
    [
        pytest.param({"a": npm.locked("a")}, (), id="no script"),
        pytest.param({"a": SCRIPTED}, ("a",), id="reviewed by name"),
        pytest.param({"a": SCRIPTED}, ("a@1.0.0",), id="reviewed at this version"),
        pytest.param({"a": SCRIPTED}, ("a@1.*",), id="reviewed at a range of versions"),
        pytest.param(
            {
                "a": {"resolved": "w/a", "link": True},
                "w/a": {"version": "1", "hasInstallScript": True},
            },
            (),
            id="our own workspace",
        ),
    ],
)
def test_a_reviewed_or_scriptless_package_passes(
    packages: npm.Json, reviewed: tuple[str, ...]
) -> None:
    assert names(packages, *reviewed) == []
