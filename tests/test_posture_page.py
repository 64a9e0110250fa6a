"""What docs/posture.md shows is what the program prints of examples/mcp-workspace."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from lockward import engine, policyfile
from lockward.memory import MemoryTree
from lockward.posture.assess import measure
from lockward.reports import text

if TYPE_CHECKING:
    from lockward.findings import Report

ROOT = Path(__file__).parents[1]
EXAMPLE = ROOT / "examples" / "mcp-workspace"


def scanned() -> Report:
    files: dict[str, str | bytes] = {
        str(path.relative_to(EXAMPLE)): path.read_bytes()
        for path in EXAMPLE.rglob("*")
        if path.is_file()
    }
    policy = policyfile.read(".lockward.toml", (EXAMPLE / ".lockward.toml").read_bytes())
    assert policy is not None
    return engine.scan(MemoryTree(files), policy, measure=measure())


def test_the_summary_in_the_page() -> None:
    shown = re.findall(r"```text\n(.*?)```", (ROOT / "docs" / "posture.md").read_text(), re.DOTALL)
    printed = text.render(scanned())

    assert printed[printed.index("posture: ") :] == shown[0]
