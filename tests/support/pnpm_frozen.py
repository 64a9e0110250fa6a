"""Projects, edits to them, and whether `pnpm install --frozen-lockfile` takes the outcome.

    python -m tests.support.pnpm_frozen [VERSION...]    asks anew (tests/data/pnpm/frozen.json)

The lockfiles of the unedited projects are written by the same pnpm against a
registry of this machine.  pnpm 9 to 11 take a second for each question.
"""

from __future__ import annotations

import copy
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import yaml

from tests.support import tools
from tests.support.pnpm_edits import (
    APP,
    LIB,
    LOCK,
    PATCH,
    ROOT,
    WORKSPACE,
    Files,
    edits_of_single,
    edits_of_workspace,
)
from tests.support.registry import Registry

if TYPE_CHECKING:
    from tests.support.pnpm_edits import Edit

# libyaml where it is there: ten times as fast.
_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_DUMPER: Final = getattr(yaml, "CSafeDumper", yaml.SafeDumper)

RECORDED: Final = Path(__file__).parents[1] / "data" / "pnpm" / "frozen.json"
# Version -> every how manieth edit it is asked about.
VERSIONS: Final = {"9.15.9": 1, "10.34.9": 1, "11.28.11": 8, "12.21.0": 1}
NODE: Final = {"11.28.11": "node@22.23.3"}  # what a version needs where the machine's node is older

PACKAGES: Final[dict[str, dict[str, Any]]] = {
    "aaa": {v: {"dependencies": {"bbb": "^1.0.0"}} for v in ("1.0.0", "1.1.0", "1.2.0", "2.0.0")},
    "bbb": {v: {} for v in ("1.0.0", "1.0.1", "1.1.0", "2.0.0")},
    "ccc": {v: {"peerDependencies": {"bbb": "^1.0.0"}} for v in ("1.0.0", "1.1.0")},
    "opt": {v: {"optionalDependencies": {"ddd": "1.0.0"}} for v in ("1.0.0", "1.1.0")},
    "ddd": {v: {} for v in ("1.0.0", "1.1.0")},
    "@acme/util": {v: {} for v in ("1.0.0", "1.1.0-beta.1", "1.1.0")},
}
# What the workspace's root says, under the names of pnpm-workspace.yaml.
SETTINGS: Final = {
    "overrides": {"aaa>bbb": "1.0.1", "ccc@1": "1.0.0"},
    "packageExtensions": {"opt@1": {"dependencies": {"bbb": "^1.0.0"}}},
    "patchedDependencies": {"ddd@1.0.0": "patches/ddd.patch"},
    "ignoredOptionalDependencies": ["ignored-*"],
}


def single() -> Files:
    """One project with requirements of every section."""
    return {
        ROOT: {
            "name": "single",
            "version": "1.0.0",
            "dependencies": {"aaa": "^1.0.0", "al": "npm:bbb@^1.0.0", "@acme/util": "1.0.0"},
            "devDependencies": {"ccc": "~1.0.0", "bbb": "^1.0.0"},
            "optionalDependencies": {"opt": "^1.0.0"},
            "peerDependencies": {"ddd": "^1.0.0"},
        }
    }


def workspace(version: str) -> Files:
    """A workspace with catalogs, overrides, patches, extensions and links between its projects."""
    in_file = not version.startswith("9.")
    root: Files = {
        "name": "root",
        "private": True,
        "devDependencies": {"aaa": "catalog:", "ccc": "^1.0.0", "bbb": "^1.0.0"},
    }
    file: Files = {
        "packages": ["packages/*"],
        "catalog": {"aaa": "^1.0.0"},
        "catalogs": {"next": {"bbb": "^1.1.0"}},
    }
    settings = copy.deepcopy(SETTINGS)
    if in_file:
        file.update(settings)
    else:
        root["pnpm"] = settings
    return {
        ROOT: root,
        WORKSPACE: file,
        APP: {
            "name": "@acme/app",
            "version": "1.0.0",
            "dependencies": {"@acme/lib": "workspace:*", "aaa": "catalog:", "bbb": "catalog:next"},
            "optionalDependencies": {"opt": "1.0.0", "ignored-one": "1.0.0"},
            "dependenciesMeta": {"opt": {"injected": False}},
        },
        LIB: {
            "name": "@acme/lib",
            "version": "1.0.0",
            "publishConfig": {"directory": "dist"},
            "peerDependencies": {"ddd": "^1.0.0"},
        },
        "packages/empty/package.json": {"name": "empty", "version": "1.0.0"},
        "patches/ddd.patch": PATCH,
    }


