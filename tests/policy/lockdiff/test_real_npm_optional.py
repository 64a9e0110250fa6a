"""Commits of real repositories in which npm 7 and later left out what few platforms install.

Reduced by hand; beside edits of them that must be refused.
"""

from __future__ import annotations

import json

import pytest

from tests.support.commits import Commit, Files, hashed, judged, npm, npm_entry, told, v3
from tests.support.npm import sri

WASM = "@tailwindcss/oxide-wasm32-wasi"
BUNDLED = ["@emnapi/core", "tslib"]
NEEDS = {"@emnapi/core": "^1.8.1", "tslib": "^2.8.1"}
TSLIB = npm("tslib", "1.14.1")  # what the bundled copy would shadow


def oxide(version: str, **fields: object) -> Files:
    """A package for one platform, which has what it needs in its tarball."""
    wasm = npm(
        WASM,
        version,
        **{"optional": True, "cpu": ["wasm32"], "dependencies": NEEDS, **fields},
    )
    optional = {WASM: version}
    packages = {
        **npm("@tailwindcss/oxide", version, optionalDependencies=optional),
        **wasm,
        **TSLIB,
    }
    return v3({"@tailwindcss/oxide": f"^{version}", "tslib": "^1.0.0"}, packages)


def unpacked(version: str) -> Files:
    """The same where npm has unpacked it."""
    files = oxide(version, bundleDependencies=BUNDLED)
    inner = {
        f"node_modules/{WASM}/node_modules/{name}": {
            **npm_entry(name, at, resolved=None, integrity=None),
            "inBundle": True,
            "optional": True,
        }
        for name, at in (("@emnapi/core", "1.8.1"), ("tslib", "2.8.1"))
    }
    packages = {
        **npm("@tailwindcss/oxide", version, optionalDependencies={WASM: version}),
        **npm(
            WASM,
            version,
            optional=True,
            cpu=["wasm32"],
            dependencies=NEEDS,
            bundleDependencies=BUNDLED,
        ),
        **inner,
        **TSLIB,
        **npm("ms", "2.1.3"),
    }
    asks = {"@tailwindcss/oxide": f"^{version}", "tslib": "^1.0.0", "ms": "^2.0.0"}
    return {**files, **v3(asks, packages)}


UPDATED = Commit(
    oxide("4.1.17", bundleDependencies=BUNDLED),
    oxide("4.1.18", bundleDependencies=BUNDLED),
    "matched",
    ('"@emnapi/core": "^1.8.1"', '"@emnapi/core": "^1.8.1", "evil": "*"'),
    (f"{WASM}/-/oxide-wasm32-wasi-4.1.18.tgz", "evil/-/evil-4.1.18.tgz"),
    (hashed("tslib", "1.14.1"), f'"integrity": "{sri("evil")}"'),
)


def test_cypress_github_action_38c6a67b0b_what_a_tarball_holds_is_not_listed() -> None:
    diff = UPDATED.judged()
    assert diff.classification == UPDATED.wanted, told(diff)
    for (old, new), evil in zip(UPDATED.evil, UPDATED.tampered(), strict=True):
        assert evil.classification in ("unexplained", "tampered"), f"{old} -> {new}: {told(evil)}"


def test_without_a_bundle_it_is_missing() -> None:
    before = oxide("4.1.17", bundleDependencies=BUNDLED)
    diff = judged(before, oxide("4.1.18"))
    assert {one.code for one in diff.items} >= {"missing", "out-of-range"}, told(diff)
    assert diff.classification == "unexplained"


@pytest.mark.parametrize(
    ("wanted", "fetched", "sound"),
    [
        pytest.param("^1.0.0", npm_entry("helper", "1.2.0"), True, id="in its range"),
        pytest.param("^1.0.0", npm_entry("helper", "2.0.0"), False, id="another major version"),
        pytest.param("npm:@org/helper@^1.0.0", npm_entry("helper", "1.2.0"), False, id="another"),
    ],
)
@pytest.mark.parametrize("place", ["", f"node_modules/{WASM}/"])
def test_what_is_fetched_for_a_bundle_answers_it(
    place: str, wanted: str, fetched: dict[str, object], *, sound: bool
) -> None:
    """It may be in the tarball, too: npm puts what is fetched in its place."""
    after = v3(
        {WASM: "^4.1.18", "ms": "^2.0.0"},
        {
            **npm("ms", "2.1.3"),
            **npm(WASM, "4.1.18", dependencies={"helper": wanted}, bundleDependencies=["helper"]),
            f"{place}node_modules/helper": fetched,
        },
    )
    diff = judged(v3({"ms": "^2.0.0"}, npm("ms", "2.1.3")), after)
    assert (diff.classification == "matched") is sound, told(diff)
    assert (diff.classification in ("unexplained", "tampered")) is not sound


