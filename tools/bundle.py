"""One file that runs wherever Python does: ``python -m tools.bundle [OUTPUT] [INTERPRETER]``.

For servers whose hooks run in a chroot without Python packages.  A zip archive
that Python executes, with both of our packages, what they need of PyYAML and
pathspec (both pure Python), and compiled copies for the Python that made it.
Compiled wheels stay out: tomllib stands in for tomli, and shell text in CI files is
read by its lines instead of by tree-sitter's grammar.  The same input gives the
same file.
"""

from __future__ import annotations

import io
import py_compile
import sys
import tempfile
import zipfile
from importlib.metadata import distribution
from pathlib import Path

ROOT = Path(__file__).parents[1]
OURS = (ROOT / "policy" / "lockward", ROOT / "hooks" / "lockward_hooks")
# Distribution -> its package.
VENDORED = {"pyyaml": "yaml", "pathspec": "pathspec"}
INTERPRETER = "/usr/bin/env python3"
EPOCH = (1980, 1, 1, 0, 0, 0)
MAIN = """\
import sys

if sys.version_info < (3, 11):
    sys.stdout.write("lockward: needs Python 3.11, this is %d.%d: nothing is accepted\\n"
                     % sys.version_info[:2])
    sys.exit(2)

from lockward_hooks import bundled, cli

sys.argv[1:] = bundled.words(sys.argv)
cli.console()
"""


def build(output: Path, interpreter: str = INTERPRETER) -> Path:
    """Write the bundle; the file."""
    files: dict[str, bytes] = {"__main__.py": MAIN.encode()}
    for folder in OURS:
        files |= _package(folder, folder.name)
    for name, package in VENDORED.items():
        files |= _vendored(name, package)
    files["LICENSE"] = (ROOT / "LICENSE").read_bytes()
    files |= _metadata()
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            archive.writestr(zipfile.ZipInfo(name, EPOCH), files[name], zipfile.ZIP_DEFLATED)
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_bytes(f"#!{interpreter}\n".encode() + buffer.getvalue())
    output.chmod(0o755)
    return output


def _package(folder: Path, name: str) -> dict[str, bytes]:
    """The modules of a package, each as text and compiled, and its tables."""
    found = {
        f"{name}/{path.relative_to(folder).as_posix()}": path.read_bytes()
        for path in sorted(folder.rglob("*.txt"))
    }
    for path in sorted(folder.rglob("*.py")):
        place = f"{name}/{path.relative_to(folder).as_posix()}"
        found[place] = path.read_bytes()
        found[f"{place}c"] = _compiled(path, place)
    return found


def _compiled(path: Path, place: str) -> bytes:
    """A .pyc as zipimport finds it; another Python's reads the text instead."""
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "module.pyc"
        py_compile.compile(
            str(path),
            str(target),
            dfile=place,
            doraise=True,
            invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
        )
        return target.read_bytes()


def _vendored(name: str, package: str) -> dict[str, bytes]:
    """A package of somebody else, with its licence and without compiled code."""
    found = distribution(name)
    (init,) = (file for file in found.files or () if str(file) == f"{package}/__init__.py")
    folder = Path(str(init.locate())).parent
    licences = [file for file in found.files or () if "LICENSE" in file.name.upper()]
    assert licences, f"{name} comes without a licence"
    texts = {f"licenses/{name}/{file.name}": file.read_binary() for file in licences}
    return _package(folder, package) | texts


def _metadata() -> dict[str, bytes]:
    """What ``lockward version`` asks for."""
    found = distribution("lockward")
    text = f"Metadata-Version: 2.1\nName: lockward\nVersion: {found.version}\n"
    return {f"lockward-{found.version}.dist-info/METADATA": text.encode()}


if __name__ == "__main__":
    made = build(Path(sys.argv[1] if len(sys.argv) > 1 else "dist/lockward.pyz"), *sys.argv[2:3])
    print(f"{made}: {made.stat().st_size >> 10} kB")
