"""Debian's Chromium, driven by Playwright; axe-core from npm.

A test that needs them skips where they are missing, unless LOCKWARD_REQUIRE_ALL
says that they must be there.
"""

from __future__ import annotations

import os
import shutil
from contextlib import contextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Self

import pytest

from tests.support import tools

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

AXE = "axe-core@4.14.1"
_ARGUMENTS = [
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]
_TAGS = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]


@contextmanager
def chromium() -> Iterator[Any]:
    """A running browser (playwright.sync_api.Browser)."""
    path = shutil.which("chromium")
    if path is None or find_spec("playwright") is None:
        reason = "needs Debian's chromium and the Python package playwright"
        if os.environ.get("LOCKWARD_REQUIRE_ALL") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=_ARGUMENTS)
        yield browser
        browser.close()


class Page:
    """A file opened in a context of its own; ``bad`` gathers what must not happen."""

    def __init__(self, browser: Any, path: Path, **options: object) -> None:  # noqa: ANN401 - see chromium
        self.context = browser.new_context(
            **{"viewport": {"width": 1280, "height": 900}, **options}
        )
        self.page = self.context.new_page()
        self.bad: list[str] = []
        self.page.on("console", lambda message: self.bad.append(f"console: {message.text}"))
        self.page.on("pageerror", lambda error: self.bad.append(f"error: {error}"))
        self.page.on("dialog", self._dialog)
        self.page.on("request", self._request)
        self.page.goto(path.as_uri())

    def _dialog(self, dialog: Any) -> None:  # noqa: ANN401 - playwright's
        self.bad.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def _request(self, request: Any) -> None:  # noqa: ANN401 - playwright's
        if not request.url.startswith("file:"):
            self.bad.append(f"request: {request.url}")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.context.close()

    def violations(self) -> list[str]:
        """What axe-core finds; the context needs ``bypass_csp=True``."""
        self.page.add_script_tag(content=tools.file(AXE, "axe-core/axe.min.js").read_text())
        found = self.page.evaluate(
            "tags => axe.run({runOnly: tags}).then(r => r.violations.map("
            "v => v.id + ': ' + v.nodes.map(n => n.html.slice(0, 120)).join(' | ')))",
            _TAGS,
        )
        return [str(each) for each in found]
