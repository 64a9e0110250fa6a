"""pnpm: requirements that published packages are known to have: several majors, other names.

pnpm records no ranges, so a jump to another major version is refused.  Some packages
ask for several majors, or for any; what a published version asks for never changes,
so it can be said here.  Source: the packages themselves, each met in a real lockfile.
"""

from __future__ import annotations

from lockward import semver

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Final

    from lockward.model import Package

    Row = tuple[str, str]  # versions of the package, what they ask for


def requirement(source: Package, name: str) -> str | None:
    """What a package of a registry asks of a name; None when it is not known."""
    if source.source != "registry":
        return None
    for versions, text in RANGES.get((source.name, name), ()):
        if semver.satisfies(source.version, versions):
            return text
    return None


def renames(source: Package, name: str, target: str) -> bool:
    """Whether a package of a registry, or its scope's packages, are known for such an alias."""
    known = ALIASES.get((name, target), ())
    return source.source == "registry" and (
        source.name in known or source.name.partition("/")[0] in known
    )


# (alias, package) -> who asks for it: packages, or scopes
ALIASES: Final[Mapping[tuple[str, str], tuple[str, ...]]] = {
    ("react-helmet-async", "@slorber/react-helmet-async"): ("@docusaurus",),
    ("vscode", "@codingame/monaco-vscode-api"): ("monaco-languageclient",),
    ("vscode", "@codingame/monaco-vscode-extension-api"): ("monaco-languageclient",),
}

_VUE_DEMI: Final = ((">=4.9.1 <10.0.0", "*"), (">=10.0.0 <12.0.0", ">=0.14.0"))
_ZOD: Final = (("6.1.1 || 7.0.0", "^3.22.4 || ^4.0.0"), (">=7.0.1 <=7.1.0", "^3.25.0 || ^4.0.0"))
_VITE: Final = (  # what vite-node and vitest ask for alike
    (">=0.20.3 <=0.23.4", "^2.9.12 || ^3.0.0-0"),
    (">=0.25.7 <=0.34.3", "^3.0.0 || ^4.0.0"),
    ("2.1.6", "^5.0.0 || ^6.0.0"),
    (">=3.0.0 <=3.1.4", "^5.0.0 || ^6.0.0"),
    (">=3.2.0 <=3.2.4", "^5.0.0 || ^6.0.0 || ^7.0.0-0"),
)

# (package, dependency) -> what its versions ask for
RANGES: Final[Mapping[tuple[str, str], tuple[Row, ...]]] = {
    ("@vueuse/core", "vue-demi"): _VUE_DEMI,
    ("@vueuse/shared", "vue-demi"): _VUE_DEMI,
    ("eslint-plugin-react-hooks", "zod"): _ZOD,
    ("eslint-plugin-react-hooks", "zod-validation-error"): (
        ("6.1.1 || 7.0.0", "^3.0.3 || ^4.0.0"),
        (">=7.0.1 <=7.1.0", "^3.5.0 || ^4.0.0"),
    ),
    ("jscodeshift", "flow-parser"): ((">=0.7.1 <=17.3.0", "0.*"),),
    ("path-scurry", "minipass"): ((">=1.10.1 <=1.11.1", "^5.0.0 || ^6.0.2 || ^7.0.0"),),
    ("vite-node", "vite"): (
        *_VITE,
        ("0.34.4", "^3.0.0 || ^4.0.0"),
        (">=0.34.5 <=0.34.7", "^3.0.0 || ^4.0.0 || ^5.0.0-0"),
    ),
    ("vitest", "vite"): (
        *_VITE,
        (">=0.34.4 <=0.34.6", "^3.1.0 || ^4.0.0 || ^5.0.0-0"),
        (">=3.2.5 <=3.2.7", "^5.0.0 || ^6.0.0 || ^7.0.0-0"),
        (">=4.0.0 <=4.0.18", "^6.0.0 || ^7.0.0"),
        ("4.1.0", "^6.0.0 || ^7.0.0 || ^8.0.0-0"),
        (">=4.1.1 <=4.1.12", "^6.0.0 || ^7.0.0 || ^8.0.0"),
    ),
    ("zx", "fx"): ((">=7.2.2 <=7.2.3", "*"),),
}
