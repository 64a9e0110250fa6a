"""What Yarn's own frozen install says of every mutation of every world.

    python -m tests.support.yarn_frozen            renews tests/data/yarn_frozen/*.json

Yarn runs against a registry on this machine.  In what is recorded the registry is
registry.example.org.
"""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tests.support import tools, yarn_worlds
from tests.support.registry import Registry

if TYPE_CHECKING:
    from tests.support.yarn_worlds import Files

DATA: Final = Path(__file__).parents[1] / "data" / "yarn_frozen"
HOST: Final = "https://registry.example.org/"
PROGRAMS: Final = {
    "yarn-classic": ("yarn@1.22.22", "yarn"),
    "yarn-berry": ("@yarnpkg/cli-dist@4.18.1", "yarn"),
}
_INSTALL: Final = {
    "yarn-classic": ("install", "--ignore-scripts", "--non-interactive", "--no-progress"),
    "yarn-berry": ("install", "--mode=skip-build"),
}
_FROZEN: Final = {"yarn-classic": "--frozen-lockfile", "yarn-berry": "--immutable"}
_BERRY_RC: Final = """\
enableTelemetry: false
nodeLinker: node-modules
npmMinimalAgeGate: 0
npmRegistryServer: "{url}"
unsafeHttpWhitelist:
  - 127.0.0.1
"""


class Yarn:
    """One Yarn with a registry and a cache of its own, below ``folder``."""

    def __init__(self, kind: str, registry: Registry, folder: Path) -> None:
        self.kind: Final = kind
        self.registry: Final = registry
        self.folder: Final = folder
        self._program: Final = tools.program(*PROGRAMS[kind])

    def lock(self, files: Files) -> str:
        """The yarn.lock that Yarn writes for a project."""
        seed = {**files, "yarn.lock": ""} if self.kind == "yarn-berry" else files
        ran, project = self._run(seed, "--no-immutable" if self.kind == "yarn-berry" else "")
        assert ran.returncode == 0, ran.stdout + ran.stderr
        return (project / "yarn.lock").read_text().replace(self.registry.url, HOST)

    def refuses(self, files: Files) -> str:
        """Why the frozen install of a project fails; "" when it does not."""
        ran, _ = self._run(files, _FROZEN[self.kind])
        return "" if ran.returncode == 0 else _reason(ran.stdout + ran.stderr)

    def _run(self, files: Files, option: str) -> tuple[subprocess.CompletedProcess[str], Path]:
        project = Path(tempfile.mkdtemp(dir=self.folder))
        rc = {".npmrc": f"registry={self.registry.url}\n"}
        if self.kind == "yarn-berry":
            rc = {".yarnrc.yml": _BERRY_RC.format(url=self.registry.url.rstrip("/"))}
        for path, text in {**files, **rc}.items():
            (project / path).parent.mkdir(parents=True, exist_ok=True)
            (project / path).write_text(text.replace(HOST, self.registry.url))
        options = [*_INSTALL[self.kind], *([option] if option else [])]
        if self.kind == "yarn-classic":
            options += ["--cache-folder", str(self.folder / "cache")]
        ran = subprocess.run(
            ["node", str(self._program.resolve()), *options],
            cwd=project,
            capture_output=True,
            text=True,
            check=False,
            env={
                "PATH": os.environ["PATH"],
                "HOME": str(self.folder),
                "YARN_IGNORE_PATH": "1",
                "YARN_GLOBAL_FOLDER": str(self.folder / "global"),
            },
        )
        return ran, project


def _reason(said: str) -> str:
    """The line that tells why, without what differs from run to run."""
    lines = [line for line in said.splitlines() if any(word in line for word in _TELLING)]
    telling = [line for line in lines if not any(word in line for word in _FRAME)]
    first = next((line for line in telling if "explicitly forbidden" in line), "")
    return (first or (telling or lines or ["failed"])[0])[:120]


_TELLING: Final = ("error ", "Error", "➤ YN")
_FRAME: Final = ("YN0000", "YN0002", "YN0085", "YN0086")  # steps, peers, lists, advice


def renew(kind: str) -> None:
    """Ask Yarn anew and write its answers down."""
    with Registry(yarn_worlds.PACKAGES) as registry, tempfile.TemporaryDirectory() as folder:
        yarn = Yarn(kind, registry, Path(folder))
        recorded = {}
        for name, files in yarn_worlds.worlds(kind).items():
            world = {**files, "yarn.lock": yarn.lock(files)}
            cases = list(yarn_worlds.mutations(kind, world))
            with ThreadPoolExecutor(2) as pool:
                answers = list(pool.map(yarn.refuses, [edited for _, edited in cases]))
            answered = dict(zip([case for case, _ in cases], answers, strict=True))
            recorded[name] = {"lockfile": world["yarn.lock"], "refusals": answered}
    DATA.mkdir(exist_ok=True)
    text = json.dumps(recorded, indent=1, ensure_ascii=False).replace(registry.url, HOST)
    (DATA / f"{kind}.json").write_text(text + "\n")


if __name__ == "__main__":
    for manager in PROGRAMS:
        renew(manager)
