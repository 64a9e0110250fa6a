"""Every internal scope in use is pinned to its registry in the project's own settings.

## What it judges
The scopes that the policy calls internal and that any manifest, override, alias or
lockfile entry uses.  Without a policy: scopes whose locked packages all come from a
registry that is neither public nor that of the packages without a scope.

## Why
Without `@acme:registry=...` npm asks its default registry for `@acme/ui`.  Whoever
owns the scope there owns the build; a pin in somebody's own `~/.npmrc` protects that
person only.

## Refused
- no pin in the file that the manager reads beside the root's package.json: `.npmrc`;
  of Yarn 2 and later `.yarnrc.yml` (`npmScopes: {acme: {npmRegistryServer: ...}}`)
- a pin that npm does not apply: below a `[section]`, `@Acme:registry`, a list, in the
  `.npmrc` of a workspace member
- a pin over http, to a public registry, or dependent on the environment
- a pin to another place than `internal.registries` names

## Passes
- `@acme:registry=https://npm.acme.test/`
- an internal scope that nothing uses

## Fix
`echo '@acme:registry=https://npm.acme.test/' >>.npmrc; git add .npmrc`, or
`yarn config set npmScopes.acme.npmRegistryServer https://npm.acme.test/`
"""

from __future__ import annotations

from lockward import internal, mentions, plain, tarball
from lockward.errors import LockwardError
from lockward.findings import Finding
from lockward.paths import join, name_of
from lockward.registries import REGISTRY, hosts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Final

    from lockward.mentions import Mention
    from lockward.model import Lockfile, Severity
    from lockward.policy import Policy
    from lockward.project import Project
    from lockward.registries import Pin

ID: Final = "npmrc-scope-pin"
SEVERITY: Final[Severity] = "error"
SUMMARY: Final = "an internal scope in use with no, or a wrong, registry pin"

_ANY: Final = "https://YOUR-REGISTRY/"
_YARNRC_YML: Final = ".yarnrc.yml"


def check(project: Project, policy: Policy) -> Iterator[Finding]:
    """One finding for each scope that is in use and not, or wrongly, pinned."""
    scopes = internal.scopes(policy)
    private = {} if scopes else private_scopes(project)
    used = mentions.first_of_scopes(project, scopes or frozenset(private))
    for scope, mention in sorted(used.items()):
        url = policy.registries.get(scope) or private.get(scope, "")
        pin = project.registries.scope(scope)
        if pin is None:
            if project.registries.complete:
                yield _missing(project, scope, mention, url, sure=bool(scopes))
        else:
            fault = pin.fault or _fault(pin, policy.registries.get(scope, ""))
            if fault:
                yield _wrong(project, scope, pin, fault, url)


def _fault(pin: Pin, wanted: str) -> str:
    """What makes a pin worthless; "" when nothing does."""
    if pin.host is None:
        return "is no URL that every reader reads alike"
    if hosts.is_public(pin.host):
        return f"{pin.host} is public: everybody can publish there"
    if not hosts.is_https(pin.url):
        return "is not https: anybody on the way can answer"
    if wanted and not hosts.below(pin.url, wanted):
        return f"the policy wants {wanted}"
    return ""


def _missing(project: Project, scope: str, mention: Mention, url: str, *, sure: bool) -> Finding:
    from lockward.rules import _npmrc_fix

    known = url or _locked_base(project, scope) or _ANY
    near = _near_miss(project, scope)
    first = () if sure else (f"(if {hosts.host_of(known) or known} is yours)",)
    fact = f"in use, but {name_of(project.registries.path)} does not say where it lives"
    return Finding(
        rule=ID,
        severity=SEVERITY,
        path=mention.path,
        line=mention.line,
        pointer=mention.pointer,
        package=scope,
        subject=f"{scope}\nmissing",
        message=f"{scope}: {fact}{f' ({near})' if near else ''}",
        now=f"{mention.asked}: {mention.spec}",
        why=f"without the pin {project.manager.name} asks its default registry for {mention.name}",
        remedy=(
            *first,
            _npmrc_fix.pin(project.tree, project.registries.path, f"{scope}{REGISTRY}", known),
        ),
        group="{n} scopes are in use, but no setting says where they live",
        row=(scope, mention.name),
    )


