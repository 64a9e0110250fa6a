"""The printed fix lines mend: run by a shell, with the real package manager and a registry."""

from __future__ import annotations

import json
import os
import subprocess
from typing import TYPE_CHECKING, Any, Final

import pytest

from lockward import engine, sync
from lockward.memory import MemoryTree
from lockward.model import Change
from lockward.policy import Policy
from lockward.remedies import rewrite
from tests.support.npm import sri
from tests.support.registry import Registry
from tests.support.tools import program

if TYPE_CHECKING:
    from pathlib import Path

    from lockward.findings import Finding

PACKAGES: Final[dict[str, dict[str, dict[str, Any]]]] = {
    "a": {"1.0.0": {"dependencies": {"b": "^1.0.0"}}, "2.0.0": {"dependencies": {"b": "^1.0.0"}}},
    "b": {"1.0.0": {}},
}
RULES: Final = ("lockfile-out-of-sync", "lockfile-tampered", "lockfile-unmatched")


class Kind:
    """A manager: its format, package and program, its lockfile, its settings for a registry."""

    def __init__(
        self, form: str, package: str, name: str, lockfile: str, settings: dict[str, str]
    ) -> None:
        self.form: Final = form
        self.package: Final = package
        self.name: Final = name
        self.lockfile: Final = lockfile
        self.settings: Final = settings


KINDS: Final = [
    pytest.param(
        Kind("npm", "", "npm", "package-lock.json", {".npmrc": "registry=URL\n"}),
        id="npm",
    ),
    pytest.param(
        Kind("yarn-classic", "yarn@1.22.22", "yarn", "yarn.lock", {".npmrc": "registry=URL\n"}),
        id="Yarn 1",
    ),
    pytest.param(
        Kind(
            "yarn-berry",
            "@yarnpkg/cli-dist@4.9.3",
            "yarn",
            "yarn.lock",
            {
                ".yarnrc.yml": "npmRegistryServer: 'URL'\nunsafeHttpWhitelist: ['127.0.0.1']\n"
                "enableTelemetry: false\nenableGlobalCache: false\nnodeLinker: node-modules\n"
            },
        ),
        id="Yarn 4",
    ),
    pytest.param(
        Kind("pnpm", "pnpm@10.34.9", "pnpm", "pnpm-lock.yaml", {".npmrc": "registry=URL\n"}),
        id="pnpm",
    ),
    pytest.param(
        Kind(
            "bun", "bun@1.4.5", "bun", "bun.lock", {"bunfig.toml": '[install]\nregistry = "URL"\n'}
        ),
        id="bun",
    ),
]


