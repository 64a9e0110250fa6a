"""Ways around the judgement, each in a repository's own files: what is not said must not count."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from lockward import engine
from lockward.memory import MemoryTree
from lockward.model import Change
from lockward.policy import Policy
from tests.policy.lockdiff.test_every_format import WORLD, refused
from tests.policy.lockdiff.test_tampering_everywhere import REFUSING
from tests.support.states import pnpm_state
from tests.support.worlds import Pkg, World, sri, tarball

if TYPE_CHECKING:
    from collections.abc import Callable

    Json = dict[str, Any]
    Files = dict[str, str | bytes]

LOCK = "package-lock.json"


def edited(form: str, edit: Callable[[Json], None], **asks: str) -> dict[str, bytes]:
    files = WORLD.files(form)
    document = json.loads(files[LOCK])
    edit(document)
    manifest = json.loads(files["package.json"])
    manifest["dependencies"].update(asks)
    packed = json.dumps(document, indent=2).encode()
    return {**files, LOCK: packed, "package.json": json.dumps(manifest).encode()}


@pytest.mark.parametrize(
    "field",
    ["scripts", "gypfile", "directories", "man", "_resolved", "_integrity", "_hasShrinkwrap"],
)
@pytest.mark.parametrize("form", ["npm-v2", "npm-v3"])
def test_npm_runs_the_scripts_that_a_lockfile_gives_a_package(form: str, field: str) -> None:
    """Npm 8, 10 and 11 were seen to: `npm ci` ran it, and the hash was right."""

    def edit(document: Json) -> None:
        document["packages"]["node_modules/c"][field] = {"install": "touch evil"}

    assert "lockfile-unreadable" in refused(WORLD.files(form), edited(form, edit))


def grafted(document: Json) -> None:
    """``c``, which needs nothing, needs evil on another platform; d is the real change."""
    packages = document["dependencies"]
    packages["c"].update(optional=True, requires={"evil": "^1.0.0"})
    packages["evil"] = {
        "version": "1.0.0",
        "resolved": tarball("evil", "1.0.0"),
        "integrity": sri("evil"),
        "optional": True,
    }
    bumped(document)


def bumped(document: Json) -> None:
    document["dependencies"]["d"].update(
        version="2.0.0", resolved=tarball("d", "2.0.0"), integrity=sri("d@2.0.0")
    )


def flagged(document: Json) -> None:
    document["dependencies"]["c"]["optional"] = True


def test_npm_6_an_optional_flag_excuses_no_graft() -> None:
    after = edited("npm-v1", grafted, d="^2.0.0")
    assert refused(WORLD.files("npm-v1"), after) & REFUSING
    assert refused(edited("npm-v1", flagged), after) & REFUSING, "flagged in an earlier commit"
    assert not refused(WORLD.files("npm-v1"), edited("npm-v1", bumped, d="^2.0.0")) & REFUSING


def merged(version: str, *, real: bool = True, b: str = "^1.0.0") -> World:
    two = "2.0.0" if real else "1.0.0"
    return World(
        {"a": "^1.0.0", "b": "^1.0.0", "d": f"^{two}"},
        *(Pkg("a", "1.1.0", c="^1.0.0"), Pkg("b", "1.2.3", c=b), Pkg("d", two)),
        Pkg("c", version),
    )


@pytest.mark.parametrize("form", ["npm-v1", "npm-v3", "bun"])
def test_copies_are_merged_downwards_only_for_whom_the_higher_one_does_not_suit(form: str) -> None:
    for wanted, passes in (("^1.0.0", False), ("<1.3.0", True)):
        before = merged("1.5.0", real=False, b=wanted)
        nested = Pkg("c", "1.0.0")
        nested.below = "b"
        before.packages.append(nested)
        found = refused(before.files(form), merged("1.2.0", b=wanted).files(form)) & REFUSING
        assert bool(found) != passes, (wanted, found)


def with_folder(version: str, asked: str = "^1.0.0", real: str = "1.0.0") -> Files:
    """pnpm: ``lib`` is a folder of the repository that is installed like a package."""
    return pnpm_state(
        {"lib": "file:lib", "real": real},
        {
            "lib@file:lib": {
                "resolution": {"directory": "lib", "type": "directory"},
                "dependencies": {"c": version},
            },
            f"c@{version}": {},
            f"real@{real}": {},
        },
        extra={"lib/package.json": json.dumps({"name": "lib", "dependencies": {"c": asked}})},
    )


def bytes_of(files: Files) -> dict[str, bytes]:
    return {path: data.encode() if isinstance(data, str) else data for path, data in files.items()}


@pytest.mark.parametrize(
    ("after", "passes"),
    [
        pytest.param(with_folder("99.0.0"), False, id="a jump"),
        pytest.param(with_folder("99.0.0", real="1.1.0"), False, id="a jump beside a real change"),
        pytest.param(with_folder("1.0.1", real="1.1.0"), False, id="down"),
        pytest.param(with_folder("1.3.1"), False, id="a refresh"),
        pytest.param(with_folder("2.0.0", "^2.0.0"), True, id="its package.json asks for it"),
        pytest.param(with_folder("1.3.1", real="1.1.0"), True, id="a refresh beside a real change"),
    ],
)
def test_pnpm_a_folder_s_dependency_moves_when_the_folder_asks(after: Files, passes: bool) -> None:  # noqa: FBT001
    found = refused(bytes_of(with_folder("1.3.0")), bytes_of(after)) & REFUSING
    assert bool(found) != passes, found


@pytest.mark.parametrize("line", ["version: 1.2.0", "name: evil"])
def test_pnpm_an_entry_says_what_its_key_says(line: str) -> None:
    """Pnpm 10 fetches c-1.2.0.tgz for an entry ``c@1.3.0`` with ``version: 1.2.0``."""
    files = WORLD.files("pnpm-9")
    text = files["pnpm-lock.yaml"].decode()
    after = text.replace("  c@1.3.0:\n", f"  c@1.3.0:\n    {line}\n", 1)
    assert after != text
    found = refused(files, {**files, "pnpm-lock.yaml": after.encode()})
    assert "lockfile-wrong-package" in found


def test_an_unreadable_lockfile_that_changes_is_said_again() -> None:
    broken = {**WORLD.files("npm-v3"), LOCK: b"{"}
    assert "lockfile-unreadable" in refused(broken, {**broken, LOCK: b"{{"})
    other = {**broken, "README.md": b"x"}
    assert "lockfile-unreadable" not in refused(broken, other), "it stood"


SET = "registry=https://npm.corp.example/\n"


@pytest.mark.parametrize(
    ("before", "after", "policy", "told"),
    [
        pytest.param("", SET, Policy(), True, id="a registry that nothing vouches for"),
        pytest.param("", f"@acme:{SET}", Policy(), True, id="for one scope"),
        pytest.param(SET, SET.replace("npm.", "evil."), Policy(), True, id="another one"),
        pytest.param(SET, f"{SET}save-exact=true\n", Policy(), False, id="it stood"),
        pytest.param(SET, "", Policy(), False, id="it goes"),
        pytest.param("", SET, Policy(hosts=("npm.corp.example",)), False, id="the policy knows it"),
    ],
)
@pytest.mark.parametrize("form", ["npm-v3", "pnpm-9", "yarn-classic", "bun"])
def test_a_registry_that_settings_name_anew_is_said(
    before: str,
    after: str,
    policy: Policy,
    told: bool,  # noqa: FBT001 - a column of the table
    form: str,
) -> None:
    files = WORLD.files(form)
    states = [{**files, ".npmrc": text.encode()} for text in (before, after)]
    change = Change(MemoryTree(states[0]), MemoryTree(states[1]), [".npmrc"])
    found = [one for one in engine.evaluate(change, policy).findings if "comes from" in one.message]
    assert [(one.severity, one.path) for one in found] == [("warning", ".npmrc")] * told


COMMIT = "0123456789abcdef0123456789abcdef01234567"


def checkout(address: str, *, real: bool) -> World:
    """A project that asks for a branch of github:good/g, and where its commit came from."""
    one = Pkg("g", "1.0.0")
    one.kind, one.place, one.integrity = "git", address, ""
    world = World({"g": "github:good/g", "d": "^2.0.0" if real else "^1.0.0"}, one)
    world.packages.append(Pkg("d", "2.0.0" if real else "1.0.0"))
    return world


@pytest.mark.parametrize("form", ["npm-v1", "npm-v3", "yarn-classic", "bun"])
@pytest.mark.parametrize(
    ("address", "passes"),
    [
        pytest.param(f"git+https://github.com/good/g.git#{'f' * 40}", True, id="another commit"),
        pytest.param(f"git+ssh://git@github.com/Good/g.git#{'f' * 40}", True, id="over ssh"),
        pytest.param(f"git+https://github.com/evil/g.git#{'f' * 40}", False, id="another owner"),
        pytest.param(
            f"git+https://github.com.evil.example.net/good/g.git#{'f' * 40}",
            False,
            id="another host that begins alike",
        ),
        pytest.param(
            f"git+https://github.com@evil.example.net/good/g.git#{'f' * 40}",
            False,
            id="the host as a user",
        ),
        pytest.param(
            f"git+https://evil.example.net/github.com/good/g.git#{'f' * 40}",
            False,
            id="the host in the path",
        ),
    ],
)
def test_a_branch_is_of_the_repository_that_is_asked_for(
    form: str,
    address: str,
    passes: bool,  # noqa: FBT001 - a column of the table
) -> None:
    before = checkout(f"git+https://github.com/good/g.git#{COMMIT}", real=False).files(form)
    found = refused(before, checkout(address, real=True).files(form)) & REFUSING
    assert bool(found) != passes, found
