"""The page of a history: what it draws, escaped, without any script; in a browser as well."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from lockward.reports import history_html
from lockward.reports.history_html import CLASSES, Moment
from tests.policy.reports.test_html import Elements
from tests.policy.reports.test_platforms import EVIL
from tests.support.browser import Page, chromium

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from lockward.model import Class


def moment(number: int, worst: Class, errors: int = 0, path: str = "package-lock.json") -> Moment:
    return Moment(
        f"{number:012x}".ljust(40, "0"),
        f"2026-01-{1 + number % 28:02}",
        classes={path: worst},
        sizes={path: 100 + number},
        moved=(1, 2, 3),
        findings={"error": errors, "warning": number % 2, "note": 0},
        messages=tuple(f"message {n} of {number}" for n in range(errors)),
    )


SIX = [moment(number, worst, int(number > 3)) for number, worst in enumerate(CLASSES)]
MANY = [moment(number, CLASSES[number % 6], number % 3) for number in range(1000)]
HOSTILE = [
    Moment(
        "0" * 40,
        "2026-01-01",
        classes={EVIL: "tampered"},
        sizes={EVIL: 1},
        moved=(0, 0, 0),
        findings={"error": 9},
        messages=(EVIL,) * 9,
    )
]
PAGES = [
    pytest.param([], id="nothing"),
    pytest.param(SIX, id="a commit of each class"),
    pytest.param(MANY, id="more commits than bars"),
    pytest.param(HOSTILE, id="hostile text"),
]


@pytest.mark.parametrize("moments", PAGES)
def test_the_page_holds_no_script_and_nothing_foreign(moments: list[Moment]) -> None:
    text = history_html.render(moments, 2000)
    page = Elements(text)

    assert "script" not in page.tags
    assert not {"img", "iframe", "object", "link", "base", "form"} & set(page.tags)
    assert not [each for each in page.attributes if each[1].startswith("on") or each[1] == "style"]
    assert [value for _, name, value in page.attributes if name in ("href", "src")] == ["#looked"]
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f\u200b\u202e]", text)
    text.encode()
    assert history_html.render(moments, 2000) == text


def test_the_numbers() -> None:
    text = re.sub(r"<[^>]*>", "", history_html.render(SIX, 10))

    assert "10 commits, 6 of them changed a lockfile." in text
    assert "metadata 1 matched 1 refresh 1 rollback 1 unexplained 1 tampered 1" in text
    assert "100 entries at first, 105 at last, 100 at least, 105 at most" in text
    assert "warning 3 error 2" in text


def test_only_what_needs_a_look_is_listed_the_newest_first() -> None:
    text = history_html.render(SIX, 10)
    listed = re.findall(r"<code>(0+\d)</code>", text)

    assert [int(each) for each in listed] == [5, 4, 3, 2]
    assert "message 0 of 4" in text


def test_a_long_history_stays_small() -> None:
    text = history_html.render(MANY, 5000)

    assert len(text) < 350_000
    assert text.count("<tr>") == 1 + history_html.ROWS
    assert "9 commits to a bar" in text


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as running:
        yield running


@pytest.mark.parametrize("name", ["nothing", "many"])
@pytest.mark.parametrize(
    "options",
    [
        pytest.param({}, id="desktop"),
        pytest.param({"color_scheme": "dark"}, id="dark"),
        pytest.param({"viewport": {"width": 390, "height": 844}}, id="phone"),
    ],
)
def test_in_a_browser(
    browser: Any,  # noqa: ANN401 - playwright's
    tmp_path: Path,
    name: str,
    options: dict[str, object],
) -> None:
    path = tmp_path / "history.html"
    moments = [] if name == "nothing" else [*MANY[:200], *HOSTILE]
    path.write_text(history_html.render(moments, 300), encoding="utf-8", newline="\n")

    with Page(browser, path, **options) as opened:
        wide, room = opened.page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
        assert wide <= room
        assert opened.bad == []
    with Page(browser, path, bypass_csp=True, **options) as opened:
        assert opened.violations() == []