class Repository:
    """A git repository with one project, and a shell in which the manager is at hand."""

    def __init__(self, folder: Path, kind: Kind, url: str) -> None:
        self.folder: Final = folder / "repository"
        self.kind: Final = kind
        folders = [program(kind.package, kind.name).parent] if kind.package else []
        self._environment: Final = {
            **{
                name: value
                for name, value in os.environ.items()
                if not name.lower().startswith(("npm_config_", "yarn_", "bun_", "git_", "ci"))
            },
            "PATH": os.pathsep.join([*map(str, folders), os.environ["PATH"]]),
            "HOME": str(folder),
            "XDG_CONFIG_HOME": str(folder / "config"),
            "XDG_DATA_HOME": str(folder / "data"),
            "BUN_INSTALL_CACHE_DIR": str(folder / "cache"),
            "npm_config_store_dir": str(folder / "store"),
            "npm_config_cache": str(folder / "npm"),
            "npm_config_omit_lockfile_registry_resolved": "false",
            "YARN_CACHE_FOLDER": str(folder / "yarn"),
        }
        self.folder.mkdir()
        for path, text in kind.settings.items():
            (self.folder / path).write_text(text.replace("URL", url))
        (self.folder / ".gitignore").write_text("node_modules\n.yarn\n.pnp*\n")
        self.require("^1.0.0")
        self.shell(f"git init -q . && {kind.name} install && git add -A")
        self.commit()

    def require(self, wanted: str) -> None:
        """Write a manifest that asks for a, and stage it."""
        manifest = {"name": "app", "version": "1.0.0", "dependencies": {"a": wanted}}
        (self.folder / "package.json").write_text(json.dumps(manifest, indent=2) + "\n")

    def shell(self, command: str) -> None:
        """Run a command as a person would paste it."""
        ran = subprocess.run(
            ["bash", "-ec", command],
            cwd=self.folder,
            env=self._environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert ran.returncode == 0, ran.stdout + ran.stderr

    def commit(self) -> None:
        """Commit what is staged."""
        self.shell("git -c user.name=x -c user.email=x@example.org commit -qm x")

    def tree(self, revision: str = "") -> MemoryTree:
        """The files that git knows, in the index or at a revision."""

        def git(*args: str) -> bytes:
            return subprocess.run(
                ["git", *args], cwd=self.folder, capture_output=True, check=True
            ).stdout

        listed = git("ls-tree", "-r", "--name-only", revision) if revision else git("ls-files")
        paths = listed.decode().splitlines()
        return MemoryTree({path: git("show", f"{revision}:{path}") for path in paths})

    def judged(self) -> list[Finding]:
        """What is said of the index against HEAD, and of the index itself."""
        before, after = self.tree("HEAD"), self.tree()
        paths = [p for p in after.entries() if before.read(p) != after.read(p)]
        change = engine.evaluate(Change(before, after, paths), Policy(), only=RULES)
        state = engine.scan(after, Policy(), only=RULES)
        return [f for report in (change, state) for f in report.findings if f.severity == "error"]


@pytest.fixture
def registry() -> Any:  # noqa: ANN401 - a generator's
    with Registry(PACKAGES) as running:
        yield running


@pytest.mark.node
@pytest.mark.git
@pytest.mark.parametrize("kind", KINDS)
def test_the_fix_lines_mend(kind: Kind, registry: Registry, tmp_path: Path) -> None:
    repository = Repository(tmp_path, kind, registry.url)
    assert repository.judged() == []

    # Out of sync: the manifest asks for another version.
    repository.require("^2.0.0")
    repository.shell("git add package.json")
    line = f"{rewrite(kind.lockfile, kind.form)} && git add {kind.lockfile}"
    found = [one for one in repository.judged() if one.rule == "lockfile-out-of-sync"]
    assert bool(found) is (kind.form in sync.JUDGES)
    assert all(finding.remedy == (line,) for finding in found)
    repository.shell(line)
    assert repository.judged() == []
    repository.commit()

    # Tampered: the same package, other bytes.
    lockfile = repository.folder / kind.lockfile
    text = lockfile.read_text()
    lockfile.write_text(_tampered(text, registry))
    assert lockfile.read_text() != text
    repository.shell(f"git add {kind.lockfile}")
    found = [one for one in repository.judged() if one.rule == "lockfile-tampered"]
    assert found
    for line in found[0].remedy:
        repository.shell(line)
    repository.shell("git add -A")
    assert repository.judged() == []
    assert lockfile.read_text() == text


def _tampered(text: str, registry: Registry) -> str:
    """A lockfile with another hash for b: an SRI, or Berry's own."""
    own = registry.integrity("b", "1.0.0")
    if own in text:
        return text.replace(own, sri("evil"))
    lines = text.split("\n")
    at = next(number for number, line in enumerate(lines) if line.startswith('"b@'))
    for number in range(at, len(lines)):
        key, checksum, _ = lines[number].partition("checksum: ")
        if checksum:
            prefix, slash, digest = lines[number].partition("checksum: ")[2].rpartition("/")
            lines[number] = f"{key}checksum: {prefix}{slash}{digest[::-1]}"
            break
    return "\n".join(lines)
