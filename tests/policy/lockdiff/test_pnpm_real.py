"""What pnpm did in real commits, reduced: what passes, and what it is called.

pnpm stores no ranges, so an unchanged dependant's other answer is judged by what else
is known of it; each such way taken one step further is refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest

from tests.support.states import Files, judged, pnpm_state, refused, told

if TYPE_CHECKING:
    from collections.abc import Mapping

Json = dict[str, Any]
PLAIN: Final[Json] = {}
OVERRIDE: Final = "npm:@nolyfill/is-regex@^1.0.0"


def tree(
    needs: Mapping[str, str],
    *others: str,
    of: str = "web@1.0.0",
    real: str = "",
    entry: Mapping[str, object] = PLAIN,
    **more: object,
) -> Files:
    """A project that asks for one package, which needs others; ``real`` a version of another."""
    packages: dict[str, Json] = {of: {**entry, "dependencies": dict(needs)} if needs else {**entry}}
    packages.update(dict.fromkeys(others, PLAIN))
    asks = {of.rpartition("@")[0]: "*"}
    if real:
        packages[f"real@{real}"] = PLAIN
        asks["real"] = real
    return pnpm_state(asks, packages, **more)  # type: ignore[arg-type]


def aliased(version: str, *, real: str = "", name: str = "kit-edge") -> Files:
    """A project that asks for a tag of another package: ``npm:kit-edge@latest``."""
    asks = {"kit": "npm:kit-edge@latest", **({"real": real} if real else {})}
    packages = {f"{name}@{version}": PLAIN, **({f"real@{real}": PLAIN} if real else {})}
    return pnpm_state(asks, packages, answers={"kit": f"{name}@{version}"})


def overridden(needs: str, *packages: str, text: str = "", recorded: str = "") -> Files:
    """``web`` needs is-regex, under an override or none."""
    overrides = {"is-regex": text} if text else {}
    told_so = {"is-regex": recorded or text} if recorded or text else {}
    more: Json = {"overrides": told_so} if told_so else {}
    manifest = {"packageManager": "pnpm@10.12.3", "pnpm": {"overrides": overrides}}
    return tree({"is-regex": needs}, *packages, manifest=manifest, **more)


def linked(spec: str, *, override: str = "link:./packages/server") -> Files:
    """An example that asks for a member of the workspace, which an override puts in place."""
    return pnpm_state(
        {"web": "*"},
        {"web@1.0.0": PLAIN},
        manifest={"packageManager": "pnpm@8.4.0", "pnpm": {"overrides": {"server": override}}},
        overrides={"server": override},
        members={"examples/a": {"server": "^10.24.0"}, "packages/server": {}},
        extra={"pnpm-workspace.yaml": "packages:\n  - examples/*\n  - packages/*\n"},
        answers={"server": "link:../../packages/server"},
        told={"examples/a": {"server": spec}},
    )


PASSES: Final = {
    "a tag of an aliased package moves beside a requirement (vueuse/vueuse d126ab458e)": (
        aliased("3.0.0-27369360", real="1.0.0"),
        aliased("3.0.0-27376999", real="1.1.0"),
        "matched",
    ),
    "a tag of an aliased package moves alone (vueuse/vueuse d126ab458e)": (
        aliased("3.0.0-27369360"),
        aliased("3.0.0-27376999"),
        "refresh",
    ),
    "an override puts another package in place (unocss/unocss ac1253b910)": (
        overridden("1.1.4", "is-regex@1.1.4"),
        overridden("@nolyfill/is-regex@1.0.21", "@nolyfill/is-regex@1.0.21", text=OVERRIDE),
        "matched",
    ),
    "an override's package goes later than the override (unocss/unocss eeacc57584)": (
        tree({"is-regex": "@nolyfill/is-regex@1.0.44"}, "@nolyfill/is-regex@1.0.44", real="1.0.0"),
        tree({"is-regex": "1.2.1"}, "is-regex@1.2.1", real="1.1.0"),
        "matched",
    ),
    "a package of the same release is put right (unocss/unocss a587cf69d0)": (
        tree({"@s/twoslash": "1.24.2"}, "@s/twoslash@1.24.2", of="@s/press@3.9.2"),
        tree({"@s/twoslash": "3.9.2"}, "@s/twoslash@3.9.2", of="@s/press@3.9.2"),
        "refresh",
    ),
    "declarations of types jump a major version (vitejs/vite aeb5b7436d)": (
        tree(
            {"@types/yargs-parser": "20.2.1"},
            "@types/yargs-parser@20.2.1",
            of="@types/yargs@1.0.0",
            real="1.0.0",
        ),
        tree(
            {"@types/yargs-parser": "21.0.0"},
            "@types/yargs-parser@21.0.0",
            of="@types/yargs@1.0.0",
            real="1.1.0",
        ),
        "matched",
    ),
    "a peer that pnpm installs jumps in its range (trpc/trpc 58d1ec4055)": (
        tree(
            {"vitest": "3.1.3"},
            "vitest@3.1.3",
            real="1.0.0",
            entry={"peerDependencies": {"vitest": ">= 0.32"}},
        ),
        tree(
            {"vitest": "4.0.18"},
            "vitest@4.0.18",
            real="1.1.0",
            entry={"peerDependencies": {"vitest": ">= 0.32"}},
        ),
        "matched",
    ),
    "a package asks for a nightly release of another (sveltejs/kit 70731f8df6)": (
        tree({}, of="wrangler@3.0.0", real="1.0.0"),
        tree(
            {"unenv": "unenv-nightly@1.10.0"},
            "unenv-nightly@1.10.0",
            of="wrangler@3.1.0",
            real="1.1.0",
        ),
        "matched",
    ),
    "a peer finds an answer that it had not (unocss/unocss ac7c804448)": (
        tree({}, real="1.0.0", entry={"peerDependencies": {"identity": "^4.0.0"}}),
        tree(
            {"identity": "4.3.0"},
            "identity@4.3.0",
            real="1.1.0",
            entry={"peerDependencies": {"identity": "^4.0.0"}},
        ),
        "matched",
    ),
}


@pytest.mark.parametrize(("before", "after", "wanted"), PASSES.values(), ids=PASSES)
def test_what_pnpm_writes_has_its_class(before: Files, after: Files, wanted: str) -> None:
    diff = judged(before, after)
    assert diff.classification == wanted, told(diff)


PEER: Final[Json] = {"peerDependencies": {"vitest": ">= 0.32 <4"}}
FURTHER: Final = {
    "a package asks for what only sounds like a nightly release": (
        tree({}, of="wrangler@3.0.0"),
        tree({"lodash": "lodash-nightly@1.10.0"}, "lodash-nightly@1.10.0", of="wrangler@3.1.0"),
    ),
    "the alias becomes a third package": (aliased("3.0.0-1"), aliased("3.0.0-2", name="evil")),
    "an override excuses a package that it does not name": (
        overridden("1.1.4", "is-regex@1.1.4"),
        overridden("evil@1.0.21", "evil@1.0.21", text=OVERRIDE),
    ),
    "a package takes the place of another than its own name's": (
        tree({"is-regex": "@nolyfill/is-regex@1.0.44"}, "@nolyfill/is-regex@1.0.44"),
        tree({"is-regex": "evil@1.2.1"}, "evil@1.2.1"),
    ),
    "a jump of what was no alias": (
        tree({"is-regex": "1.2.1"}, "is-regex@1.2.1"),
        tree({"is-regex": "2.0.0"}, "is-regex@2.0.0"),
    ),
    "a jump within a scope to another version than the dependant's": (
        tree({"@s/twoslash": "1.24.2"}, "@s/twoslash@1.24.2", of="@s/press@3.9.2"),
        tree({"@s/twoslash": "4.0.0"}, "@s/twoslash@4.0.0", of="@s/press@3.9.2"),
    ),
    "a jump to the dependant's version in another scope": (
        tree({"@evil/twoslash": "1.24.2"}, "@evil/twoslash@1.24.2", of="@s/press@3.9.2"),
        tree({"@evil/twoslash": "3.9.2"}, "@evil/twoslash@3.9.2", of="@s/press@3.9.2"),
    ),
    "a jump that no types excuse": (
        tree({"yargs-parser": "20.2.1"}, "yargs-parser@20.2.1", of="@types/yargs@1.0.0"),
        tree({"yargs-parser": "21.0.0"}, "yargs-parser@21.0.0", of="@types/yargs@1.0.0"),
    ),
    "declarations of types go down": (
        tree({"@types/node": "21.0.0"}, "@types/node@21.0.0"),
        tree({"@types/node": "20.2.1"}, "@types/node@20.2.1"),
    ),
    "a peer jumps out of its range": (
        tree({"vitest": "3.1.3"}, "vitest@3.1.3", entry=PEER),
        tree({"vitest": "4.0.18"}, "vitest@4.0.18", entry=PEER),
    ),
    "a peer's range goes along with its answer": (
        tree({"vitest": "3.1.3"}, "vitest@3.1.3", entry=PEER),
        tree({"vitest": "4.0.18"}, "vitest@4.0.18", entry={"peerDependencies": {"vitest": "*"}}),
    ),
    "a peer that nobody recorded finds an answer": (
        tree({}, entry={"peerDependencies": {"identity": "^4.0.0"}}),
        tree({"evil": "4.3.0"}, "evil@4.3.0", entry={"peerDependencies": {"identity": "^4.0.0"}}),
    ),
}


@pytest.mark.parametrize(("before", "after"), FURTHER.values(), ids=FURTHER)
def test_one_step_further_is_refused(before: Files, after: Files) -> None:
    diff = judged(before, after)
    assert diff.classification in ("unexplained", "tampered"), told(diff)
    assert refused(before, after)


def test_an_override_to_a_folder_is_recorded_as_seen_from_who_asks() -> None:
    """trpc/trpc 952c38ea41."""
    before, after = linked("^10.24.0"), linked("link:../../packages/server")
    assert judged(before, after).classification == "metadata"
    for spec in ("link:../packages/server", "link:../../packages/client", "link:../../../server"):
        assert judged(before, linked(spec)).classification == "unexplained", spec


def test_resolutions_in_package_json_win_over_the_workspace_s_overrides() -> None:
    """unocss/unocss 47646a56e5: pnpm 10 takes either the one or the other."""
    state = {
        version: pnpm_state(
            {"vite": "catalog:"},
            {f"vite@{version}": PLAIN},
            recorded={"vite": f"^{version}"},
            manifest={"packageManager": "pnpm@10.18.0", "resolutions": {"vite": "catalog:"}},
            extra={
                "pnpm-workspace.yaml": f"catalog:\n  vite: ^{version}\noverrides:\n  a: 1.0.0\n"
            },
            overrides={"vite": f"^{version}"},
        )
        for version in ("7.1.9", "7.2.2")
    }
    diff = judged(state["7.1.9"], state["7.2.2"])
    assert diff.classification == "matched", told(diff)


def test_a_folder_called_like_a_package_s_key_does_not_hide_it() -> None:
    before = tree({}, of="web@1.0.0")
    folder = {"pnpm-workspace.yaml": "packages:\n  - web@1.0.0\n"}
    hidden = tree({}, of="web@1.0.0", members={"web@1.0.0": {}}, extra=folder)
    text = str(hidden["pnpm-lock.yaml"])
    at = text.index("sha512-") + 7
    evil: Files = {**hidden, "pnpm-lock.yaml": f"{text[:at]}AAAA{text[at + 4 :]}"}
    for after in (hidden, evil):
        diff = judged(before, after)
        assert diff.classification in ("unexplained", "tampered"), told(diff)
        assert refused(before, after)