def worlds(version: str) -> dict[str, Files]:
    """The unedited projects, without lockfiles."""
    return {"single": single(), "workspace": workspace(version)}


def edits(world: str, version: str) -> dict[str, Edit]:
    """Name -> edit, of those that the version is asked about."""
    found = edits_of_single(single()[ROOT]) if world == "single" else edits_of_workspace(version)
    return dict(list(dict(found).items())[:: VERSIONS[version]])


def texts(files: Files, version: str) -> dict[str, str]:
    """A project's files as they lie on disk."""
    if isinstance(files.get(ROOT), dict):
        files[ROOT]["packageManager"] = f"pnpm@{version}"
    return {
        path: value
        if isinstance(value, str)
        else json.dumps(value, indent=2)
        if path.endswith(".json")
        else yaml.dump(value, Dumper=_DUMPER, sort_keys=False)
        for path, value in files.items()
    }


def edited(world: str, version: str, lock: str, name: str) -> dict[str, str]:
    """The files of a project after one edit."""
    files = worlds(version)[world]
    files[LOCK] = list(yaml.load_all(lock, Loader=_LOADER))[-1]
    edits(world, version)[name](files)
    return texts(files, version)


# pnpm


class Pnpm:
    """One version of pnpm, with a registry and folders of its own."""

    def __init__(self, version: str, registry: Registry, scratch: Path) -> None:
        self.version: Final = version
        self.program: Final = tools.program(f"pnpm@{version}", "pnpm")
        self.scratch: Final = scratch
        path = os.environ["PATH"]
        if version in NODE:
            path = f"{tools.program(NODE[version], 'node').parent}:{path}"
        self.env: Final = {
            "PATH": path,
            "HOME": str(scratch / "home"),
            "npm_config_registry": registry.url,
            "pnpm_config_registry": registry.url,
            "pnpm_config_trust_lockfile": "true",
            "npm_config_manage_package_manager_versions": "false",
            "pnpm_config_pm_on_fail": "ignore",
        }
        self._made = 0

    def run(self, files: dict[str, str], *words: str) -> tuple[int, str, Path]:
        """The exit code and what `pnpm install` prints, in a folder with these files."""
        self._made += 1
        folder = self.scratch / f"{self.version}-{self._made}"
        for path, text in files.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(text)
        done = subprocess.run(
            [str(self.program), "install", "--lockfile-only", "--ignore-scripts", *words],
            cwd=folder,
            env=self.env,
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout + done.stderr, folder

    def lock(self, files: dict[str, str]) -> str:
        """The lockfile that it writes."""
        code, output, folder = self.run(files, "--no-frozen-lockfile")
        if code:
            raise AssertionError(output)
        return (folder / LOCK).read_text()

    def takes(self, files: dict[str, str]) -> bool:
        """Whether a frozen install takes the pair; anything else that it says is an error."""
        code, output, _ = self.run(files, "--frozen-lockfile")
        if code and not any(word in output for word in REFUSED):
            raise AssertionError(output)
        return code == 0


REFUSED: Final = (
    "ERR_PNPM_OUTDATED_LOCKFILE",
    "ERR_PNPM_LOCKFILE_CONFIG_MISMATCH",
    "ERR_PNPM_NO_LOCKFILE",
    "ERR_PNPM_BROKEN_LOCKFILE",
    'Cannot install with "frozen-lockfile"',
)


def main(*versions: str) -> None:
    """Ask every version about its edits, and write the answers down."""
    found = json.loads(RECORDED.read_text()) if RECORDED.exists() else {}
    with tempfile.TemporaryDirectory() as scratch, Registry(PACKAGES) as registry:
        for version in versions or VERSIONS:
            pnpm = Pnpm(version, registry, Path(scratch))
            for world, files in worlds(version).items():
                lock = pnpm.lock(texts(files, version))
                answers = {
                    name: pnpm.takes(edited(world, version, lock, name))
                    for name in edits(world, version)
                }
                found.setdefault(version, {})[world] = {"lockfile": lock, "takes": answers}
    RECORDED.write_text(json.dumps(found, indent=1, sort_keys=True) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
