"""The page in a real browser: what it shows, keys and filters, axe, and nothing on the side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from lockward.reports import html
from tests.policy.reports.findings import TAMPERED, report
from tests.support.browser import Page, chromium
from tests.support.trees import hostile, large, scanned

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PHONE = {"viewport": {"width": 390, "height": 844}}


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as running:
        yield running


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pages")
    pages = {
        "small": scanned(large(120)),
        "large": hostile(5000, 135),
        "check": report(TAMPERED),
    }
    for name, given in pages.items():
        (folder / f"{name}.html").write_text(html.render(given), encoding="utf-8", newline="\n")
    return folder


@pytest.fixture
def page(browser: Any, folder: Path) -> Iterator[Page]:  # noqa: ANN401 - playwright's
    with Page(browser, folder / "large.html") as opened:
        yield opened
        assert opened.bad == []


@pytest.mark.parametrize("name", ["small", "large", "check"])
@pytest.mark.parametrize(
    "options",
    [
        pytest.param({}, id="desktop"),
        pytest.param({"color_scheme": "dark"}, id="dark"),
        pytest.param(PHONE, id="phone"),
        pytest.param({"java_script_enabled": False}, id="no script"),
        pytest.param({"forced_colors": "active"}, id="forced colours"),
    ],
)
def test_nothing_happens_on_the_side(
    browser: Any,  # noqa: ANN401 - playwright's
    folder: Path,
    name: str,
    options: dict[str, object],
) -> None:
    with Page(browser, folder / f"{name}.html", **options) as opened:
        assert opened.page.locator("img").count() == 0
        assert opened.page.locator("h1").count() == 1
        if options.get("java_script_enabled", True):
            wide, room = opened.page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
            assert wide <= room
        else:
            assert not opened.page.locator(".tools").first.is_visible()
        assert opened.bad == []


@pytest.mark.parametrize("name", ["small", "large", "check"])
@pytest.mark.parametrize(
    "options", [{}, {"color_scheme": "dark"}, PHONE], ids=["desktop", "dark", "phone"]
)
def test_axe_finds_nothing(
    browser: Any,  # noqa: ANN401 - playwright's
    folder: Path,
    name: str,
    options: dict[str, object],
) -> None:
    with Page(browser, folder / f"{name}.html", bypass_csp=True, **options) as opened:
        assert opened.violations() == []


def test_axe_would_find_something(browser: Any, folder: Path) -> None:  # noqa: ANN401 - playwright's
    with Page(browser, folder / "small.html", bypass_csp=True) as opened:
        opened.page.evaluate("document.documentElement.removeAttribute('lang')")
        assert [each.partition(":")[0] for each in opened.violations()] == ["html-has-lang"]


def test_the_filters(page: Page) -> None:
    count, box = page.page.locator("#count"), page.page.locator("#q")
    total = int(count.inner_text().split()[2])
    assert count.inner_text() == f"{total} of {total} shown"

    box.fill("package-4999")
    assert page.page.locator("tbody tr[data-rule]:visible").count() == int(
        count.inner_text().split()[0]
    )
    box.fill("no such thing")
    assert page.page.locator("#none").is_visible()
    page.page.locator("#none .clear").click()
    assert count.inner_text() == f"{total} of {total} shown"
    page.page.locator("#rule").select_option("tree-large")
    assert count.inner_text().startswith("1 of ")
    page.page.locator("button[data-only]").first.click()
    assert page.page.locator("#rule").input_value() != "tree-large"


def test_the_keys(page: Page) -> None:
    tree, detail = page.page.locator("#tree"), page.page.locator("#detail")
    tree.focus()
    assert tree.get_attribute("role") == "tree"

    page.page.keyboard.press("ArrowRight")
    first = detail.inner_text()
    assert "depth 1" in first
    page.page.keyboard.press("ArrowDown")
    assert detail.inner_text() != first
    page.page.keyboard.press("ArrowUp")
    assert detail.inner_text() == first
    page.page.keyboard.press("Enter")
    assert page.page.locator("#crumbs button").count() == 2
    for _ in range(3):
        page.page.keyboard.press("ArrowRight")
    assert "Path: " in detail.inner_text()
    active = tree.get_attribute("aria-activedescendant")
    assert page.page.locator(f"#{active}").get_attribute("aria-selected") == "true"
    page.page.keyboard.press("Escape")
    page.page.keyboard.press("Home")
    assert page.page.locator("#crumbs button").count() == 1


def test_a_finding_is_shown_in_the_tree(page: Page) -> None:
    button = page.page.locator("button[data-show]").first
    name = button.inner_text().rpartition("@")[0]
    button.click()

    assert name in page.page.locator("#detail").inner_text()
    assert page.page.locator("rect.sel").count() == 1


def test_the_whole_tree_and_its_branches_with_findings(page: Page) -> None:
    rest = page.page.locator("#tree path.rest")  # what is too thin to be drawn by itself
    assert rest.count() == 0
    page.page.locator("#narrow").uncheck()
    assert rest.count() == 1
    page.page.locator("#colour").select_option("source")
    assert page.page.locator("#key-source").is_visible()


def test_a_script_that_comes_later_does_not_run(page: Page) -> None:
    with pytest.raises(Exception, match=r"TrustedScript|Content Security Policy"):
        page.page.evaluate(
            "() => { const s = document.createElement('script'); s.textContent = 'window.x = 1';"
            " document.body.append(s); }"
        )
    assert page.page.evaluate("window.x === undefined")
    page.bad.clear()  # the refusal itself is logged


def test_it_prints(page: Page) -> None:
    assert page.page.pdf()[:5] == b"%PDF-"
