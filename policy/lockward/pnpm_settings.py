"""What a project tells pnpm: pnpm-workspace.yaml, and package.json's ``pnpm`` up to pnpm 10.

Reference: pnpm, config/reader (getOptionsFromRootManifest.ts, index.ts) and
workspace/workspace-manifest-reader; run with pnpm 9, 10, 11 and 12.

    pnpm <= 9   package.json: pnpm.*, resolutions   pnpm-workspace.yaml: packages, catalogs
    pnpm 10     package.json: pnpm.*, resolutions   pnpm-workspace.yaml: everything else
    pnpm >= 11                                      pnpm-workspace.yaml: everything

A project that does not say which pnpm it uses is taken to use one that reads both.
"""

from __future__ import annotations

from lockward import bounds, yamlread
from lockward.errors import ManifestError
from lockward.paths import join

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Final

    from lockward.model import Lockfile, Manifest
    from lockward.project import Project

FILE: Final = "pnpm-workspace.yaml"
_LAST_IN_MANIFEST: Final = 10  # major of the last pnpm that reads package.json's ``pnpm``
_FIRST_IN_FILE: Final = 10  # of the first that reads settings in pnpm-workspace.yaml
_ALWAYS: Final = ("packages", "catalog", "catalogs")


def read(path: str, data: bytes) -> yamlread.Mapping:
    """The mapping in a pnpm-workspace.yaml; ManifestError for what pnpm could not read."""
    text = yamlread.decode(path, data, ManifestError).removeprefix("\ufeff")
    if not text.strip():
        return {}
    documents = yamlread.parse(path, text, ManifestError, by_hand=True)
    if len(documents) > 1:
        raise ManifestError("has more than one document", path=path, line=1)
    return documents[0] if documents else {}


class Settings:
    """The settings of one project, by their names in pnpm-workspace.yaml.

    ``file`` is what pnpm reads of that file, ``own`` of the manifest, ``major``
    the version in use (None = nothing tells).
    """

    __slots__ = ("_known_catalogs", "_known_overrides", "file", "major", "manifest", "own")

    def __init__(
        self, manifest: Manifest | None, file: Mapping[str, object], major: int | None
    ) -> None:
        own = {} if manifest is None else manifest.raw.get("pnpm")
        reads_own = major is None or major <= _LAST_IN_MANIFEST
        self.manifest: Final = manifest
        self.major: Final = major
        self.own: Final[Mapping[str, object]] = own if isinstance(own, dict) and reads_own else {}
        self.file: Final = (
            file
            if major is None or major >= _FIRST_IN_FILE
            else {key: file[key] for key in _ALWAYS if key in file}
        )
        self._known_catalogs: dict[str, dict[str, str]] | None = None
        self._known_overrides: dict[str, str] | None = None

    def get(self, key: str) -> object:
        """A setting's value, None when there is none: the manifest's before the file's."""
        value = self.own.get(key)
        return self.file.get(key) if value is None else value

    def mapping(self, key: str) -> Mapping[str, object]:
        """A setting that is a mapping; empty when it is none."""
        value = self.get(key)
        return value if isinstance(value, dict) else {}

    def names(self, key: str) -> tuple[str, ...]:
        """A setting that is a list of texts."""
        value = self.get(key)
        return tuple(x for x in value if isinstance(x, str)) if isinstance(value, list) else ()

    def truth(self, key: str) -> bool | None:
        """A Boolean setting; None when nothing says so."""
        return _TRUTHS.get(str(self.get(key)).lower())

    @property
    def catalogs(self) -> dict[str, dict[str, str]]:
        """Catalog ("default" is the one without a name) -> name -> spec; worked out once."""
        if self._known_catalogs is None:
            self._known_catalogs = self._catalogs()
        return self._known_catalogs

    def _catalogs(self) -> dict[str, dict[str, str]]:
        found: dict[str, dict[str, str]] = {}
        named = self.mapping("catalogs")
        for name, catalog in {"default": self.get("catalog"), **named}.items():
            if isinstance(catalog, dict):
                specs = {key: spec for key, spec in catalog.items() if isinstance(spec, str)}
                found.setdefault(name, {}).update(specs)
        return found

    @property
    def overrides(self) -> dict[str, str]:
        """Selector -> spec, with ``$name`` and ``catalog:`` replaced by what they stand for."""
        if self._known_overrides is None:
            listed = dict(self._overrides())
            bounds.check_overrides(len(listed))
            self._known_overrides = {key: self._spec(key, text) for key, text in listed.items()}
        return self._known_overrides

    def _overrides(self) -> Iterator[tuple[str, str]]:
        """The manifest's, resolutions first; the file's when it has none (run with pnpm 10)."""
        manifest = self.manifest
        reads = self.major is None or self.major <= _LAST_IN_MANIFEST
        resolutions = manifest.raw.get("resolutions") if manifest is not None and reads else None
        found: dict[str, object] = {}
        for overrides in (resolutions, self.own.get("overrides")):
            found.update(overrides if isinstance(overrides, dict) else {})
        listed = self.file.get("overrides")
        for key, text in (found or (listed if isinstance(listed, dict) else {})).items():
            if isinstance(text, str):
                yield key, text

    def _spec(self, selector: str, text: str) -> str:
        if text.startswith("$") and self.manifest is not None:
            sections = self.manifest.sections
            for section in ("optionalDependencies", "dependencies", "devDependencies"):
                if text[1:] in sections.get(section, {}):
                    return sections[section][text[1:]]
            return text
        return self.catalogued(target_of(selector), text) or text

    def catalogued(self, name: str, spec: str) -> str | None:
        """What a ``catalog:`` spec stands for; None for another, or when nothing is listed."""
        if not spec.startswith("catalog:"):
            return None
        return self.catalogs.get(spec[8:].strip() or "default", {}).get(name)


