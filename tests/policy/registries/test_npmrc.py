"""The readings of .npmrc that settings hide behind, one row each."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lockward.registries import npmrc

URL = "https://evil.example.net/"


def effective(data: bytes | str) -> dict[str, str]:
    text = data.encode() if isinstance(data, str) else data
    file = npmrc.parse(".npmrc", text)
    return {key: lines[-1].value for key, lines in file.effective.items()}


@pytest.mark.parametrize(
    "line",
    [
        pytest.param(f"registry={URL}", id="plain"),
        pytest.param(f"registry = {URL} ; ours", id="blanks and an inline comment"),
        pytest.param(f"\ufeffregistry={URL}", id="a byte order mark"),
        pytest.param(f"\u00a0registry={URL}", id="a no-break space"),
        pytest.param(f"# \u2028c\rregistry={URL}", id="behind a comment and a lone CR"),
        pytest.param(f"registry=https://a.test\n\n\nregistry={URL}", id="the last one wins"),
        pytest.param(f"registry[]={URL}", id="an array"),
        pytest.param(f'"registry"="{URL}"', id="quoted"),
        pytest.param(f'"\\u0072egistry"={URL}', id="escaped in JSON"),
        pytest.param(f"'\"\\u0072egistry\"'={URL}", id="JSON inside single quotes"),
        pytest.param(f"'[\"registry\"]'={URL}", id="a JSON list for a key"),
        pytest.param(f"'[[\"registry\"]]'='[[[\"{URL}\"]]]'", id="nested JSON lists"),
        pytest.param(f"reg${{NOPE?}}istry={URL}", id="an unset variable in the key"),
        pytest.param(f"registry=${{NOPE?}}{URL}", id="an unset variable in the value"),
        pytest.param("registry=https://evil.example.net/\\;#c", id="an escaped semicolon"),
        pytest.param("@x:registry=1\nregistry=https://evil.example.net/", id="beside a scope"),
    ],
)
def test_a_registry_is_seen_however_it_is_written(line: str) -> None:
    assert effective(line)["registry"].startswith(URL)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param("[npm]\nignore-scripts=true", id="behind a section"),
        pytest.param("[ignore-scripts]\n", id="only a section's name"),
        pytest.param("ignore-scripts=\n[ignore-scripts]", id="rewritten by a section"),
        pytest.param("ignore-scripts=true\n[ignore-scripts.x]", id="rewritten by a subsection"),
        pytest.param("ignore-scripts=true\n[${X?}ignore-scripts.x]", id="by an expanded one"),
        pytest.param("ignore_scripts=true", id="an underscore"),
        pytest.param("Ignore-Scripts=true", id="capitals"),
        pytest.param("; ignore-scripts=true", id="a comment"),
        pytest.param("\u00a0# ignore-scripts=true", id="a comment behind a no-break space"),
        pytest.param("ignore-scripts=true\u2028", id="a line separator in the value"),
        pytest.param("ignore-scripts\u0085=true", id="NEL is no blank to JavaScript"),
        pytest.param("\x1cignore-scripts=true", id="a file separator is no blank to JavaScript"),
        pytest.param("=ignore-scripts=true", id="no key"),
        pytest.param("__proto__=true\n[__proto__]\nignore-scripts=true", id="__proto__"),
    ],
)
def test_a_setting_that_npm_does_not_apply(data: str) -> None:
    assert "ignore-scripts" not in effective(data)


def test_a_comment_cuts_the_key_not_the_line() -> None:
    assert effective("ignore-scripts;x=false") == {"ignore-scripts": "false"}


@pytest.mark.parametrize(
    ("value", "truth"),
    [
        pytest.param("=true", True, id="true"),
        pytest.param("", True, id="a bare key"),
        pytest.param("=", True, id="empty"),
        pytest.param("=no", True, id="no is a text, and texts are true"),
        pytest.param("=off", True, id="so is off"),
        pytest.param("=1", True, id="1"),
        pytest.param("=${UNSET}", True, id="an unset variable stays as it is written"),
        pytest.param("[]=false", True, id="a list is an object"),
        pytest.param("=false", False, id="false"),
        pytest.param('="false"', False, id="quoted false"),
        pytest.param("=null", False, id="null"),
        pytest.param("=undefined", False, id="undefined"),
        pytest.param("=0", False, id="0"),
        pytest.param("=0x0", False, id="0 in hexadecimal"),
        pytest.param("=-0.0e5", False, id="0 as a float"),
        pytest.param("=${UNSET?}", False, id="an optional unset variable"),
        pytest.param("=${UNSET?}false", False, id="the same before false"),
        pytest.param("=0_0", True, id="Python's underscores are no number to JavaScript"),
        pytest.param("=\uff10", True, id="nor are full-width digits"),
    ],
)
def test_truth(value: str, truth: bool) -> None:  # noqa: FBT001 - a column of the table
    setting = npmrc.parse(".npmrc", f"strict-ssl{value}".encode()).get("strict-ssl")
    assert setting is not None
    assert setting.truth is truth


@pytest.mark.parametrize(
    ("text", "expanded", "names"),
    [
        pytest.param("a", "a", (), id="none"),
        pytest.param("${A}", "${A}", ("A",), id="unset stays"),
        pytest.param("x${A?}y", "xy", ("A",), id="optional vanishes"),
        pytest.param("\\${A}", "${A}", (), id="escaped"),
        pytest.param("\\\\${A?}", "\\", ("A",), id="an escaped backslash"),
        pytest.param("\\\\\\${A}", "\\${A}", (), id="three backslashes"),
        pytest.param("${}", "${}", (), id="no name"),
        pytest.param("${A?B}", "${A?B}", (), id="a question mark inside"),
        pytest.param("${${A?}}", "${}", ("A",), id="nested: the inner one counts"),
        pytest.param("${A-b}", "${A-b}", ("A-b",), id="a default is part of the name"),
        pytest.param("${A", "${A", (), id="open"),
    ],
)
def test_expand(text: str, expanded: str, names: tuple[str, ...]) -> None:
    assert npmrc.expand(text) == (expanded, names)


def test_lines_and_parts() -> None:
    data = b"; //h.test/:_authToken=old\r\na=1\rb=2\n\n//h.test:8/p/:_authToken=x${T}y\n[s]\nc=3\n"
    file = npmrc.parse("app/.npmrc", data)
    assert [(s.key, s.line, s.inert) for s in file.settings] == [
        ("a", 2, ""),
        ("b", 2, ""),
        ("//h.test:8/p/:_authToken", 4, ""),
        ("c", 6, "[s]"),
    ]
    token = file.settings[2]
    assert (token.nerf, token.name, token.literal, token.env) == (
        "//h.test:8/p/",
        "_authToken",
        "xy",
        ("T",),
    )
    [comment] = file.comments
    assert (comment.key, comment.value, comment.line) == ("//h.test/:_authToken", "old", 1)
    assert file.settings[0].nerf == ""


def test_an_array_gathers_what_follows_it() -> None:
    file = npmrc.parse(".npmrc", b"ca=0\nca=1\nca[]=2\nca=3\nomit=a\nomit=b\n")
    assert [line.value for line in file.effective["ca"]] == ["1", "2", "3"]
    assert [line.value for line in file.effective["omit"]] == ["b"]


def test_what_npm_cannot_read_is_named() -> None:
    deep = "'" + "[" * 101 + "]" * 101 + "'"
    data = f"'null'=x\na=1\u2028\nb={deep}\n".encode()
    assert npmrc.parse(".npmrc", data).broken == (
        (1, "'null'", "fatal"),
        (2, "a", "skipped"),
        (3, "b", "fatal"),
    )


@given(st.binary(max_size=200) | st.text(max_size=80).map(lambda t: t.encode("utf-8", "replace")))
@settings(max_examples=300, deadline=None)
def test_any_bytes_are_read(data: bytes) -> None:
    file = npmrc.parse(".npmrc", data)
    last = data.count(b"\n") + 1
    assert all(1 <= setting.line <= last for setting in (*file.settings, *file.comments))
    assert all(lines for lines in file.effective.values())


@pytest.mark.parametrize(
    "piece",
    [
        pytest.param("${", id="openings"),
        pytest.param("\\", id="backslashes"),
        pytest.param("${a}", id="references"),
        pytest.param("[a.b\\.", id="dots"),
        pytest.param("'", id="quotes"),
        pytest.param("k[]=1\n", id="array items"),
        pytest.param("[s]\n", id="sections"),
        pytest.param("\r", id="returns"),
        pytest.param("'[[[[", id="brackets"),
    ],
)
def test_time_grows_with_the_length_only(piece: str) -> None:
    data = (f"{piece}" * (200_000 // len(piece)) + "]=x").encode()
    start = time.process_time()
    npmrc.parse(".npmrc", data)
    assert time.process_time() - start < 3, "a second is ten times what it takes"
