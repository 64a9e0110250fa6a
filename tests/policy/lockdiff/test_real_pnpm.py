"""pnpm, commits that were refused wrongly, each beside what one step further must refuse."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest

from tests.policy.lockdiff.test_pnpm_real import tree
from tests.support.npm import sri
from tests.support.states import Files, judged, pnpm_state, refused, told

if TYPE_CHECKING:
    from collections.abc import Mapping

Json = dict[str, Any]
PLAIN: Final[Json] = {}
VITEST: Final = "packages/vitest"


def bench(
    pool: str, packages: tuple[str, ...], *, asks: str = "^1.0.0", globs: str = "../packages/*"
) -> Files:
    """A benchmark with its own lockfile, which holds the projects beside its folder, too."""
    state = pnpm_state(
        {"jest": "^29.0.0"},
        {"jest@29.0.0": PLAIN, **dict.fromkeys(packages, PLAIN)},
        answers={"tinypool": pool},
        told={f"../{VITEST}": {"tinypool": asks}},
    )
    manifest = f'{{"name": "vitest", "dependencies": {{"tinypool": "{asks}"}}}}'
    return {
        **{f"bench/{path}": text for path, text in state.items()},
        "bench/pnpm-workspace.yaml": f"packages:\n  - test/*\n  - {globs}\n",
        f"{VITEST}/package.json": manifest,
    }


def core(*, js: bool = False, meta: bool = True, peer: bool = False) -> Files:
    """A package that pnpm takes as depending on core-js, or as having it for an optional peer."""
    entry: Json = {"dependencies": {"jsx": "1.0.0", **({"core-js": "3.25.5"} if js else {})}}
    if meta:
        entry["peerDependenciesMeta"] = {"core-js": {"optional": True}}
    if peer:
        entry["peerDependencies"] = {"core-js": "^3"}
    packages = {"preset@4.5.19": entry, "core-js@3.25.5": PLAIN, "jsx@1.0.0": PLAIN}
    return pnpm_state({"preset": "*", "core-js": "*"}, packages)


def aliased(name: str, target: str, *, had: str = "typescript@6.0.2") -> Files:
    """``@typescript/typescript6`` is asked for anew, and has another package under a name."""
    asks = {"typescript": "*", "api": "npm:@typescript/typescript6@^6.0.0"}
    entry: Json = {"dependencies": {name: target}}
    packages = {had: PLAIN, target: PLAIN, "@typescript/typescript6@6.0.2": entry}
    return pnpm_state(
        asks, packages, answers={"typescript": "6.0.2", "api": "@typescript/typescript6@6.0.2"}
    )


def plugin(text: str, rollup: str = "3.29.4") -> Files:
    """A package with a peer, whose range pnpm writes."""
    return tree(
        {"rollup": rollup}, f"rollup@{rollup}", entry={"peerDependencies": {"rollup": text}}
    )


def renamed(version: str, *, name: str = "ethers", real: str = "0.2.16") -> Files:
    """A project that has two versions of a package, one under a name with a version in it."""
    packages = {f"{name}@{version}": PLAIN, "ethers@5.7.2": PLAIN, f"real@{real}": PLAIN}
    return pnpm_state(
        {"ethers": "^5.7.2", "ethers@6": "npm:ethers@^6.0.2", "real": real},
        packages,
        answers={"ethers": "5.7.2", "ethers@6": f"{name}@{version}"},
    )


def twoslash(version: str, *, asks: str = "latest", own: str = "") -> Files:
    """A package has TypeScript as a peer, and so has a project, in a version of its own choice."""
    entry: Json = {
        "peerDependencies": {"typescript": "^5.5.0"},
        "dependencies": {"typescript": version},
    }
    packages = {"twoslash@0.3.6": entry, f"typescript@{version}": PLAIN}
    if own:
        packages[f"typescript@{own}"] = PLAIN
    return pnpm_state(
        {"twoslash": "*", "typescript": asks}, packages, answers={"typescript": own or version}
    )


def by_override(version: str, text: str = ">=4.2.0") -> Files:
    """An override in force puts its own range in the place of cosmiconfig's."""
    return tree(
        {"js-yaml": version},
        f"js-yaml@{version}",
        of="cosmiconfig@9.0.0",
        overrides={"js-yaml": text},
        manifest={"packageManager": "pnpm@10.0.0", "pnpm": {"overrides": {"js-yaml": text}}},
    )


PREVIEW: Final = "https://pkg.example.net/ox@386a343"
EVIL: Final = "https://evil.example.net/ox@386a343"


def from_address(reference: str, asks: str) -> Files:
    """A package's optional peer is what the project asks for, from a preview's address."""
    entry: Json = {
        "peerDependencies": {"ox": "^0.8.0"},
        "peerDependenciesMeta": {"ox": {"optional": True}},
        "dependencies": {"ox": reference},
    }
    tarball = {"resolution": {"tarball": reference, "integrity": sri("ox")}, "version": "0.8.5"}
    known: Json = PLAIN if reference[0].isdigit() else tarball
    packages = {"permissionless@0.2.0": entry, f"ox@{reference}": known}
    asked = {"permissionless": "*", "ox": asks}
    return pnpm_state(asked, packages, answers={"ox": reference})


