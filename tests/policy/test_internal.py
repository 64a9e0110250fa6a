"""Which names are ours."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lockward.internal import Names, bases
from lockward.mentions import names_in_key, target_of
from lockward.policy import Policy
from tests.support import npm

ACME = Policy(scopes=("@acme",), names=("billing-*", "shop?"))


@pytest.mark.parametrize(
    ("name", "scoped"),
    [
        pytest.param("acme-ui", "@acme/ui", id="a hyphen"),
        pytest.param("acme_ui", "@acme/ui", id="an underscore"),
        pytest.param("acme.ui", "@acme/ui", id="a dot"),
        pytest.param("acme-ui-kit", "@acme/ui-kit", id="the first separator counts"),
        pytest.param("ACME-ui", "@acme/ui", id="capitals"),
        pytest.param("acrne-ui", "@acme/ui", id="rn for m"),
        pytest.param("\u0430cme-ui", "@acme/ui", id="a Cyrillic letter"),
        pytest.param("\uff41cme-ui", "@acme/ui", id="a full-width letter"),
        pytest.param("acme\u2010ui", "@acme/ui", id="another hyphen"),
        pytest.param("@Acme/ui", "@acme/ui", id="the scope in capitals"),
        pytest.param("@acrne/ui", "@acme/ui", id="a scope that looks alike"),
        pytest.param("billing-client", "@acme/billing-client", id="a pattern"),
        pytest.param("Billing-Client", "@acme/Billing-Client", id="a pattern, capitals"),
        pytest.param("bi11ing-client", "@acme/bi11ing-client", id="a pattern, digits for letters"),
        pytest.param("shop2", "@acme/shop2", id="a question mark"),
        pytest.param("@acme/ui", "", id="the scoped name"),
        pytest.param("@other/acme-ui", "", id="another scope's"),
        pytest.param("acme", "", id="the bare word"),
        pytest.param("acmeister", "", id="a longer word"),
        pytest.param("acme-", "", id="nothing behind the separator"),
        pytest.param("my-acme-ui", "", id="in the middle"),
        pytest.param("billing", "", id="not the pattern"),
        pytest.param("shop", "", id="not the question mark"),
        pytest.param("", "", id="nothing"),
        pytest.param("@acme", "", id="a scope only"),
    ],
)
def test_scoped(name: str, scoped: str) -> None:
    assert Names(ACME).scoped(name) == scoped


def test_without_a_scope_the_form_is_a_placeholder() -> None:
    assert Names(Policy(names=("billing-*",))).scoped("billing-x") == "@YOUR-SCOPE/billing-x"
    assert not Names(Policy())
    assert Names(Policy(registries={"@b": "https://b.test/"})).scoped("b-x") == "@b/x"


def test_a_scope_with_digits_and_pairs_is_found() -> None:
    assert Names(Policy(scopes=("@burner-1",))).scoped("burner-1-x") == "@burner-1/x"


def test_time_is_linear() -> None:
    start = time.process_time()
    Names(Policy(scopes=("@acme",), names=("a*b*c*d*",))).scoped("rn" * 50_000)
    assert time.process_time() - start < 2


@given(st.text(max_size=40))
@settings(max_examples=200, deadline=None)
def test_any_text_is_a_name(text: str) -> None:
    assert Names(ACME).scoped(f"acme-{text}x").startswith("@acme/")
    assert Names(ACME).scoped(f"acrne_{text}x").startswith("@acme/")


@pytest.mark.parametrize(
    ("key", "names"),
    [
        pytest.param("a", ["a"], id="a name"),
        pytest.param("a@^1", ["a"], id="npm's range"),
        pytest.param("@s/a@^1 || 2", ["@s/a"], id="scope and range"),
        pytest.param(".", [], id="npm's self"),
        pytest.param("a@github:o/r", ["a"], id="a range with a slash"),
        pytest.param("a/b", ["a", "b"], id="yarn's parent"),
        pytest.param("**/@s/a", ["@s/a"], id="yarn's any depth"),
        pytest.param("@s/a/@t/b", ["@s/a", "@t/b"], id="yarn's scopes"),
        pytest.param("a@1>@s/b@2", ["a", "@s/b"], id="pnpm's parent"),
        pytest.param("", [], id="nothing"),
        pytest.param("@s", [], id="a scope only"),
    ],
)
def test_names_in_an_override(key: str, names: list[str]) -> None:
    assert list(names_in_key(key)) == names


@pytest.mark.parametrize(
    ("spec", "target"),
    [
        pytest.param("^1", ("x", "^1"), id="a range"),
        pytest.param("npm:a@^1", ("a", "^1"), id="an alias"),
        pytest.param("npm:@s/a", ("@s/a", "*"), id="an alias without a range"),
        pytest.param("NPM:a@1", ("a", "1"), id="in capitals"),
        pytest.param("npm:", ("x", "npm:"), id="an empty one"),
    ],
)
def test_what_an_alias_asks_for(spec: str, target: tuple[str, str]) -> None:
    assert target_of("x", spec) == target


def test_bases() -> None:
    npmrc = "@a:registry=https://a.test/\n@b:registry=https://npmjs.com/\n@c:registry=${C}\n"
    project = npm.project({"package.json": "{}", ".npmrc": npmrc})
    assert bases(project, Policy()) == {"@a": "https://a.test/"}
    policy = Policy(scopes=("@c", "@d"), registries={"@a": "https://x.test/"})
    assert bases(project, policy) == {"@a": "https://x.test/", "@c": "", "@d": ""}
