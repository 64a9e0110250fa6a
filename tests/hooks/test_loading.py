"""The quick way to our own modules: the same code as by the standard one, and never a stale one."""

from __future__ import annotations

import os
import py_compile
import subprocess
import sys
from importlib import util
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from lockward_hooks import loading

if TYPE_CHECKING:
    from collections.abc import Callable

ENVIRONMENT = {**os.environ, "PYTHONDONTWRITEBYTECODE": "", "PYTHONPATH": os.pathsep.join(sys.path)}


def _found(folder: Path, name: str = "lockward.one") -> object | None:
    """What the finder says of a module of that folder: the value of its VALUE."""
    spec = loading._Finder.find_spec(name, [str(folder)])
    if spec is None:
        return None
    module = util.module_from_spec(spec)
    assert spec.loader is not None
    spec.loader.exec_module(module)
    assert module.__file__ == str(folder / "one.py")
    assert module.__cached__ == util.cache_from_source(module.__file__)
    value: object = module.VALUE
    return value


def _compiled(folder: Path, mode: str = "TIMESTAMP") -> Path:
    source = folder / "one.py"
    source.write_text("VALUE = 1\n")
    py_compile.compile(str(source), invalidation_mode=py_compile.PycInvalidationMode[mode])
    return source


def test_a_compiled_module_is_loaded(tmp_path: Path) -> None:
    _compiled(tmp_path)
    assert _found(tmp_path) == 1


def test_a_compiled_package_is_loaded_as_one(tmp_path: Path) -> None:
    folder = tmp_path / "parts"
    folder.mkdir()
    source = folder / "__init__.py"
    source.write_text("VALUE = 2\n")
    py_compile.compile(str(source))

    spec = loading._Finder.find_spec("lockward.parts", [str(tmp_path)])

    assert spec is not None
    assert spec.loader is not None
    module = util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert (module.VALUE, module.__file__, list(module.__path__), module.__package__) == (
        *(2, str(source), [str(folder)], "lockward.parts"),
    )


def test_code_that_is_longer_than_what_is_read_is_left_to_the_standard_machinery(
    tmp_path: Path,
) -> None:
    source = tmp_path / "one.py"
    source.write_text(f"VALUE = 1\nTEXT = {'x' * 70_000!r}\n")
    py_compile.compile(str(source))
    assert _found(tmp_path) is None


def _longer(source: Path) -> None:
    seen = source.stat()
    source.write_text("VALUE = 1  # edited\n")
    os.utime(source, (seen.st_atime, seen.st_mtime))


def _later(source: Path) -> None:
    os.utime(source, (0, source.stat().st_mtime + 2))


def _cut(source: Path) -> None:
    Path(util.cache_from_source(str(source))).write_bytes(b"\x00" * 7)


def _foreign(source: Path) -> None:
    compiled = Path(util.cache_from_source(str(source)))
    compiled.write_bytes(b"\x00\x00\r\n" + compiled.read_bytes()[4:])


def _without_source(source: Path) -> None:
    source.unlink()


def _without_code(source: Path) -> None:
    Path(util.cache_from_source(str(source))).unlink()


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(_longer, id="a source of another size"),
        pytest.param(_later, id="a source of another date"),
        pytest.param(_cut, id="code that is cut off"),
        pytest.param(_foreign, id="another interpreter's code"),
        pytest.param(_without_source, id="code without a source"),
        pytest.param(_without_code, id="a source without code"),
    ],
)
def test_what_is_not_sound_is_left_to_the_standard_machinery(
    tmp_path: Path, change: Callable[[Path], None]
) -> None:
    change(_compiled(tmp_path))
    assert _found(tmp_path) is None


@pytest.mark.parametrize("mode", ["CHECKED_HASH", "UNCHECKED_HASH"])
def test_code_that_goes_by_a_hash_is_left_to_it_as_well(tmp_path: Path, mode: str) -> None:
    _compiled(tmp_path, mode)
    assert _found(tmp_path) is None


@pytest.mark.parametrize("name", ["json.one", "lockwards.one", "lockward"])
def test_nobody_elses_modules_are_found(tmp_path: Path, name: str) -> None:
    _compiled(tmp_path)
    assert _found(tmp_path, name) is None


_CONSOLE = """
import os, sys
from lockward_hooks import cli
def end(code):
    from lockward_hooks import loading
    ours = [m for n, m in sys.modules.items() if n.startswith(("lockward.", "lockward_hooks."))]
    quick = [m for m in ours if isinstance(m.__spec__.loader, loading._Loader)]
    print(code, len(quick) > 5, all(m.__spec__.loader.get_source(m.__name__) for m in ours))
    sys.stdout.flush()
    real(code)
real, os._exit = os._exit, end
sys.argv[1:] = ["rules"]
cli.console()
"""


@pytest.mark.parametrize(
    ("options", "quick"),
    [
        pytest.param([], True, id="as installed"),
        pytest.param(["-O"], False, id="code of another optimisation"),
        pytest.param(["-X", "pycache_prefix=elsewhere"], False, id="code that lies elsewhere"),
    ],
)
def test_the_console_script_loads_by_it(tmp_path: Path, options: list[str], quick: bool) -> None:  # noqa: FBT001
    command = [sys.executable, *options, "-c", _CONSOLE]

    def said() -> str:
        done = subprocess.run(
            command, cwd=tmp_path, env=ENVIRONMENT, check=True, capture_output=True, text=True
        )
        return done.stdout.splitlines()[-1]

    said()  # may have to compile
    assert said() == f"0 {quick} True"
