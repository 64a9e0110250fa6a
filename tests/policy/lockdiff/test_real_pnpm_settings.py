"""pnpm, commits that settings explain or pnpm's own habits, each beside one step further."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest

from tests.policy.lockdiff.test_pnpm_real import tree
from tests.support.states import Files, judged, pnpm_state, refused, told

if TYPE_CHECKING:
    from collections.abc import Mapping

Json = dict[str, Any]
PLAIN: Final[Json] = {}
HUB: Final = "packages/hub/package.json"
REFUSED: Final = ("unexplained", "tampered")


def parted(
    version: str, *others: str, asks: str = "^4.0.0", apart: bool = True, root: str = ""
) -> Files:
    """A workspace whose members have lockfiles of their own, or so it says."""
    npmrc = {".npmrc": "shared-workspace-lockfile=false\n"} if apart else {}
    return pnpm_state(
        {"eslint": root or version},
        {f"eslint@{version}": PLAIN, **dict.fromkeys(others, PLAIN)},
        extra={
            **npmrc,
            "pnpm-workspace.yaml": "packages: [packages/*]\n",
            HUB: f'{{"name": "hub", "dependencies": {{"vite": "{asks}"}}}}',
        },
    )


def plugin(
    text: str, *, allowed: Mapping[str, str] | None = None, vite: str = "4.0.2", of: str = "plugin"
) -> Files:
    """A package with a peer, under peerDependencyRules."""
    rules = {"peerDependencyRules": {"allowedVersions": dict(allowed or {})}}
    return tree(
        {"vite": vite},
        f"vite@{vite}",
        of=f"{of}@1.4.0",
        entry={"peerDependencies": {"vite": text}},
        manifest={"packageManager": "pnpm@7.18.0", "pnpm": rules if allowed else {}},
    )


ALLOWED: Final = {"vite": "^2.9.0 || ^3.0.0 || ^4.0.0"}
THREE: Final = "^3.0.0 || ^2.9.0"
FOUR: Final = "^3.0.0 || ^2.9.0 || ^4.0.0"


def of_project(text: str, react: str, *, asks: str = "") -> Files:
    """A package with a peer, which the project asks for as well."""
    packages: dict[str, Json] = {
        "tailwind@0.0.12": {
            "peerDependencies": {"react": text},
            "dependencies": {"react": react},
        },
        f"react@{react}": PLAIN,
    }
    return pnpm_state({"tailwind": "*", "react": asks or react}, packages)


TO: Final = "npm:@qwik.dev/router@^2.0.0"


def renamed(*, side: str, answer: str = "@qwik.dev/router@2.0.0", override: str = TO) -> Files:
    """A peer that an override gives to another package: a peer (pnpm 9), a dependency (10)."""
    entry: Json = {"peerDependencies": {"city": override or "^1"}} if side == "peer" else {}
    overrides: Json = {"overrides": {"city": override}} if override else {}
    needs = {"city": answer} if side == "dependency" else {}
    return tree(
        needs,
        answer,
        of="forms@0.24.0",
        entry=entry,
        manifest={"packageManager": "pnpm@10.14.0", "pnpm": overrides},
        **overrides,
    )


def overridden(version: str, key: str = "multer@1.4.5-lts.2", to: str = "2.0.0") -> Files:
    """An override for one prerelease."""
    overrides: Json = {"overrides": {key: to}} if version == "2.0.0" else {}
    return tree(
        {"multer": version},
        f"multer@{version}",
        of="@nestjs/platform-express@10.0.0",
        manifest={"packageManager": "pnpm@10.2.1", "pnpm": overrides},
        **overrides,
    )


def nightly(name: str, target: str) -> Files:
    """A new package that asks for a development release by an alias."""
    packages: dict[str, Json] = {
        "nitropack-edge@2.6.0": {"dependencies": {name: target}},
        target: PLAIN,
    }
    return pnpm_state({"nitropack-edge": "latest"}, packages)


def tailwind(version: str, *, side: str, known: str = "8.4.18") -> Files:
    """A package that asks for postcss twice, as a peer and as a dependency; another one has it."""
    entry: Json = {"peerDependencies": {"postcss": "^8.0.9"}} if side == "peer" else {}
    needs = {"dependencies": {"postcss": version}} if side == "dependency" else {}
    packages: dict[str, Json] = {
        "tailwindcss@3.2.1": {**entry, **needs},
        "autoprefixer@10.0.0": {"dependencies": {"postcss": known}} if known else {},
        **{f"postcss@{one}": PLAIN for one in (version, known) if one},
    }
    return pnpm_state({"tailwindcss": "*", "autoprefixer": "*"}, packages)


def bins(*, flag: bool, of: str = "rollup", **facts: object) -> Files:
    """An entry that says that its tarball has commands, or does not say it."""
    entry: Json = {**facts, **({"hasBin": True} if flag else {})}
    return pnpm_state({of: "^3.0.0"}, {f"{of}@3.29.4": entry})


PASSES: Final[Mapping[str, tuple[Files, Files, str]]] = {
    "a member with a lockfile of its own asks for more (huggingface.js 985a4d33bb)": (
        parted("8.0.0"),
        parted("8.1.0", asks="^5.0.0"),
        "matched",
    ),
    "a rule allows more versions of a peer (histoire-dev/histoire e389cb0766)": (
        plugin(THREE, allowed={"vite": "^2.9.0 || ^3.0.0"}, vite="3.2.4"),
        plugin(FOUR, allowed=ALLOWED, vite="3.2.4"),
        "metadata",
    ),
    "a rule allows any version, and is followed late (histoire-dev/histoire 42295e32b7)": (
        plugin(THREE, allowed={"vite": "*"}),
        plugin("*", allowed={"vite": "*"}),
        "metadata",
    ),
    "a rule for the peer of one package": (
        plugin(THREE, allowed={"plugin@1>vite": "4"}),
        plugin(f"{THREE} || 4", allowed={"plugin@1>vite": "4"}),
        "metadata",
    ),
    "a peer's range is no longer a project's (resend/react-email 8f395d2238)": (
        of_project("19.0.0-rc-1", "19.0.0-rc-1"),
        of_project("18.2.0", "18.2.0"),
        "matched",
    ),
    "an override makes a dependency of a peer (QwikDev/qwik 50422e81c8)": (
        renamed(side="peer"),
        renamed(side="dependency"),
        "",
    ),
    "an override for a prerelease (hoppscotch/hoppscotch ad59690fc1)": (
        overridden("1.4.5-lts.2"),
        overridden("2.0.0"),
        "matched",
    ),
    "a development release by an alias (lucide-icons/lucide 5f442122ab)": (
        pnpm_state({}, {}),
        nightly("h3", "h3-nightly@1.8.1"),
        "matched",
    ),
    "a scope's development release by an alias (nuxt/image 7826abbb98)": (
        pnpm_state({}, {}),
        nightly("@nuxt/ui", "@nuxt/ui-edge@2.9.0"),
        "matched",
    ),
    "a peer that nobody met is a dependency (solidjs/solid-start b400e9db15)": (
        tailwind("", side="peer"),
        tailwind("8.4.18", side="dependency"),
        "",
    ),
    "commands that are told late (resend/react-email 9d4571e3e6)": (
        bins(flag=False),
        bins(flag=True),
        "metadata",
    ),
    "commands that are told no more (umijs/umi a622e183a1)": (
        bins(flag=True),
        bins(flag=False),
        "metadata",
    ),
}


@pytest.mark.parametrize(("before", "after", "wanted"), PASSES.values(), ids=PASSES)
def test_what_pnpm_writes_has_its_class(before: Files, after: Files, wanted: str) -> None:
    diff = judged(before, after)
    assert diff.classification not in REFUSED, told(diff)
    assert wanted in ("", diff.classification), told(diff)


FURTHER: Final[Mapping[str, tuple[Files, Files]]] = {
    "a package that only a member with its own lockfile asks for": (
        parted("8.0.0"),
        parted("8.1.0", "vite@5.0.0", asks="^5.0.0"),
    ),
    "a peer's range that no rule allows": (
        plugin(THREE, allowed=ALLOWED),
        plugin(f"{THREE} || ^5.0.0", allowed=ALLOWED),
    ),
    "any version, where a rule allows some": (
        plugin(THREE, allowed=ALLOWED),
        plugin("*", allowed=ALLOWED),
    ),
    "a rule for another peer": (
        plugin(THREE, allowed={"vue": "*"}),
        plugin("*", allowed={"vue": "*"}),
    ),
    "a rule for the peer of another package": (
        plugin(THREE, allowed={"other>vite": "*"}),
        plugin("*", allowed={"other>vite": "*"}),
    ),
    "a range that was nobody's": (
        of_project("17.0.0-rc-1", "19.0.0-rc-1"),
        of_project("18.2.0", "18.2.0"),
    ),
    "a peer's own range again, and an answer out of it": (
        of_project("19.0.0-rc-1", "19.0.0-rc-1"),
        of_project("18.2.0", "17.0.0"),
    ),
    "a peer becomes a dependency without an override": (
        renamed(side="peer", override=""),
        renamed(side="dependency", override=""),
    ),
    "another package than the override's": (
        renamed(side="peer"),
        renamed(side="dependency", answer="@evil/router@2.0.0"),
    ),
    "an override for a prerelease that was not locked": (
        overridden("1.4.5-lts.2"),
        overridden("2.0.0", "multer@1.4.5-lts.1"),
    ),
    "an override for a prerelease to another version": (
        overridden("1.4.5-lts.2"),
        overridden("2.0.0", to="1.4.6"),
    ),
    "an override, and a version out of its range": (
        overridden("1.4.5-lts.2"),
        overridden("2.0.0", "multer", "^1.4.6"),
    ),
    "a version of the same line as the override's": (
        overridden("1.4.5-lts.2"),
        overridden("2.0.0", "multer", "2.1.0"),
    ),
    "somebody's package that is called like a development release": (
        pnpm_state({}, {}),
        nightly("lodash", "lodash-nightly@1.8.1"),
    ),
    "another scope's package that is called like a development release": (
        pnpm_state({}, {}),
        nightly("@nuxt/ui", "@evil/ui-edge@2.9.0"),
    ),
    "a development release for who stayed": (
        nightly("@nuxt/ui", "@nuxt/ui@2.8.0"),
        nightly("@nuxt/ui", "@nuxt/ui-edge@2.9.0"),
    ),
    "a peer that nobody met is a dependency, out of its range": (
        tailwind("", side="peer", known="7.0.0"),
        tailwind("7.0.0", side="dependency", known="7.0.0"),
    ),
    "a peer that nobody met is a dependency, which is new": (
        tailwind("", side="peer", known=""),
        tailwind("8.4.18", side="dependency", known=""),
    ),
    "a peer that nobody met is a dependency, in a version that is new": (
        tailwind("", side="peer"),
        tailwind("8.4.19", side="dependency"),
    ),
    "a dependency that was no peer": (
        tailwind("", side=""),
        tailwind("8.4.18", side="dependency"),
    ),
    "another package for the one that has development releases": (
        pnpm_state({}, {}),
        nightly("h3", "unenv-nightly@1.8.1"),
    ),
    "commands of a package that is not known to have any": (
        bins(flag=False, of="roll"),
        bins(flag=True, of="roll"),
    ),
    "other platforms beside commands": (bins(flag=False), bins(flag=True, os=["aix"])),
    "other engines beside commands": (
        bins(flag=True, engines={"node": ">=14"}),
        bins(flag=False, engines={"node": ">=99"}),
    ),
}


def test_a_member_without_a_lockfile_of_its_own_is_the_root_s() -> None:
    before, after = (parted(*one, apart=False) for one in (("8.0.0",), ("8.1.0",)))
    after = {**after, "packages/hub/package.json": parted("8.1.0", asks="^5.0.0")[HUB]}
    assert judged(before, after).classification == "unexplained"


@pytest.mark.parametrize(("before", "after"), FURTHER.values(), ids=FURTHER)
def test_one_step_further_is_refused(before: Files, after: Files) -> None:
    diff = judged(before, after)
    assert diff.classification in REFUSED, told(diff)
    assert refused(before, after)