ANY_OF_FOUR: Final = "^1.20.0||^2.0.0||^3.0.0||^4.0.0"
PLAINLY: Final = pnpm_state({"typescript": "*"}, {"typescript@6.0.2": PLAIN})
STATES: Final[Mapping[str, tuple[Files, Files, str]]] = {
    "a dependency becomes an optional peer, without an answer (unocss/unocss 428d0d9b53)": (
        core(js=True),
        core(peer=True),
        "metadata",
    ),
    "pnpm 12.0.0-rc.7 adds a dependency of its own table (typescript-eslint 67955deab2)": (
        tree({}, "json-schema@0.4.0", of="@eslint/core@1.2.1"),
        tree({"json-schema": "0.4.0"}, "json-schema@0.4.0", of="@eslint/core@1.2.1"),
        "refresh",
    ),
    "a package calls a known one by a name of its scope (typescript-eslint 3b155bb134)": (
        PLAINLY,
        aliased("@typescript/old", "typescript@6.0.2"),
        "matched",
    ),
    "a peer's range becomes that of a project (shikijs/shiki 4769588462)": (
        plugin(ANY_OF_FOUR),
        plugin("^4.21.2"),
        "metadata",
    ),
    "a peer's range becomes what it was (shikijs/shiki f59279b954)": (
        plugin("^4.21.2"),
        plugin(ANY_OF_FOUR),
        "metadata",
    ),
    "a project's name for a package holds a version (wevm/viem cc9e3b65d1)": (
        renamed("6.3.0"),
        renamed("6.6.2", real="0.3.0"),
        "matched",
    ),
    "a peer follows the project's answer out of its range (wevm/viem 052f212afd)": (
        twoslash("5.9.3"),
        twoslash("6.0.2"),
        "refresh",
    ),
    "an override's range is what is asked for (wevm/viem 0def056632)": (
        by_override("4.2.0"),
        by_override("5.2.0"),
        "refresh",
    ),
    "a peer follows the project's answer to an address (wevm/viem 752712f1d2)": (
        from_address("0.8.4", "^0.8.0"),
        from_address(PREVIEW, PREVIEW),
        "matched",
    ),
    "a package asks for two majors, and another answers (TanStack/query 8f0d834382)": (
        tree(
            {"zod-validation-error": "3.3.0"},
            "zod-validation-error@3.3.0",
            of="eslint-plugin-react-hooks@6.1.1",
        ),
        tree(
            {"zod-validation-error": "4.0.2"},
            "zod-validation-error@4.0.2",
            of="eslint-plugin-react-hooks@6.1.1",
        ),
        "refresh",
    ),
    "a package asks for three majors, and another answers (pmndrs/zustand 30e36798a4)": (
        tree({"vite": "6.3.5"}, "vite@6.3.5", of="vite-node@3.2.4"),
        tree({"vite": "7.0.6"}, "vite@7.0.6", of="vite-node@3.2.4"),
        "refresh",
    ),
    "a package asks for any version (slidevjs/slidev f0941ce770)": (
        tree({"vue-demi": "0.12.5"}, "vue-demi@0.12.5", of="@vueuse/core@8.7.5"),
        tree({"vue-demi": "0.13.1"}, "vue-demi@0.13.1", of="@vueuse/core@8.7.5"),
        "refresh",
    ),
}


@pytest.mark.parametrize(("before", "after", "wanted"), STATES.values(), ids=STATES)
def test_what_pnpm_writes_has_its_class(before: Files, after: Files, wanted: str) -> None:
    diff = judged(before, after)
    assert diff.classification == wanted, told(diff)


