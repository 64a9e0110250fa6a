"""Glob patterns: what they match, and that no pattern costs more than its length."""

from __future__ import annotations

from contextlib import nullcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lockward import bounds, extglobs, globs
from lockward.errors import BoundError


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        pytest.param("acme-*", "acme-ui", id="a star"),
        pytest.param("*", "@acme/ui.js", id="a star crosses slashes and dots"),
        pytest.param("acme-?", "acme-1", id="one character"),
        pytest.param("[a-c]x", "bx", id="a range"),
        pytest.param("[!a-c]x", "dx", id="all but a range"),
        pytest.param("[^a]x", "bx", id="all but one, the other sign"),
        pytest.param("[]]", "]", id="a bracket as a member"),
        pytest.param("[a-]", "-", id="a dash at the end is itself"),
        pytest.param("[a", "[a", id="a bracket that never closes"),
        pytest.param("{ui,core}-*", "core-x", id="alternatives"),
        pytest.param("{a,{b,c}d}", "cd", id="alternatives inside alternatives"),
        pytest.param("{a}", "{a}", id="braces without a comma are text"),
        pytest.param("}{", "}{", id="braces the wrong way round"),
        pytest.param("a\\*", "a*", id="an escaped star"),
        pytest.param("a\\", "a\\", id="a backslash at the end"),
        pytest.param("a**b", "axyb", id="two stars are one"),
        pytest.param("*a*b*", "xxaxxbxx", id="several stars"),
        pytest.param("", "", id="nothing"),
    ],
)
def test_a_name_that_matches(pattern: str, text: str) -> None:
    assert globs.match(pattern, text)


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        pytest.param("acme-*", "xacme-ui", id="the whole name counts, at its start"),
        pytest.param("*-ui", "acme-uix", id="and at its end"),
        pytest.param("acme-?", "acme-", id="one character is one"),
        pytest.param("[a-c]", "d", id="outside a range"),
        pytest.param("[!a-c]", "a", id="inside an excluded range"),
        pytest.param("a\\*", "ab", id="an escaped star is a star"),
        pytest.param("*a*b", "xaxc", id="the end is missing"),
        pytest.param("a", "A", id="case counts"),
    ],
)
def test_a_name_that_does_not(pattern: str, text: str) -> None:
    assert not globs.match(pattern, text)


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        pytest.param("packages/*", "packages/a", id="one level"),
        pytest.param("packages/**", "packages/a/b", id="any number of levels"),
        pytest.param("**/a", "a", id="no level at all"),
        pytest.param("a/**/b", "a/b", id="none in between"),
        pytest.param("a/**/b", "a/x/y/b", id="several in between"),
        pytest.param("a/**/b/**/c", "a/b/x/b/y/c", id="twice"),
        pytest.param("packages/{a,b}", "packages/b", id="alternatives"),
        pytest.param("packages/[ab]", "packages/a", id="a class"),
        pytest.param(".hidden/*", ".hidden/a", id="a dot that the pattern writes"),
        pytest.param("**", "a/b", id="everything"),
        pytest.param("a/@(b)", "a/@(b)", id="a group is text where nobody asks for groups"),
    ],
)
def test_a_path_that_matches(pattern: str, path: str) -> None:
    assert globs.match_path(pattern, path)


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        pytest.param("packages/*", "packages/a/b", id="a star stays inside its level"),
        pytest.param("packages/*", "packages", id="a level is missing"),
        pytest.param("packages/*", "packages/.a", id="no star for a leading dot"),
        pytest.param("packages/**", "packages/.a/b", id="nor for any level"),
        pytest.param("*", ".", id="a dot is no name"),
        pytest.param("a/**/b", "a/b/c", id="something behind the end"),
        pytest.param("a", "b", id="another name"),
    ],
)
def test_a_path_that_does_not(pattern: str, path: str) -> None:
    assert not globs.match_path(pattern, path)


def test_dots_match_on_request() -> None:
    assert globs.match_path("packages/*", "packages/.a", dot=True)
    assert globs.match_path("**", ".a/.b", dot=True)


def test_braces_are_bounded() -> None:
    assert len(globs.expand("{a,b}" * 8)) == globs.MOST_BRANCHES
    with pytest.raises(BoundError, match="more than 256 alternatives"):
        globs.expand("{a,b}" * 9)
    with pytest.raises(BoundError, match="more than 256 alternatives"):
        globs.match_path("{a,b}" * 40, "b" * 40)


def test_a_pattern_has_a_longest_length() -> None:
    assert globs.match("a" * globs.LONGEST, "a" * globs.LONGEST)
    with pytest.raises(BoundError, match="more than 4,096 characters"):
        globs.match("a" * (globs.LONGEST + 1), "a")


def test_a_hostile_pattern_costs_little() -> None:
    assert not globs.match("*a" * 200 + "b", "a" * 2000)
    assert not globs.match_path("**/a/" * 50 + "b", "a/" * 300 + "c")
    assert not globs.match("[" * 4000, "[" * 3999)


NAMES = st.text(st.sampled_from("ab.-@/"), max_size=8)


@pytest.mark.parametrize(
    ("pattern", "text", "refused"),
    [
        pytest.param("*(*(*(*(a|aa)|a)*)*)!(b)", "a" * 200, False, id="groups in groups"),
        pytest.param("!(*)!(*)!(*)!(*)!(*)", "b" * 250, True, id="one negation after another"),
        pytest.param("@(" * 2000 + "a", "a" * 250, True, id="groups that never end"),
        pytest.param("@(" * 1000 + "a" + ")" * 1000, "a", False, id="too deep to be groups"),
        pytest.param("*(" + "|".join("ab" * 900) + ")", "ab" * 120, True, id="many alternatives"),
    ],
)
def test_a_hostile_group_is_bounded(pattern: str, text: str, *, refused: bool) -> None:
    bounds.begin_change()
    bounds.begin()
    try:
        with pytest.raises(BoundError) if refused else nullcontext():
            extglobs.matches(pattern, text, dot=True)
    finally:
        bounds.end()


@given(st.text(st.sampled_from("ab!@+?*(|)[]\\"), max_size=14), st.text("ab(", max_size=6))
def test_any_group_gives_an_answer(pattern: str, text: str) -> None:
    assert globs.match_path(pattern, text, extended=True) in (True, False)


@given(NAMES)
def test_a_plain_pattern_matches_itself_only(name: str) -> None:
    assert globs.match(name, name)
    assert not globs.match(name, f"{name}x")


@given(st.text(st.sampled_from("ab*?[]{},!\\/."), max_size=12), NAMES)
def test_any_pattern_gives_an_answer(pattern: str, text: str) -> None:
    assert globs.match(pattern, text) in (True, False)
    assert globs.match_path(pattern, text) in (True, False)