_TRUTHS: Final = {"true": True, "false": False}


def of(project: Project) -> Settings:
    """The settings of a project."""
    manager = project.manager
    major = manager.major if manager.kind == "pnpm" else None
    if major is None:
        major = _hinted(project.lockfile)
    return Settings(project.manifest, project.workspace_file, major)


def _hinted(lockfile: Lockfile | None) -> int | None:
    """The major version that wrote a lockfile, where its form tells: a lower bound since 11."""
    if lockfile is None or lockfile.format != "pnpm":
        return None
    if lockfile.environment:
        return 11
    return {"5": 7, "6": 8, "13": 12}.get(lockfile.version.partition(".")[0])


# Settings that .npmrc makes as well


def parted(project: Project, settings: Settings) -> bool:
    """Whether each project of the workspace has a lockfile of its own."""
    return not switch(project, settings, "sharedWorkspaceLockfile", default=True)


_LAST_IN_NPMRC: Final = 10  # major of the last pnpm that reads its settings in .npmrc


def switch(project: Project, settings: Settings, key: str, *, default: bool) -> bool:
    """A Boolean setting: pnpm-workspace.yaml's, else .npmrc's up to pnpm 10, else the default."""
    said = settings.truth(key)
    if said is not None:
        return said
    if settings.major is None or settings.major <= _LAST_IN_NPMRC:
        kebab = "".join(f"-{c.lower()}" if c.isupper() else c for c in key)
        for setting in reversed(project.registries.settings):
            if setting.key == kebab and not setting.inert:
                return setting.truth
    return default


# Overrides


def parts_of(selector: str) -> tuple[str, str]:
    """Parent and target of an override's selector, ``a@1>b@2``; parent "" when there is none.

    The ``>`` of a range has a blank, a bar or an ``@`` before it.
    """
    for at in range(1, len(selector)):
        if selector[at] == ">" and selector[at - 1] not in " |@":
            return selector[:at], selector[at + 1 :]
    return "", selector


def bare(text: str) -> str:
    """The name in ``name@range``."""
    at = text.find("@", 1)
    return text if at < 0 else text[:at]


def range_of(text: str) -> str | None:
    """The range in ``name@range``; None when it has none."""
    at = text.find("@", 1)
    return None if at < 0 else text[at + 1 :]


def target_of(selector: str) -> str:
    """The name of the package that an override is about."""
    return bare(parts_of(selector)[1])


def hook_files(settings: Settings) -> tuple[str, ...]:
    """The files that may rewrite manifests during an install, from the project's root."""
    named = settings.get("pnpmfile")
    if isinstance(named, list):
        return tuple(path for path in named if isinstance(path, str))
    return (named,) if isinstance(named, str) and named else (".pnpmfile.cjs", ".pnpmfile.mjs")


def file_of(root: str) -> str:
    """Where a project's pnpm-workspace.yaml lies."""
    return join(root, FILE)
