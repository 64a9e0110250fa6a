"""pnpm: a name that one dependant has for another package is not everybody's.

An entry names what it depends on by references, so one that stayed can be pointed at a
package that came in, or is locked, for somebody else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest

from tests.support.states import Files, judged, pnpm_state, refused, told

if TYPE_CHECKING:
    from collections.abc import Mapping

Json = dict[str, Any]
LODASH = "@evil/lodash@4.17.21"
WIDTH = "string-width@4.2.3"


def state(app: str, *needs: str, peers: tuple[str, ...] = (), **of: Mapping[str, str]) -> Files:
    """A project that asks for packages, each by its needs, and for others by themselves."""
    packages: dict[str, Json] = {f"ms@{app}": {}}
    for who, wanted in of.items():
        peer = {"peerDependencies": dict.fromkeys(wanted, "^4.0.0")} if who in peers else {}
        name, _, version = who.replace("evil_", "@evil/").partition("__")
        packages[f"{name}@{version or '1.0.0'}"] = {"dependencies": dict(wanted), **peer}
    references = [
        reference if "@" in reference else f"{name}@{reference}"
        for wanted in of.values()
        for name, reference in wanted.items()
    ]
    packages.update({one: {} for one in (*references, *needs)})
    asked = [one.rpartition("@")[0] for one in packages]
    return pnpm_state(dict.fromkeys([*asked], "*"), packages)


OWN = {"lodash": "4.17.21"}
ITS = {"lodash": LODASH}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(
            state("1.0.0", x=OWN),
            state("1.1.0", x=ITS, evil_thing=ITS),
            id="of a scope that comes in with its copy",
        ),
        pytest.param(
            state("1.0.0", x=OWN, evil_thing=ITS),
            state("1.1.0", x=ITS, evil_thing=ITS),
            id="of a scope whose copy is locked already",
        ),
        pytest.param(
            state("1.0.0", "cross@7.0.4", x={"cross-spawn": "7.0.3"}),
            state("1.1.0", x={"cross-spawn": "cross@7.0.4"}),
            id="of one whose name begins alike",
        ),
        pytest.param(
            state("1.0.0", x={"cross-spawn": "7.0.3"}),
            state("1.1.0", x__2={"cross-spawn": "cross@7.0.4"}),
            id="of one whose name begins alike, in a new version",
        ),
    ],
)
def test_a_package_takes_the_name(before: Files, after: Files) -> None:
    diff = judged(before, after)
    assert diff.classification == "tampered", told(diff)
    assert "laundered" in {item.code for item in diff.items}
    assert "lockfile-tampered" in refused(before, after)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(
            state("1.0.0", x=OWN),
            state("1.1.0", x=OWN, evil_thing=ITS),
            id="a scope's own copy, for itself",
        ),
        pytest.param(
            state("1.0.0", x=OWN, peers=("x",)),
            state("1.1.0", x=ITS, evil_thing=ITS, peers=("x",)),
            id="a scope's own copy, for a peer",
        ),
        pytest.param(
            state("1.0.0"),
            state("1.1.0", cliui={"string-width-cjs": WIDTH}),
            id="a name with a suffix that is nobody's",
        ),
        pytest.param(
            state("1.0.0", cliui={"string-width-cjs": WIDTH}),
            state("1.1.0", cliui={"string-width-cjs": WIDTH}, box={"string-width-cjs": WIDTH}),
            id="a name that is known, for somebody new",
        ),
    ],
)
def test_a_package_has_its_own_name_for_another(before: Files, after: Files) -> None:
    diff = judged(before, after)
    assert "laundered" not in {item.code for item in diff.items}, told(diff)
    assert "lockfile-tampered" not in refused(before, after)


FAST: Final = "rolldown-vite@7.0.11"


def below(
    vitepress: str,
    plugin: str,
    *,
    key: str = "vitepress>vite",
    of: str = "vitepress",
    peer: str = "",
) -> Files:
    """One has vite, by an override another package; so has what it needs, for a peer."""
    overrides = {key: "npm:rolldown-vite@latest"} if key else {}
    packages: dict[str, Json] = {
        "vitepress@2.0.0": {"dependencies": {"vite": vitepress}},
        "web@1.0.0": {},
        "plugin@6.0.1": {
            "dependencies": {"vite": plugin},
            "peerDependencies": {peer or "vite": "^7"},
        },
    }
    packages[f"{of}@{'2.0.0' if of == 'vitepress' else '1.0.0'}"].setdefault("dependencies", {})[
        "plugin"
    ] = "6.0.1"
    packages.update({one if "@" in one else f"vite@{one}": {} for one in (vitepress, plugin)})
    more: Json = {"overrides": overrides} if overrides else {}
    manifest = {"packageManager": "pnpm@10.13.1", "pnpm": more}
    return pnpm_state({"vitepress": "*", "web": "*"}, packages, manifest=manifest, **more)


@pytest.mark.parametrize(
    ("after", "laundered"),
    [
        pytest.param(below(FAST, FAST), False, id="by an override (vueuse/vueuse bcba583140)"),
        pytest.param(below(FAST, FAST, key=""), True, id="unasked"),
        pytest.param(below(FAST, FAST, key="web>vite"), True, id="by an override for another"),
        pytest.param(below(FAST, "evil-vite@7.0.11"), True, id="and not what its dependant has"),
        pytest.param(below("7.0.6", FAST), True, id="though its dependant has its own"),
        pytest.param(below(FAST, FAST, of="web"), True, id="of a dependant that has none"),
        pytest.param(below(FAST, FAST, peer="vue"), True, id="of a name that is no peer's"),
    ],
)
def test_a_peer_has_what_its_dependant_has(after: Files, *, laundered: bool) -> None:
    before = below("7.0.6", "7.0.6", key="")
    diff = judged(before, after)
    assert ("laundered" in {item.code for item in diff.items}) is laundered, told(diff)
    assert ("lockfile-tampered" in refused(before, after)) is laundered


SIX: Final = "@typescript/typescript6@6.0.2"


def lexical(
    peer: str, *, native: str = "typescript@7.0.2", text: str = ">=5.2", field: str = ""
) -> Files:
    """An override puts TypeScript 6 in place, and the project asks for 7 by an alias as well."""
    override: Json = {"overrides": {"typescript": f"npm:{SIX}"}}
    asks = {"lexical": "*", "typescript": f"npm:{SIX}"}
    answers = {"typescript": SIX}
    if native:
        asks["native"], answers["native"] = f"npm:{native}", native
    packages: dict[str, Json] = {
        "lexical@0.48.0": {
            "dependencies": {"typescript": peer},
            field or "peerDependencies": {"typescript": text},
        },
        SIX: {},
        **({native: {}} if native else {}),
        **({} if peer == SIX else {f"typescript@{peer}": {}}),
    }
    manifest = {"packageManager": "pnpm@10.13.1", "pnpm": override}
    return pnpm_state(asks, packages, answers=answers, manifest=manifest, **override)


@pytest.mark.parametrize(
    ("after", "laundered"),
    [
        pytest.param(
            lexical("7.0.2"), False, id="by its real name (payloadcms/payload 4e6581b7c6)"
        ),
        pytest.param(lexical("7.0.2", native=""), True, id="that no project asks for"),
        pytest.param(lexical("7.0.1"), True, id="in another version than the project's"),
        pytest.param(lexical("7.0.2", text="^6.0.0"), True, id="out of its range"),
        pytest.param(lexical("7.0.2", field="engines"), True, id="of a name that is no peer's"),
    ],
)
def test_a_peer_has_a_project_s_package_under_an_override(after: Files, *, laundered: bool) -> None:
    before = lexical(SIX, native="")
    diff = judged(before, after)
    assert ("laundered" in {item.code for item in diff.items}) is laundered, told(diff)
    assert ("lockfile-tampered" in refused(before, after)) is laundered
