"""Hosts and URLs, read strictly."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lockward.registries import hosts


@pytest.mark.parametrize(
    ("url", "host"),
    [
        pytest.param("https://npm.acme.test/a", "npm.acme.test", id="plain"),
        pytest.param("HTTPS://NPM.Acme.TEST", "npm.acme.test", id="capitals"),
        pytest.param("https://npm.acme.test./", "npm.acme.test", id="a trailing dot"),
        pytest.param("https://npm.acme.test:8443/", "npm.acme.test", id="a port"),
        pytest.param("https://good.test@evil.test/", "evil.test", id="a user name"),
        pytest.param("https://a:b@c@evil.test/", "evil.test", id="two at signs"),
        pytest.param("https://good.test?@evil.test/", "good.test", id="a query ends the host"),
        pytest.param("https://good.test#@evil.test/", "good.test", id="so does a fragment"),
        pytest.param("https://[::1]:80/", "[::1]", id="IPv6"),
        pytest.param("git+ssh://git@git.acme.test/a.git", "git.acme.test", id="another scheme"),
        pytest.param("https:\\\\evil.test\\a", None, id="backslashes"),
        pytest.param("https://good.test\\@evil.test/", None, id="a backslash before an at sign"),
        pytest.param("https://evil.test\t/", None, id="a tab"),
        pytest.param(" https://evil.test/", None, id="a leading blank"),
        pytest.param("https://\u0435vil.test/", None, id="beyond ASCII"),
        pytest.param("https://ev%69l.test/", None, id="escapes in the host"),
        pytest.param("https:evil.test", None, id="no slashes"),
        pytest.param("//evil.test/", None, id="no scheme"),
        pytest.param("https:///a", None, id="no host"),
        pytest.param("https://a..b/", None, id="an empty label"),
        pytest.param("https://a../", None, id="two trailing dots"),
        pytest.param("https://a.test:99999999/", None, id="a long port"),
        pytest.param("https://a.test:x/", None, id="a port in letters"),
        pytest.param("https://[::1/", None, id="an open bracket"),
        pytest.param("https://[::1]x/", None, id="text behind the bracket"),
        pytest.param("npm.acme.test", None, id="a bare host"),
        pytest.param("1.2.3", None, id="a version"),
        pytest.param("", None, id="nothing"),
    ],
)
def test_host_of(url: str, host: str | None) -> None:
    assert hosts.host_of(url) == host


@pytest.mark.parametrize(
    ("host", "public"),
    [
        pytest.param("npmjs.org", True, id="a domain of the table"),
        pytest.param("any.NPMJS.org.", True, id="a host in it, capitals and dot"),
        pytest.param("any.npmjs.org:8443", True, id="with a port"),
        pytest.param("evilnpmjs.org", False, id="only the same ending"),
        pytest.param("npmjs.org.evil.test", False, id="only the same beginning"),
        pytest.param("npm.acme.test", False, id="a private one"),
        pytest.param("localhost", False, id="one label"),
        pytest.param("", False, id="nothing"),
    ],
)
def test_is_public(host: str, public: bool) -> None:  # noqa: FBT001 - a column of the table
    assert hosts.is_public(host) is public


@pytest.mark.parametrize(
    ("url", "base", "inside"),
    [
        pytest.param("https://r.test/a/-/a-1.tgz", "https://r.test", True, id="the whole host"),
        pytest.param("https://r.test/npm/a", "https://r.test/npm/", True, id="a folder"),
        pytest.param("https://r.test/npm", "https://r.test/npm/", True, id="the folder itself"),
        pytest.param("https://r.test:443/a", "https://R.test./", True, id="the default port"),
        pytest.param("https://r.test/npm2/a", "https://r.test/npm", False, id="half a segment"),
        pytest.param("https://r.test/npm/../x/a", "https://r.test/npm", False, id="dot segments"),
        pytest.param("https://r.test/npm/%2E%2e/x", "https://r.test/npm", False, id="escaped"),
        pytest.param("http://r.test/a", "https://r.test/", False, id="another scheme"),
        pytest.param("https://r.test:444/a", "https://r.test/", False, id="another port"),
        pytest.param("https://r.test.evil.test/", "https://r.test/", False, id="another host"),
        pytest.param("https://r.test@evil.test/", "https://r.test/", False, id="a user name"),
        pytest.param("1.0.0", "https://r.test/", False, id="no URL"),
        pytest.param("https://r.test/a", "r.test", False, id="no base"),
    ],
)
def test_below(url: str, base: str, inside: bool) -> None:  # noqa: FBT001 - a column of the table
    assert hosts.below(url, base) is inside


def test_parts_of_a_url() -> None:
    url = hosts.split("HTTPS://me:pw@R.test:0443/npm?x=1#y")
    assert url is not None
    assert (url.scheme, url.user, url.place, url.path, url.query) == (
        "https",
        "me:pw",
        "r.test",
        "/npm",
        "x=1",
    )
    assert url.base == "https://r.test/npm/"
    assert hosts.is_https("HTTPS://r.test")
    assert not hosts.is_https("http://r.test")
    assert not hosts.is_https("https:r.test")


@given(st.text(max_size=60))
@settings(max_examples=200, deadline=None)
def test_any_text_is_read(text: str) -> None:
    for url in (text, f"https://{text}"):
        host = hosts.host_of(url)
        assert host is None or (host == host.lower() and not host.endswith("."))
        assert hosts.below(url, "https://r.test/") in (True, False)
