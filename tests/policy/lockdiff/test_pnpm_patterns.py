"""Honest changes of pnpm lockfiles that look bad, each reduced from the commit in its id."""

from __future__ import annotations

from typing import Any, Final

import pytest

from lockward import lockdiff
from lockward.memory import MemoryTree
from lockward.policy import Policy
from lockward.project import Project
from lockward_hooks.memory import Memory
from tests.policy.lockdiff.test_every_format import classes
from tests.policy.lockdiff.test_every_format import judged as judged_worlds
from tests.support.states import Files, judged, pnpm_state, refused, told
from tests.support.worlds import Pkg, World, sri

Json = dict[str, Any]
PLAIN: Final[Json] = {}


def deps(**wanted: str) -> Json:
    """A package's entry with these dependencies; ``_`` stands for ``-``."""
    return {"dependencies": {name.replace("_", "-"): to for name, to in wanted.items()}}


def state(
    asks: dict[str, str], /, *packages: str, needs: dict[str, Json] = PLAIN, **more: object
) -> Files:
    """Plain packages, and ``needs``: those that have dependencies."""
    return pnpm_state(asks, {**needs, **dict.fromkeys(packages, PLAIN)}, **more)  # type: ignore[arg-type]


def strong(key: str) -> Json:
    return {"resolution": {"integrity": sri(key)}}


def weak(key: str) -> Json:
    return {"resolution": {"integrity": sri(key, "sha1")}}


WEB: Final = {"web": "^1.0.0"}


def obug(version: str) -> Files:
    """``web`` needs debug, in whose place an override puts obug."""
    return state(
        WEB,
        f"obug@{version}",
        needs={"web@1.0.0": deps(debug=f"obug@{version}")},
        manifest={"pnpm": {"overrides": {"debug": "npm:obug@^1.0.2"}}},
        overrides={"debug": "npm:obug@^1.0.2"},
    )


