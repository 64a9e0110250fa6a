"""pnpm, commits with another package under a name, a lost dependency or a generated project.

Each beside what one step further must refuse.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import pytest

from lockward import lockdiff
from lockward.lockdiff.witness import Nobody
from lockward.memory import MemoryTree
from lockward.policy import Policy
from lockward.project import Project
from tests.policy.lockdiff.test_pnpm_real import tree
from tests.support.commits import berry, manifest
from tests.support.states import Files, judged, pnpm_state, refused, told

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lockward.lockdiff import LockDiff
    from lockward.lockdiff.witness import Wanted

Json = dict[str, Any]
SIX: Final = "@typescript/typescript6@6.0.2"
CATALOG: Final = "npm:@typescript/typescript6@^6.0.2"


def typescript(
    own: str, peer: str, *, catalog: str = CATALOG, section: str = "peerDependencies"
) -> Files:
    """A project has TypeScript under another name, by a catalog; a package has it for a peer."""
    packages: dict[str, Json] = {
        "plugin-dts@0.27.8": {
            section: {"typescript": "^5 || ^6"},
            "dependencies": {"typescript": peer},
        },
        **{one if "@" in one else f"typescript@{one}": {} for one in (own, peer)},
    }
    return pnpm_state(
        {"plugin-dts": "*", "typescript": "catalog:"},
        packages,
        answers={"typescript": own},
        extra={"pnpm-workspace.yaml": f"catalog:\n  typescript: {catalog}\n"},
        catalogs={"default": {"typescript": {"specifier": catalog, "version": "6.0.2"}}},
    )


THREE: Final = typescript("6.0.3", "6.0.3", catalog="~6.0.3")


@pytest.mark.parametrize(
    ("after", "laundered"),
    [
        pytest.param(
            typescript(SIX, SIX), False, id="the project's own (rolldown/tsdown 76144dd2d3)"
        ),
        pytest.param(typescript(SIX, "@evil/ts@6.0.2"), True, id="another than the project's"),
        pytest.param(
            typescript("@evil/ts@6.0.2", "@evil/ts@6.0.2"), True, id="one that no project asks for"
        ),
        pytest.param(
            typescript(SIX, SIX, section="engines"), True, id="of a name that is no peer's"
        ),
    ],
)
def test_a_peer_under_another_name(after: Files, *, laundered: bool) -> None:
    diff = judged(THREE, after)
    assert ("laundered" in {item.code for item in diff.items}) is laundered, told(diff)
    assert bool(refused(THREE, after)) is laundered


SPEC: Final = "0.39.7"


@pytest.mark.parametrize(
    ("version", "reference", "laundered"),
    [
        pytest.param("0.39.7", "eslint-plugin-i@2.27.5-3", False, id="as it is published"),
        pytest.param("0.39.7", "eslint-plugin-evil@2.27.5-3", True, id="another package"),
        pytest.param("0.39.5", "eslint-plugin-i@2.27.5-3", True, id="of a version without it"),
    ],
)
def test_an_alias_that_is_known_of_a_published_version(
    version: str, reference: str, *, laundered: bool
) -> None:
    """elk-zone/elk fbf49368c1."""
    packages: dict[str, Json] = {
        f"@antfu/eslint-config@{version}": {"dependencies": {"eslint-plugin-import": reference}},
        reference: {},
    }
    diff = judged(pnpm_state({}, {}), pnpm_state({"@antfu/eslint-config": "*"}, packages))
    assert ("laundered" in {item.code for item in diff.items}) is laundered, told(diff)


NOBODY: Final[Json] = {"cpu": ["!arm", "!arm64", "!x64"], "optional": True}


def sass(
    *, needs: str = "", name: str = "sass", entry: Mapping[str, Any] = NOBODY, of: str = "sass-rest"
) -> Files:
    """A package that no usual platform installs, and what it needs, which a project has."""
    packages: dict[str, Json] = {
        f"{of}@1.100.0": {**entry, **({"dependencies": {name: needs}} if needs else {})},
        f"{name}@{needs or '1.100.0'}": {},
    }
    return pnpm_state({of: "*", name: "*"}, packages)


@pytest.mark.parametrize(
    ("before", "after", "tampered"),
    [
        pytest.param(
            sass(), sass(needs="1.100.0"), False, id="again (vbenjs/vue-vben-admin 60eb1335f8)"
        ),
        pytest.param(
            sass(name="evil"), sass(needs="1.100.0", name="evil"), True, id="what is not called so"
        ),
        pytest.param(
            sass(of="sassy"), sass(of="sassy", needs="1.100.0"), True, id="a name that begins so"
        ),
        pytest.param(sass(), sass(needs="1.99.0"), True, id="of another version"),
        pytest.param(
            sass(entry={"optional": True}),
            sass(entry={"optional": True}, needs="1.100.0"),
            True,
            id="of a package that everybody installs",
        ),
        pytest.param(
            sass(entry={**NOBODY, "cpu": ["!arm64"]}),
            sass(entry={**NOBODY, "cpu": ["!arm64"]}, needs="1.100.0"),
            True,
            id="of a package that some install",
        ),
        pytest.param(
            sass(entry={**NOBODY, "cpu": ["arm"]}),
            sass(needs="1.100.0"),
            True,
            id="of a package that everybody left only now",
        ),
    ],
)
def test_what_a_package_for_no_usual_platform_needs(
    before: Files, after: Files, *, tampered: bool
) -> None:
    diff = judged(before, after)
    assert (diff.classification == "tampered") is tampered, told(diff)


class Recorded(Nobody):
    """A past in which lefthook required something."""

    def __init__(self, **required: str) -> None:
        self._required = required

    def required(self, path: str, wanted: Wanted, /) -> Mapping[str, str]:
        """See lockward.lockdiff.witness.Witness."""
        assert path == "pnpm-lock.yaml"
        return self._required if wanted == ("lefthook", "2.1.5") else {}


def lefthook(section: str, **needs: str) -> Files:
    """A package for one platform or more."""
    entry = {section: {name.replace("_", "-"): to for name, to in needs.items()}}
    others = {f"{name}@{to}": {"optional": True} for name, to in entry[section].items()}
    return pnpm_state({"lefthook": "*"}, {"lefthook@2.1.5": entry, **others})


def with_past(before: Files, after: Files) -> LockDiff:
    """The judgement, with a past that knows lefthook-linux-x64 2.1.5."""
    policy = Policy()
    old, new = (Project(MemoryTree(files), "", policy) for files in (before, after))
    return lockdiff.compare(old, new, policy, Recorded(**{"lefthook-linux-x64": "2.1.5"}))


OPTIONAL: Final = "optionalDependencies"
WHOLE: Final = lefthook(OPTIONAL, lefthook_darwin_x64="2.1.5", lefthook_linux_x64="2.1.5")


@pytest.mark.parametrize(
    ("section", "needs", "wanted"),
    [
        pytest.param(OPTIONAL, {"lefthook_linux_x64": "2.1.5"}, "refresh", id="what was lost"),
        pytest.param(
            OPTIONAL, {"lefthook_linux_x64": "2.1.6"}, "tampered", id="in another version"
        ),
        pytest.param(OPTIONAL, {"lefthook_evil": "2.1.5"}, "tampered", id="what never was"),
        pytest.param(
            "dependencies", {"lefthook_linux_x64": "2.1.5"}, "tampered", id="for everybody"
        ),
    ],
)
def test_an_optional_dependency_that_pnpm_had_lost(
    section: str, needs: dict[str, str], wanted: str
) -> None:
    """As in vbenjs/vue-vben-admin 6885927441, where the past did not know it."""
    before = lefthook(section, lefthook_darwin_x64="2.1.5")
    after = lefthook(section, lefthook_darwin_x64="2.1.5", **needs)
    diff = with_past(before, after)
    assert diff.classification == wanted, told(diff)


def test_without_a_past_it_looks_like_one_that_was_added() -> None:
    before = lefthook(OPTIONAL, lefthook_darwin_x64="2.1.5")
    diff = judged(before, WHOLE)
    assert diff.classification == "tampered", told(diff)
    (brought,) = (item for item in diff.items if item.code == "no-cause")
    assert brought.cause == "lefthook wants 2.1.5, and did not before"


def generated(
    *,
    record: Mapping[str, str] | None = None,
    globs: str = "docs/vitepress",
    extra: Mapping[str, str] | None = None,
    packages: tuple[str, ...] = ("vue@3.4.0",),
    answers: Mapping[str, str] | None = None,
) -> Files:
    """A workspace with a project that a build makes, and that the lockfile may record."""
    return pnpm_state(
        {"vue": "^3.0.0"},
        {one: {} for one in packages},
        told={} if record is None else {"docs/vitepress": record},
        answers=answers,
        extra={"pnpm-workspace.yaml": f"packages:\n  - {globs}\n", **(extra or {})},
    )


UNHELD: Final = "git holds no package.json in this folder: nothing says what it asks for"
MANIFEST: Final = {"docs/vitepress/package.json": json.dumps({"name": "x"})}


@pytest.mark.parametrize(
    ("after", "cause"),
    [
        pytest.param(
            generated(record={"vue": "^3.0.0"}), None, id="it brings nothing (mermaid 20c321076a)"
        ),
        pytest.param(
            generated(record={"evil": "^1.0.0"}, packages=("vue@3.4.0", "evil@1.0.0")),
            UNHELD,
            id="it brings a package",
        ),
        pytest.param(
            generated(record={"vue": "^3.0.0"}, globs="docs/other"),
            UNHELD,
            id="the workspace does not declare it",
        ),
        pytest.param(
            generated(record={"vue": "^3.0.0"}, globs="docs/other", extra=MANIFEST),
            "no package.json makes this folder a workspace or asks for it",
            id="git holds it, and no workspace does",
        ),
    ],
)
def test_a_generated_project_joins(after: Files, cause: str | None) -> None:
    before = generated()
    diff = judged(before, after)
    found = [item.cause for item in diff.items if item.code == "importer"]
    assert found == ([] if cause is None else [cause]), told(diff)
    assert bool(refused(before, after)) is (cause is not None)


def test_what_a_generated_project_brings_has_no_cause() -> None:
    before = generated(record={"vue": "^3.0.0"})
    after = generated(
        record={"vue": "^3.0.0", "evil": "^1.0.0"}, packages=("vue@3.4.0", "evil@1.0.0")
    )
    diff = judged(before, after)
    assert diff.classification == "unexplained", told(diff)
    causes = {item.cause for item in diff.items if item.name == "evil"}
    wants = "docs/vitepress/package.json wants ^1.0.0, and git holds no package.json that says so"
    assert wants in causes
    assert refused(before, after)


def test_a_generated_project_does_not_rename() -> None:
    before = generated(packages=("vue@3.4.0", "evil@1.0.0"))
    after = generated(
        record={"vue": "^3.0.0"},
        packages=("vue@3.4.0", "evil@1.0.0"),
        answers={"vue": "evil@1.0.0"},
    )
    diff = judged(before, after)
    assert diff.classification in ("unexplained", "tampered"), told(diff)


@pytest.mark.parametrize(
    ("version", "of", "refused_as"),
    [
        pytest.param("2.20.0", "0.10.3", None, id="in a range of three lines (vben dd833ca56b)"),
        pytest.param("2.20.0", "0.11.5", "major-jump", id="in a line that this version lacks"),
        pytest.param("2.20.1", "0.11.5", None, id="which the next version has"),
        pytest.param("2.19.9", "0.10.3", "major-jump", id="of a version that is not known"),
    ],
)
def test_a_jump_that_a_published_range_takes(version: str, of: str, refused_as: str | None) -> None:
    asker = f"eslint-plugin-jsonc@{version}"
    before = tree({"synckit": "0.6.2"}, "synckit@0.6.2", of=asker, real="1.0.0")
    after = tree({"synckit": of}, f"synckit@{of}", of=asker, real="1.1.0")
    diff = judged(before, after)
    codes = {item.code for item in diff.items if item.classification == "unexplained"}
    assert codes == ({refused_as} if refused_as else set()), told(diff)


@pytest.mark.parametrize(
    ("asker", "name", "jumps"),
    [
        pytest.param("@types/cache-manager", "cache-manager", False, id="its own package"),
        pytest.param("@types/acme__cache", "@acme/cache", False, id="its own, with a scope"),
        pytest.param("@types/cache", "cache-manager", True, id="another package"),
        pytest.param("types-cache-manager", "cache-manager", True, id="of somebody else's"),
    ],
)
def test_a_stub_asks_for_any_version_of_what_brings_its_own_types(
    asker: str, name: str, *, jumps: bool
) -> None:
    """gitroomhq/postiz-app 29461017b8."""
    before, after = (
        tree({name: of}, f"{name}@{of}", of=f"{asker}@1.0.0", real=real)
        for of, real in (("6.4.2", "1.0.0"), ("7.0.1", "1.1.0"))
    )
    diff = judged(before, after)
    assert ("major-jump" in {item.code for item in diff.items}) is jumps, told(diff)


def emmet(version: str, commit: str, *, asker: str = "volar-service-emmet") -> Files:
    """A package of a registry that depends on a commit."""
    address = f"https://codeload.github.com/r/css-parser/tar.gz/{commit}"
    packages: dict[str, Json] = {
        f"{asker}@{version}": {"dependencies": {"css-parser": address}},
        f"css-parser@{address}": {"resolution": {"tarball": address}, "version": "0.4.0"},
    }
    return pnpm_state({asker: version}, packages)


@pytest.mark.parametrize(
    ("after", "switched"),
    [
        pytest.param(emmet("0.0.65", "a" * 40), False, id="the commit that it had"),
        pytest.param(emmet("0.0.65", "b" * 40), True, id="another commit"),
        pytest.param(emmet("0.0.65", "a" * 40, asker="evil"), True, id="somebody else"),
    ],
)
def test_another_version_depends_on_the_same_commit(after: Files, *, switched: bool) -> None:
    """vuejs/language-tools 0e917c601b."""
    diff = judged(emmet("0.0.64", "a" * 40), after)
    found = {item.code for item in diff.items} & {"source-switched", "unasked-source"}
    assert bool(found) is switched, told(diff)


def test_a_requirement_shows_what_its_catalog_says() -> None:
    """vbenjs/vue-vben-admin 2a5b520ec9: pnpm left a catalog's version behind."""
    state = {
        spec: pnpm_state(
            {"vite": "catalog:", "real": real},
            {"vite@8.0.0": {}, f"real@{real}": {}},
            extra={"pnpm-workspace.yaml": f"catalog:\n  vite: {spec}\n"},
            catalogs={"default": {"vite": {"specifier": spec, "version": "8.0.0"}}},
        )
        for spec, real in (("^8.0.0", "1.0.0"), ("^8.0.1", "1.1.0"))
    }
    diff = judged(state["^8.0.0"], state["^8.0.1"])
    causes = [item.cause for item in diff.items if item.code == "unanswered"]
    assert causes == ["package.json wants catalog: (^8.0.1)"], told(diff)


