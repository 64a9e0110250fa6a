"""What npm 7 records of a package for the first time, when it takes over from npm 6.

Bins and platforms appear on every entry at once, and nothing older says which they
should be.  Some can be told apart all the same (measured on 112 lockfiles, in which
these rules would refuse nothing):

- a bin named like a tool that everybody runs belongs to the package of that tool;
- two packages that share a folder give the same bin only if they are related: one's name
  is part of the other's, or one requires the other (protractor and webdriver-manager);
- a package that everybody installs leaves out no usual platform.
"""

from __future__ import annotations

from lockward.bounds import COPIES
from lockward.lockdiff.formats import folder_of_place, leaves_out

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from typing import Final

    from lockward.lockdiff.contents import Difference
    from lockward.lockdiff.scene import Scene
    from lockward.model import Package

# A tool -> the packages that bring it.
_TOOLS: Final[dict[str, tuple[str, ...]]] = {
    **dict.fromkeys(("bash", "cat", "cmd", "cp", "curl", "echo", "env", "git", "ls", "make"), ()),
    **dict.fromkeys(("mv", "powershell", "python", "python3", "rm", "sh", "ssh", "sudo"), ()),
    **dict.fromkeys(("tar", "test", "wget", "zsh"), ()),
    "bun": ("bun",),
    "bunx": ("bun",),
    "corepack": ("corepack",),
    "deno": ("deno",),
    "node": ("node", "node-bin"),
    "npm": ("npm",),
    "npx": ("npm", "npx"),
    "pnpm": ("pnpm", "@pnpm/exe", "corepack"),
    "pnpx": ("pnpm", "@pnpm/exe", "corepack"),
    "yarn": ("yarn", "@yarnpkg/cli-dist", "corepack"),
    "yarnpkg": ("yarn", "@yarnpkg/cli-dist", "corepack"),
}


def doubts(scene: Scene, package: Package) -> Iterator[Difference]:
    """The bins and platforms of an entry that can hardly be its own: code, field, was, now."""
    for name in bins_of(package):
        if package.name not in _TOOLS.get(name, (package.name,)):
            yield "facts-foreign", "bin", "", f"bin: {name}"
        else:
            other = _rival(scene, package, name)
            if other is not None:
                yield "facts-foreign", "bin", f"bin: {name} of {other.name}", f"bin: {name}"
    if not package.optional and "devOptional" not in package.raw:
        for field in ("os", "cpu"):
            if leaves_out(field, package.raw.get(field)):
                yield "facts-foreign", field, "", f"{field}: {package.raw[field]}"


def bins_of(package: Package) -> Iterable[str]:
    """The names of an entry's bins."""
    bins = package.raw.get("bin")
    if isinstance(bins, str):
        return (package.name.rpartition("/")[2],)
    return bins if isinstance(bins, dict) else ()


def by_bin(packages: Iterable[Package]) -> Mapping[tuple[str, str], list[Package]]:
    """(folder, name of a bin) -> the packages that give it."""
    found: dict[tuple[str, str], list[Package]] = {}
    for package in packages:
        for name in bins_of(package):
            place = folder_of_place("npm", package.key, package.alias)
            found.setdefault((place, name), []).append(package)
    return found


def _rival(scene: Scene, package: Package, name: str) -> Package | None:
    """An unrelated package beside this one that gives the same bin; None when there is none."""
    place = folder_of_place("npm", package.key, package.alias)
    rivals = scene.bins.get((place, name), ())
    COPIES.spend(len(rivals))
    for other in rivals:
        if other is not package and not _are_related(package, other):
            return other
    return None


def _are_related(one: Package, two: Package) -> bool:
    short, long = sorted((_core(one.name), _core(two.name)), key=len)
    if short in long:
        return True
    return two.name in one.dependencies or one.name in two.dependencies


def _core(name: str) -> str:
    """A name without its scope."""
    return name.rpartition("/")[2]
