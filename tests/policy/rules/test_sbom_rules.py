"""sbom-missing and sbom-stale: equal sets pass, whoever wrote the document."""

from __future__ import annotations

import base64
import json
import subprocess
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lockward import engine, sbom
from lockward.memory import MemoryTree
from lockward.policy import Policy
from tests.support import npm

if TYPE_CHECKING:
    from pathlib import Path

    from lockward.findings import Finding

Files = dict[str, str | bytes]
APP = {
    "name": "app",
    "version": "3.0.0",
    "dependencies": {"a": "1.0.0"},
    "devDependencies": {"@x/b": "1.0.0"},
}
FILES = npm.files(APP, {"a": npm.locked("a"), "@x/b": npm.locked("@x/b", dev=True)})


def digest(label: str) -> str:
    return base64.b64decode(npm.sri(label).removeprefix("sha512-")).hex()


A = {
    "type": "library",
    "name": "a",
    "version": "1.0.0",
    "hashes": [{"alg": "SHA-512", "content": digest("a@1.0.0")}],
}
B = {
    "type": "library",
    "group": "@x",
    "name": "b",
    "version": "1.0.0",
    "purl": "pkg:npm/%40x/b@1.0.0",
    "externalReferences": [
        {
            "type": "distribution",
            "url": "x",
            "hashes": [{"alg": "SHA-512", "content": digest("@x/b@1.0.0").upper()}],
        }
    ],
}


def cyclonedx(*components: object) -> Files:
    return {"bom.json": json.dumps({"bomFormat": "CycloneDX", "components": components})}


def spdx(*packages: object) -> Files:
    root = {"SPDXID": "SPDXRef-root", "name": "app", "versionInfo": "9"}
    document = {
        "spdxVersion": "SPDX-2.3",
        "documentDescribes": ["SPDXRef-root"],
        "packages": [root, *packages],
    }
    return {"docs/app.spdx.json": json.dumps(document)}


def spdx_package(name: str, version: str = "1.0.0") -> dict[str, object]:
    return {
        "SPDXID": name,
        "name": name,
        "versionInfo": version,
        "checksums": [{"algorithm": "SHA512", "checksumValue": digest(f"{name}@{version}")}],
    }


def found(extra: Files) -> list[Finding]:
    tree = MemoryTree({**FILES, **extra})
    report = engine.scan(tree, Policy(), only=("sbom-missing", "sbom-stale"))
    return list(report.findings)


def changed(component: dict[str, Any], **fields: object) -> dict[str, object]:
    return {**component, **fields}


@pytest.mark.parametrize(
    ("extra", "said"),
    [
        pytest.param({}, "no bill of materials", id="none"),
        pytest.param({"bom.json": "{}"}, "no bill of materials", id="a name alone is none"),
        pytest.param({"bom.json": "[" * 99_999}, "no bill of materials", id="hostile JSON"),
        pytest.param(cyclonedx(B), "1 package is not listed: a@1.0.0", id="one is missing"),
        pytest.param(
            cyclonedx(A, B, changed(A, name="c")), "1 package is not locked: c@1.0.0", id="too many"
        ),
        pytest.param(
            cyclonedx(changed(A, version="1.0.1"), B), "1 package is not listed", id="moved on"
        ),
        pytest.param(
            cyclonedx(changed(A, hashes=[{"alg": "SHA-512", "content": "00"}]), B),
            "1 package has another sha512: a@1.0.0",
            id="another hash",
        ),
        pytest.param(
            cyclonedx(changed(A, hashes=[]), B), "1 package has no sha512", id="no hash is a note"
        ),
        pytest.param(spdx(spdx_package("a")), "", id="SPDX without development dependencies"),
        pytest.param(cyclonedx(A), "", id="CycloneDX without development dependencies"),
        pytest.param(cyclonedx(A, B), "", id="equal"),
        pytest.param(cyclonedx(changed(A, components=[B])), "", id="nested components"),
        pytest.param(spdx(spdx_package("a"), spdx_package("@x/b")), "", id="SPDX 2.3"),
        pytest.param(
            cyclonedx(A, B, {"name": "gin", "version": "1", "purl": "pkg:golang/gin@1"}),
            "",
            id="other ecosystems beside it",
        ),
        pytest.param(cyclonedx(A, B, {"name": "app", "version": "3"}), "", id="our own project"),
    ],
)
def test_a_bill_of_materials(extra: Files, said: str) -> None:
    messages = [finding.message for finding in found(extra)]

    assert (said in messages[0]) if said else messages == []


def test_a_missing_hash_is_a_note_and_a_missing_package_a_warning() -> None:
    assert [f.severity for f in found(cyclonedx(changed(A, hashes=[]), B))] == ["note"]
    assert [f.severity for f in found(cyclonedx(B))] == ["warning"]


SPDX3 = {
    "@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld",
    "@graph": [
        {
            "type": "software_Package",
            "name": "a",
            "software_packageVersion": "1.0.0",
            "verifiedUsing": [{"algorithm": "sha512", "hashValue": digest("a@1.0.0")}],
        },
        {"type": "Person", "name": "somebody"},
    ],
}


def test_spdx_3() -> None:
    read = sbom.read(json.dumps(SPDX3).encode())

    assert read is not None
    assert read.components == {("a", "1.0.0", digest("a@1.0.0"))}


KEYS = st.sampled_from(
    ["components", "packages", "hashes", "name", "version", "purl", "@graph", "relationships"]
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
)
HEADS: list[dict[str, object]] = [
    {"bomFormat": "CycloneDX"},
    {"spdxVersion": "SPDX-2.3"},
    {"@context": "spdx", "@graph": []},
]


@given(st.sampled_from(HEADS), st.dictionaries(KEYS, JSON))
def test_any_json_is_read_or_left(head: dict[str, object], rest: dict[str, object]) -> None:
    read = sbom.read(json.dumps({**head, **rest}).encode())

    assert read is None or all(len(component) == 3 for component in read.components)


@pytest.mark.node
@pytest.mark.parametrize("kind", ["cyclonedx", "spdx"])
def test_what_npm_writes_is_fresh_until_the_lockfile_moves(tmp_path: Path, kind: str) -> None:
    for name, data in FILES.items():
        (tmp_path / name).write_bytes(data if isinstance(data, bytes) else data.encode())
    command = ["npm", "sbom", f"--sbom-format={kind}", "--package-lock-only"]
    written = subprocess.run(command, cwd=tmp_path, check=True, capture_output=True).stdout

    assert found({"sbom.json": written}) == []
    moved = npm.lockfile(APP, {"a": npm.locked("a", "1.0.1"), "@x/b": npm.locked("@x/b", dev=True)})
    assert [f.rule for f in found({"sbom.json": written, "package-lock.json": moved})] == [
        "sbom-stale",
        "sbom-stale",
    ]
