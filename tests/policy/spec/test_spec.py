"""Specs of every kind; npm's own are compared with npm-package-arg in test_differential."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lockward import spec

COMMIT = "0123456789abcdef0123456789abcdef01234567"


@pytest.mark.parametrize(
    ("text", "kind", "fetch"),
    [
        pytest.param("^1.2.3", "range", "^1.2.3", id="a range"),
        pytest.param("", "range", "*", id="an empty one is any version"),
        pytest.param(" 1.2.3 ", "version", "1.2.3", id="a version, blanks around it"),
        pytest.param("next", "tag", "next", id="a tag"),
        pytest.param("a tag", "invalid", "a tag", id="no tag has a blank"),
        pytest.param("file:../lib", "directory", "../lib", id="a folder"),
        pytest.param("./lib//x/../y", "directory", "lib/y", id="a folder without its detours"),
        pytest.param("./vendor/a.tgz", "file", "vendor/a.tgz", id="a tarball"),
        pytest.param("vendor/a.tgz", "git", "", id="without a dot it is GitHub's user/repo"),
        pytest.param("~/lib", "directory", "~/lib", id="below the user's home"),
        pytest.param("/etc", "directory", "/etc", id="an absolute path"),
        pytest.param("https://example.org/a.tgz", "remote", "https://example.org/a.tgz", id="URL"),
        pytest.param("acme/dep", "git", "", id="GitHub's shortcut has no address"),
        pytest.param(
            "git+https://example.org/a.git#main", "git", "https://example.org/a.git", id="git"
        ),
        pytest.param(
            *("git@example.org:a/b.git", "directory", "git@example.org:a/b.git"),
            id="scp without a scheme is a folder to npm",
        ),
        pytest.param(
            "git+ssh://git@example.org:a/b.git", "git", "git@example.org:a/b.git", id="scp"
        ),
        pytest.param("workspace:^", "workspace", "^", id="pnpm's and Yarn's workspace"),
        pytest.param("catalog:", "catalog", "default", id="the default catalog"),
        pytest.param("catalog: react18 ", "catalog", "react18", id="a named catalog"),
        pytest.param("link:./a/../b", "link", "b", id="a link"),
        pytest.param("portal:/a/../../b", "link", "/b", id="a portal, no further up than the top"),
        pytest.param("exec:./a.js", "invalid", "", id="a protocol that nobody here reads"),
        pytest.param("npm:lodash@npm:x@1", "invalid", "", id="an alias of an alias"),
        pytest.param("npm:lodash@file:x", "invalid", "", id="an alias of a folder"),
        pytest.param("jsr:^1.0.0", "invalid", "", id="jsr needs a scope"),
        pytest.param("patch:lodash", "invalid", "", id="a patch of no version"),
        pytest.param("patch:a@patch%3Aa@1#x", "invalid", "", id="a patch of a patch"),
    ],
)
def test_what_a_spec_is(text: str, kind: str, fetch: str) -> None:
    found = spec.parse("dep", text)
    assert (found.kind, found.fetch) == (kind, fetch)


@pytest.mark.parametrize(
    ("text", "kind", "name", "wanted"),
    [
        pytest.param("npm:lodash@^4", "alias", "lodash", "^4", id="an alias"),
        pytest.param("NPM:@acme/ui", "alias", "@acme/ui", "*", id="an alias without range"),
        pytest.param("jsr:@std/path@^1", "alias", "@jsr/std__path", "^1", id="jsr by its name"),
        pytest.param("jsr:@std/path", "alias", "@jsr/std__path", "*", id="jsr without range"),
        pytest.param("workspace:ui@*", "workspace", "ui", "*", id="a workspace by another name"),
        pytest.param("patch:a@npm%3A1.2.3#./a.patch", "patch", "a", "1.2.3", id="a patch"),
        pytest.param(
            "patch:a@https%3A//example.org/a.tgz#./a.patch",
            *("patch", "a", "https://example.org/a.tgz"),
            id="a patch of a tarball",
        ),
    ],
)
def test_whom_a_spec_stands_for(text: str, kind: str, name: str, wanted: str) -> None:
    found = spec.parse("dep", text)
    assert found.alias is not None
    assert (found.kind, found.name) == (kind, "dep")
    assert (found.alias.name, found.alias.fetch) == (name, wanted)


def test_jsr_behind_the_name_itself() -> None:
    found = spec.parse("@std/path", "jsr:^1.0.0")
    assert found.alias is not None
    assert (found.kind, found.alias.name) == ("alias", "@jsr/std__path")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("acme/dep", id="GitHub's shortcut"),
        pytest.param("github:acme/dep#main", id="github: and a branch"),
        pytest.param("git@github.com:acme/dep.git", id="scp"),
        pytest.param("git+ssh://git@github.com/acme/dep", id="git over ssh"),
        pytest.param("https://github.com/acme/dep/tree/main", id="the page of a branch"),
        pytest.param("git://www.github.com/acme/dep.git", id="the old git protocol"),
    ],
)
def test_the_writings_of_one_repository_are_equal(text: str) -> None:
    found = spec.parse("dep", text)
    assert (found.kind, found.hosted) == ("git", "git@github.com:acme/dep.git")


@pytest.mark.parametrize(
    ("fragment", "committish", "git_range", "subdir"),
    [
        pytest.param("", None, None, None, id="nothing"),
        pytest.param(f"#{COMMIT}", COMMIT, None, None, id="a commit"),
        pytest.param("#semver:%5E1.0.0", None, "^1.0.0", None, id="a range of tags"),
        pytest.param("#main::path:packages/a", "main", None, "/packages/a", id="a folder in it"),
    ],
)
def test_fragments(
    fragment: str, committish: str | None, git_range: str | None, subdir: str | None
) -> None:
    found = spec.parse("dep", f"git+https://example.org/dep.git{fragment}")
    assert (found.committish, found.git_range, found.subdir) == (committish, git_range, subdir)


@pytest.mark.parametrize(
    "fragment",
    [
        pytest.param("#a::b", id="two commits"),
        pytest.param("#main::semver:1", id="a commit and a range"),
        pytest.param("#path:a::path:b", id="two folders"),
        pytest.param("#semver:%zz", id="a broken escape"),
    ],
)
def test_a_fragment_that_contradicts_itself_is_invalid(fragment: str) -> None:
    assert spec.parse("dep", f"git+https://example.org/dep.git{fragment}").kind == "invalid"


@pytest.mark.parametrize("name", ["", "a", "@a/b", "!odd", "JSONStream"])
def test_names_that_npm_takes(name: str) -> None:
    assert spec.parse(name, "1.0.0").kind == "version"


@pytest.mark.parametrize("name", [".a", "_a", "-a", "@a", "@/a", "@a/.b", "a/b", "node_modules"])
def test_names_that_npm_does_not_take(name: str) -> None:
    assert spec.parse(name, "1.0.0").kind == "invalid"


ODD = st.text(st.sampled_from("ab01@/:#.~+-%?=\\ \t\n[]\u00e9\ud83d\0npmgithubfile"), max_size=40)


@given(name=ODD, text=ODD)
def test_any_text_is_a_spec_of_some_kind(name: str, text: str) -> None:
    found = spec.parse(name, text)
    assert (found.name, found.raw) == (name, text or "*")
    if found.alias is not None:
        assert found.alias.alias is None, "an alias stands for no alias"


@given(text=st.one_of(st.text(), ODD))
def test_the_same_spec_is_read_once(text: str) -> None:
    first = spec.parse("a", text)
    assert spec.parse("a", text) is first
