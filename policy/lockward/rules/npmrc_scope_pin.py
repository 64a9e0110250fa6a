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
from lockward.findings import Finding
from lockward.paths import name_of
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
    from lockward.rules._scope_tries import Tries

ID: Final = "npmrc-scope-pin"
SEVERITY: Final[Severity] = "error"
SUMMARY: Final = "an internal scope in use with no, or a wrong, registry pin"

_ANY: Final = "https://YOUR-REGISTRY/"


def check(project: Project, policy: Policy) -> Iterator[Finding]:
    """One finding for each scope that is in use and not, or wrongly, pinned."""
    scopes = internal.scopes(policy)
    private = {} if scopes else private_scopes(project)
    tries: Tries | None = None
    locked = _Locked(project.lockfile)
    used = mentions.first_of_scopes(project, scopes or frozenset(private))
    for scope, mention in sorted(used.items()):
        url = policy.registries.get(scope) or private.get(scope, "")
        pin = project.registries.scope(scope)
        if pin is None:
            if project.registries.complete:
                from lockward.rules._scope_tries import Tries

                tries = tries or Tries(project)
                known = url or locked.base(scope) or _ANY
                near = tries.of(scope)
                yield _missing(project, scope, mention, known, near, sure=bool(scopes))
        else:
            fault = pin.fault or _fault(pin, policy.registries.get(scope, ""))
            if fault:
                yield _wrong(project, scope, pin, fault, url or locked.base(scope) or _ANY)


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


def _missing(
    project: Project, scope: str, mention: Mention, known: str, near: str, *, sure: bool
) -> Finding:
    from lockward.rules import _npmrc_fix

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


def _wrong(project: Project, scope: str, pin: Pin, fault: str, known: str) -> Finding:
    from lockward.rules import _npmrc_fix

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


class _Locked:
    """The registries that the lockfile's packages name, by scope, if they can be ours."""

    __slots__ = ("_known", "_lockfile")

    def __init__(self, lockfile: Lockfile | None) -> None:
        self._lockfile: Final = lockfile
        self._known: dict[str, str] | None = None

    def base(self, scope: str) -> str:
        """The first one of a scope; "" when there is none."""
        if self._known is None:
            self._known = {}
            for package in () if self._lockfile is None else self._lockfile.packages:
                own, slash, _ = package.name.partition("/")
                if slash and own not in self._known and package.source == "registry":
                    address = tarball.parse(package.resolved or "")
                    private = address.scheme == "https" and not hosts.is_public(address.host)
                    if private and address.base:
                        self._known[own] = address.base
        return self._known.get(scope, "")


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
    locked = _Locked(lockfile)
    return {
        scope: locked.base(scope)
        for scope, [*places] in found.items()
        if rest and len(places) == 1 and not hosts.is_public(places[0]) and places[0] not in rest
    }
