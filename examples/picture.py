"""The picture of the posture page in the documents: ``python -m examples.picture``.

Scans examples/mcp-workspace, opens the page in Debian's Chromium and writes
docs/posture.png.  Needs chromium and the Python package playwright.
"""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from examples.demo import LOCKWARD, ROOT, WORKSPACE

PICTURE = ROOT / "docs" / "posture.png"
ARGUMENTS = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run"]


def main() -> None:
    """Write the picture."""
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "posture.html"
        scan = [str(LOCKWARD), "scan", str(WORKSPACE), "--format", "html", "--output", str(page)]
        subprocess.run(scan, check=True)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path="/usr/bin/chromium", args=ARGUMENTS
            )
            opened = browser.new_page(viewport={"width": 1240, "height": 1240})
            opened.goto(page.as_uri())
            opened.screenshot(path=PICTURE)
            browser.close()


if __name__ == "__main__":
    main()