PATTERNS: Final = {
    "a bot moves one range and refreshes the rest (vitejs/vite 04f345b370)": (
        state({"a": "^1.0.0", "b": "^1.0.0"}, "a@1.0.0", "b@1.0.0"),
        state({"a": "^2.0.0", "b": "^1.0.0"}, "a@2.0.0", "b@1.3.0"),
        "matched",
    ),
    "an update bot refreshes in range alone (trpc/trpc b774f34a75)": (
        state(WEB, "web@1.0.0"),
        state(WEB, "web@1.0.1"),
        "refresh",
    ),
    "the lockfile catches up (vueuse/vueuse 4fc3c3ace9)": (
        state({"a": "^2.0.0"}, "a@1.0.0", recorded={"a": "^1.0.0"}),
        state({"a": "^2.0.0"}, "a@2.0.0"),
        "matched",
    ),
    "a left-over is pruned (vitejs/vite 931684ef1e)": (
        state(WEB, "web@1.0.0", "pluginutils@1.0.0-beta.29"),
        state(WEB, "web@1.0.0"),
        "metadata",
    ),
    "copies are merged beside a requirement (vitejs/vite 2aa5ae3b96)": (
        state(
            {"web": "^1.0.0", "api": "^1.0.0", "real": "1.0.0"},
            *("util@1.2.0", "util@1.3.0", "real@1.0.0"),
            needs={"web@1.0.0": deps(util="1.2.0"), "api@1.0.0": deps(util="1.3.0")},
        ),
        state(
            {"web": "^1.0.0", "api": "^1.0.0", "real": "1.1.0"},
            *("util@1.3.0", "real@1.1.0"),
            needs={"web@1.0.0": deps(util="1.3.0"), "api@1.0.0": deps(util="1.3.0")},
        ),
        "matched",
    ),
    "copies are merged alone: a refresh (unocss/unocss 9e891abd95)": (
        state(
            {"web": "^1.0.0", "api": "^1.0.0"},
            *("util@1.2.0", "util@1.3.0"),
            needs={"web@1.0.0": deps(util="1.2.0"), "api@1.0.0": deps(util="1.3.0")},
        ),
        state(
            {"web": "^1.0.0", "api": "^1.0.0"},
            "util@1.3.0",
            needs={"web@1.0.0": deps(util="1.3.0"), "api@1.0.0": deps(util="1.3.0")},
        ),
        "refresh",
    ),
    "an update goes down inside ^9 || ^10 to merge copies (vitejs/vite 86aee6268a)": (
        state(
            {"lint": "^4.0.0", "glob": "^10.0.0", "real": "1.0.0"},
            *("minimatch@9.0.5", "minimatch@10.2.5", "real@1.0.0"),
            needs={"lint@4.16.2": deps(minimatch="10.2.5"), "glob@10.5.0": deps(minimatch="9.0.5")},
        ),
        state(
            {"lint": "^4.0.0", "glob": "^10.0.0", "real": "1.1.0"},
            *("minimatch@9.0.9", "real@1.1.0"),
            needs={"lint@4.16.2": deps(minimatch="9.0.9"), "glob@10.5.0": deps(minimatch="9.0.9")},
        ),
        "matched",
    ),
    "sha1 becomes sha512 (vitejs/vite 9a1fd4ccf8)": (
        pnpm_state(WEB, {"web@1.0.0": weak("web@1.0.0")}),
        pnpm_state(WEB, {"web@1.0.0": strong("web@1.0.0")}),
        "metadata",
    ),
    "sha1 becomes sha512 in twenty entries while copies merge (vueuse/vueuse e7e49fe424)": (
        pnpm_state(
            dict.fromkeys("abcdefghijklmnopqrst", "^1.0.0"),
            {f"{name}@1.0.0": weak(f"{name}@1.0.0") for name in "abcdefghijklmnopqrst"},
        ),
        pnpm_state(
            dict.fromkeys("abcdefghijklmnopqrst", "^1.0.0"),
            {f"{name}@1.0.0": strong(f"{name}@1.0.0") for name in "abcdefghijklmnopqrst"},
        ),
        "metadata",
    ),
    "packageExtensions add an edge to an unchanged package (vitejs/vite 9239750e61)": (
        state(WEB, "web@1.0.0"),
        state(
            WEB,
            "types@1.0.8",
            needs={"web@1.0.0": deps(types="1.0.8")},
            manifest={"pnpm": {"packageExtensions": {"web": {"dependencies": {"types": "*"}}}}},
        ),
        "matched",
    ),
    "an override takes another package (vitejs/vite 203a5512a4)": (
        state(WEB, "debug@4.4.0", needs={"web@1.0.0": deps(debug="4.4.0")}),
        obug("1.0.2"),
        "matched",
    ),
    "the package of such an override is refreshed (vitejs/vite a668014dba)": (
        obug("1.0.2"),
        obug("1.0.3"),
        "refresh",
    ),
    "a new package depends on another under an alias (vitejs/vite eb204fd3c5)": (
        state({}),
        state(
            {"cliui": "^8.0.0"},
            *("string-width@5.1.2", "string-width@4.2.3"),
            needs={
                "@isaacs/cliui@8.0.2": deps(
                    string_width="5.1.2", string_width_cjs="string-width@4.2.3"
                ),
                "cliui@8.0.0": deps(**{"@isaacs/cliui": "8.0.2"}),
            },
        ),
        "matched",
    ),
    "platforms join with the release that has them (vitejs/vite 72e398a46d)": (
        state(
            WEB,
            "web-linux@1.0.0",
            needs={"web@1.0.0": {"optionalDependencies": {"web-linux": "1.0.0"}}},
        ),
        state(
            {"web": "^1.1.0"},
            *("web-linux@1.1.0", "web-riscv@1.1.0"),
            needs={
                "web@1.1.0": {"optionalDependencies": {"web-linux": "1.1.0", "web-riscv": "1.1.0"}}
            },
        ),
        "matched",
    ),
    "a revert takes a requirement back (sveltejs/kit b48cdb7e9a)": (
        state({}),
        state(
            {"chokidar": "^5.0.0"},
            "readdirp@5.0.0",
            needs={"chokidar@5.0.0": deps(readdirp="5.0.0")},
        ),
        "matched",
    ),
}


@pytest.mark.parametrize(("before", "after", "wanted"), PATTERNS.values(), ids=PATTERNS)
def test_an_honest_change_has_its_class(before: Files, after: Files, wanted: str) -> None:
    diff = judged(before, after)
    assert diff.classification == wanted, told(diff)
    assert bool(refused(before, after)) == (wanted == "refresh")


def lower(version: str, real: str = "1.0.0") -> Files:
    """``web`` needs flatted, at a version that may go down."""
    return state(
        {"web": "^1.0.0", "real": real},
        *(f"flatted@{version}", f"real@{real}"),
        needs={"web@1.0.0": deps(flatted=version)},
    )


