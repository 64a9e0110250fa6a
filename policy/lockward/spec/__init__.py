"""Package specs: what a manifest writes behind a dependency's name, by kind.

``parse(name, spec)`` gives the answer of npm-package-arg 13 (``npa.resolve``),
in its order: path, ``npm:`` alias, hosted git, URL, path with a slash or a
tarball, registry.  Where npm would throw, the protocols of the other package
managers are tried (``foreign.py``), and what is none of them is "invalid".
It never raises.
"""

from __future__ import annotations

from lockward import bounds, semver
from lockward.semver.scan import WHITE
from lockward.spec import names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final, Literal

    Kind = Literal[
        "range",
        "version",
        "tag",
        "alias",  # npm:name@range, and jsr:
        "git",
        "remote",  # a tarball at an http(s) URL
        "file",  # a tarball on disk
        "directory",
        "link",  # link: and portal:
        "workspace",
        "catalog",
        "patch",
        "invalid",
    ]

_LONGEST_CACHED: Final = 512


class Spec:
    """A dependency's spec.

    ``name``: what it is asked for as; "" when not known.  ``raw``: as written.
    ``fetch``: what it comes to: the text of a range, version or tag; a URL; a
    path relative to the manifest's folder ("" is that folder), absolute, or
    under ``~``; of a workspace, what follows the protocol; of a catalog, its
    name; of a patch, the patch file; "" for an alias and for a shortcut such as
    ``user/repo``.  ``alias``: the spec that an alias, a patch or a renamed
    workspace stands for; its ``name`` is the package's own.

    Git only: ``hosted`` is the same for all writings of a repository on a known
    host, without committish; ``committish`` is the branch, tag or commit (None
    when there is none), ``git_range`` the range of ``#semver:``, ``subdir``
    that of ``::path:``, and ``fragment`` all of it as it was written.
    """

    __slots__ = (
        "alias",
        "committish",
        "fetch",
        "fragment",
        "git_range",
        "hosted",
        "kind",
        "name",
        "raw",
        "subdir",
    )

    def __init__(
        self,
        name: str,
        raw: str,
        kind: Kind,
        fetch: str = "",
        *,
        alias: Spec | None = None,
        hosted: str | None = None,
        fragment: str | None = None,
        committish: str | None = None,
        git_range: str | None = None,
        subdir: str | None = None,
    ) -> None:
        self.name: Final = name
        self.raw: Final = raw
        self.kind: Final[Kind] = kind
        self.fetch: Final = fetch
        self.alias: Final = alias
        self.hosted: Final = hosted
        self.fragment: Final = fragment
        self.committish: Final = committish
        self.git_range: Final = git_range
        self.subdir: Final = subdir


_CACHE: dict[tuple[str, str], Spec] = bounds.cached({})


def parse(name: str, spec: str) -> Spec:
    """The spec that a manifest writes behind a name; an empty one is ``*``, as for npm.

    name may be "" when there is none.
    """
    key = (name, spec)
    try:
        return _CACHE[key]
    except KeyError:
        if len(_CACHE) >= bounds.MOST_CACHED:
            _CACHE.clear()
    found = _parse(name, spec)
    if len(name) + len(spec) <= _LONGEST_CACHED:
        _CACHE[key] = found
    return found


def _parse(name: str, spec: str) -> Spec:
    if not spec:
        spec = "*"
    if name and not names.is_valid(name):
        return Spec(name, spec, "invalid")
    if semver.is_plain_range(spec):
        return Spec(name, spec, "range", spec)
    # Whatever is no registry spec has one of these in it, or the end of a tarball's name.
    if "/" in spec or ":" in spec or spec[0] == "." or spec[-3:].lower() in ("tgz", ".gz", "tar"):
        from lockward.spec import located

        return located.parse(name, spec)
    return registry(name, spec)


def registry(name: str, spec: str) -> Spec:
    """A version, range or tag; "invalid" for what cannot be a tag."""
    text = spec.strip(WHITE)
    if semver.valid(text, loose=True) is not None:
        return Spec(name, spec, "version", text)
    if semver.is_range(text, loose=True):
        return Spec(name, spec, "range", text)
    return Spec(name, spec, "tag" if names.is_url_friendly(text) else "invalid", text)
