"""Package specs by the thousand: of every kind, then bent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import random

NAMES: Final = (
    *("lodash", "@acme/ui", "@acme/UI", "a.b", "JSONStream", "!odd", "x", ""),
    *("@acme", "@/a", "@a/", ".a", "_a", "a b", "node_modules", "a/b", "@a/.b", "\u00e9", "-a"),
)
RANGES: Final = (
    *("", "*", "1", "1.2.3", "^1.2.3", "~1.2", ">=1 <2", "1.x || 2.x", "v1.2.3", " 1.2.3 "),
    *("1.2.3 - 2", "latest", "next-7", "beta tag", "=1.2.3", "1.2.3-rc.1", "x", "tag%20", "\u00e9"),
)
HOSTS: Final = (
    *("github.com", "gitlab.com", "bitbucket.org", "gist.github.com", "git.sr.ht"),
    *("www.github.com", "GitHub.com", "example.org", "git.example.org:8443", "localhost"),
    *("[::1]", "127.1", "0x7f.1", "xn--bcher-kva.example", "b\u00fccher.example", "constructor"),
)
SCHEMES: Final = (
    *("git", "git+ssh", "git+https", "git+http", "git+file", "ssh", "https", "http"),
    *("git+rsync", "git+ftp", "ftp", "file", "HTTPS", "Git+SSH"),
)
SHORTCUTS: Final = ("github:", "gitlab:", "bitbucket:", "gist:", "sourcehut:", "GitHub:", "")
PATHS: Final = (
    *("acme/dep", "acme/dep.git", "acme/group/dep", "~acme/dep", "dep", "acme", ""),
    *("acme/dep/tree/main", "acme/dep/tree", "acme/dep/tree/a/b", "acme/dep/-/x", "acme/dep/raw/x"),
    *("acme/dep/archive/v1.tar.gz", "acme/dep/get/v1.zip", "acme/dep/blob/main/a", "a%20b/c%zz"),
    *("a/-/a-1.0.0.tgz", "acme//dep", "acme/../dep", "0123456789abcdef", "acme/de p", "//a"),
)
FRAGMENTS: Final = (
    *("", "", "", "#main", "#v1.0.0", "#semver:^1.0.0", "#semver:%5E1", "#path:packages/a"),
    *("#main::path:a", "#semver:1::path:a::path:b", "#a::b", "#", "#%zz", "#x:y", "#semver:"),
    *(f"#{'a1' * 20}", "#feature/x", "#a b", "#semver:1::main", "#path:::path:b"),
)
USERS: Final = ("", "", "git@", "user:password@", "a@b@", ":x@", "user:@")
FILES: Final = (
    *("a", "../a", "./a", "/a/b", "~/a", "a.tgz", "../a/b.tar.gz", "a b", "a#b", "a%20b", "."),
    *("..", "../..", "a/../..", "//a/b", "///a", "////a", "/../a", "//../a", "c:/a", "a//b/"),
    *("~", "a/~", "a/../~/b", "", "a?b", "a\\b", ".tgz", "/./a", "./../a.TGZ", "~a", "\u00e9"),
)
FOREIGN: Final = (
    *("workspace:*", "workspace:^1.0.0", "workspace:packages/a", "workspace:b@*", "catalog:"),
    *(
        "catalog:react",
        "link:../a",
        "portal:./a",
        "jsr:@std/path@^1",
        "jsr:^1",
        "patch:a@npm%3A1#x",
    ),
    *("exec:./a", "unknown:x", "data:,x", "javascript:x", "npm", "npm:", "npm:@", "npm:a@npm:b"),
)
LETTERS: Final = "aA0@/:#.~+-%?=\\ \t\n&_*[]|\u00e9\ud83d\u0000"


def case(rng: random.Random) -> tuple[str, str]:
    """A name and what a manifest writes behind it."""
    kind = rng.choice((_range, _alias, _hosted, _url, _scp, _file, _foreign))
    return rng.choice(NAMES), _bent(rng, kind(rng))


def _range(rng: random.Random) -> str:
    return rng.choice(RANGES)


def _alias(rng: random.Random) -> str:
    scheme = rng.choice(("npm:", "npm:", "NPM:", "npm: "))
    wanted = rng.choice(("", "@", *(f"@{text}" for text in RANGES), f"@{_hosted(rng)}"))
    return f"{scheme}{rng.choice(NAMES)}{wanted}"


def _hosted(rng: random.Random) -> str:
    return f"{rng.choice(SHORTCUTS)}{rng.choice(PATHS)}{rng.choice(FRAGMENTS)}"


def _url(rng: random.Random) -> str:
    slashes = rng.choice(("://", "://", "://", ":", ":/", ":///"))
    where = f"{rng.choice(USERS)}{rng.choice(HOSTS)}"
    query = rng.choice(("", "", "", "?x=1", "?"))
    path = f"/{rng.choice(PATHS)}{query}{rng.choice(FRAGMENTS)}"
    return f"{rng.choice(SCHEMES)}{slashes}{where}{path}"


def _scp(rng: random.Random) -> str:
    scheme = rng.choice(("", "", "git+ssh://", "ssh://"))
    user = rng.choice(("git@", "a@", "", "git:x@"))
    return f"{scheme}{user}{rng.choice(HOSTS)}:{rng.choice(PATHS)}{rng.choice(FRAGMENTS)}"


def _file(rng: random.Random) -> str:
    return f"{rng.choice(('', 'file:', 'FILE:', 'file://'))}{rng.choice(FILES)}"


def _foreign(rng: random.Random) -> str:
    return rng.choice(FOREIGN)


def _bent(rng: random.Random, text: str) -> str:
    """The text, or one a slip of the finger away."""
    if rng.random() > 0.3:
        return text
    at = rng.randrange(len(text) + 1)
    chance = rng.random()
    if chance < 0.5:
        return text[:at] + rng.choice(LETTERS) + text[at:]
    if chance < 0.8:
        return text[:at] + text[at + 1 :]
    return text[:at] + text[at:] * 2
