"""pnpm-lock.yaml: every version, every kind of entry, what is refused and where."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from lockward import lockfiles
from lockward.errors import LockfileError
from lockward.lockfiles import pnpm_tree
from tests.support import pnpm
from tests.support.pnpm import HASH

if TYPE_CHECKING:
    from lockward.model import Edge, Lockfile, Package

DATA: Final = Path(__file__).parents[2] / "data" / "pnpm"
SAMPLES: Final = sorted(DATA.glob("*.yaml"))
SHA: Final = "a" * 40


def read(text: str | bytes, name: str = "pnpm-lock.yaml") -> Lockfile:
    return lockfiles.read(name, text.encode() if isinstance(text, str) else text)


def facts(package: Package) -> tuple[str, str, str, str | None, str | None]:
    return package.name, package.version, package.source, package.resolved, package.integrity


def old(version: str, key: str, entry: str) -> str:
    """A file of pnpm 7 (5.4) or 8 (6.0) with one entry."""
    quoted = f"'{version}'" if version != "5.4" else version
    return f"lockfileVersion: {quoted}\n\npackages:\n\n  {key}:\n{entry}"


GIT_TARBALL: Final = f"https://codeload.github.com/o/r/tar.gz/{SHA}"
NODE: Final = "https://nodejs.org/download/release/v24.0.0/node-v24.0.0-linux-x64.tar.gz"


def runtime(*urls: str, integrity: str = "sha256-abc=") -> pnpm.Json:
    """An entry for a runtime with an archive at each URL."""
    found: pnpm.Json = {"type": "binary", "integrity": integrity}
    variants = [{"resolution": found | {"url": url}, "targets": [{"os": "linux"}]} for url in urls]
    return {"version": "24.0.0", "resolution": {"type": "variations", "variants": variants}}


@pytest.mark.parametrize(
    ("key", "entry", "expected"),
    [
        pytest.param(
            "@s/a@1.0.0", {}, ("@s/a", "1.0.0", "registry", None, HASH), id="the registry's own"
        ),
        pytest.param(
            "a@1.0.0-rc.1+build",
            {},
            ("a", "1.0.0-rc.1+build", "registry", None, HASH),
            id="a prerelease with build metadata",
        ),
        pytest.param(
            "a@work:1.0.0",
            {},
            ("a", "1.0.0", "registry", None, HASH),
            id="a registry that has a name of its own",
        ),
        pytest.param(
            "a@1.0.0",
            {"resolution": {"integrity": HASH, "tarball": "https://cdn.test/x/a.tgz"}},
            ("a", "1.0.0", "registry", "https://cdn.test/x/a.tgz", HASH),
            id="an address that is not the usual one",
        ),
        pytest.param(
            "a@1.0.0",
            {"resolution": {"integrity": HASH, "tarball": "file:a.tgz"}},
            ("a", "1.0.0", "file", "file:a.tgz", HASH),
            id="a file under a version",
        ),
        pytest.param(
            "a@https://cdn.test/a.tgz",
            {"resolution": {"tarball": "https://cdn.test/a.tgz"}, "version": "1.2.3"},
            ("a", "1.2.3", "remote", "https://cdn.test/a.tgz", None),
            id="a tarball from anywhere",
        ),
        pytest.param(
            f"a@{GIT_TARBALL}",
            {"resolution": {"tarball": GIT_TARBALL}, "version": "1.2.3"},
            ("a", "1.2.3", "git", f"git+https://github.com/o/r.git#{SHA}", None),
            id="a git host's archive of a commit",
        ),
        pytest.param(
            "a@https://cdn.test/a.tgz",
            {"resolution": {"tarball": "https://cdn.test/a.tgz", "gitHosted": True}},
            ("a", "", "remote", "https://cdn.test/a.tgz", None),
            id="gitHosted makes no git source of a stranger's tarball",
        ),
        pytest.param(
            f"a@git+https://git.test/a.git#{SHA}",
            {"resolution": {"type": "git", "repo": "https://git.test/a.git", "commit": SHA}},
            ("a", "", "git", f"git+https://git.test/a.git#{SHA}", None),
            id="a git repository",
        ),
        pytest.param(
            "a@file:lib/a",
            {"resolution": {"type": "directory", "directory": "lib/a"}},
            ("a", "", "directory", "lib/a", None),
            id="a folder that is copied",
        ),
        pytest.param(
            "node@runtime:24.0.0",
            runtime(NODE, NODE),
            ("node", "24.0.0", "registry", None, "sha256-abc="),
            id="a runtime from its maker",
        ),
        pytest.param(
            "node@runtime:24.9.0",
            {**runtime(NODE), "version": "0.0.0"},
            ("node", "24.9.0", "registry", None, "sha256-abc="),
            id="a runtime without a version of its own (wevm/wagmi b584f6e731)",
        ),
        pytest.param(
            "node@runtime:24.0.0",
            runtime(NODE, "https://evil.test/node.tgz"),
            ("node", "24.0.0", "remote", "https://evil.test/node.tgz", "sha256-abc="),
            id="a runtime of which one archive is somebody else's",
        ),
        pytest.param(
            "node@runtime:24.0.0",
            runtime(NODE.replace("/node-", "/../node-")),
            ("node", "24.0.0", "remote", NODE.replace("/node-", "/../node-"), "sha256-abc="),
            id="a runtime's address with dot segments",
        ),
        pytest.param(
            "node@runtime:24.0.0",
            {
                **runtime(NODE),
                "resolution": {"type": "variations", "variants": [{"resolution": {"url": NODE}}]},
            },
            ("node", "24.0.0", "registry", None, None),
            id="a runtime without a hash",
        ),
        pytest.param(
            "a@1.0.0",
            {"name": "evil", "version": "2.0.0"},
            ("a", "1.0.0", "registry", None, HASH),
            id="since 9.0 the key alone says what it is",
        ),
    ],
)
def test_an_entry_of_9(key: str, entry: pnpm.Json, expected: tuple[str, ...]) -> None:
    (package,) = read(pnpm.lockfile({}, {key: entry})).packages

    assert package.key == key
    assert facts(package) == expected


@pytest.mark.parametrize(
    ("version", "key", "entry", "expected"),
    [
        pytest.param("5.4", "/a/1.0.0", "", ("a", "1.0.0", "registry", None), id="5: a name"),
        pytest.param("5.4", "/@s/a/1.0.0", "", ("@s/a", "1.0.0", "registry", None), id="5: scope"),
        pytest.param(
            "5.4", "/a/1.0.0_b@2.0.0+c@3.0.0", "", ("a", "1.0.0", "registry", None), id="5: peers"
        ),
        pytest.param(
            "5.4",
            "/a/1.0.0_y4sxiov4ekaprpcu6qjxm6ujqm",
            "",
            ("a", "1.0.0", "registry", None),
            id="5: many peers are a hash",
        ),
        pytest.param(
            "5.4",
            "file:a.tgz",
            "    resolution: {tarball: file:a.tgz}\n    name: a\n    version: 1.0.0\n",
            ("a", "1.0.0", "file", "file:a.tgz"),
            id="5: a tarball file",
        ),
        pytest.param(
            "5.4",
            f"github.com/o/r/{SHA}",
            f"    resolution: {{tarball: {GIT_TARBALL}}}\n    name: a\n    version: 1.0.0\n",
            ("a", "1.0.0", "git", f"git+https://github.com/o/r.git#{SHA}"),
            id="5: a git host",
        ),
        pytest.param(
            "6.0", "/@s/a@1.0.0(b@2.0.0)", "", ("@s/a", "1.0.0", "registry", None), id="6: peers"
        ),
        pytest.param(
            "6.0",
            "'@cdn.test/a.tgz'",
            "    resolution: {tarball: https://cdn.test/a.tgz}\n    name: a\n    version: 1.0.0\n",
            ("a", "1.0.0", "remote", "https://cdn.test/a.tgz"),
            id="6: a tarball from anywhere",
        ),
    ],
)
def test_an_entry_of_5_and_6(version: str, key: str, entry: str, expected: tuple[str, ...]) -> None:
    entry = entry or f"    resolution: {{integrity: {HASH}}}\n"
    (package,) = read(old(version, key, entry)).packages

    assert facts(package)[:4] == expected


def test_peers_and_patches_make_snapshots_of_one_package() -> None:
    keys = ("a@1.0.0", "a@1.0.0(b@1.0.0(c@1.0.0))", f"a@1.0.0(patch_hash={SHA})(b@1.0.0)")
    found = read(
        pnpm.lockfile(
            {},
            {"a@1.0.0": {"peerDependencies": {"b": "*"}}},
            {key: {"optional": True} for key in keys},
        )
    ).packages

    assert tuple(package.key for package in found) == keys
    assert {facts(package) for package in found} == {("a", "1.0.0", "registry", None, HASH)}
    assert all(package.optional and package.peer_dependencies == {"b": "*"} for package in found)


def test_a_snapshot_of_a_folder_whose_package_was_pruned_is_that_folder() -> None:
    (package,) = read(pnpm.lockfile({}, {}, {"a@file:lib/a(b@1.0.0)": {}})).packages

    assert (package.name, package.source, package.resolved) == ("a", "directory", "lib/a")


ENVIRONMENT: Final = pnpm.lockfile({}, {"pnpm@11.0.0": {}})


def test_of_two_documents_the_second_is_the_projects() -> None:
    text = f"---\n{ENVIRONMENT}\n---\n{pnpm.lockfile({'a': ('^1.0.0', '1.0.0')}, {'a@1.0.0': {}})}"
    lockfile = read(text)

    assert [package.key for package in lockfile.packages] == ["a@1.0.0"]
    assert [package.key for package in lockfile.environment] == ["pnpm@11.0.0"]
    assert read(text.replace("\n", "\r\n")).environment[0].integrity == HASH
    assert read("\ufeff" + text).packages[0].key == "a@1.0.0"


def test_a_file_of_the_environment_alone_holds_no_project() -> None:
    lockfile = read(f"---\n{ENVIRONMENT}\n---\n")

    assert (lockfile.packages, lockfile.importers, lockfile.version) == ((), {}, "9.0")
    assert lockfile.environment[0].name == "pnpm"


def test_a_branch_has_a_lockfile_of_its_own() -> None:
    assert read(pnpm.lockfile({}, {"a@1.0.0": {}}), "pnpm-lock.feature.yaml").packages


BASE: Final = "lockfileVersion: '9.0'\n"


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        pytest.param(f"---\n{BASE}", 1, "no second document", id="env alone without separator"),
        pytest.param(f"{BASE}---\n{BASE}", 1, "would not write", id="two documents unannounced"),
        pytest.param(f"---\n{BASE}\n---\n{BASE}---\n{BASE}", 1, "would not write", id="three"),
        pytest.param(f"---\n{BASE}\n--- #\n{BASE}", 1, "no second", id="a separator pnpm misses"),
        pytest.param(f"{BASE}<<<<<<< HEAD\na: b\n", 2, "merge conflict", id="a conflict"),
        pytest.param("a: b\n", 1, "has no lockfileVersion", id="no version"),
        pytest.param("lockfileVersion: '7.0'\n", 1, "none that we know", id="a strange version"),
        pytest.param("lockfileVersion: ٩.0\n", 1, "has no lockfileVersion", id="other digits"),
        pytest.param(f"{BASE}packages: []\n", 2, "no mapping", id="packages is a list"),
        pytest.param(f"{BASE}packages:\n  a@1.0.0: x\n", 3, "no mapping", id="an entry is text"),
        pytest.param(
            f"{BASE}snapshots:\n  a@1.0.0: {{}}\n", 3, "no entry in packages", id="no package"
        ),
        pytest.param(
            f"{BASE}packages:\n  a:\n    engines: {{}}\n",
            3,
            "names no package",
            id="no version in it",
        ),
        pytest.param(
            f"{BASE}packages:\n  a@1.0.0: {{}}\n  'a@1.0.0': {{}}\n",
            4,
            "twice",
            id="an entry twice",
        ),
        pytest.param(
            f"{BASE}packages:\n  a@1.0.0:\n    resolution: &x {{}}\n", 4, "anchor", id="an anchor"
        ),
        pytest.param(f"{BASE}importers:\n  /etc: {{}}\n", 3, "leaves", id="an absolute importer"),
        pytest.param(f"{BASE}importers:\n  ../x: {{}}\n", 3, "leaves", id="an importer above"),
        pytest.param(f"{BASE}importers:\n  ./x: {{}}\n", 3, "as pnpm writes", id="a twin's name"),
        pytest.param(
            f"{BASE}packages:\n  a@1.0.0: {{}}\nsnapshots:\n  a@1.0.0:\n    dependencies: [b]\n",
            3,
            "dependencies is no mapping",
            id="dependencies are a list",
        ),
    ],
)
def test_what_pnpm_would_not_have_written_is_refused_by_line(
    text: str, line: int, words: str
) -> None:
    with pytest.raises(LockfileError, match=words) as caught:
        read(text)

    assert (caught.value.path, caught.value.line) == ("pnpm-lock.yaml", line)


def test_a_line_is_found_for_each_entry() -> None:
    for path in SAMPLES:
        lockfile = read(path.read_bytes())
        lines = path.read_text().splitlines()
        for package in lockfile.packages:
            line = lines[lockfile.line_of(package.key) - 1]
            assert package.name in line, (path.name, package.key, line)


def test_the_lines_of_the_projects_document_count() -> None:
    text = f"---\n{ENVIRONMENT}\n---\n{pnpm.lockfile({}, {'pnpm@11.0.0': {}})}"

    assert read(text).line_of("pnpm@11.0.0") == text[: text.rindex("packages:")].count("\n") + 2


def test_13_says_what_9_says() -> None:
    """Both samples are of one project, written by pnpm 12 in its two forms."""
    nine, thirteen = (
        read((DATA / f"pnpm-{name}.yaml").read_bytes()) for name in ("v12", "v13-format")
    )

    assert {facts(p) for p in thirteen.packages} == {facts(p) for p in nine.packages}
    patched = {"scr@1.0.0": next(p.key for p in nine.packages if p.name == "scr")}  # in `settings`
    assert {patched.get(p.key, p.key): dict(p.dependencies) for p in thirteen.packages} == {
        p.key: dict(p.dependencies) for p in nine.packages
    }
    edges = [pnpm_tree.resolve(one, {}).edges for one in (nine, thirteen)]
    told = [
        {
            (s, e.name, e.via, patched.get(k, k))
            for s, es in of.items()
            for e in es
            for k in [key(e)]
        }
        for of in edges
    ]
    assert {row[1:] for row in told[0]} == {row[1:] for row in told[1]}
    # The one was written before the project had a catalog, the other after it.
    assert {
        f: {n: set(s) for n, s in i.sections.items()} for f, i in thirteen.importers.items()
    } == {f: {n: set(s) for n, s in i.sections.items()} for f, i in nine.importers.items()}


def key(edge: Edge) -> str:
    return "" if edge.target is None else edge.target.key
