"""Our own modules, loaded without being looked for.

Python asks four finders for each module, lists its folder and looks at its
source thrice: half of what loading a hundred small modules takes.  Ours lie
where their package lies.  A .pyc counts by the rule of the standard loader
(PEP 552: magic number, date and size of the source); where it does not, and for
whoever else's modules, the standard machinery does what it always does.
"""

from __future__ import annotations

import os
import sys
from _frozen_importlib import ModuleSpec
from _frozen_importlib_external import MAGIC_NUMBER, SourceFileLoader
from _imp import _fix_co_filename  # type: ignore[attr-defined]  # not in typeshed
from marshal import loads

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import CodeType, ModuleType
    from typing import Final

_OURS: Final = ("lockward.", "lockward_hooks.")
_TIMESTAMP: Final = MAGIC_NUMBER + bytes(4)  # the beginning of a .pyc that goes by date and size
_HEADER: Final = 16  # bytes
_MOST: Final = 1 << 16  # bytes of a .pyc that is read: ours have half of it at most
_LAST_32: Final = 0xFFFFFFFF


class _Loader(SourceFileLoader):
    """The standard loader, given the code that was found at once."""

    code: CodeType

    def get_code(self, fullname: str) -> CodeType | None:  # noqa: ARG002 - the loader's shape
        return self.code


class _Finder:
    """A finder (sys.meta_path) for modules of ours whose .pyc is sound."""

    @staticmethod
    def find_spec(
        name: str, path: Sequence[str] | None = None, _target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if path is None or not name.startswith(_OURS):
            return None
        stem = name.rpartition(".")[2]
        source = f"{path[0]}/{stem}.py"
        compiled = f"{path[0]}/__pycache__/{stem}{_ENDING}"
        code, folders = _code(source, compiled), None
        if code is None:
            folders = [f"{path[0]}/{stem}"]
            source = f"{folders[0]}/__init__.py"
            compiled = f"{folders[0]}/__pycache__/__init__{_ENDING}"
            code = _code(source, compiled)
        if code is None:
            return None
        loader = _Loader(name, source)
        loader.code = code
        spec = ModuleSpec(name, loader, origin=source)
        spec.submodule_search_locations = folders  # of a package
        spec.has_location = True
        spec.cached = compiled
        return spec


def _code(source: str, compiled: str) -> CodeType | None:
    """The code of a .pyc that belongs to a source as it is now; None otherwise."""
    try:
        seen = os.stat(source)
        number = os.open(compiled, os.O_RDONLY | os.O_CLOEXEC)
        try:
            data = os.read(number, _MOST)
        finally:
            os.close(number)
    except OSError:
        return None
    date = int(seen.st_mtime) & _LAST_32
    stamp = date.to_bytes(4, "little") + (seen.st_size & _LAST_32).to_bytes(4, "little")
    if data[:_HEADER] != _TIMESTAMP + stamp or len(data) == _MOST:
        return None
    code: CodeType = loads(memoryview(data)[_HEADER:])  # noqa: S302 - what Python would load
    _fix_co_filename(code, source)
    return code


_ENDING: Final = f".{sys.implementation.cache_tag}.pyc"


def install() -> None:
    """Load modules of ours so from now on, where .pyc files lie where they usually lie."""
    if sys.implementation.cache_tag and not (sys.pycache_prefix or sys.flags.optimize):
        sys.meta_path.insert(0, _Finder)