HOOKS: Final = "eslint-plugin-react-hooks@6.1.1"
FURTHER: Final[Mapping[str, tuple[Files, Files]]] = {
    "a major that an earlier version of the package does not ask for": (
        tree({"vite": "6.3.5"}, "vite@6.3.5", of="vite-node@3.1.4"),
        tree({"vite": "7.0.6"}, "vite@7.0.6", of="vite-node@3.1.4"),
    ),
    "a major that no version of the package asks for": (
        tree({"vite": "7.0.6"}, "vite@7.0.6", of="vite-node@3.2.4"),
        tree({"vite": "8.0.0"}, "vite@8.0.0", of="vite-node@3.2.4"),
    ),
    "a dependency of which nothing said that it was an optional peer": (
        core(js=True, meta=False),
        core(peer=True),
    ),
    "a dependency that is gone, though no peer": (core(js=True), core()),
    "a dependency that becomes a peer which must be there": (
        core(js=True, meta=False),
        core(meta=False, peer=True),
    ),
    "a dependency that is in no table": (
        tree({}, "evil@0.4.0", of="@eslint/core@1.2.1"),
        tree({"evil": "0.4.0"}, "evil@0.4.0", of="@eslint/core@1.2.1"),
    ),
    "a dependency of the table under another package": (
        tree({}, "evil@0.4.0", of="@eslint/core@1.2.1"),
        tree({"json-schema": "evil@0.4.0"}, "evil@0.4.0", of="@eslint/core@1.2.1"),
    ),
    "a package calls a known one by a name of nobody's scope": (
        PLAINLY,
        aliased("old", "typescript@6.0.2"),
    ),
    "a package calls a known one by a name of another scope": (
        PLAINLY,
        aliased("@babel/old", "typescript@6.0.2"),
    ),
    "a package calls an unknown one by a name of its scope": (
        PLAINLY,
        aliased("@typescript/old", "evil@6.0.2"),
    ),
    "a peer's range becomes one that the package does not take": (
        plugin(ANY_OF_FOUR),
        plugin("^5.0.0"),
    ),
    "a peer's range becomes another within it, and no caret's": (
        plugin(ANY_OF_FOUR),
        plugin(">=4.21.2 <5"),
    ),
    "a peer's range becomes one that holds another's ends, and nothing between": (
        plugin("^3.21.2"),
        plugin("3.21.2 || >=3.999999.0"),
    ),
    "a peer's range becomes one of numbers that nobody reads": (
        plugin(ANY_OF_FOUR),
        plugin(f"^{'9' * 400}.0.0"),
    ),
    "a peer's range becomes what it was, and its answer jumps": (
        plugin("^3.21.2"),
        plugin(ANY_OF_FOUR, "4.0.0"),
    ),
    "another package under such a name": (
        renamed("6.4.0"),
        renamed("6.4.0", name="evil", real="0.3.0"),
    ),
    "a peer jumps to what no project has": (
        twoslash("5.9.3"),
        twoslash("6.0.2", own="5.9.3"),
    ),
    "a peer follows a project to what that does not ask for": (
        twoslash("5.9.3", asks="^5.0.0"),
        twoslash("6.0.2", asks="^5.0.0"),
    ),
    "a jump out of an override's range": (
        by_override("4.2.0", "^4.2.0"),
        by_override("5.2.0", "^4.2.0"),
    ),
    "a peer from an address that the project does not ask for": (
        from_address("0.8.4", "^0.8.0"),
        from_address(EVIL, "^0.8.0"),
    ),
    "a peer from another address than the project's": (
        from_address("0.8.4", "^0.8.0"),
        from_address(EVIL, PREVIEW),
    ),
    "a package asks for two majors, and a third answers": (
        tree({"zod-validation-error": "3.3.0"}, "zod-validation-error@3.3.0", of=HOOKS),
        tree({"zod-validation-error": "5.0.0"}, "zod-validation-error@5.0.0", of=HOOKS),
    ),
    "a version of the package that asked for one major only": (
        tree(
            {"zod-validation-error": "3.3.0"},
            "zod-validation-error@3.3.0",
            of="eslint-plugin-react-hooks@6.0.0",
        ),
        tree(
            {"zod-validation-error": "4.0.2"},
            "zod-validation-error@4.0.2",
            of="eslint-plugin-react-hooks@6.0.0",
        ),
    ),
    "a package that may be any version goes down": (
        tree({"vue-demi": "0.13.1"}, "vue-demi@0.13.1", of="@vueuse/core@8.7.5"),
        tree({"vue-demi": "0.12.5"}, "vue-demi@0.12.5", of="@vueuse/core@8.7.5"),
    ),
}


@pytest.mark.parametrize(("before", "after"), FURTHER.values(), ids=FURTHER)
def test_one_step_further_is_refused(before: Files, after: Files) -> None:
    diff = judged(before, after)
    assert diff.classification in ("unexplained", "tampered"), told(diff)
    assert refused(before, after)


ABOVE: Final = bench("1.0.0", ("tinypool@1.0.0",))


@pytest.mark.parametrize(
    ("after", "wanted"),
    [
        pytest.param(
            bench("2.0.0", ("tinypool@2.0.0",), asks="^2.0.0"),
            "matched",
            id="its requirement is followed late (vitest-dev/vitest b90ecae39d)",
        ),
        pytest.param(bench("1.1.0", ("tinypool@1.1.0",)), "refresh", id="in its range"),
        pytest.param(bench("2.0.0", ("tinypool@2.0.0",)), "unexplained", id="out of its range"),
        pytest.param(bench("0.9.0", ("tinypool@0.9.0",)), "unexplained", id="down"),
        pytest.param(
            bench("1.0.0", ("tinypool@1.0.0", "evil@1.0.0")), "unexplained", id="an orphan beside"
        ),
        pytest.param(
            bench("1.1.0", ("tinypool@1.1.0",), globs="../apps/*"),
            "unexplained",
            id="a project that the workspace does not declare",
        ),
    ],
)
def test_a_project_above_the_lockfile_s_folder(after: Files, wanted: str) -> None:
    diff = judged(ABOVE, after, "bench")
    assert diff.classification == wanted, told(diff)
