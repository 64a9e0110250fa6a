"""Which registry bun asks: by our reading, and by what bun itself does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lockward import registries
from lockward.errors import SettingsError
from lockward.managers import Manager
from lockward.memory import MemoryTree
from lockward.registries import bunfig
from tests.support.bun_cli import Bun
from tests.support.registry import Registry

if TYPE_CHECKING:
    from pathlib import Path

    from lockward.registries import Registries

# A and B stand for two registries; what is expected is the one that each name is asked of.
CASES: Final = [
    pytest.param({"bunfig.toml": '[install]\nregistry = "A"\n'}, "A", "A", id="a text"),
    pytest.param({"bunfig.toml": '[install.registry]\nurl = "A"\n'}, "A", "A", id="a table"),
    pytest.param({"bunfig.toml": 'install.registry = "A"\n'}, "A", "A", id="a dotted key"),
    pytest.param(
        {"bunfig.toml": '[install]\nregistry = "A"\n', ".npmrc": "registry=B\n"},
        "A",
        "A",
        id="bunfig.toml wins over .npmrc",
    ),
    pytest.param(
        {"bunfig.toml": '[install.scopes]\ns = "A"\n', ".npmrc": "registry=B\n"},
        "B",
        "A",
        id="a scope without its @",
    ),
    pytest.param(
        {"bunfig.toml": '[install]\nregistry = "B"\n[install.scopes]\n"@s" = { url = "A" }\n'},
        "B",
        "A",
        id="a scope with its @",
    ),
    pytest.param(
        {"bunfig.toml": '[install]\nregistry = "B"\n[install.scopes]\n"@s" = "A"\ns = "B"\n'},
        "B",
        "B",
        id="of both the later one counts",
    ),
    pytest.param(
        {"bunfig.toml": '[install]\nregistry = "B"\n[install.scopes]\n"@S" = "A"\n'},
        "B",
        "B",
        id="scopes are compared exactly",
    ),
    pytest.param(
        {"bunfig.toml": '[install.scopes]\ns = "A"\n', ".npmrc": "registry=B\n@s:registry=B\n"},
        "B",
        "A",
        id="bunfig.toml wins for a scope too",
    ),
    pytest.param({"bunfig.toml": 'registry = "A"\n', ".npmrc": "registry=B\n"}, "B", "B", id="top"),
    pytest.param(
        {".bunfig.toml": '[install]\nregistry = "A"\n', ".npmrc": "registry=B\n"},
        "B",
        "B",
        id="a hidden one is not read",
    ),
    pytest.param({".npmrc": "registry=B\n@s:registry=A\n"}, "B", "A", id=".npmrc alone"),
]


def read(files: dict[str, str]) -> Registries:
    return registries.read(MemoryTree(files), "", Manager("bun"))


def filled(files: dict[str, str], a: str, b: str) -> dict[str, str]:
    """The files with two addresses in place of A and B."""
    quoted = {path: text.replace('"A"', f'"{a}"') for path, text in files.items()}
    quoted = {path: text.replace('"B"', f'"{b}"') for path, text in quoted.items()}
    return {
        path: text.replace("=A\n", f"={a}\n").replace("=B\n", f"={b}\n")
        for path, text in quoted.items()
    }


@pytest.mark.parametrize(("files", "default", "scope"), CASES)
def test_which_registry_serves_what(files: dict[str, str], default: str, scope: str) -> None:
    a, b = "https://a.example.org/", "https://b.example.org/"
    found = read(filled(files, a, b))
    pin = found.scope("@s") or found.default

    assert found.default is not None
    assert found.default.url == {"A": a, "B": b}[default]
    assert pin is not None
    assert pin.url == {"A": a, "B": b}[scope]
    assert found.complete


@pytest.mark.node
def test_bun_itself_asks_the_same_registries(tmp_path: Path) -> None:
    packages: dict[str, dict[str, dict[str, Any]]] = {"d": {"1.0.0": {}}, "@s/c": {"1.0.0": {}}}
    manifest = {"name": "app", "dependencies": {"d": "1", "@s/c": "1"}}
    with Registry(packages) as a, Registry(packages) as b:
        for number, case in enumerate(CASES):
            files, default, scope = case.values
            assert isinstance(files, dict)
            a.asked.clear()
            b.asked.clear()
            itself = Bun(tmp_path / str(number), a)
            contents = filled(files, a.url, b.url)
            ran = itself.install({"bunfig.toml": None, "package.json": manifest, **contents})
            assert ran.code == 0, ran.output
            for name, wanted in (("d", default), ("@s/c", scope)):
                asked = {
                    letter
                    for letter, registry in (("A", a), ("B", b))
                    if any(
                        path.lower().replace("%2f", "/") == f"/{name}" for path in registry.asked
                    )
                }
                assert asked == {wanted}, (case.id, name)


def test_a_registry_from_the_environment_is_no_pin_to_rely_on() -> None:
    found = read({"bunfig.toml": '[install.scopes]\n"@s" = "$REGISTRY"\n'})

    assert found.scopes["@s"].fault == "depends on the environment"
    assert (found.scopes["@s"].path, found.scopes["@s"].line) == ("bunfig.toml", 2)


def test_a_file_that_is_no_toml_is_a_fault_and_leaves_pins_unknown() -> None:
    found = read(
        {"bunfig.toml": "[install]\nregistry = \n", ".npmrc": "@s:registry=https://a.b/\n"}
    )

    assert [str(fault).partition(": is not")[0] for fault in found.faults] == ["bunfig.toml:2"]
    assert not found.complete
    assert found.scope("@s") is not None


@pytest.mark.parametrize(
    ("data", "line"),
    [
        pytest.param(b"a = 1\nb = \xff\n", 2, id="no UTF-8"),
        pytest.param(b'a = 1\n[install\nregistry = ""\n', 2, id="an open header"),
        pytest.param(b"a = 1\na = 2\n", 2, id="a key twice"),
        pytest.param(b"a = [" + b"[" * 5000, 1, id="nested too deep"),
        pytest.param(b"a = " + b"9" * 5000, 1, id="a long number"),
    ],
)
def test_what_is_no_toml_is_named_by_line(data: bytes, line: int) -> None:
    with pytest.raises(SettingsError) as caught:
        bunfig.parse("bunfig.toml", data)

    assert (caught.value.path, caught.value.line) == ("bunfig.toml", line)


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet='[]{}="\n.installregistryscopes@:/1 ', max_size=120))
def test_any_text_is_settings_or_a_fault(text: str) -> None:
    found = read({"bunfig.toml": text})

    assert found.complete is not bool(found.faults)
