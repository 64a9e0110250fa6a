"""No internal package is asked for by a name without its scope.

## What it judges
Every name in every section of every manifest, behind aliases, in overrides, in
bundleDependencies, in the lockfile (also what only others require), and the names of
packages that can be published.  Internal are the policy's `internal.names`, and
whatever begins like an internal scope: for `@acme` that is `acme-ui`, `acme_ui`,
`acme.ui`, in any case and with look-alike characters, and `@Acme/ui`.  Without a policy:
private workspaces without a scope.

## Why
Anybody can publish a name that has no scope, or that is only nearly ours.  An
internal `acme-ui` that npm looks for in a public registry is dependency confusion:
npm installs whatever is there, the higher version first.

## Refused
- `"acme-ui": "^1.0.0"` in any section, override or alias, `acme-ui` in the lockfile
- a workspace package's own private name, required in a range that it does not satisfy
- a package that has such a name and is not private (a warning)

## Passes
- `"@acme/ui": "^1.0.0"`, and `"acme-ui": "npm:@acme/ui@^1.0.0"`
- `workspace:`, `file:`, `link:` and git requirements, and ranges that a workspace of
  that name satisfies: no registry is asked

## Fix
Require the scoped name.  A public package that merely looks like ours gets an
exception in the policy, with a reason.
"""

from __future__ import annotations

from lockward import internal, mentions, semver
from lockward import spec as specs
from lockward.findings import Finding
from lockward.paths import folder_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Final

    from lockward.mentions import Mention
    from lockward.model import Manifest, Severity
    from lockward.policy import Policy
    from lockward.project import Project

ID: Final = "internal-name-unscoped"
SEVERITY: Final[Severity] = "error"
SUMMARY: Final = "an internal package asked for without its scope"

_FETCHED: Final = frozenset({"registry", "remote", "bundled"})
_ASKS_REGISTRY: Final = frozenset({"range", "version", "tag"})
_WHY: Final = "anybody can publish the bare name; npm would install theirs"


def check(project: Project, policy: Policy) -> Iterator[Finding]:
    """One finding for each place in a manifest, and for each name that only the lockfile has."""
    names = internal.Names(policy)
    members = _members(project)
    if not names and not any(member.private and _bare(name) for name, member in members.items()):
        return
    told: set[str] = set()
    for mention in mentions.of_manifests(project):
        scoped = names.scoped(mention.name) or _private(mention.name, members)
        if scoped and _asks_registry(mention, members):
            told.add(mention.name)
            yield _asked(mention, scoped)
    yield from _locked(project, names, members, told)
    for manifest in project.manifests.values():
        name = manifest.name
        if name and not manifest.private and names.scoped(name):
            yield _publishable(manifest, name, names.scoped(name))


def _members(project: Project) -> Mapping[str, Manifest]:
    """The workspaces' manifests by their packages' names."""
    return {manifest.name: manifest for manifest in project.workspaces.values() if manifest.name}


def _bare(name: str) -> bool:
    return not name.startswith("@")


def _private(name: str, members: Mapping[str, Manifest]) -> str:
    """The scoped form of a private workspace package's name; "" for all other names."""
    member = members.get(name)
    private = member is not None and member.private and _bare(name)
    return f"{internal.UNKNOWN_SCOPE}/{name}" if private else ""


def _asks_registry(mention: Mention, members: Mapping[str, Manifest]) -> bool:
    """Whether npm looks for the name in a registry, and not in this repository or in git."""
    if mention.spec.startswith("$"):  # an override's reference to a requirement, judged there
        return False
    if specs.parse(mention.name, mention.spec).kind not in _ASKS_REGISTRY:
        return False
    member = members.get(mention.name)
    return member is None or not _satisfied(member.version or "", mention.spec)


def _satisfied(version: str, spec: str) -> bool:
    """Whether npm links a workspace of this version for the spec (arborist, dep-valid.js)."""
    if spec.strip() in ("", "*"):
        return True
    try:
        return semver.satisfies(version, spec, loose=True)
    except ValueError:
        return False


