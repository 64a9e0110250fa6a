"""Bills of materials: CycloneDX and SPDX JSON as sets of (name, version, sha512).

Sources: CycloneDX 1.2 to 1.7 (ECMA-424), SPDX 2.2 and 2.3, SPDX 3.0 (JSON-LD), and
what `npm sbom`, cyclonedx-npm and cdxgen really write: a scope in ``group`` or in
``name``, hashes at the component or at its distribution, components nested.
"""

from __future__ import annotations

from json import loads
from urllib.parse import unquote

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Final

    Component = tuple[str, str, str]  # name, version, sha512 in hex or ""

LARGEST: Final = 64 << 20  # bytes
MOST: Final = 200_000  # components; the largest real trees have a tenth
_NPM: Final = "pkg:npm/"
_SHA512: Final = frozenset({"SHA-512", "SHA512", "sha512"})


class Sbom:
    """What a document lists: ``kind`` is "CycloneDX" or "SPDX", components each once."""

    __slots__ = ("components", "kind")

    def __init__(self, kind: str, components: frozenset[Component]) -> None:
        self.kind: Final = kind
        self.components: Final = components


def read(data: bytes) -> Sbom | None:
    """Any bytes: the npm packages that a bill of materials lists; None when it is none."""
    try:
        document = loads(data)
    except (ValueError, RecursionError):
        return None
    if not isinstance(document, dict):
        return None
    if document.get("bomFormat") == "CycloneDX":
        return Sbom("CycloneDX", frozenset(_cyclonedx(document)))
    if isinstance(document.get("spdxVersion"), str):
        return Sbom("SPDX", frozenset(_spdx2(document)))
    if isinstance(document.get("@graph"), list) and "spdx" in str(document.get("@context")):
        return Sbom("SPDX", frozenset(_spdx3(document)))
    return None


def _dicts(value: object) -> list[Mapping[str, object]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _cyclonedx(document: Mapping[str, object]) -> Iterator[Component]:
    waiting = _dicts(document.get("components"))
    seen = 0
    while waiting and seen < MOST:
        component = waiting.pop()
        seen += 1
        waiting += _dicts(component.get("components"))
        purl = _text(component.get("purl"))
        if purl and not purl.startswith(_NPM):
            continue  # another ecosystem's
        group, name = _text(component.get("group")), _text(component.get("name"))
        full = _purl_name(purl) or (f"{group}/{name}" if group else name)
        hashes = _dicts(component.get("hashes"))
        for reference in _dicts(component.get("externalReferences")):
            if reference.get("type") == "distribution":
                hashes += _dicts(reference.get("hashes"))
        yield full, _text(component.get("version")), _hash(hashes, "alg", "content")


def _spdx2(document: Mapping[str, object]) -> Iterator[Component]:
    described = document.get("documentDescribes")
    roots = set(map(_text, described)) if isinstance(described, list) else set()
    roots |= {
        _text(relation.get("relatedSpdxElement"))
        for relation in _dicts(document.get("relationships"))
        if relation.get("relationshipType") == "DESCRIBES"
    }
    for package in _dicts(document.get("packages"))[:MOST]:
        purls = [
            _text(reference.get("referenceLocator"))
            for reference in _dicts(package.get("externalRefs"))
            if reference.get("referenceType") == "purl"
        ]
        foreign = purls and not any(purl.startswith(_NPM) for purl in purls)
        if foreign or package.get("SPDXID") in roots:
            continue
        name = next((found for found in map(_purl_name, purls) if found), "")
        checksum = _hash(_dicts(package.get("checksums")), "algorithm", "checksumValue")
        yield name or _text(package.get("name")), _text(package.get("versionInfo")), checksum


def _spdx3(document: Mapping[str, object]) -> Iterator[Component]:
    for element in _dicts(document.get("@graph"))[:MOST]:
        purl = _text(element.get("software_packageUrl"))
        if element.get("type") != "software_Package" or (purl and not purl.startswith(_NPM)):
            continue
        checksum = _hash(_dicts(element.get("verifiedUsing")), "algorithm", "hashValue")
        name = _purl_name(purl) or _text(element.get("name"))
        yield name, _text(element.get("software_packageVersion")), checksum


def _purl_name(purl: str) -> str:
    """The package's name in an npm purl: ``pkg:npm/%40scope/name@1.0.0?x``."""
    if not purl.startswith(_NPM):
        return ""
    path = purl[len(_NPM) :].partition("?")[0].partition("#")[0]
    at = path.rfind("@")
    return unquote(path[:at] if at > 0 else path)


def _hash(hashes: list[Mapping[str, object]], algorithm: str, content: str) -> str:
    for each in hashes:
        if each.get(algorithm) in _SHA512:
            return _text(each.get(content)).lower()
    return ""
