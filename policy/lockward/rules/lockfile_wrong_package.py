"""A locked package's tarball is its own.

## What it judges
Every registry entry of a lockfile: the package and the version that its address
names, and whether somebody asked for another package under this name.

## Why
A package manager installs what the address says and never compares the name.
Another package's tarball under a trusted name is another program; an older
version's tarball brings back the holes that the newer one closed.

## Refused
- `node_modules/lodash` with `resolved` of `lodash-utils`
- version 1.2.0 with the tarball of 2.0.0
- an entry whose `name` is another package's, when no requirement says
  `npm:other@...` and no override names it
- pnpm: `specifier: ^1.0.0` answered by `version: other@1.0.0`
- Yarn 1: a `name` line that no pattern of the entry names
- pnpm: a `name` or `version` in an entry whose key says another (pnpm 10 fetches that version)
- Yarn 2 and later: a `resolution` of another version than the entry's, or of another package
  than an alias in its key names
- a folder or a tarball of the repository that is another than package.json asks for (pnpm,
  bun, Yarn 1), or than the entry's key does (Yarn 2 and later)
- the registry's own `foo` where package.json asks for `"foo": "npm:@org/foo@^1.0.0"`

## Passes
- `"string-width-cjs": "npm:string-width@^4"` and the entry that npm writes for it
- a registry whose addresses do not show the package's name

## Fix
`git checkout HEAD -- package-lock.json`, then
`npm install --package-lock-only --ignore-scripts`.
"""

from __future__ import annotations

from lockward import plain, spec, tarball
from lockward.bounds import OVERRIDES
from lockward.directives import bare
from lockward.findings import Finding
from lockward.paths import resolve

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Final

    from lockward.model import Edge, Lockfile, Package, Severity
    from lockward.policy import Policy
    from lockward.project import Project

ID: Final = "lockfile-wrong-package"
SEVERITY: Final[Severity] = "error"
SUMMARY: Final = "the tarball is another package's or another version's (alias laundering)"


def check(project: Project, policy: Policy) -> Iterator[Finding]:  # noqa: ARG001 - a rule's shape
    """One finding for each entry that is not what it is called."""
    lockfile = project.lockfile
    if lockfile is None:
        return
    own_misfit = _own_misfit(lockfile.format)
    odd = lockfile.format not in SELF or lockfile.format == _PREFIXED
    every = (*lockfile.packages, *lockfile.environment)
    for package in plain.of(lockfile).odd if odd else every:
        if package.source == "registry":
            own = own_misfit(package)
            if not own and package.alias == package.name and package.base:
                continue  # nearly every entry
            fact = _misfit(package) or own or _laundered(package, project)
            if fact:
                yield _finding(lockfile, package, fact)
        elif lockfile.format == _PREFIXED and package.source in _BY_PATH:
            from lockward.lockfiles import yarn_berry

            fact = yarn_berry.other_path(package)
            if fact:
                yield _finding(lockfile, package, fact)
    yield from _answered_by_others(project, lockfile)


def _answered_by_others(project: Project, lockfile: Lockfile) -> Iterator[Finding]:
    """Requirements of projects that another name's entry answers.

    pnpm writes no alias into an entry: the reference of a requirement names it.
    """
    graph = project.graph
    for root in () if graph is None else graph.resolution.roots:
        for edge in () if graph is None else graph.edges.get(root, ()):
            package = edge.target
            if lockfile.format in _BY_REFERENCE:
                yield from _elsewhere(edge, project, lockfile)
            if package is None or package.source != "registry":
                continue
            if edge.name in (package.alias, package.name):
                other = _meant_instead(edge, package, project)
                fact = f"answers {edge.name} {edge.spec}, which asks for {other}" if other else ""
            elif _is_meant(edge, package, project):
                continue
            else:
                named = f"npm:{package.name}"
                fact = f"answers {edge.name} {edge.spec}, which nobody asked for by {named}"
            if fact:
                yield _finding(lockfile, package, fact)


def _elsewhere(edge: Edge, project: Project, lockfile: Lockfile) -> Iterator[Finding]:
    """A project's requirement on a folder or a tarball that another one answers."""
    protocol, _, path = _text(edge, project).partition(":")
    if protocol not in ("link", "file"):
        return
    package = edge.target
    asked = resolve(edge.source, path)
    place = edge.via if package is None else (package.resolved or "").removeprefix("file:")
    if package is not None and package.source not in _BY_PATH:
        return  # another kind of source
    overridden = any(bare(one[-1]) == edge.name for one in project.directives.overrides)
    # Yarn 1 may repeat what a workspace wrote, as if it stood in the root
    wanted = {asked, resolve("", path)} if lockfile.format == "yarn-classic" else {asked}
    if asked is None or not place or overridden or resolve("", place) in wanted:
        return
    from lockward.remedies import regenerate

    key = edge.source if package is None else package.key
    fact = f"is {place}, where {protocol}:{path} is asked for"
    yield Finding(
        rule=ID,
        severity=SEVERITY,
        path=lockfile.path,
        line=lockfile.place(key),
        pointer=key,
        package=edge.name,
        subject=f"{edge.name} {place}",
        message=f"{edge.name}: {fact}",
        now=place,
        why="a frozen install takes what the lockfile says",
        remedy=regenerate(lockfile.path, lockfile.format),
        group="{n} packages are not what they are called",
        row=(edge.name, fact),
    )