@pytest.mark.parametrize(
    ("seen", "real", "wanted"),
    [
        pytest.param(
            "3.3.3", "1.1.0", "matched", id="a stale branch merges (vitejs/vite 3c8bf064ec)"
        ),
        pytest.param("3.3.3", "1.0.0", "rollback", id="alone (trpc/trpc 12bbc8ebf7)"),
        pytest.param("3.3.2", "1.1.0", "unexplained", id="to what was never locked"),
    ],
)
def test_a_version_that_comes_back_is_a_rollback(seen: str, real: str, wanted: str) -> None:
    witness = Memory()
    policy = Policy()
    old, before, after = (
        Project(MemoryTree(files), "", policy)
        for files in (lower(seen), lower("3.4.2"), lower("3.3.3", real))
    )
    for project in (old, before):
        witness.remember(project.lockfile)
    diff = lockdiff.compare(before, after, policy, witness)
    assert diff.classification == wanted, told(diff)
    if wanted == "matched":
        assert [item.code for item in diff.refresh_alongside] == ["rollback"]


def forked(*names: str, lost: str = "") -> Files:
    """A project with the requirements of one branch, or of both."""
    asks = dict.fromkeys(("base", *names), "^1.0.0")
    return state(asks, *(f"{name}@1.0.0" for name in asks if name != lost), answers={lost: "1.0.0"})


def test_a_union_of_two_branches_is_nobody_s_tampering() -> None:
    """vitejs/vite 4a7f8d43e6: a long-lived fork; the merge is held against each parent."""
    for parent in (forked("ours"), forked("theirs")):
        assert judged(parent, forked("ours", "theirs")).classification == "matched"
        assert not refused(parent, forked("ours", "theirs"))
        assert refused(parent, forked("ours", "theirs", lost="base")), "an entry lost in the text"


OLD: Final = World(
    {"a": "^1.0.0"}, Pkg("a", "1.1.0", b="^1.0.0"), Pkg("b", "1.2.3"), Pkg("esbuild", "0.20.0")
)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param("pnpm-5", "pnpm-6", id="5.4 to 6.0 (vueuse/vueuse d0127e47e9)"),
        pytest.param("pnpm-6", "pnpm-9", id="6.0 to 9.0 (vitejs/vite 6851a707f5)"),
    ],
)
def test_a_migration_drops_what_pnpm_no_longer_records(old: str, new: str) -> None:
    world = OLD.copy()
    world.asks = {**world.asks, "esbuild": "^0.20.0"}
    before = world.copy()
    before.get("esbuild").facts["requiresBuild"] = True
    diff = judged_worlds(before, world, old, new)
    assert diff.classification == "metadata", classes(diff)
    for name in ("b", "esbuild"):
        evil = world.copy()
        evil.get(name).integrity = sri("evil")
        assert judged_worlds(before, evil, old, new).classification == "tampered"
        evil = world.copy()
        evil.get(name).deps = {**evil.get(name).deps, "a": "^1.0.0"}
        assert judged_worlds(before, evil, old, new).classification == "tampered"


def folder(version: str, *, edited: bool) -> Files:
    """A dependency that lies in the repository: its package.json may change."""
    wanted = {"dep": version} if edited else {}
    key = "lib@file:lib"
    entry = {"resolution": {"directory": "lib", "type": "directory"}, "dependencies": wanted}
    return pnpm_state(
        {"lib": "file:lib"},
        {key: entry, **({f"dep@{version}": PLAIN} if edited else {})},
        answers={"lib": "file:lib"},
        extra={"lib/package.json": '{"name": "lib", "dependencies": {"dep": "^1.0.0"}}'},
    )


def test_a_folder_of_the_repository_may_ask_for_more() -> None:
    """vitejs/vite 456096953f."""
    diff = judged(folder("1.0.0", edited=False), folder("1.0.0", edited=True))
    assert diff.classification != "tampered", told(diff)
    assert not {item.code for item in diff.items} & {"edges-changed", "no-cause", "orphan"}


@pytest.mark.parametrize("fact", [{"os": ["aix"]}, {"engines": {"node": ">=99"}}, {"hasBin": True}])
def test_a_minor_step_of_the_format_adds_nothing_to_an_entry(fact: dict[str, Any]) -> None:
    """cypress-io/github-action 6ea40ba52, where nobody recorded ``os``."""
    one = pnpm_state({"a": "^1.0.0"}, {"a@1.0.0": PLAIN})
    assert not refused(one, _next_minor(one))
    evil = pnpm_state({"a": "^1.0.0"}, {"a@1.0.0": {**PLAIN, **fact}})
    assert judged(one, _next_minor(evil)).classification == "tampered"


def _next_minor(files: Files) -> Files:
    text = str(files["pnpm-lock.yaml"]).replace("'9.0'", "'9.1'")
    assert "'9.1'" in text
    return {**files, "pnpm-lock.yaml": text}
