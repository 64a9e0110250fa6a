"""Specs that npm does not know, of pnpm, Yarn and Bun: one row per protocol.

Sources: pnpm.io/workspaces, pnpm.io/catalogs, yarnpkg.com/protocols,
jsr.io/docs/npm-compatibility.
"""

from __future__ import annotations

from lockward.semver.scan import WHITE
from lockward.spec import Spec, names, registry, url

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Final

_JSR_SCOPE: Final = "@jsr/"  # jsr:@std/path is the package @jsr/std__path


def parse(name: str, spec: str) -> Spec | None:
    """The spec, if its protocol is one of these; None if not, or if what follows makes no sense."""
    protocol, colon, rest = spec.partition(":")
    reader = _PROTOCOLS.get(protocol) if colon else None
    return reader(name, spec, rest) if reader else None


def _workspace(name: str, spec: str, rest: str) -> Spec:
    """``workspace:^``, ``workspace:packages/a``, ``workspace:other@*``."""
    end = rest.find("@", 1)
    target = rest[:end] if end > 0 and rest[0] not in "._/" else ""
    if not names.is_valid(target):
        return Spec(name, spec, "workspace", rest)
    return Spec(
        name, spec, "workspace", rest, alias=Spec(target, rest, "workspace", rest[end + 1 :])
    )


def _catalog(name: str, spec: str, rest: str) -> Spec:
    """``catalog:`` and ``catalog:name``."""
    return Spec(name, spec, "catalog", rest.strip(WHITE) or "default")


def _link(name: str, spec: str, rest: str) -> Spec:
    """``link:../a`` and ``portal:../a``: a folder, with or without its own dependencies."""
    absolute = "/" if rest.startswith("/") else ""
    kept: list[str] = []
    for part in rest.split("/"):
        if part == ".." and kept and kept[-1] != "..":
            kept.pop()
        elif part not in ("", ".") and not (part == ".." and absolute):
            kept.append(part)
    return Spec(name, spec, "link", absolute + "/".join(kept))


def _patch(name: str, spec: str, rest: str) -> Spec | None:
    """Yarn's ``patch:lodash@npm%3A4.17.21#~/.yarn/patches/lodash.patch``."""
    locator, _, tail = rest.partition("#")
    end = locator.find("@", 1)
    target, wanted = locator[:end], url.decode(locator[end + 1 :])
    if end < 0 or wanted is None or not names.is_valid(target):
        return None
    bare = registry(target, wanted.removeprefix("npm:"))  # Yarn writes npm:^1.0.0 for ^1.0.0
    if bare.kind == "invalid":
        from lockward.spec.located import parse as parse_located

        if wanted.startswith("patch:"):
            return None  # a patch of a patch is told by its lockfile entry
        bare = parse_located(target, wanted)
    return Spec(name, spec, "patch", tail.partition("::")[0], alias=bare)


def _jsr(name: str, spec: str, rest: str) -> Spec | None:
    """``jsr:@std/path@^1.0.0``, and ``jsr:^1.0.0`` behind the name itself."""
    own, wanted = name, rest
    if rest.startswith("@"):
        end = rest.find("@", 1)
        own, wanted = (rest, "*") if end < 0 else (rest[:end], rest[end + 1 :] or "*")
    scope, slash, package = own[1:].partition("/")
    target = f"{_JSR_SCOPE}{scope}__{package}"
    found = registry(target, wanted)
    if not (own[:1] == "@" and slash and package) or not names.is_valid(target):
        return None
    return None if not wanted or found.kind == "invalid" else Spec(name, spec, "alias", alias=found)


_PROTOCOLS: Final[dict[str, Callable[[str, str, str], Spec | None]]] = {
    "workspace": _workspace,
    "catalog": _catalog,
    "link": _link,
    "portal": _link,
    "patch": _patch,
    "jsr": _jsr,
}
