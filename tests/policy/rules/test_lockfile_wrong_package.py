"""lockfile-wrong-package."""

from __future__ import annotations

import pytest

from lockward.policy import Policy
from lockward.rules import lockfile_wrong_package
from tests.support import npm

ALIASED = {"name": "app", "dependencies": {"a": "npm:real@^1.0.0"}}
PLAIN = {"name": "app", "dependencies": {"a": "^1.0.0"}}


def messages(manifest: npm.Json, entry: npm.Json) -> list[str]:
    judged = npm.project(npm.files(manifest, {"a": entry}))
    return [finding.message for finding in lockfile_wrong_package.check(judged, Policy())]


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        pytest.param(
            npm.locked("a", resolved=f"{npm.HOME}/evil/-/evil-1.0.0.tgz"),
            "its tarball is evil@1.0.0, another package",
            id="another package's tarball",
        ),
        pytest.param(
            npm.locked("a", resolved=f"{npm.HOME}/a/-/a-0.9.0.tgz"),
            "its tarball is a@0.9.0, another version",
            id="another version's tarball",
        ),
        pytest.param(
            npm.locked("a", resolved=f"{npm.HOME}/@a/a/-/a-1.0.0.tgz"),
            "its tarball is @a/a@1.0.0, another package",
            id="the same last name in another scope",
        ),
        pytest.param(
            npm.locked("evil", name="evil"),
            "stands under the name a, which nobody asked for by npm:evil",
            id="an alias that no requirement names",
        ),
    ],
)
def test_an_entry_that_is_not_what_it_is_called_is_refused(entry: npm.Json, words: str) -> None:
    [message] = messages(PLAIN, entry)

    assert words in message


@pytest.mark.parametrize(
    ("manifest", "entry"),
    [
        pytest.param(PLAIN, npm.locked("a"), id="its own tarball"),
        pytest.param(ALIASED, npm.locked("real", name="real"), id="an alias that is asked for"),
        pytest.param(
            {**PLAIN, "overrides": {"b": {"a": "npm:real@1.0.0"}}},
            npm.locked("real", name="real"),
            id="an alias that an override names",
        ),
        pytest.param(
            PLAIN,
            npm.locked("a", resolved="https://registry.example.org/download?id=7"),
            id="an address that shows no name",
        ),
        pytest.param(PLAIN, npm.locked("a", resolved=None), id="no address"),
        pytest.param(
            PLAIN,
            npm.locked("a", "1.0.0+build", resolved=f"{npm.HOME}/a/-/a-1.0.0.tgz"),
            id="build metadata, which registries leave out",
        ),
    ],
)
def test_an_entry_that_is_what_it_is_called_passes(manifest: npm.Json, entry: npm.Json) -> None:
    assert messages(manifest, entry) == []