def test_what_was_listed_is_listed_no_more() -> None:
    after = oxide("4.1.17", bundleDependencies=BUNDLED)
    diff = judged(unpacked("4.1.17"), after)
    assert diff.classification == "matched", told(diff)  # ms is gone


def resolving(wasi: str, *, core: str = "", **fields: object) -> Files:
    """rollup/rollup ca60dafd93: @emnapi/core is gone, and what it needed was updated."""
    needs = npm("@emnapi/core", core, optional=True, dependencies={"@emnapi/wasi-threads": "1.2.0"})
    packages = {
        **npm("@napi-rs/cli", "3.4.1", optionalDependencies={"@emnapi/core": "^1.5.0"}),
        **(needs if core else {}),
        "@emnapi/wasi-threads": {
            **npm_entry("@emnapi/wasi-threads", wasi, optional=True),
            **fields,
        },
    }
    return v3({"@napi-rs/cli": "^3.4.0"}, packages)


LEFT = resolving("1.2.0", core="1.9.1")


@pytest.mark.parametrize(
    ("after", "left"),
    [
        pytest.param(resolving("1.2.1"), True, id="rollup/rollup ca60dafd93"),
        pytest.param(resolving("1.2.1", optional=False), False, id="that everybody installs"),
        pytest.param(resolving("1.1.0"), False, id="an older one"),
        pytest.param(resolving("2.0.0"), False, id="another major version"),
        pytest.param(resolving("1.2.1", name="evil"), False, id="another package"),
        pytest.param(
            resolving("1.2.1", resolved=f"git+https://github.com/evil/x.git#{'0' * 40}"),
            False,
            id="a checkout",
        ),
    ],
)
def test_what_nobody_needs_any_more_was_updated(after: Files, *, left: bool) -> None:
    diff = judged(LEFT, after)
    codes = {one.code for one in diff.items if "wasi" in one.pointer}
    assert ("left-behind" in codes) == left, told(diff)
    assert ("orphan" in codes) != left, told(diff)


def test_what_nobody_asks_for_any_more_is_not_left_behind() -> None:
    """Beside the project's requirement that went it was but a warning, and would come back."""
    before = {**json.loads(LEFT["package-lock.json"])["packages"], **npm("ms", "2.1.3")}
    after = {**json.loads(resolving("1.2.1")["package-lock.json"])["packages"]}
    del before[""], after[""], after["node_modules/@napi-rs/cli"]
    diff = judged(
        v3({"@napi-rs/cli": "^3.4.0", "ms": "^2.0.0"}, before),
        v3({"ms": "^2.0.0"}, {**after, **npm("ms", "2.1.3")}),
    )
    assert diff.classification == "unexplained", told(diff)
    assert "orphan" in {one.code for one in diff.items}


def test_an_optional_package_that_is_gone_is_told_as_such() -> None:
    """heroku/cli 8c38c1c9fd: npm lost what other platforms install (npm/cli 4828)."""
    packages = npm("unrs-resolver", "1.11.1", optionalDependencies={"@unrs/arm": "1.11.1"})
    arm = npm("@unrs/arm", "1.11.1", optional=True, cpu=["arm"])
    asks = {"unrs-resolver": "^1.11.0"}
    diff = judged(
        v3(asks, {**packages, **arm}), v3({**asks, "ms": "2"}, {**packages, **npm("ms", "2.1.3")})
    )
    assert diff.classification == "unexplained", told(diff)
    assert {one.code for one in diff.of_class("unexplained")} == {"missing-optional"}


def test_an_override_that_was_not_followed_is_told() -> None:
    """statelyai/xstate c826559b4c: who asks for the lower version is not whom to follow."""
    asks = {"rollup-plugin-typescript2": "^0.30.0", "ms": "^2.0.0"}
    plugin = npm("rollup-plugin-typescript2", "0.30.0", dependencies={"tslib": "2.1.0"})
    rest = {**plugin, **npm("ms", "2.1.3")}
    overrides = {"tslib": "^2.3.1"}
    before = v3(asks, {**rest, **npm("tslib", "2.3.1")}, overrides=overrides)
    after = v3(
        {**asks, "qs": "6"},
        {**rest, **npm("tslib", "2.1.0"), **npm("qs", "6.0.0")},
        overrides=overrides,
    )
    (item,) = judged(before, after).of_class("unexplained")
    assert item.cause == ("rollup-plugin-typescript2 wants 2.1.0, and an override says ^2.3.1")
