"""Edits to pnpm projects and their lockfiles, by name, for tests.support.pnpm_frozen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Edit = Callable[["Files"], None]

Files = dict[str, Any]  # path -> text, or the value of a JSON or YAML file

LOCK: Final = "pnpm-lock.yaml"
WORKSPACE: Final = "pnpm-workspace.yaml"
ROOT: Final = "package.json"
APP: Final = "packages/app/package.json"
LIB: Final = "packages/lib/package.json"
PATCH: Final = """\
diff --git a/index.js b/index.js
--- a/index.js
+++ b/index.js
@@ -1 +1 @@
-module.exports = "ddd@1.0.0"
+module.exports = "patched"
"""


def _set(path: str, *keys: str, to: object) -> Edit:
    def edit(files: Files) -> None:
        node = files[path]
        for key in keys[:-1]:
            node = node.setdefault(key, {})
        if to is None:
            node.pop(keys[-1], None)
        else:
            node[keys[-1]] = to

    return edit


def _both(*edits: Edit) -> Edit:
    def edit(files: Files) -> None:
        for one in edits:
            one(files)

    return edit


def _move(path: str, *keys: str, to: str) -> Edit:
    """A requirement goes to another section."""

    def edit(files: Files) -> None:
        node = files[path]
        for key in keys[:-2]:
            node = node[key]
        value = node[keys[-2]].pop(keys[-1])
        node.setdefault(to, {})[keys[-1]] = value

    return edit


def _manifest_edits(path: str, section: str, name: str) -> Iterator[tuple[str, Edit]]:
    where = f"{path}: {name}"
    for spec in ("^1.0.0", "^2.0.0", "1.x", "*", "latest", "workspace:*", "github:acme/x"):
        yield f"{where} wants {spec}", _set(path, section, name, to=spec)
    yield f"{where} is gone", _set(path, section, name, to=None)
    other = "dependencies" if section != "dependencies" else "devDependencies"
    yield f"{where} moves to {other}", _move(path, section, name, to=other)
    yield f"{where} is in {other} too", _set(path, other, name, to="^1.0.0")


def _lock_edits(importer: str, section: str, name: str) -> Iterator[tuple[str, Edit]]:
    at = ("importers", importer, section)
    where = f"lockfile {importer}: {name}"
    for version in ("1.1.0", "2.0.0", "1.1.0-beta.1", "https://evil.test/x.tgz", "link:../x"):
        yield f"{where} is {version}", _set(LOCK, *at, name, "version", to=version)
    for spec in ("^1.0.0", "^9.0.0"):
        yield f"{where} recorded {spec}", _set(LOCK, *at, name, "specifier", to=spec)
    yield f"{where} is gone", _set(LOCK, *at, name, to=None)
    other = "dependencies" if section != "dependencies" else "devDependencies"
    yield f"{where} moves to {other}", _move(LOCK, *at, name, to=other)


def _pair(one: str, other: str) -> Edit:
    """A git dependency that the lockfile records in one spelling and the manifest in another."""
    told = {"specifier": one, "version": "https://codeload.github.com/o/r/tar.gz/" + "a" * 40}
    return _both(
        _set(ROOT, "dependencies", "git-dep", to=other),
        _set(LOCK, "importers", ".", "dependencies", "git-dep", to=told),
    )


GIT_PAIRS: Final = (
    ("github:o/r", "o/r"),
    ("github:o/r#v1", "git+https://github.com/o/r.git#v1"),
    ("github:o/r", "https://github.com/o/r"),
    ("git://github.com/o/r", "https://GitHub.com/o/r.git"),
    ("github:o/r#v1", "github:o/r#v2"),
    ("github:o/r", "gitlab:o/r"),
    ("github:o/r", "git+ssh://git@github.com/o/r.git"),
    ("https://git.test/o/r.git", "git+https://git.test/o/r"),
    ("https://git.test/o/r", "git+https://git.test/o/r"),
)
IMPORTER_OF: Final = {ROOT: ".", APP: "packages/app", LIB: "packages/lib"}


def edits_of_single(manifest: dict[str, Any]) -> Iterator[tuple[str, Edit]]:
    """Names of edits to the single project, whose package.json this is, and the edits."""
    yield "nothing", lambda _: None

    for section in ("dependencies", "devDependencies", "optionalDependencies"):
        for name in manifest[section]:
            yield from _manifest_edits(ROOT, section, name)
            yield from _lock_edits(".", section, name)
    for name, spec in (("eee", "^1.0.0"), ("bbb", "^2.0.0"), ("aaa", "^1.0.0")):
        yield f"peer {name} {spec}", _set(ROOT, "peerDependencies", name, to=spec)
    yield "no peers", _set(ROOT, "peerDependencies", to={})
    yield "a peer becomes a dependency", _move(ROOT, "peerDependencies", "ddd", to="dependencies")
    for one, other in GIT_PAIRS:
        yield f"{one} = {other}", _pair(one, other)
    yield "no importer", _set(LOCK, "importers", ".", to=None)
    for key in ("autoInstallPeers", "excludeLinksFromLockfile"):
        for value in (True, False, None):
            yield f"lockfile {key} {value}", _set(LOCK, "settings", key, to=value)
    for key in ("dedupePeers", "injectWorkspacePackages"):
        yield f"lockfile {key}", _set(LOCK, "settings", key, to=True)
    yield "lockfile peersSuffixMaxLength", _set(LOCK, "settings", "peersSuffixMaxLength", to=100)
    yield "lockfile without settings", _set(LOCK, "settings", to=None)
    yield "publishConfig", _set(ROOT, "publishConfig", to={"directory": "dist"})
    yield "publishConfig.access", _set(ROOT, "publishConfig", to={"access": "public"})
    yield "dependenciesMeta", _set(ROOT, "dependenciesMeta", to={"aaa": {"injected": True}})
    yield "dependenciesMeta {}", _set(ROOT, "dependenciesMeta", to={})
    yield "the project's version", _set(ROOT, "version", to="2.0.0")
    yield "lockfile pnpmfileChecksum", _set(LOCK, "pnpmfileChecksum", to="sha256-abc=")


def edits_of_workspace(version: str) -> Iterator[tuple[str, Edit]]:
    """The same for the workspace; where its settings stand depends on the version."""
    at = (ROOT, "pnpm") if version.startswith("9.") else (WORKSPACE,)
    yield "nothing", lambda _: None
    yield from _manifest_edits(APP, "dependencies", "aaa")
    yield from _manifest_edits(APP, "optionalDependencies", "opt")
    yield from _lock_edits("packages/app", "dependencies", "bbb")
    yield from _lock_edits("packages/app", "dependencies", "@acme/lib")
    yield from _lock_edits(".", "devDependencies", "ccc")
    yield "overridden bbb in app", _set(APP, "dependencies", "bbb", to="^1.0.0")
    yield "ccc wants 1", _set(ROOT, "devDependencies", "ccc", to="1")
    yield "ccc wants 2", _set(ROOT, "devDependencies", "ccc", to="^2.0.0")
    yield "an ignored optional is gone", _set(APP, "optionalDependencies", "ignored-one", to=None)
    yield "an ignored one is added", _set(APP, "optionalDependencies", "ignored-2", to="1.0.0")
    yield "an ignored one as dependency", _set(APP, "dependencies", "ignored-2", to="1.0.0")
    for keys, value in (
        (("overrides", "aaa>bbb"), "1.0.0"),
        (("overrides", "aaa>bbb"), None),
        (("overrides", "@acme/app>aaa"), "1.0.0"),
        (("overrides", "ddd"), "1.0.0"),
        (("overrides", "bbb"), "$bbb"),
        (("overrides",), None),
        (("packageExtensions", "opt@1", "dependencies", "bbb"), "^1.0.1"),
        (("packageExtensions", "aaa"), {"peerDependenciesMeta": {"bbb": {"optional": True}}}),
        (("packageExtensions",), None),
        (("patchedDependencies",), None),
        (("ignoredOptionalDependencies",), ["ignored-*", "other"]),
        (("ignoredOptionalDependencies",), None),
    ):
        name = " ".join(keys)
        yield f"settings {name} = {value}", _set(at[0], *at[1:], *keys, to=value)
    for field in ("overrides", "packageExtensionsChecksum", "patchedDependencies", "catalogs"):
        yield f"lockfile without {field}", _set(LOCK, field, to=None)
    yield "lockfile ignores nothing", _set(LOCK, "ignoredOptionalDependencies", to=None)
    yield "lockfile overrides", _set(LOCK, "overrides", "aaa>bbb", to="9.9.9")
    yield "lockfile checksum", _set(LOCK, "packageExtensionsChecksum", to="sha256-abc=")
    yield "the patch changes", lambda files: files.update({"patches/ddd.patch": PATCH + "\n"})
    crlf = PATCH.replace("\n", "\r\n")
    yield "the patch has CRLF", lambda files: files.update({"patches/ddd.patch": crlf})
    yield "catalog aaa", _set(WORKSPACE, "catalog", "aaa", to="^1.1.0")
    yield "catalog aaa is gone", _set(WORKSPACE, "catalog", "aaa", to=None)
    yield "catalog more", _set(WORKSPACE, "catalog", "zzz", to="^1.0.0")
    yield "catalog next bbb", _set(WORKSPACE, "catalogs", "next", "bbb", to="^1.0.0")
    entry = ("catalogs", "default", "aaa")
    yield "lockfile catalog specifier", _set(LOCK, *entry, "specifier", to="^9.0.0")
    yield "lockfile catalog version", _set(LOCK, *entry, "version", to="1.0.0")
    yield "directory", _set(LIB, "publishConfig", "directory", to="build")
    yield "no directory", _set(LIB, "publishConfig", to={})
    yield "meta", _set(APP, "dependenciesMeta", "opt", "injected", to=True)
    yield "no meta", _set(APP, "dependenciesMeta", to=None)
    yield "a member more", _member({})
    yield "a member with requirements", _member({"aaa": "^1.0.0"})
    yield "a member is out", _set(WORKSPACE, "packages", to=["packages/*", "!packages/app"])
    yield "no members", _set(WORKSPACE, "packages", to=["other/*"])
    yield "lockfile without app", _set(LOCK, "importers", "packages/app", to=None)
    yield "lockfile without empty", _set(LOCK, "importers", "packages/empty", to=None)
    yield "peer of lib", _set(LIB, "peerDependencies", "ddd", to="^1.1.0")
    yield "lib's version", _set(LIB, "version", to="3.0.0")


def _member(dependencies: dict[str, str]) -> Edit:
    manifest = {"name": "new", "version": "1.0.0", "dependencies": dependencies}
    return lambda files: files.update({"packages/new/package.json": manifest})
