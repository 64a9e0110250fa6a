"""Hosts of URLs as the WHATWG URL Standard reads them (its own examples among them)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lockward.spec import address


@pytest.mark.parametrize(
    ("text", "name"),
    [
        pytest.param("Example.ORG", "example.org", id="capitals"),
        pytest.param("ex%41mple.org", "example.org", id="an escape"),
        pytest.param("a%zz", "a%zz", id="an escape that is none stays"),
        pytest.param("b\u00fccher.example", "xn--bcher-kva.example", id="an umlaut"),
        pytest.param("\uff45xample.org", "example.org", id="full width"),
        pytest.param("ex\u00adample.org", "example.org", id="a soft hyphen is ignored"),
        pytest.param("example\u3002org", "example.org", id="an ideographic full stop"),
        pytest.param("xn--bcher-kva.example", "xn--bcher-kva.example", id="Punycode"),
        pytest.param("127.0.0.1", "127.0.0.1", id="an IPv4 address"),
        pytest.param("127.1", "127.0.0.1", id="a short one"),
        pytest.param("2130706433", "127.0.0.1", id="one number"),
        pytest.param("0x7f.1", "127.0.0.1", id="hexadecimal"),
        pytest.param("0177.1", "127.0.0.1", id="octal"),
        pytest.param("0x", "0.0.0.0", id="an empty hexadecimal number is zero"),  # noqa: S104 - an address
        pytest.param("1.2.3.4.", "1.2.3.4", id="a dot behind it"),
        pytest.param("a.b.", "a.b.", id="a dot behind a name"),
    ],
)
def test_a_host(text: str, name: str) -> None:
    assert address.domain(text) == name


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param("%ff", id="an escape that is no UTF-8"),
        pytest.param("xn--\u00fc.example", id="Punycode with an umlaut"),
        pytest.param("xn--abc-.example", id="Punycode of plain letters"),
        pytest.param("xn--99999999.example", id="Punycode that is none"),
        pytest.param("1.2.3.256", id="a number too large"),
        pytest.param("256.1.1.1", id="a number too large at the start"),
        pytest.param("1.2.3.4.5", id="too many numbers"),
        pytest.param("a.1", id="a name that ends in a number"),
        pytest.param("08.1", id="octal with an eight"),
        pytest.param("0xg.1", id="hexadecimal with a g"),
        pytest.param("4294967296", id="one number too large"),
        pytest.param("9" * 5000, id="thousands of digits"),
    ],
)
def test_no_host(text: str) -> None:
    assert address.domain(text) is None


@pytest.mark.parametrize(
    ("text", "written"),
    [
        pytest.param("::1", "[::1]", id="the loopback"),
        pytest.param("1:0:0:2:0:0:0:3", "[1:0:0:2::3]", id="the longest run is left out"),
        pytest.param("1:2:3:4:5:6:7:8", "[1:2:3:4:5:6:7:8]", id="no run"),
        pytest.param("::ffff:1.2.3.4", "[::ffff:102:304]", id="IPv4 inside"),
        pytest.param("0:0:0:0:0:0:0:0", "[::]", id="all zero"),
        pytest.param("1::2::3", None, id="two gaps"),
        pytest.param("fe80::1%eth0", None, id="a zone"),
        pytest.param("g::1", None, id="no number"),
        pytest.param("", None, id="nothing"),
    ],
)
def test_ipv6(text: str, written: str | None) -> None:
    assert address.ipv6(text) == written


@given(st.text(max_size=20))
def test_any_text_is_a_host_or_none(text: str) -> None:
    for found in (address.domain(text), address.ipv6(text)):
        assert found is None or isinstance(found, str)