def _wrong(project: Project, scope: str, pin: Pin, fault: str, url: str) -> Finding:
    from lockward.rules import _npmrc_fix

    known = url or _locked_base(project, scope) or _ANY
    return Finding(
        rule=ID,
        severity=SEVERITY,
        path=pin.path,
        line=pin.line,
        package=scope,
        subject=f"{scope}\n{fault}\n{'' if '@' in pin.url else pin.url}",
        message=f"{scope}: its pin {fault}",
        now="" if "@" in pin.url else f"{scope}{REGISTRY}={pin.url}",
        why="packages of an internal scope must come from one place that is ours",
        remedy=(_npmrc_fix.pin(project.tree, pin.path, f"{scope}{REGISTRY}", known),),
        group="{n} scopes are pinned to a place that cannot be relied on",
        row=(scope, fault),
    )


def _near_miss(project: Project, scope: str) -> str:
    """Where somebody tried: a line that the manager does not apply."""
    if name_of(project.registries.path) == _YARNRC_YML:
        return _near_miss_of_berry(project, scope)
    key = f"{scope}{REGISTRY}"
    for setting in project.registries.settings:
        if setting.key.lower() == key.lower():
            if setting.inert:
                return f"line {setting.line} of .npmrc is below a section, npm ignores it"
            return f"line {setting.line} of .npmrc writes {setting.key}"
    for folder in project.workspaces:
        path = join(join(project.root, folder), ".npmrc")
        try:
            data = project.tree.read(path, project.policy.max_bytes)
        except LockwardError:
            continue
        if data is not None and key.encode() in data:
            return f"npm ignores {path}: it belongs to a workspace"
    return ""


def _near_miss_of_berry(project: Project, scope: str) -> str:
    """Berry writes a scope without its @, and reads no .npmrc."""
    for setting in project.registries.settings:
        if setting.raw_key.lower().startswith(f"npmscopes\0{scope}\0".lower()):
            return f"line {setting.line} of .yarnrc.yml writes {scope}, Yarn wants {scope[1:]}"
    path = join(project.root, ".npmrc")
    try:
        data = project.tree.read(path, project.policy.max_bytes)
    except LockwardError:
        return ""
    pinned = data is not None and f"{scope}{REGISTRY}".encode() in data
    return f"Yarn does not read {path}" if pinned else ""


def _locked_base(project: Project, scope: str) -> str:
    """The registry that the lockfile's packages of a scope name, if it can be ours."""
    lockfile = project.lockfile
    for package in () if lockfile is None else lockfile.packages:
        if package.source == "registry" and package.name.startswith(f"{scope}/"):
            address = tarball.parse(package.resolved or "")
            if address.scheme == "https" and not hosts.is_public(address.host) and address.base:
                return address.base
    return ""


def _from_one_place(lockfile: Lockfile) -> bool:
    """Whether one registry serves everything: nearly every lockfile."""
    sifted = plain.of(lockfile)
    bases = sifted.bases | {one.base for one in sifted.odd if one.source == "registry"}
    return len(bases) == 1 and bases != {""}


def private_scopes(project: Project) -> Mapping[str, str]:
    """Scope -> registry, of scopes that come from elsewhere than the packages without scope.

    Every package of the scope comes from one host, which is not public and serves
    nothing without a scope.
    """
    found: dict[str, set[str]] = {}
    known: dict[str, str] = {}
    lockfile = project.lockfile
    if lockfile is None or _from_one_place(lockfile):
        return {}
    for package in lockfile.packages:
        if package.source == "registry" and package.resolved:
            scope, slash, _ = package.name.partition("/")
            place = package.resolved[: package.resolved.find("/", len("https://"))]
            host = known.get(place)
            if host is None:
                host = known[place] = hosts.host_of(f"{place}/") or ""
            found.setdefault(scope if slash else "", set()).add(host)
    rest = found.pop("", set())
    if not rest:
        rest = {host for places in found.values() for host in places if hosts.is_public(host)}
    return {
        scope: _locked_base(project, scope)
        for scope, [*places] in found.items()
        if rest and len(places) == 1 and not hosts.is_public(places[0]) and places[0] not in rest
    }