@pytest.mark.parametrize(
    ("had", "wanted"),
    [
        pytest.param("npm:@electric-sql/pglite@0.2.17", "matched", id="what Yarn's records"),
        pytest.param("npm:@electric-sql/other@0.2.17", "tampered", id="another package"),
        pytest.param("npm:@electric-sql/pglite@0.2.16", "tampered", id="another version"),
        pytest.param("npm:^0.2.17", "tampered", id="the package of that name"),
    ],
)
def test_honojs_middleware_5e32c001cf_another_manager_s_lockfile_knows_an_alias(
    had: str, wanted: str
) -> None:
    """A lockfile of pnpm takes the place of Yarn's, which wrote what a package asks for."""
    asks = {"tools": "^15.0.0"}
    key = f"pglite-2@{had}"
    at = had.removeprefix("npm:").replace("@0", "@npm:0") if "/" in had else "pglite-2@npm:0.2.17"
    rows = (
        "app@workspace:. = 0.0.0-use.local [in=.] > tools npm:^15.0.0\n"
        f"tools@npm:^15.0.0 = 15.1.0 > pglite-2 {had}\n"
        f"{key} = 0.2.17 [at={at}]"
    )
    before: Files = {"package.json": manifest(asks), "yarn.lock": berry(rows)}
    packages: dict[str, Json] = {
        "tools@15.2.0": {"dependencies": {"pglite-2": "@electric-sql/pglite@0.2.17"}},
        "@electric-sql/pglite@0.2.17": {},
    }
    diff = judged(before, pnpm_state(asks, packages))
    assert diff.classification == wanted, told(diff)
