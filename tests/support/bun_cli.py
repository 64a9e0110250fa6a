"""bun itself, in folders of its own: no cache, no settings and no network but a test's registry."""

from __future__ import annotations

import json
import os
import subprocess
from typing import TYPE_CHECKING, Any, Final

from tests.support.tools import program

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tests.support.registry import Registry

VERSION: Final = "1.4.5"

Files = dict[str, Any]  # a text, bytes, or a document to write as JSON; None = no such file


class Ran:
    """What a run of bun left behind."""

    def __init__(self, folder: Path, code: int, output: str) -> None:
        self.folder: Final = folder
        self.code: Final = code
        self.output: Final = output

    def text(self, path: str) -> str:
        """A file of the project; "" when there is none."""
        file = self.folder / path
        return file.read_text() if file.exists() else ""


class Bun:
    """Runs bun on projects below a folder, against one registry."""

    def __init__(self, home: Path, registry: Registry) -> None:
        self.home: Final = home
        self.registry: Final = registry
        self._count = 0

    def settings(self) -> str:
        """A bunfig.toml that names the registry."""
        return f'[install]\nregistry = "{self.registry.url}"\n'

    def write(self, files: Mapping[str, Any]) -> Path:
        """A new project folder with these files, and a bunfig.toml when they have none."""
        self._count += 1
        folder = self.home / f"project{self._count}"
        for path, content in {"bunfig.toml": self.settings(), **files}.items():
            if content is None:
                continue
            file = folder / path
            file.parent.mkdir(parents=True, exist_ok=True)
            if isinstance(content, bytes):
                file.write_bytes(content)
            else:
                file.write_text(content if isinstance(content, str) else json.dumps(content))
        return folder

    def run(self, folder: Path, *args: str) -> Ran:
        """Bun with these arguments in a folder."""
        environment = {
            **{name: value for name, value in os.environ.items() if "BUN" not in name.upper()},
            "HOME": str(self.home),
            "XDG_CONFIG_HOME": str(self.home),
            "BUN_INSTALL_CACHE_DIR": str(self.home / "cache"),
            "NO_COLOR": "1",
        }
        done = subprocess.run(
            [str(program(f"bun@{VERSION}", "bun")), *args],
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        return Ran(folder, done.returncode, done.stdout + done.stderr)

    def install(self, files: Mapping[str, Any], *args: str) -> Ran:
        """`bun install` in a new project, without scripts."""
        return self.run(self.write(files), "install", "--ignore-scripts", *args)
