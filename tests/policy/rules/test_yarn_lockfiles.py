"""The rules on lockfiles, on those of Yarn: what each refuses, and what it must not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from lockward.policy import Policy
from lockward.rules import (
    internal_scope_source,
    lockfile_ambiguous,
    lockfile_install_script,
    lockfile_integrity,
    lockfile_missing,
    lockfile_out_of_sync,
    lockfile_untrusted_source,
    lockfile_wrong_package,
)
from tests.support import yarn
from tests.support.npm import HOME, sri

if TYPE_CHECKING:
    from lockward.project import Project

A = {"name": "app", "dependencies": {"a": "^1.0.0"}}
GIT = {"name": "app", "dependencies": {"a": "acme/a"}}
ALIAS = {"name": "app", "dependencies": {"a": "npm:b@^1.0.0"}}
MIRROR = {"name": "app", "dependencies": {"a": "file:./a.tgz"}}
COMMIT = "0123456789abcdef0123456789abcdef01234567"
EVIL = "https://evil.example.net"
BOUND = "https%3A%2F%2Fevil.example.net%2Fa.tgz"
ACME = Policy(registries={"@acme": "https://npm.acme.test/"})
SCOPED = {"name": "app", "dependencies": {"@acme/ui": "^1.0.0"}}
RULES = (
    internal_scope_source,
    lockfile_ambiguous,
    lockfile_install_script,
    lockfile_integrity,
    lockfile_missing,
    lockfile_untrusted_source,
    lockfile_wrong_package,
)
CLASSIC = yarn.classic
BERRY = yarn.berry


def told(judged: Project, policy: Policy | None = None) -> list[str]:
    """``rule: message`` of all rules on lockfiles but out-of-sync; no fault may hide anything."""
    assert judged.faults == ()
    policy = policy or Policy()
    return [
        f"{finding.rule}: {finding.message}"
        for rule in RULES
        for finding in rule.check(judged, policy)
    ]


def resolved(url: str) -> str:
    return yarn.classic_locked("a", resolved=f'"{url}"')


@pytest.mark.parametrize(
    ("manifest", "lock", "rule", "words"),
    [
        # Yarn 1
        pytest.param(
            A, CLASSIC(resolved(f"{EVIL}/a/-/a-1.0.0.tgz")), "untrusted-source", "evil", id="a host"
        ),
        pytest.param(
            A,
            CLASSIC(resolved("http://registry.example.org/a/-/a-1.0.0.tgz")),
            "untrusted-source",
            "over http",
            id="http",
        ),
        pytest.param(
            A,
            CLASSIC(yarn.classic_locked("a", resolved=f'"./a.tgz#{yarn.SHA1}"')),
            "untrusted-source",
            "a tarball file, but package.json wants ^1.0.0",
            id="a tarball of the repository under a range",
        ),
        pytest.param(
            A,
            CLASSIC(
                yarn.classic_entry("a@^1.0.0", f'resolved "git+ssh://git@h.test/a.git#{COMMIT}"')
            ),
            "untrusted-source",
            "a git checkout",
            id="git under a range",
        ),
        pytest.param(
            A,
            CLASSIC(resolved(f"{HOME}/evil/-/evil-1.0.0.tgz")),
            "wrong-package",
            "its tarball is evil@1.0.0",
            id="another package's tarball",
        ),
        pytest.param(
            A,
            CLASSIC(resolved(f"{HOME}/a/-/a-0.9.0.tgz")),
            "wrong-package",
            "another version",
            id="another version's tarball",
        ),
        pytest.param(
            A,
            CLASSIC(yarn.classic_locked("a", key="a@^1.0.0", name='"evil"')),
            "wrong-package",
            "evil",
            id="a name line",
        ),
        pytest.param(
            A,
            CLASSIC(yarn.classic_locked("a", integrity="")),
            "integrity",
            "weaker",
            id="sha1 only",
        ),
        pytest.param(
            A,
            CLASSIC(yarn.classic_locked("a", integrity="", resolved=f'"{HOME}/a/-/a-1.0.0.tgz"')),
            "integrity",
            "no integrity",
            id="no hash at all",
        ),
        pytest.param(
            A,
            CLASSIC(yarn.classic_locked("a", integrity=f'"{sri("a")} {sri("b")}"')),
            "integrity",
            "several hashes",
            id="two hashes",
        ),
        pytest.param(
            A,
            CLASSIC(yarn.classic_locked("a", integrity="sha1-eNxR915k5/KB+GcTVgAGQaShNAE=")),
            "integrity",
            "weaker",
            id="a sha1 integrity",
        ),
        # Berry
        pytest.param(
            A,
            BERRY(yarn.berry_locked("a", resolution=f"a@npm:1.0.0::__archiveUrl={BOUND}")),
            "untrusted-source",
            "evil.example.net",
            id="__archiveUrl",
        ),
        pytest.param(
            A,
            BERRY(yarn.berry_locked("a", resolution="evil@npm:1.0.0")),
            "wrong-package",
            "stands under the name a",
            id="alias laundering",
        ),
        pytest.param(
            A,
            BERRY(yarn.berry_locked("a", resolution="a@npm:0.9.0")),
            "wrong-package",
            "0.9.0",
            id="another version's resolution",
        ),
        pytest.param(
            A,
            BERRY(yarn.berry_locked("a", resolution=f"a@{EVIL}/a.tgz")),
            "untrusted-source",
            "outside the registry",
            id="a URL under a range",
        ),
        pytest.param(
            A,
            BERRY(yarn.berry_locked("a", resolution=f"a@https://h.test/a.git#commit={COMMIT}")),
            "untrusted-source",
            "a git checkout",
            id="berry's git under a range",
        ),
        pytest.param(
            A, BERRY(yarn.berry_locked("a", checksum="-")), "integrity", "no integrity", id="no sum"
        ),
        pytest.param(
            A,
            BERRY(yarn.berry_locked("a", checksum=f"9/{yarn.HEX}")),
            "integrity",
            "another cacheKey",
            id="an older cacheKey",
        ),
        pytest.param(
            A,
            BERRY(yarn.berry_locked("a", checksum="10c0/abc")),
            "integrity",
            "wrong length",
            id="a short sum",
        ),
    ],
)
def test_it_is_refused(manifest: dict[str, object], lock: str, rule: str, words: str) -> None:
    found = told(yarn.project(manifest, lock))

    assert [message.partition(":")[0] for message in found] == [f"lockfile-{rule}"], found
    assert words in found[0]


@pytest.mark.parametrize(
    ("manifest", "lock"),
    [
        pytest.param(A, CLASSIC(yarn.classic_locked("a")), id="a registry's package"),
        pytest.param(
            ALIAS, CLASSIC(yarn.classic_locked("b", key='"a@npm:b@^1.0.0"')), id="a wanted alias"
        ),
        pytest.param(
            GIT,
            CLASSIC(
                yarn.classic_entry(
                    "a@acme/a", f'resolved "https://codeload.github.com/acme/a/tar.gz/{COMMIT}"'
                )
            ),
            id="a wanted commit",
        ),
        pytest.param(
            MIRROR,
            CLASSIC(yarn.classic_entry('"a@file:./a.tgz"', f'resolved "file:./a.tgz#{yarn.SHA1}"')),
            id="a wanted tarball",
        ),
        pytest.param(A, BERRY(yarn.berry_locked("a")), id="berry's registry package"),
        pytest.param(
            A, BERRY(yarn.berry_locked("a", checksum=yarn.HEX)), id="a sum without its cacheKey"
        ),
        pytest.param(
            A,
            BERRY(yarn.berry_entry("a@npm:^1.0.0", "a@npm:1.0.0", "conditions: os=darwin")),
            id="no sum, but conditions",
        ),
        pytest.param(
            ALIAS,
            BERRY(yarn.berry_entry("a@npm:b@^1.0.0", "b@npm:1.0.0", f"checksum: 10c0/{yarn.HEX}")),
            id="berry's wanted alias",
        ),
        pytest.param(
            A,
            BERRY(
                yarn.berry_locked(
                    "a",
                    resolution="a@npm:1.0.0::__archiveUrl="
                    "https%3A%2F%2Fregistry.example.org%2Fdownload%2Fa.tgz",
                )
            ),
            id="__archiveUrl of the pinned registry",
        ),
    ],
)
def test_it_passes(manifest: dict[str, object], lock: str) -> None:
    assert told(yarn.project(manifest, lock)) == []


@pytest.mark.parametrize(
    ("lock", "words"),
    [
        pytest.param(
            CLASSIC(yarn.classic_locked("@acme/ui", key='"@acme/ui@^1.0.0"')),
            "where its registry is https://npm.acme.test/",
            id="Yarn 1",
        ),
        pytest.param(
            BERRY(
                yarn.berry_locked(
                    "@acme/ui",
                    resolution="@acme/ui@npm:1.0.0::__archiveUrl="
                    "https%3A%2F%2Fregistry.example.org%2Fui.tgz",
                )
            ),
            "where its registry is https://npm.acme.test/",
            id="Berry's __archiveUrl",
        ),
    ],
)
def test_an_internal_package_from_elsewhere(lock: str, words: str) -> None:
    found = told(yarn.project(SCOPED, lock), ACME)

    assert [message for message in found if message.startswith("internal-scope-source")]
    assert any(words in message for message in found)


def test_two_managers_lockfiles_compete() -> None:
    judged = yarn.project(A, CLASSIC(yarn.classic_locked("a")), {"pnpm-lock.yaml": "x: y\n"})

    assert [finding.rule for finding in lockfile_ambiguous.check(judged, Policy())] == [
        "lockfile-ambiguous"
    ]


@pytest.mark.parametrize(
    ("declared", "lock", "words"),
    [
        pytest.param("yarn@4.9.1", CLASSIC(yarn.classic_locked("a")), "is of Yarn 1", id="Berry"),
        pytest.param(
            "yarn@1.22.22", BERRY(yarn.berry_locked("a")), "is of Yarn 2 or later", id="Yarn 1"
        ),
    ],
)
def test_a_lockfile_of_the_other_yarn_is_out_of_sync(declared: str, lock: str, words: str) -> None:
    judged = yarn.project({**A, "packageManager": declared}, lock)

    [finding] = lockfile_out_of_sync.check(judged, Policy())

    assert words in finding.message
