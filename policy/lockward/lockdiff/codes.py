"""Every reason that a changed package can have, in one table.

A row is the reason's class, the headline of a block of such findings ("{n}" is
their number), and why it matters, as a sentence fragment.  Reasons that explain
(metadata, matched) are shown by ``lockward diff`` only and need no headline.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

    from lockward.model import Class


class Code:
    """A row of the table."""

    __slots__ = ("classification", "headline", "why")

    def __init__(self, classification: Class, headline: str = "", why: str = "") -> None:
        self.classification: Final[Class] = classification
        self.headline: Final = headline
        self.why: Final = why


_NEVER: Final = "published bytes never change; this version was locked otherwise before"
_NO_MANAGER: Final = "no package manager writes this from the package.json beside it"
_FROM_TARBALL: Final = "these facts come from the tarball, and its hash did not change"

CODES: Final = {
    # What the manifests explain
    "requirement": Code("matched"),
    "catch-up": Code("matched"),
    "override": Code("matched"),
    "patch": Code("matched"),
    "extension": Code("matched"),
    "hook": Code("matched"),
    "brought": Code("matched"),
    "displaced": Code("matched"),
    "pulled": Code("matched"),
    "peer": Code("matched"),
    "deduplicated": Code("matched"),
    "repaired": Code("matched"),
    "broken-edge": Code("matched"),  # lockfile-out-of-sync reports it
    "absent": Code("metadata"),
    "removed": Code("matched"),
    "pruned": Code("metadata"),
    # What is not about artifacts
    "integrity-added": Code("metadata"),
    "integrity-upgraded": Code("metadata"),
    "integrity-rekeyed": Code("metadata"),
    "place-moved": Code("metadata"),
    "facts-recorded": Code("metadata"),
    "edges-restored": Code("metadata"),  # npm lost requirements and writes them again
    # What a manager could have chosen, but nothing asked for
    "refresh": Code("refresh"),
    "filled": Code("refresh"),
    "left-behind": Code("refresh"),  # optional, and its dependant is gone
    "below-refresh": Code("refresh"),
    "pinned": Code("refresh"),  # lower: a new package takes no other
    "rollback": Code("rollback"),
    # What no manager writes
    "downgrade": Code(
        "unexplained",
        "{n} packages went down, and nothing asks for it",
        "an older version brings back the holes that the newer one closed",
    ),
    "unproven": Code(
        "unexplained",
        "{n} packages went back to versions that the past knows by another kind of hash only",
        "a sha512 cannot be compared with a sha1: these bytes were never seen",
    ),
    "out-of-range": Code(
        "unexplained",
        "{n} packages are out of range for who needs them",
        "who needs them would run with a version that it does not ask for",
    ),
    "missing": Code("unexplained", "{n} packages are gone but still needed", _NO_MANAGER),
    "missing-optional": Code(
        "unexplained",
        "{n} optional packages are gone, and who asks for them stayed",
        "npm loses those of other platforms (npm/cli 4828): there, nobody gets them any more",
    ),
    "source-switched": Code(
        "unexplained",
        "{n} packages come from another kind of source, unasked",
        "a range is answered by the registry; a folder or a git tree answers it with anything",
    ),
    "shadowed": Code(
        "unexplained",
        "{n} nested copies shadow a package that still fits",
        "a copy is nested only where the shared one does not fit",
    ),
    "major-jump": Code("unexplained", "{n} packages jump a major version unasked", _NO_MANAGER),
    "orphan": Code(
        "unexplained",
        "{n} entries are there that nobody needs",
        "one more line later makes them live",
    ),
    "no-cause": Code("unexplained", "{n} packages are new, and no cause was found", _NO_MANAGER),
    "below-unexplained": Code(
        "unexplained", "{n} packages came along with unexplained ones", _NO_MANAGER
    ),
    "unasked-source": Code(
        "unexplained",
        "{n} packages come from a kind of source that nobody asked for",
        "a range is answered by the registry; a folder or a git tree answers it with anything",
    ),
    "unknown-host": Code(
        "unexplained",
        "{n} new packages come from a host that was never used before",
        "the lockfile decides from where code is fetched",
    ),
    "integrity-missing": Code(
        "unexplained",
        "{n} new packages have no integrity",
        "without a hash, whatever the server sends is installed",
    ),
    "integrity-lost": Code(
        "unexplained",
        "{n} packages lost their integrity",
        "without a hash, whatever the server sends is installed",
    ),
    "integrity-weakened": Code(
        "unexplained",
        "{n} packages have a weaker integrity than before",
        "only what is written is verified",
    ),
    "integrity-doubled": Code(
        "unexplained",
        "{n} packages got a second hash",
        "a tarball that matches either hash is accepted",
    ),
    "integrity-malformed": Code(
        "unexplained",
        "{n} packages have a malformed integrity",
        "a hash that cannot be read is ignored",
    ),
    "integrity-unverified": Code(
        "unexplained",
        "{n} checksums are under another cacheKey than the lockfile's",
        "Yarn takes such a checksum for an old one, and verifies nothing",
    ),
    "bundle-faked": Code(
        "unexplained",
        "{n} entries claim to be bundled, but nothing bundles them",
        "npm fetches such an entry by its name, unpinned",
    ),
    "edges-lost": Code("unexplained", "{n} packages lost dependencies", _FROM_TARBALL),
    "edges-added": Code(
        "unexplained",
        "{n} packages have dependencies that no earlier revision recorded",
        "npm 5 and 6 lose some and write them again; one that was added looks the same",
    ),
    "facts-foreign": Code(
        "unexplained",
        "{n} packages got a bin or platforms that are hardly their own",
        "npm 7 records them for the first time, and installs what is written",
    ),
    "importer": Code(
        "unexplained",
        "{n} requirements in the lockfile are not those of package.json",
        "a frozen install may not compare them, and the next install reads them",
    ),
    "format-lowered": Code(
        "unexplained",
        "the lockfile's format version went down",
        "an older format leaves out what the newer one checks",
    ),
    "unanswered": Code("unexplained"),  # lockfile-out-of-sync reports it
    # Same name and version, other bytes, place or content
    "integrity-replaced": Code(
        "tampered", "{n} packages have another integrity, and nothing explains it", _NEVER
    ),
    "place-replaced": Code(
        "tampered",
        "{n} packages come from another place, and nothing explains it",
        "the lockfile decides from where code is fetched",
    ),
    "wrong-tarball": Code(
        "tampered",
        "{n} packages are fetched as something else than they are called",
        "what the address says is installed, and its name never compared",
    ),
    "laundered": Code(
        "tampered",
        "{n} packages stand under a name that is not theirs, unasked",
        "versions are compared, never names",
    ),
    "edges-changed": Code(
        "tampered",
        "{n} packages have other dependencies, but the same version",
        _FROM_TARBALL,
    ),
    "facts-changed": Code(
        "tampered",
        "{n} packages have other contents, but the same version",
        _FROM_TARBALL,
    ),
    "mirror": Code(
        "tampered",
        "the lockfile's two trees disagree about {n} packages",
        "npm 6 installs one of them, npm 7 and later the other",
    ),
}