def _asked(mention: Mention, scoped: str) -> Finding:
    scope = scoped.partition("/")[0]
    place = f"{mention.folder}: " if mention.folder else ""
    return Finding(
        rule=ID,
        severity=SEVERITY,
        path=mention.path,
        line=mention.line,
        pointer=mention.pointer,
        package=mention.name,
        subject="\n".join(mention.keys),
        message=f"{mention.name}: ours, but asked for without {scope}",
        now=f"{mention.asked}: {mention.spec}",
        why=_WHY,
        remedy=_rename(mention, scoped),
        group="{n} of our packages are asked for without their scope",
        row=(mention.name, f"{place}{mention.section}", f"{scoped} is meant"),
    )


def _rename(mention: Mention, scoped: str) -> tuple[str, ...]:
    """How a requirement becomes the scoped one; overrides and lists are edited by hand."""
    from lockward.remedies import quote

    install = "npm install --package-lock-only --ignore-scripts"
    if len(mention.keys) != len(("section", "name")) or mention.section not in _SECTIONS:
        where = "/".join(mention.keys)
        return (f"write {scoped} for {mention.name} in {where} of {mention.path}", install)
    where = f" -w {quote(mention.folder)}" if mention.folder else ""
    section = mention.section
    if mention.asked != mention.name:  # an alias keeps the name in the code
        text = f"{section}{_member(mention.asked)}=npm:{scoped}@{mention.spec}"
        return (f"npm pkg set {quote(text)}{where}", install)
    text = f"{section}{_member(scoped)}={mention.spec}"
    return (
        f"npm pkg delete {quote(f'{section}{_member(mention.name)}')}{where}",
        f"npm pkg set {quote(text)}{where}",
        install,
    )


_SECTIONS: Final = (
    "dependencies",
    "devDependencies",
    "optionalDependencies",
    "peerDependencies",
)


def _member(name: str) -> str:
    """A name as a step in `npm pkg`'s paths: dots and brackets would be steps of their own."""
    return f"[{name}]" if "." in name else f".{name}"


def _locked(
    project: Project, names: internal.Names, members: Mapping[str, Manifest], told: set[str]
) -> Iterator[Finding]:
    """Names that only the lockfile has: another package requires them, or a registry's copy."""
    lockfile = project.lockfile
    if lockfile is None:
        return
    seen = set(told)
    may_be_ours = None if names else members.keys()
    for package in lockfile.packages:
        name = package.name
        if may_be_ours is not None and name not in may_be_ours:
            continue  # nearly every entry, where no policy tells names
        if name in seen or package.source not in _FETCHED:
            continue
        scoped = names.scoped(name) or _private(name, members)
        if not scoped:
            continue
        seen.add(name)
        from lockward.remedies import quote

        fact = "ours, but locked from a registry" if name in members else "looks like ours"
        yield Finding(
            rule=ID,
            severity=SEVERITY,
            path=lockfile.path,
            line=lockfile.place(package.key),
            pointer=package.key,
            package=f"{name}@{package.version}",
            subject=name,
            message=f"{name}: {fact}, without {scoped.partition('/')[0]}",
            now=package.resolved or package.key,
            why=_WHY,
            remedy=(
                f"npm explain {quote(name)}   (who asks for it)",
                "a public package that is meant gets an exception in .lockward.toml",
            ),
            group="{n} locked packages have names like ours, without the scope",
            row=(name, package.version, f"{scoped} is meant"),
        )


def _publishable(manifest: Manifest, name: str, scoped: str) -> Finding:
    """A package's own name: a warning, nobody need ask for it yet."""
    from lockward import manifest as manifests
    from lockward.remedies import quote

    folder = folder_of(manifest.path)
    where = f" --prefix {quote(folder)}" if folder else ""
    return Finding(
        rule=ID,
        severity="warning",
        path=manifest.path,
        line=manifests.line_of(manifest, "name"),
        pointer="/name",
        package=name,
        subject="name",
        message=f"{name}: ours, can be published, and has no {scoped.partition('/')[0]}",
        now=f"name: {name}",
        why="published, it would claim the bare name and show the package to everybody",
        remedy=(
            f"npm pkg set private=true --json{where}   (if it is never published, else:)",
            f"npm pkg set {quote(f'name={scoped}')}{where}",
        ),
    )
