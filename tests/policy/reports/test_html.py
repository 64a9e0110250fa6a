"""The page as text: self-contained, escaped, allowed by hash, the same bytes twice."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import pytest

from lockward.posture.dominators import only_because_of
from lockward.reports import html
from lockward.reports.page import picture
from lockward.reports.page.model import Model
from lockward.reports.page.text import asset
from tests.policy.reports.findings import TAMPERED, UNSCOPED, report
from tests.policy.reports.test_platforms import HOSTILE
from tests.support import npm
from tests.support.trees import hostile, large, scanned

if TYPE_CHECKING:
    from lockward.findings import Report


class Elements(HTMLParser):
    """Tag names, attributes, and the text of each script and style."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.bodies: dict[str, list[str]] = {"script": [], "style": [], "title": []}
        self._inside = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        self._inside = tag
        if tag in self.bodies:
            self.bodies[tag].append("")

    def handle_endtag(self, tag: str) -> None:
        if tag == self._inside:
            self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside in self.bodies:
            self.bodies[self._inside][-1] += data


EVIL = hostile(300, 8)
PAGES = [
    pytest.param(scanned({"README.md": "x"}), id="nothing to grade"),
    pytest.param(scanned(npm.files({"name": "app"}, {})), id="no packages"),
    pytest.param(scanned(large(120)), id="no findings about packages"),
    pytest.param(EVIL, id="hostile names"),
    pytest.param(report(TAMPERED, UNSCOPED), id="a check: no posture"),
    pytest.param(report(HOSTILE, undecided=("x<b>\n",)), id="hostile findings"),
]


@pytest.mark.parametrize("given", PAGES)
def test_the_page_holds_nothing_but_its_own_elements(given: Report) -> None:
    text = html.render(given)
    page = Elements(text)

    assert page.tags.count("script") == 2
    assert page.tags.count("style") == page.tags.count("title") == 1
    assert not {"img", "iframe", "object", "link", "base", "form"} & set(page.tags)
    assert not [each for each in page.attributes if each[1].startswith("on") or each[1] == "style"]
    assert [value for _, name, value in page.attributes if name in ("href", "src")] == ["#findings"]
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f\u200b\u202e]", text)
    text.encode()


@pytest.mark.parametrize("given", PAGES)
def test_the_policy_allows_its_style_and_script_and_no_other(given: Report) -> None:
    text = html.render(given)
    page = Elements(text)
    [policy] = [v for t, n, v in page.attributes if t == "meta" and n == "content" and "src" in v]
    hashes = [
        base64.b64encode(hashlib.sha256(body.encode()).digest()).decode()
        for body in (page.bodies["style"][0], page.bodies["script"][1])
    ]

    assert re.findall(r"sha256-([^']+)", policy) == hashes
    assert policy.startswith("default-src 'none';")
    assert "unsafe" not in policy
    assert text.index("Content-Security-Policy") < text.index("<script")


@pytest.mark.parametrize("given", PAGES)
def test_two_pages_are_the_same_bytes(given: Report) -> None:
    assert html.render(given) == html.render(given)


def test_the_columns_are_a_tree_in_preorder() -> None:
    given = EVIL
    data: dict[str, Any] = json.loads(Elements(html.render(given)).bodies["script"][0])

    assert len({len(data[key]) for key in ("name", "parent", "flags", "users", "drop", "own")}) == 1
    assert len(data["name"]) == 301
    assert data["parent"][0] == -1
    open_rows = [0]
    for number, parent in enumerate(data["parent"][1:], 1):
        while open_rows[-1] != parent:
            open_rows.pop()
        open_rows.append(number)
    assert sum(weight == 3 for weight in data["own"]) == 8
    assert data["name"][0].startswith("</title>")  # as JSON gives it back: text, not markup


def test_every_finding_of_a_package_leads_to_its_box() -> None:
    given = EVIL
    assert given.posture is not None
    model = Model(given, given.posture)

    found = [finding for finding in given.findings if finding.pointer]
    assert found
    for finding in found:
        row = model.row_of(finding)
        assert row is not None
        assert model.rows[row].own


def test_large_trees_are_drawn_by_their_findings() -> None:
    few, many = scanned(large(300, 5)), scanned(large(800, 5))
    assert few.posture is not None
    assert many.posture is not None

    assert not picture.narrowed(Model(few, few.posture))
    assert picture.narrowed(Model(many, many.posture))
    clean = scanned(large(800))
    assert clean.posture is not None
    clean_model = Model(report(), clean.posture)
    assert not picture.narrowed(clean_model)


def test_many_findings_fold_away_by_rule() -> None:
    page = Elements(html.render(scanned(large(700, 600))))

    assert page.tags.count("details") == page.tags.count("summary") >= 2
    assert page.tags.count("tr") > 600


def test_a_workspace_is_a_branch_of_its_own() -> None:
    member = {"name": "lib", "version": "1.0.0", "dependencies": {"a": "1.0.0"}}
    packages = {
        "node_modules/lib": {"resolved": "w/lib", "link": True},
        "w/lib": member,
        "a": npm.locked("a"),
    }
    root = {"name": "app", "workspaces": ["w/*"]}
    given = scanned(npm.files(root, packages, {"w/lib/package.json": json.dumps(member)}))
    assert given.posture is not None
    rows = Model(given, given.posture).rows

    assert [(row.name, row.depth) for row in rows] == [("app", 0), ("w/lib", 1), ("a 1.0.0", 2)]


def test_several_lockfiles_are_branches_of_one_tree() -> None:
    files = {f"{name}/{path}": data for name in "ab" for path, data in large(100).items()}
    given = scanned(files)
    assert given.posture is not None
    model = Model(given, given.posture)

    assert len(model.rows) == 1 + 2 + 200
    tops = [row.name for row in model.rows if row.depth == 1]
    assert tops == ["a/package-lock.json", "b/package-lock.json"]


def test_what_would_go_with_a_package() -> None:
    links = {
        "": [("a", "prod"), ("b", "prod")],
        "a": [("c", "prod"), ("d", "prod")],
        "b": [("d", "prod")],
        "c": [("e", "prod"), ("a", "prod")],
        "d": [("f", "prod")],
    }

    assert only_because_of(links, [""]) == {"": 6, "a": 2, "c": 1, "d": 1}
    assert only_because_of(links, [""], budget=3) == {}


# The palette: text on every colour, computed


def _luminance(colour: str) -> float:
    value = colour.lstrip("#")
    value = "".join(c * 2 for c in value) if len(value) == 3 else value
    parts = [int(value[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    bright, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def palettes() -> dict[str, dict[str, str]]:
    style = asset("style.css")
    light, dark = re.findall(r":root\{([^}]*)\}", style)
    variables = dict(re.findall(r"--([\w-]+):(#[0-9a-f]+)", light))
    return {
        "light": variables,
        "dark": {**variables, **dict(re.findall(r"--([\w-]+):(#[0-9a-f]+)", dark))},
    }


PAIRS = [
    *(("ink", "paper"), ("mute", "paper"), ("link", "paper"), ("ink", "soft"), ("mute", "soft")),
    *(("high-ink", "high"), ("mid-ink", "mid"), ("low-ink", "low"), ("none-ink", "none")),
    *(("none-ink", "s0"), ("s1-ink", "s1")),
]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), PAIRS)
def test_text_stands_out_from_its_ground(scheme: str, ink: str, ground: str) -> None:
    palette = palettes()[scheme]

    assert contrast(palette[ink], palette[ground]) >= 4.5
