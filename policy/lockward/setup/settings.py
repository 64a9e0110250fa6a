"""The policy: internal scopes and their registries, as the repository's own files show them."""

from __future__ import annotations

from json import dumps

from lockward import policyfile
from lockward import policyvalues as values
from lockward.errors import PolicyError
from lockward.registries import hosts
from lockward.rules.npmrc_scope_pin import private_scopes
from lockward.setup.scene import Advice, Planned, UnsafeError, in_the_way

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Final

    from lockward.project import Project
    from lockward.setup.scene import Scene

PATH: Final = ".lockward.toml"
_HEAD: Final = """\
# What Lockward allows in this repository.  A missing key keeps its default;
# `lockward rules` lists the rules, `lockward explain RULE` says what one judges.
"""


def plan(scene: Scene) -> Iterator[Planned | Advice]:
    """A policy where there is none; one that stands is not touched."""
    try:
        if scene.text(PATH) is not None or _embedded(scene):
            return
    except UnsafeError as error:
        yield in_the_way(PATH, error)
        return
    text = _written(found(scene), _defaults(scene), _strangers(scene))
    try:
        policyfile.read(PATH, text.encode())
    except PolicyError as error:
        yield Advice(f"no policy was written: {error}")
        return
    yield Planned(PATH, None, text.encode(), "the policy, with the scopes and registries found")


def _embedded(scene: Scene) -> bool:
    text = scene.text("pyproject.toml")
    return text is not None and "[tool.lockward" in text


def found(scene: Scene) -> dict[str, str]:
    """Internal scope -> its registry: pinned to a private one, or locked from one alone."""
    scopes: dict[str, str] = {}
    for project in scene.projects:
        for scope, url in (*_pinned(project), *private_scopes(project).items()):
            try:
                scopes.setdefault(values.scope(scope), values.https_url(url))
            except values.Wrong:
                continue  # the rules report it where it stands
    return dict(sorted(scopes.items()))


def _pinned(project: Project) -> Iterator[tuple[str, str]]:
    for scope, pin in project.registries.scopes.items():
        if not pin.fault and pin.host is not None and not hosts.is_public(pin.host):
            yield scope, pin.url


def _defaults(scene: Scene) -> list[str]:
    """Private hosts that the projects' own settings name for everything without a scope."""
    pins = [project.registries.default for project in scene.projects]
    named = {
        pin.host
        for pin in pins
        if pin is not None and pin.host is not None and not pin.fault and hosts.is_https(pin.url)
    }
    return sorted(host for host in named if not hosts.is_public(host) and _is_host(host))


def _is_host(host: str) -> bool:
    try:
        values.host(host)
    except values.Wrong:
        return False
    return True


def _strangers(scene: Scene) -> list[str]:
    """Hosts of locked packages that neither are public nor named by a setting."""
    from lockward import sources
    from lockward.posture.facts import source_of

    named: set[str] = set()
    seen: set[str] = set()
    known: dict[str, str] = {}
    for project in scene.locked:
        named |= sources.trusted_hosts(project, scene.repository.policy)
        for package in project.lockfile.packages if project.lockfile else ():
            if package.source == "registry" and package.resolved:
                seen.add(source_of(package, known))
    return sorted(host for host in seen - named if "." in host and not hosts.is_public(host))


def _written(scopes: dict[str, str], named: list[str], strangers: list[str]) -> str:
    lines = [_HEAD]
    if scopes:
        lines += ["[internal]", f"scopes = [{', '.join(map(dumps, scopes))}]", ""]
        lines += ["[internal.registries]"]
        lines += [f"{dumps(scope)} = {dumps(url)}" for scope, url in scopes.items()]
    else:
        lines += [
            "[internal]",
            "# Your organisation's npm scopes, and where each must be pinned to.",
            '# scopes = ["@acme"]',
        ]
    lines += ["", "[sources]"]
    lines.append("# Registry hosts beside the public one and those of the scopes above.")
    lines.append(f"hosts = [{', '.join(map(dumps, named))}]")
    if strangers:
        lines.append("# Locked packages come from these too; name them when that is meant:")
        lines += [f"#   {dumps(host)}" for host in strangers]
    lines += ["", "[scripts]", "# Packages whose install scripts somebody has read."]
    return "\n".join([*lines, "reviewed = []"]) + "\n"