def _is_meant(edge: Edge, package: Package, project: Project) -> bool:
    """Whether the requirement, its catalog or an override asks for the other name, or a URL."""
    text = _text(edge, project)
    kind = spec.parse(edge.name, text).kind
    return (
        kind not in _NAMED
        or _asks_for(edge.name, text, package.name)
        or _overridden(edge.name, package.name, project)
    )


def _meant_instead(edge: Edge, package: Package, project: Project) -> str:
    """The package that an alias asks for, where the one of the bare name answers; "" = none."""
    if "@" not in edge.spec and not edge.spec.startswith(("catalog:", "npm:")):
        return ""  # nearly every requirement
    text = _text(edge, project)
    lockfile = project.lockfile
    if "@" not in text and lockfile is not None and lockfile.format == _PREFIXED:
        return ""  # npm:^1 and npm:latest
    alias = spec.parse(edge.name, text).alias
    if alias is None or alias.name in ("", package.name):
        return ""
    overridden = any(bare(path[-1]) == edge.name for path in project.directives.overrides)
    return "" if overridden else alias.name


def _text(edge: Edge, project: Project) -> str:
    """A requirement as it is written, or as its catalog says."""
    text = edge.spec
    if text.startswith("catalog:"):
        name = text[8:].strip()
        catalog = project.directives.catalogs.get("" if name == "default" else name, {})
        text = catalog.get(edge.name, text)
    return text


_PREFIXED: Final = "yarn-berry"  # whose ranges and tags may stand behind npm:
# Whose lockfile says where a folder or a tarball lies, beside what is asked for.
_BY_REFERENCE: Final = frozenset({"pnpm", "bun", "yarn-classic"})
_BY_PATH: Final = frozenset({"link", "directory", "file"})

# Kinds of requirement that name a package, and so cannot be answered by another.
_NAMED: Final = frozenset({"range", "version", "tag", "alias"})


def _misfit(package: Package) -> str:
    """How the address contradicts the entry; "" when it does not or shows no name."""
    resolved = package.resolved
    if resolved is None or package.base:
        return ""
    address = tarball.parse(resolved)
    if address.defect:
        return ""  # lockfile-untrusted-source judges odd addresses
    mismatch = address.mismatch(package.name, package.version)
    if not mismatch:
        return ""
    return f"its tarball is {address.name}@{address.version}, {mismatch}"


# lockfile.format -> the module of its reader, where an entry can contradict itself
SELF: Final = {
    "yarn-classic": "lockward.lockfiles.yarn_classic",
    "yarn-berry": "lockward.lockfiles.yarn_berry",
    "pnpm": "lockward.lockfiles.pnpm",
}


def _own_misfit(form: str) -> Callable[[Package], str]:
    """How an entry of a format contradicts itself; "" where it does not, or cannot."""
    module = SELF.get(form)
    if module is None:
        return lambda _: ""
    misfit: Callable[[Package], str] = __import__(module, fromlist=("misfit",)).misfit
    return misfit


def _laundered(package: Package, project: Project) -> str:
    """How an alias came about that nobody asked for; "" when somebody did."""
    if package.alias == package.name:
        return ""
    if _overridden(package.alias, package.name, project):
        return ""
    graph = project.graph
    edges = () if graph is None else graph.into(package.key)
    if any(_asks_for(edge.name, _text(edge, project), package.name) for edge in edges):
        return ""
    if _is_project_s(package, project):
        return ""
    return f"stands under the name {package.alias}, which nobody asked for by npm:{package.name}"


def _is_project_s(package: Package, project: Project) -> bool:
    """npm, bun: whether a project gives this name to that package, in whatever version.

    Its alias answers everybody whom it fits, and bun leaves them what they had when it moves
    on (vite, npm:rolldown-vite: Cap-go/capgo 43364a579f); lockfile-unmatched compares versions.
    """
    lockfile, graph = project.lockfile, project.graph
    if lockfile is None or graph is None or lockfile.format in SELF:
        return False
    return any(
        edge.name == package.alias and _asks_for(edge.name, _text(edge, project), package.name)
        for root in graph.resolution.roots
        for edge in graph.edges.get(root, ())
    )


def _asks_for(name: str, text: str, real: str) -> bool:
    wanted = spec.parse(name, text)
    return wanted.alias is not None and wanted.alias.name == real


def _overridden(name: str, real: str, project: Project) -> bool:
    """Whether an override of a name puts the real package in its place."""
    OVERRIDES.spend(len(project.directives.overrides))
    return any(
        bare(path[-1]) == name and (text == f"npm:{real}" or text.startswith(f"npm:{real}@"))
        for path, text in project.directives.overrides.items()
    )


def _finding(lockfile: Lockfile, package: Package, fact: str) -> Finding:
    from lockward.remedies import regenerate

    name = f"{package.name}@{package.version}"
    return Finding(
        rule=ID,
        severity=SEVERITY,
        path=lockfile.path,
        line=lockfile.place(package.key),
        pointer=package.key,
        package=name,
        subject=package.resolved or package.alias,
        message=f"{name}: {fact}",
        now=package.resolved or "",
        why="npm installs what the address says and never compares the name",
        remedy=regenerate(lockfile.path, lockfile.format),
        group="{n} packages are not what they are called",
        row=(name, fact),
    )
