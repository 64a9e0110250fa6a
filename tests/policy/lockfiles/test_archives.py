"""Archives of git hosts are git sources; other addresses are none."""

from __future__ import annotations

import pytest

from lockward.lockfiles.archives import as_git

COMMIT = "0123456789abcdef0123456789abcdef01234567"
LOAD = "https://codeload.github.com/acme/dep/tar.gz"
GIT = f"git+https://github.com/acme/dep.git#{COMMIT}"


@pytest.mark.parametrize(
    ("url", "git"),
    [
        pytest.param(f"https://codeload.github.com/acme/dep/tar.gz/{COMMIT}", GIT, id="codeload"),
        pytest.param(f"https://github.com/acme/dep/archive/{COMMIT}.tar.gz", GIT, id="archive"),
        pytest.param(f"https://GitHub.com/acme/dep/archive/{COMMIT}.zip", GIT, id="capitals"),
        pytest.param(
            f"https://bitbucket.org/acme/dep/get/{COMMIT}.tar.gz",
            f"git+https://bitbucket.org/acme/dep.git#{COMMIT}",
            id="Bitbucket",
        ),
        pytest.param(
            f"https://gitlab.com/acme/dep/repository/archive.tar.gz?ref={COMMIT}",
            f"git+https://gitlab.com/acme/dep.git#{COMMIT}",
            id="GitLab",
        ),
        pytest.param(
            f"https://gitlab.com/acme/dep/-/archive/{COMMIT}/dep-{COMMIT}.tar.gz",
            f"git+https://gitlab.com/acme/dep.git#{COMMIT}",
            id="GitLab, with a name behind it",
        ),
        pytest.param(f"https://github.com/acme/dep/tarball/{COMMIT}", GIT, id="tarball"),
        pytest.param(
            f"https://codeload.github.com/acme/dep/tar.gz/{'a' * 64}",
            f"git+https://github.com/acme/dep.git#{'a' * 64}",
            id="a SHA-256 commit",
        ),
    ],
)
def test_an_archive_of_a_commit(url: str, git: str) -> None:
    assert as_git(url) == git


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("https://codeload.github.com/acme/dep/tar.gz/main", id="a branch"),
        pytest.param(f"https://codeload.github.com/acme/dep/tar.gz/{COMMIT[:39]}", id="too short"),
        pytest.param(f"https://codeload.github.com/acme/dep/tar.gz/{COMMIT.upper()}", id="capital"),
        pytest.param(f"http://codeload.github.com/acme/dep/tar.gz/{COMMIT}", id="http"),
        pytest.param(f"https://evil.example.net/acme/dep/tar.gz/{COMMIT}", id="another host"),
        pytest.param(f"https://github.com.evil.example.net/a/b/archive/{COMMIT}.zip", id="look"),
        pytest.param(f"https://github.com/{COMMIT}", id="no repository"),
        pytest.param(f"{LOAD}/refs/pull/9/head?/{COMMIT}", id="a pull request, a commit behind it"),
        pytest.param(f"{LOAD}/refs/pull/9/head?ref={COMMIT}", id="a query that GitHub ignores"),
        pytest.param(f"{LOAD}/main#/{COMMIT}", id="a fragment"),
        pytest.param(f"{LOAD}/{COMMIT}/../../../../evil/x/tar.gz/main", id="out of the repository"),
        pytest.param(f"{LOAD}/../../../evil/x/tar.gz/{COMMIT}", id="out of it before the commit"),
        pytest.param(f"{LOAD}/%2E./%2e%2e/../evil/{COMMIT}", id="out of it, percent-encoded"),
        pytest.param(f"{LOAD}/.\t./{COMMIT}", id="what Node takes out of an address"),
        pytest.param(f"{LOAD}/..\\..\\{COMMIT}", id="what Node takes for a slash"),
        pytest.param(f"https://github.com/acme/dep/files/12/{COMMIT}.tgz", id="an upload"),
        pytest.param(f"https://github.com/acme/dep/archive/refs/heads/{COMMIT}.zip", id="a ref"),
        pytest.param("", id="nothing"),
    ],
)
def test_anything_else(url: str) -> None:
    assert as_git(url) is None
