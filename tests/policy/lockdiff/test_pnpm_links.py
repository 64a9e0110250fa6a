"""An override to a folder above the lockfile's own (apollographql/apollo-client 9c4c01a640)."""

from __future__ import annotations

import json

import pytest

from lockward import lockdiff
from lockward.memory import MemoryTree
from lockward.policy import Policy
from lockward.project import Project
from tests.support.commits import told
from tests.support.npm import sri

TYPE_CHECKING = False
if TYPE_CHECKING:
    from lockward.lockdiff import LockDiff

LOCK = """\
lockfileVersion: '9.0'

settings:
  autoInstallPeers: true
  excludeLinksFromLockfile: false
{overrides}
importers:

  .: {{}}

  next:
    dependencies:
      '@apollo/client':
        specifier: {specifier}
        version: {version}
      streaming:
        specifier: ^0.12.0
        version: 0.12.0(@apollo/client@{answer})

packages:
{packages}
  streaming@0.12.0:
    resolution: {{integrity: {streaming}}}
    peerDependencies:
      '@apollo/client': {peer}

snapshots:
{snapshots}
  streaming@0.12.0(@apollo/client@{answer}):
    dependencies:
      '@apollo/client': {version}
"""
CLIENT = f"""
  '@apollo/client@3.13.0':
    resolution: {{integrity: {sri("client")}}}
"""
PATH = "it/pnpm-lock.yaml"


def state(
    override: str = "", specifier: str = "", peer: str = "", hashed: str = ""
) -> dict[str, bytes]:
    """A project in ``it``, whose override leads to the repository's root."""
    asked = {"@apollo/client": override} if override else {}
    linked = {"overrides": f"\noverrides:\n  '@apollo/client': {override}\n", "packages": ""}
    plain = {"overrides": "", "packages": CLIENT}
    text = LOCK.format(
        **(linked if override else plain),
        specifier=specifier or "3.13.0",
        version=specifier or "3.13.0",
        answer="+" if override else "3.13.0",
        streaming=sri(hashed or "streaming"),
        peer=peer or "^3.13.0",
        snapshots="" if override else "\n  '@apollo/client@3.13.0': {}\n",
    )
    requires = {"@apollo/client": "3.13.0", "streaming": "^0.12.0"}
    return {
        "package.json": json.dumps({"name": "@apollo/client", "version": "4.1.3"}).encode(),
        "it/package.json": json.dumps({"name": "it", "pnpm": {"overrides": asked}}).encode(),
        "it/pnpm-workspace.yaml": b"packages:\n  - next\n",
        "it/next/package.json": json.dumps({"name": "next", "dependencies": requires}).encode(),
        PATH: text.encode(),
    }


def judged(after: dict[str, bytes]) -> LockDiff:
    policy = Policy()
    one, two = (Project(MemoryTree(files), "it", policy) for files in (state(), after))
    assert not one.faults, [str(fault) for fault in one.faults]
    assert not two.faults, [str(fault) for fault in two.faults]
    return lockdiff.compare(one, two, policy)


ABSOLUTE = "link:/home/somebody/apollo-client/"


def test_the_folder_is_written_as_each_project_sees_it() -> None:
    diff = judged(state("link:../", "link:../..", ABSOLUTE))
    assert diff.classification == "matched", told(diff)


@pytest.mark.parametrize(
    "after",
    [
        pytest.param(state("link:../", "link:../../evil", ABSOLUTE), id="another folder"),
        pytest.param(state("link:../", "link:..", ABSOLUTE), id="the lockfile's own folder"),
        pytest.param(state("link:../", "link:../..", "link:evil"), id="a peer in a folder"),
        pytest.param(state("link:../", "link:../..", "npm:evil@^1"), id="a peer of another name"),
        pytest.param(state("link:../", "link:../..", ABSOLUTE, "evil"), id="another hash"),
        pytest.param(state("4.0.0", "link:../..", ABSOLUTE), id="an override to a version"),
    ],
)
def test_one_step_further_is_refused(after: dict[str, bytes]) -> None:
    diff = judged(after)
    assert diff.classification in ("unexplained", "tampered"), told(diff)
