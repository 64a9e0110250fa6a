"""``lockward packages --format json``: one contract for every format of lockfile."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

import pytest

from lockward_hooks import cli

DATA: Final = Path(__file__).parents[1] / "data"
FIELDS: Final = [
    *("key", "name", "version", "resolved", "integrity"),
    *("dev", "optional", "link", "workspace", "line"),
]
SAMPLES: Final = {
    "package-lock.json": ("npm/samples/npm-v*.json",),
    "bun.lock": ("bun/bun.lock", "bun/written/*/bun.lock"),
    "pnpm-lock.yaml": ("pnpm/*.yaml",),
    "yarn.lock": ("yarn-classic/*.lock", "yarn-berry/*.lock"),
}
FILES: Final = [
    (name, str(path.relative_to(DATA)))
    for name, patterns in SAMPLES.items()
    for pattern in patterns
    for path in sorted(DATA.glob(pattern))
]
HOME: Final = "https://registry.example.org"
UTIL: Final = f"{HOME}/@acme/util/-/util-1.0.0.tgz"
AAA: Final = f"{HOME}/aaa/-/aaa-1.2.0.tgz"


def listed(
    name: str, sample: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> list[dict[str, Any]]:
    """The rows of a sample under its lockfile's name."""
    path = folder / name
    path.write_bytes((DATA / sample).read_bytes())
    assert cli.main(["packages", str(path), "--format", "json"]) == 0
    rows: list[dict[str, Any]] = json.loads(capsys.readouterr().out)
    return rows


@pytest.mark.parametrize(("name", "sample"), FILES, ids=[sample for _, sample in FILES])
def test_every_row_has_the_fields_of_the_contract(
    name: str, sample: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = listed(name, sample, tmp_path, capsys)
    text = (DATA / sample).read_text().split("\n")

    assert rows
    assert len({row["key"] for row in rows}) == len(rows)
    for row in rows:
        assert list(row) == FIELDS
        assert row["name"]
        assert isinstance(row["version"], str)
        assert row["resolved"] is None or isinstance(row["resolved"], str)
        assert row["integrity"] is None or row["integrity"] in "\n".join(text)
        assert row["link"] in (True, False)
        assert 1 <= row["line"] <= len(text)
    registry = [row["line"] for row in rows if row["integrity"]]
    assert registry == sorted(registry)


def _row(
    key: str, name: str, version: str, resolved: str | None, line: int, **flags: bool
) -> dict[str, Any]:
    return {
        "key": key,
        "name": name,
        "version": version,
        "resolved": resolved,
        "line": line,
        **flags,
    }


@pytest.mark.parametrize(
    ("name", "sample", "row"),
    [
        pytest.param(
            "package-lock.json",
            "npm/samples/npm-v3.json",
            _row("node_modules/@acme/util", "@acme/util", "1.0.0", UTIL, 42),
            id="npm: a scoped package",
        ),
        pytest.param(
            "package-lock.json",
            "npm/samples/npm-v3.json",
            _row("node_modules/al", "aaa", "1.2.0", AAA, 65),
            id="npm: an alias has its target's name",
        ),
        pytest.param(
            "package-lock.json",
            "npm/samples/npm-v3.json",
            _row(
                "node_modules/@acme/w1",
                "@acme/w1",
                "1.0.0",
                "packages/w1",
                48,
                link=True,
                workspace=True,
            ),
            id="npm: the link to a workspace",
        ),
        pytest.param(
            "package-lock.json",
            "npm/samples/npm-v1.json",
            _row("node_modules/al", "aaa", "1.2.0", AAA, 51),
            id="npm: an alias in version 1",
        ),
        pytest.param(
            "bun.lock",
            "bun/bun.lock",
            _row("al", "aaa", "1.2.0", AAA, 58),
            id="bun: an alias has its target's name",
        ),
        pytest.param(
            "bun.lock",
            "bun/bun.lock",
            _row("@acme/w1", "@acme/w1", "", "packages/w1", 52, workspace=True),
            id="bun: a workspace",
        ),
        pytest.param(
            "bun.lock",
            "bun/bun.lock",
            _row("loc", "loc", "", "loc", 68),
            id="bun: a folder",
        ),
        pytest.param(
            "bun.lock",
            "bun/written/v2/bun.lock",
            _row("tarb", "d", "", "./d.tgz", 84),
            id="bun: a tarball under another name",
        ),
        pytest.param(
            "yarn.lock",
            "yarn-classic/yarn1.lock",
            _row("al@npm:aaa@^1.0.0", "aaa", "1.2.0", AAA, 24),
            id="Yarn 1: an alias has its target's name",
        ),
        pytest.param(
            "yarn.lock",
            "yarn-berry/berry-v4.lock",
            _row("@acme/util@npm:^1.0.0", "@acme/util", "1.0.0", None, 8),
            id="Berry: a package, whose address it does not write",
        ),
        pytest.param(
            "yarn.lock",
            "yarn-berry/berry-v4.lock",
            _row(
                "@acme/w1@workspace:packages/w1",
                "@acme/w1",
                "0.0.0-use.local",
                "packages/w1",
                15,
                workspace=True,
            ),
            id="Berry: a workspace",
        ),
        pytest.param(
            "pnpm-lock.yaml",
            "pnpm/pnpm-v9.yaml",
            _row("@acme/util@1.0.0", "@acme/util", "1.0.0", None, 69),
            id="pnpm: a package, whose address it does not write",
        ),
        pytest.param(
            "pnpm-lock.yaml",
            "pnpm/pnpm-v7.yaml",
            _row("/@acme/util/1.0.0", "@acme/util", "1.0.0", None, 52),
            id="pnpm: an older key",
        ),
    ],
)
def test_a_row(
    name: str,
    sample: str,
    row: dict[str, Any],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    rows = {found["key"]: found for found in listed(name, sample, tmp_path, capsys)}
    expected = {"link": False, "workspace": False, **row}

    assert {field: rows[row["key"]][field] for field in expected} == expected


def test_berry_s_checksum_is_as_the_file_writes_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = listed("yarn.lock", "yarn-berry/berry-v4.lock", tmp_path, capsys)

    assert any(str(row["integrity"]).startswith("10c0/") for row in rows)


def test_what_cannot_be_read_is_exit_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "bun.lock"
    path.write_text('{"lockfileVersion": 9}')

    assert cli.main(["packages", str(path), "--format", "json"]) == 2
    printed = capsys.readouterr()
    assert "bun.lock:1: lockfileVersion is not 0, 1, 2 or 3" in printed.out + printed.err
