"""Questions to the JavaScript that npm brings along: one node process for all of them."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable


def ask(script: str, module: str, questions: Iterable[object]) -> list[Any]:
    """The answers of a script beside this file, which is given the path of one of npm's modules.

    Questions go in and answers come out as lines of JSON, in the same order.
    """
    root = subprocess.run(["npm", "root", "-g"], capture_output=True, text=True, check=True)
    ran = subprocess.run(
        [
            "node",
            str(Path(__file__).with_name(script)),
            f"{root.stdout.strip()}/npm/node_modules/{module}",
        ],
        input="".join([json.dumps(question) + "\n" for question in questions]),
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )
    return [json.loads(line) for line in ran.stdout.split("\n") if line]
