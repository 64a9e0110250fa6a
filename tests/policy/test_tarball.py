"""The strict reading of a registry tarball's address."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lockward import tarball

R = "https://registry.example.org"


@pytest.mark.parametrize(
    ("url", "base", "name", "version"),
    [
        pytest.param(f"{R}/a/-/a-1.0.0.tgz", f"{R}/", "a", "1.0.0", id="plain"),
        pytest.param(
            f"{R}/@s/a/-/a-1.0.0-rc.1.tgz", f"{R}/", "@s/a", "1.0.0-rc.1", id="scoped, prerelease"
        ),
        pytest.param(
            f"{R}/@s%2fa/-/a-1.0.0.tgz", f"{R}/", "@s/a", "1.0.0", id="scope's slash escaped"
        ),
        pytest.param(
            f"{R}/%40s%2Fa/-/a-1.0.0%2Bb.tgz", f"{R}/", "@s/a", "1.0.0+b", id="all of it escaped"
        ),
        pytest.param(
            f"{R}:8443/api/npm/all/a/-/a-1.0.0.tgz",
            f"{R}:8443/api/npm/all/",
            "a",
            "1.0.0",
            id="a prefix and a port",
        ),
        pytest.param(
            f"{R}/npm/@s/a/-/@s/a-1.0.0.tgz",
            f"{R}/npm/",
            "@s/a",
            "1.0.0",
            id="the scope repeated, as Artifactory and GitLab do",
        ),
        pytest.param(
            f"{R}/download/@s/a/1.0.0/0011ff", f"{R}/", "@s/a", "1.0.0", id="GitHub Packages"
        ),
        pytest.param(
            f"{R}/~/11/@jsr/s__a/1.0.0.tgz", f"{R}/", "@jsr/s__a", "1.0.0", id="JSR's registry"
        ),
        pytest.param(
            f"{R}/a/download/a-1.0.0.tgz", f"{R}/", "a", "1.0.0", id="the cnpm mirrors' layout"
        ),
        pytest.param(
            "http://[::1]:4873/a/-/a-1.0.0.tgz",
            "http://[::1]:4873/",
            "a",
            "1.0.0",
            id="an IPv6 address on http",
        ),
        pytest.param(
            f"{R}/a-b/-/a-b-1.0.0-c.tgz", f"{R}/", "a-b", "1.0.0-c", id="dashes in the name"
        ),
    ],
)
def test_sound_addresses_are_taken_apart(url: str, base: str, name: str, version: str) -> None:
    found = tarball.parse(url)
    assert (found.defect, found.base, found.name, found.version) == ("", base, name, version)
    assert found.base + found.path == url
    assert found.mismatch(name, version) == ""


@pytest.mark.parametrize(
    ("url", "defect"),
    [
        pytest.param("", "not a URL", id="empty"),
        pytest.param("2.0.0", "not a URL", id="a bare version"),
        pytest.param("npm:evil@1.0.0", "not a URL", id="an npm spec"),
        pytest.param(f"a@{R}/a/-/a-1.0.0.tgz", "not a URL", id="name@address"),
        pytest.param("HTTPS://registry.example.org/a/-/a-1.0.0.tgz", "not a URL", id="upper case"),
        pytest.param(f" {R}/a/-/a-1.0.0.tgz", "not a URL", id="a leading blank"),
        pytest.param("https:/registry.example.org/a/-/a-1.0.0.tgz", "not a URL", id="one slash"),
        pytest.param("file:a-1.0.0.tgz", "not a URL", id="a file"),
        pytest.param("git+ssh://git@example.org/a.git#1", "not a URL", id="git"),
        pytest.param("https:\\\\evil.test\\a\\-\\a-1.0.0.tgz", "not a URL", id="all backslashes"),
        pytest.param(
            "https://evil.test\\@registry.example.org/a", "odd characters", id="backslash"
        ),
        pytest.param(f"{R}/a/-/a-1.0.0.tgz\n", "odd characters", id="a newline"),
        pytest.param(f"{R}/a/-/a\t-1.0.0.tgz", "odd characters", id="a tab"),
        pytest.param(f"{R}/a/-/a-1.0.0.tgz ", "odd characters", id="a trailing blank"),
        pytest.param(
            "https://r\u0435gistry.example.org/a/-/a-1.0.0.tgz",
            "odd characters",
            id="a look-alike letter",
        ),
        pytest.param(
            "https://registry.example.org@evil.test/a/-/a-1.0.0.tgz", "user name", id="user name"
        ),
        pytest.param("https:///a/-/a-1.0.0.tgz", "bad host", id="no host"),
        pytest.param("https://a..b/a/-/a-1.0.0.tgz", "bad host", id="an empty label"),
        pytest.param("https://evil%2etest/a/-/a-1.0.0.tgz", "bad host", id="an escaped host"),
        pytest.param("https://a:b/a/-/a-1.0.0.tgz", "bad host", id="a port of letters"),
        pytest.param("https://a:/a/-/a-1.0.0.tgz", "bad host", id="an empty port"),
        pytest.param("https://[::1]x/a/-/a-1.0.0.tgz", "bad host", id="junk behind an address"),
        pytest.param(f"{R}/a/-/a-1.0.0.tgz?x=/b/-/b-1.0.0.tgz", "query or fragment", id="a query"),
        pytest.param(f"{R}/a/-/a-1.0.0.tgz#x", "query or fragment", id="a fragment"),
        pytest.param(f"{R}/a/../evil/-/evil-1.0.0.tgz", "dot segment", id="dot segments"),
        pytest.param(f"{R}/a/%2E%2e/evil/-/evil-1.0.0.tgz", "dot segment", id="escaped dots"),
        pytest.param(f"{R}//a/-/a-1.0.0.tgz", "dot segment", id="an empty segment"),
        pytest.param(f"{R}/x%2f..%2fy/a/-/a-1.0.0.tgz", "escaped characters", id="an escaped path"),
        pytest.param(f"{R}/@s%2f../a/-/a-1.0.0.tgz", "escaped characters", id="dots in a scope"),
        pytest.param(f"{R}/%61/-/a-1.0.0.tgz", "escaped characters", id="an escaped letter"),
        pytest.param(f"{R}/a/-/b-1.0.0.tgz", "no registry path", id="another package's file"),
        pytest.param(f"{R}/a/-/a-1.0.0.tgz.sh", "no registry path", id="trailing junk"),
        pytest.param(f"{R}/a/-/a-.tgz", "no registry path", id="no version"),
        pytest.param(f"{R}/-/a-1.0.0.tgz", "no registry path", id="no package"),
        pytest.param(f"{R}/@s/a/-/@t/a-1.0.0.tgz", "no registry path", id="two scopes"),
        pytest.param(f"{R}/a.tgz", "no registry path", id="a file of no package"),
        pytest.param(R, "no registry path", id="a host alone"),
    ],
)
def test_every_other_spelling_has_a_named_defect(url: str, defect: str) -> None:
    found = tarball.parse(url)
    assert found.defect == defect
    assert found.mismatch("a", "1.0.0") == defect


@pytest.mark.parametrize(
    ("name", "version", "why"),
    [
        pytest.param("a", "1.0.0", "", id="the very package"),
        pytest.param("a", "1.0.0+build", "", id="build metadata is left out of file names"),
        pytest.param("b", "1.0.0", "another package", id="another name"),
        pytest.param("@s/a", "1.0.0", "another package", id="the same name in a scope"),
        pytest.param("a", "1.0.1", "another version", id="another version"),
        pytest.param("A", "1.0.0", "another package", id="names are compared with case"),
    ],
)
def test_mismatch(name: str, version: str, why: str) -> None:
    assert tarball.parse(f"{R}/a/-/a-1.0.0.tgz").mismatch(name, version) == why


@pytest.mark.parametrize(
    ("version", "why"),
    [
        pytest.param("3001.1.0-dev-harmony-fb", "", id="as the registry calls it"),
        pytest.param("3001.0001.0000-dev-harmony-fb", "", id="as the author called it"),
        pytest.param("3001.10.0-dev-harmony-fb", "another version", id="a zero behind"),
        pytest.param("3001.1.0-dev-harmony", "another version", id="another prerelease"),
        pytest.param("3001.1", "another version", id="a number less"),
    ],
)
def test_a_file_name_may_have_the_zeros_that_its_version_lost(version: str, why: str) -> None:
    """Kong/insomnia 70a9da1812."""
    url = f"{R}/esprima-fb/-/esprima-fb-3001.0001.0000-dev-harmony-fb.tgz"
    assert tarball.parse(url).mismatch("esprima-fb", version) == why


@pytest.mark.parametrize(
    ("url", "host"),
    [
        pytest.param(
            "https://Registry.Example.ORG/a/-/a-1.0.0.tgz", "registry.example.org", id="x"
        ),
        pytest.param(
            "https://registry.example.org:443/x", "registry.example.org", id="no path yet"
        ),
    ],
)
def test_the_host_is_known_in_lower_case_even_when_the_path_is_not(url: str, host: str) -> None:
    assert tarball.parse(url).host == host


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=40) | st.text("htps:/@a.-%2e\\?#[]1", max_size=60).map("https://h".__add__))
def test_any_text_is_either_rebuilt_exactly_or_defective(text: str) -> None:
    found = tarball.parse(text)
    if found.defect:
        assert found.mismatch("a", "1.0.0")
    else:
        assert text == found.base + found.path
        assert found.name
        assert found.version
        assert text.startswith(f"{found.scheme}://")
