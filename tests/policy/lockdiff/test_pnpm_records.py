"""pnpm writes of an unchanged tarball what its settings and its version make of it.

Each pair is reduced from the commit that its id names; each exemption taken one step
further is refused, alone and beside a real requirement.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest

from tests.support.states import Files, judged, pnpm_state, refused, told

if TYPE_CHECKING:
    from collections.abc import Mapping

Json = dict[str, Any]
PLAIN: Final[Json] = {}
PLUGIN: Final = {"plugin": "^1.0.0", "vue": "^3.5.0"}


def with_peer(text: str, *, optional: bool = False, **more: object) -> Files:
    """``plugin`` records a peer range on vue, which 3.5.13 answers."""
    entry: Json = {"peerDependencies": {"vue": text}, "dependencies": {"vue": "3.5.13"}}
    if optional:
        entry["peerDependenciesMeta"] = {"vue": {"optional": True}}
    return pnpm_state(PLUGIN, {"plugin@1.0.0": entry, "vue@3.5.13": PLAIN}, **more)  # type: ignore[arg-type]


def overriding(text: str, **more: object) -> Json:
    """What an override of vue adds to a state: in package.json, and in the lockfile."""
    return {
        "manifest": {"packageManager": "pnpm@10.8.0", "pnpm": {"overrides": {"vue": text}}},
        "overrides": {"vue": text},
        **more,
    }


def one(name: str, entry: Json, /, *others: str, **more: object) -> Files:
    """A project that asks for one package, whose entry says this."""
    packages = {f"{name}@1.0.0": entry, **dict.fromkeys(others, PLAIN)}
    return pnpm_state({name: "^1.0.0"}, packages, **more)  # type: ignore[arg-type]


DEP: Final = {"vite": "7.3.2"}
AS_DEPENDENCY: Final[Json] = {"dependencies": DEP}
AS_PEER: Final[Json] = {"dependencies": DEP, "peerDependencies": {"vite": "^6.0.0 || ^7.0.0"}}
OPTIONAL_ANY: Final[Json] = {
    "peerDependencies": {"supports-color": "*"},
    "peerDependenciesMeta": {"supports-color": {"optional": True}},
}
LIBSQL: Final[Json] = {"cpu": ["x64", "arm64", "wasm32"]}
ARM: Final = "watcher-linux-arm64"


def for_arm(entry: Json, name: str = ARM, *, optional: bool = True) -> Files:
    """A project with a package for one platform."""
    flag = {"optional": True} if optional else {}
    return one(name, {"os": ["linux"], **entry, **flag})


SAME: Final = {
    "an override's text is put in a peer's place (vueuse/vueuse 0a9ed589ab)": (
        with_peer(">=2.7 || >=3"),
        with_peer("^3.5.13", **overriding("^3.5.13")),
        "matched",
    ),
    "an override is gone, and the peer's own text is back (vueuse/vueuse a2e2cedbc1)": (
        with_peer("^3.5.13", **overriding("^3.5.13")),
        with_peer(">=2.7 || >=3"),
        "matched",
    ),
    "an override of another version is recorded late (vueuse/vueuse 3cbeef168d)": (
        with_peer("^2.0.0", **overriding("^3.5.0")),
        with_peer("^3.5.0", **overriding("^3.5.0")),
        "metadata",
    ),
    "another project's override leaves the cache (vueuse/vueuse 798077d678)": (
        with_peer("^3.5.3"),
        with_peer("^3.2.25"),
        "metadata",
    ),
    "the processor in an optional package's name is left out (tailwindcss a7c968efb1)": (
        for_arm({"cpu": ["arm64"]}),
        for_arm({}),
        "metadata",
    ),
    "and written again (tailwindlabs/tailwindcss 70f27d50a6)": (
        for_arm({}),
        for_arm({"cpu": ["arm64"]}),
        "metadata",
    ),
    "peerDependencyRules allow any version no longer (withastro/astro f06feee7c4)": (
        with_peer("*"),
        with_peer("^3.0.0"),
        "metadata",
    ),
    "ignoreMissing makes a peer optional (unocss/unocss a9df4d555f)": (
        with_peer("^3.0.0"),
        with_peer("^3.0.0", optional=True),
        "metadata",
    ),
    "a version of pnpm corrects a peer that debug forgets (unocss/unocss 7b3b8a97b0)": (
        one("debug", PLAIN),
        one("debug", OPTIONAL_ANY),
        "metadata",
    ),
    "an older version of pnpm does not (vueuse/vueuse 06230dc8eb)": (
        one("debug", OPTIONAL_ANY),
        one("debug", PLAIN),
        "metadata",
    ),
    "what is both dependency and peer is the peer (unocss/unocss 3ab65f28a6)": (
        one("vitest", AS_DEPENDENCY, "vite@7.3.2"),
        one("vitest", AS_PEER, "vite@7.3.2"),
        "metadata",
    ),
    "what is both dependency and peer is the dependency (withastro/astro 8a139692a8)": (
        one("vitest", AS_PEER, "vite@7.3.2"),
        one("vitest", AS_DEPENDENCY, "vite@7.3.2"),
        "metadata",
    ),
    "a bundled dependency is no longer recorded (vueuse/vueuse c380561f90)": (
        one(
            "wasm",
            {"bundledDependencies": ["napi"], "dependencies": {"napi": "1.1.0"}},
            "napi@1.1.0",
        ),
        one("wasm", {"bundledDependencies": ["napi"]}),
        "metadata",
    ),
    "a bundled dependency comes to be recorded (vueuse/vueuse fccf2e4d6e)": (
        one("wasm", {"bundledDependencies": ["napi"]}),
        one(
            "wasm",
            {"bundledDependencies": ["napi"], "dependencies": {"napi": "1.1.0"}},
            "napi@1.1.0",
        ),
        "refresh",
    ),
    "a version of pnpm corrects a dependency that is forgotten (vueuse/vueuse b7dff45ab7)": (
        one("got", PLAIN),
        one("got", {"dependencies": {"@types/keyv": "3.1.4"}}, "@types/keyv@3.1.4"),
        "refresh",
    ),
    "a list of engines is written as what it says (TanStack/query 14a3ce5741)": (
        one("bunyan", {"engines": {"0": "node >=0.10.0"}}),
        one("bunyan", {"engines": {"node": ">=0.10.0"}}),
        "metadata",
    ),
    "a name that is no peer is called optional (TanStack/query 18c2caedda)": (
        one("licenses", {"peerDependenciesMeta": {"webpack": {"optional": True}}}),
        one("licenses", {"peerDependenciesMeta": {"sources": {"optional": True}}}),
        "metadata",
    ),
    "processors are recorded later (withastro/astro 08baf56f32)": (
        one("libsql", PLAIN),
        one("libsql", LIBSQL),
        "metadata",
    ),
    "processors are recorded no longer (withastro/astro 0109690c3b)": (
        one("libsql", LIBSQL),
        one("libsql", PLAIN),
        "metadata",
    ),
}


@pytest.mark.parametrize(("before", "after", "wanted"), SAME.values(), ids=SAME)
def test_the_same_tarball_is_written_otherwise(before: Files, after: Files, wanted: str) -> None:
    diff = judged(before, after)
    assert diff.classification == wanted, told(diff)


FURTHER: Final = {
    "a peer's range that its answer does not keep": (
        with_peer("^3.0.0"),
        with_peer("^4.0.0"),
    ),
    "a peer's range that its answer did not keep": (with_peer("^2.0.0"), with_peer("^3.0.0")),
    "a peer that is another package, unasked (trpc/trpc 1ad1a1ec34)": (
        with_peer("^3.0.0"),
        with_peer("npm:evil@^3.0.0"),
    ),
    "a peer from an address beside an override": (
        with_peer("^3.5.0", **overriding("^3.5.0")),
        with_peer("https://evil.example.net/vue.tgz", **overriding("^3.5.0")),
    ),
    "an override's text on a name that it does not override": (
        with_peer("^2.0.0", **overriding("^3.5.0")),
        with_peer("^3.5.0", manifest={"pnpm": {"overrides": {"react": "^3.5.0"}}}),
    ),
    "a peer more": (one("chalk", PLAIN), one("chalk", OPTIONAL_ANY)),
    "a peer more of a package that pnpm corrects elsewhere": (
        one("debug", PLAIN),
        one("debug", {"peerDependencies": {"evil": "*"}}),
    ),
    "a dependency more of a package that pnpm corrects elsewhere": (
        one("debug", PLAIN),
        one("debug", {"dependencies": {"evil": "1.0.0"}}, "evil@1.0.0"),
    ),
    "a dependency that goes behind a peer": (
        one("vitest", AS_DEPENDENCY, "vite@7.3.2"),
        one("vitest", {"peerDependencies": {"vite": "^7.0.0"}}),
    ),
    "a peer beside the dependency that goes": (
        one("vitest", AS_DEPENDENCY, "vite@7.3.2"),
        one(
            "vitest",
            {"peerDependencies": {"evil": "*"}, "dependencies": {"evil": "1.0.0"}},
            "evil@1.0.0",
        ),
    ),
    "a dependency more than what is bundled": (
        one("wasm", {"bundledDependencies": ["napi"]}),
        one(
            "wasm",
            {"bundledDependencies": ["napi"], "dependencies": {"evil": "1.0.0"}},
            "evil@1.0.0",
        ),
    ),
    "a dependency that only now is said to be bundled": (
        one("wasm", PLAIN),
        one(
            "wasm",
            {"bundledDependencies": ["evil"], "dependencies": {"evil": "1.0.0"}},
            "evil@1.0.0",
        ),
    ),
    "a corrected dependency that is another package": (
        one("got", PLAIN),
        one("got", {"dependencies": {"@types/keyv": "evil@1.0.0"}}, "evil@1.0.0"),
    ),
    "processors that leave somebody out": (one("libsql", PLAIN), one("libsql", {"cpu": ["x64"]})),
    "another processor than the one in its name": (for_arm({}), for_arm({"cpu": ["x64"]})),
    "a processor for the one in its name": (
        for_arm({"cpu": ["arm64"]}),
        for_arm({"cpu": ["x64"]}),
    ),
    "the processor of a package that everybody installs": (
        for_arm({}, optional=False),
        for_arm({"cpu": ["arm64"]}, optional=False),
    ),
    "the processor of a package that is optional only now": (
        for_arm({}, optional=False),
        for_arm({"cpu": ["arm64"]}),
    ),
    "one that is but a piece of a word in its name": (
        for_arm({}, "watcher-armada"),
        for_arm({"cpu": ["arm"]}, "watcher-armada"),
    ),
    "other processors": (one("libsql", LIBSQL), one("libsql", {"cpu": ["x64", "arm64"]})),
    "engines that a list does not say": (
        one("bunyan", {"engines": {"0": "node >=0.10.0"}}),
        one("bunyan", {"engines": {"node": ">=99.0.0"}}),
    ),
    "a system that nobody has": (one("libsql", PLAIN), one("libsql", {"os": ["aix"]})),
}


@pytest.mark.parametrize(("before", "after"), FURTHER.values(), ids=FURTHER)
def test_one_step_further_is_refused(before: Files, after: Files) -> None:
    assert judged(before, after).classification in ("unexplained", "tampered"), "alone"
    assert refused(before, after)
    assert refused(_bumped(before, "1.0.0"), _bumped(after, "2.0.0")), "beside a requirement"


def _bumped(files: Mapping[str, str | bytes], version: str) -> Files:
    """The same beside a requirement on ``real``, at some version."""
    manifest = str(files["package.json"]).replace(
        '"dependencies": {', f'"dependencies": {{"real": "{version}",', 1
    )
    lock = str(files["pnpm-lock.yaml"])
    told = f"      real:\n        specifier: {version}\n        version: {version}\n"
    lock = lock.replace("    dependencies:\n", f"    dependencies:\n{told}", 1)
    digest = "A" * 86 if version == "1.0.0" else "B" * 86
    entry = f"packages:\n  real@{version}:\n    resolution:\n      integrity: sha512-{digest}==\n"
    lock = lock.replace("packages:\n", entry, 1)
    lock = lock.replace("snapshots:\n", f"snapshots:\n  real@{version}: {{}}\n", 1)
    return {**files, "package.json": manifest, "pnpm-lock.yaml": lock}
