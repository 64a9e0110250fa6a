"""What only the network can tell, from a file: vulnerabilities and provenance.

Read are what npm writes itself, ``npm audit --json`` (report version 2) and ``npm
audit signatures --json``, and a document that holds both (docs/posture.md)::

    {"version": 1,
     "vulnerabilities": [{"id", "package", "severity", "title"}],
     "provenance": {"verified": 120, "missing": ["name@1.0.0"], "invalid": []}}
"""

from __future__ import annotations

from json import loads

from lockward.errors import LockwardError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from typing import Final

LARGEST: Final = 64 << 20  # bytes
SEVERE: Final = frozenset({"high", "critical"})
_KNOWN: Final = ("critical", "high", "moderate", "medium", "low", "info", "none")


class EvidenceError(LockwardError):
    """A file that is none of the documents that are read."""


class Vulnerability:
    """One advisory about one package."""

    __slots__ = ("id", "package", "severity", "title")

    def __init__(self, id: str, package: str, severity: str, title: str) -> None:  # noqa: A002 - the advisory's id
        self.id: Final = id
        self.package: Final = package
        self.severity: Final = severity
        self.title: Final = title


class Evidence:
    """What a file tells; None = it does not tell.

    ``vulnerabilities`` are all known ones, of any severity; ``unproven`` the
    packages whose signature or provenance is missing or invalid.
    """

    __slots__ = ("unproven", "vulnerabilities")

    def __init__(
        self,
        vulnerabilities: tuple[Vulnerability, ...] | None = None,
        unproven: tuple[str, ...] | None = None,
    ) -> None:
        self.vulnerabilities: Final = vulnerabilities
        self.unproven: Final = unproven

    @property
    def severe(self) -> tuple[Vulnerability, ...]:
        """The high and critical ones."""
        return tuple(each for each in self.vulnerabilities or () if each.severity in SEVERE)


def read(path: str, data: bytes) -> Evidence:
    """The document in a file; EvidenceError names what is wrong with it."""
    try:
        document = loads(data)
    except (ValueError, RecursionError) as error:
        raise EvidenceError(f"is not JSON: {error}", path=path) from None
    if not isinstance(document, dict):
        raise EvidenceError("must hold a JSON object", path=path)
    if "auditReportVersion" in document:
        if document["auditReportVersion"] != 2:  # noqa: PLR2004 - what npm 7 and later write
            raise EvidenceError("is an npm audit report of another version than 2", path=path)
        return Evidence(tuple(_audited(document.get("vulnerabilities"))))
    if "invalid" in document and "missing" in document:
        return Evidence(None, tuple(_signatures(document)))
    if document.get("version") == 1 and document.keys() & {"vulnerabilities", "provenance"}:
        return _ours(path, document)
    raise EvidenceError(
        "is neither `npm audit --json`, `npm audit signatures --json` nor an evidence file"
        " (docs/posture.md)",
        path=path,
    )


def joined(parts: Iterable[Evidence]) -> Evidence:
    """What several files tell together; each vulnerability once."""
    vulnerabilities: dict[tuple[str, str], Vulnerability] | None = None
    unproven: dict[str, None] | None = None
    for part in parts:
        if part.vulnerabilities is not None:
            vulnerabilities = {} if vulnerabilities is None else vulnerabilities
            vulnerabilities.update(((v.id, v.package), v) for v in part.vulnerabilities)
        if part.unproven is not None:
            unproven = {} if unproven is None else unproven
            unproven.update(dict.fromkeys(part.unproven))
    return Evidence(
        None if vulnerabilities is None else tuple(vulnerabilities.values()),
        None if unproven is None else tuple(unproven),
    )


def _audited(listed: object) -> Iterator[Vulnerability]:
    """Every advisory of an npm audit report once; packages that only pass one on count not."""
    told: set[str] = set()
    for entry in listed.values() if isinstance(listed, dict) else ():
        for via in entry.get("via", ()) if isinstance(entry, dict) else ():
            if isinstance(via, dict):
                advisory = str(via.get("url") or via.get("source") or via.get("title"))
                if advisory not in told:
                    told.add(advisory)
                    yield _vulnerability(via, "name", advisory)


def _vulnerability(row: Mapping[str, object], name: str, advisory: str) -> Vulnerability:
    severity = str(row.get("severity", "high")).lower()
    if severity not in _KNOWN:
        severity = "high"  # as npm takes an advisory that says nothing
    package, title = str(row.get(name, "")), str(row.get("title", ""))
    return Vulnerability(advisory.rpartition("/")[2], package, severity, title)


def _signatures(document: Mapping[str, object]) -> Iterator[str]:
    for key in ("invalid", "missing"):
        listed = document[key]
        for row in listed if isinstance(listed, list) else ():
            if isinstance(row, dict):
                yield f"{row.get('name')}@{row.get('version')}"
            else:
                yield str(row)


def _ours(path: str, document: Mapping[str, object]) -> Evidence:
    vulnerabilities: tuple[Vulnerability, ...] | None = None
    listed = document.get("vulnerabilities")
    if listed is not None:
        if not isinstance(listed, list) or not all(isinstance(row, dict) for row in listed):
            raise EvidenceError("vulnerabilities must be a list of objects", path=path)
        vulnerabilities = tuple(
            _vulnerability(row, "package", str(row.get("id", ""))) for row in listed
        )
    unproven: tuple[str, ...] | None = None
    provenance = document.get("provenance")
    if provenance is not None:
        if not isinstance(provenance, dict):
            raise EvidenceError("provenance must be an object", path=path)
        whole = {"invalid": [], "missing": [], **provenance}
        unproven = tuple(_signatures(whole))
    return Evidence(vulnerabilities, unproven)
