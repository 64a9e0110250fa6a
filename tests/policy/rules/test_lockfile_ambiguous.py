"""lockfile-ambiguous."""

from __future__ import annotations

import json

import pytest

from lockward.policy import Policy
from lockward.rules import lockfile_ambiguous
from tests.support import npm

LOCK = npm.lockfile({"name": "app"}, {})


def messages(files: dict[str, str | bytes]) -> list[tuple[str, str]]:
    judged = npm.project({"package.json": "{}", **files})
    return [
        (finding.path, finding.message) for finding in lockfile_ambiguous.check(judged, Policy())
    ]


@pytest.mark.parametrize(
    ("files", "path", "words"),
    [
        pytest.param(
            {"package-lock.json": LOCK, "npm-shrinkwrap.json": LOCK},
            "npm-shrinkwrap.json",
            "competes with package-lock.json",
            id="a shrinkwrap that shadows the package-lock",
        ),
        pytest.param(
            {"package-lock.json": LOCK, "yarn.lock": "# yarn lockfile v1\n"},
            "yarn.lock",
            "competes with package-lock.json",
            id="two managers' lockfiles",
        ),
        pytest.param(
            {
                "package.json": json.dumps({"packageManager": "pnpm@9.1.0"}),
                "package-lock.json": LOCK,
            },
            "package-lock.json",
            "declares pnpm",
            id="a declared manager that is not the lockfile's",
        ),
        pytest.param(
            {
                "package.json": json.dumps({"devEngines": {"packageManager": {"name": "yarn"}}}),
                "package-lock.json": LOCK,
            },
            "package-lock.json",
            "declares yarn",
            id="a manager declared in devEngines",
        ),
        pytest.param(
            {"package-lock.json": LOCK, "node_modules/.package-lock.json": LOCK},
            "node_modules/.package-lock.json",
            "npm install copies from it",
            id="npm's hidden lockfile, committed",
        ),
    ],
)
def test_lockfiles_that_compete_are_refused(
    files: dict[str, str | bytes], path: str, words: str
) -> None:
    [(found, message)] = messages(files)

    assert found == path
    assert words in message


@pytest.mark.parametrize(
    "files",
    [
        pytest.param({"package-lock.json": LOCK}, id="one lockfile"),
        pytest.param({"npm-shrinkwrap.json": LOCK}, id="a shrinkwrap alone"),
        pytest.param(
            {
                "package.json": json.dumps({"packageManager": "npm@11.0.0"}),
                "package-lock.json": LOCK,
            },
            id="the declared manager's",
        ),
        pytest.param(
            {
                "package.json": json.dumps({"packageManager": "cnpm@9.0.0"}),
                "package-lock.json": LOCK,
            },
            id="a manager that we do not know",
        ),
        pytest.param(
            {"package-lock.json": LOCK, "tools/yarn.lock": "# yarn lockfile v1\n"},
            id="another folder's lockfile",
        ),
        pytest.param({}, id="none"),
    ],
)
def test_one_lockfile_passes(files: dict[str, str | bytes]) -> None:
    assert messages(files) == []
