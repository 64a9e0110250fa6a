"""pnpm before 9.0: keys that begin with a registry's host."""

from __future__ import annotations

from typing import Final

import pytest

from lockward import lockfiles
from lockward.registries import hosts
from tests.support import pnpm
from tests.support.states import Files, judged, refused, told

HOST: Final = f"registry.{min(hosts.DEFAULT_DOMAINS)}"
BASE: Final = f"https://{HOST}"
OTHER: Final = "registry.example.org"


def lock(key: str, address: str = "", *, form: float = 6.0) -> str:
    """A lockfile with one package, which the project has as an optional dependency."""
    resolution = {"integrity": pnpm.HASH, **({"tarball": address} if address else {})}
    entry = {"resolution": resolution, "optional": True}
    reference = "1.0.0"
    if key[0] != "/":
        entry.update(name="@e/arm64", version="1.0.0")
        reference = key
    asked: dict[str, object] = {"@e/arm64": {"specifier": "^1.0.0", "version": reference}}
    top: dict[str, object] = {"lockfileVersion": "6.0"}
    if form < 6:
        asked = {"@e/arm64": reference}
        top = {"lockfileVersion": form, "specifiers": {"@e/arm64": "^1.0.0"}}
    return pnpm.dump({**top, "optionalDependencies": asked, "packages": {key: entry}})


OWN: Final = f"{BASE}/@e/arm64/-/arm64-1.0.0.tgz"


@pytest.mark.parametrize(
    ("text", "source"),
    [
        pytest.param(lock(f"{HOST}/@e/arm64@1.0.0", OWN), "registry", id="its own"),
        pytest.param(lock(f"{HOST}/@e/arm64/1.0.0", OWN, form=5.4), "registry", id="in 5.4"),
        pytest.param(
            lock(f"{HOST}/@e/arm64@1.0.0", f"{BASE}/evil/-/evil-1.0.0.tgz"),
            "remote",
            id="another package's address",
        ),
        pytest.param(
            lock(f"{HOST}/@e/arm64@1.0.0", OWN.replace(HOST, OTHER)),
            "remote",
            id="another host's address",
        ),
        pytest.param(
            lock(f"{OTHER}/@e/arm64@1.0.0", OWN.replace(HOST, OTHER)),
            "remote",
            id="another host's key",
        ),
        pytest.param(lock(f"{HOST}/evil@1.0.0", OWN), "remote", id="another package's key"),
        pytest.param(lock(f"{HOST}/@e/arm64@1.0.1", OWN), "remote", id="another version's key"),
        pytest.param(
            lock(f"{HOST}/@e/arm64@1.0.0", OWN.replace("https", "http")),
            "remote",
            id="over http",
        ),
    ],
)
def test_where_it_comes_from(text: str, source: str) -> None:
    (package,) = lockfiles.read("pnpm-lock.yaml", text.encode()).packages
    assert (package.name, package.source) == ("@e/arm64", source)


def state(text: str) -> Files:
    """A project with such a lockfile."""
    return pnpm.files({"name": "app", "optionalDependencies": {"@e/arm64": "^1.0.0"}}, text)


def test_the_same_package_under_a_host() -> None:
    """unjs/nitro 8533d3eabe."""
    before = state(lock("/@e/arm64@1.0.0"))
    after = state(lock(f"{HOST}/@e/arm64@1.0.0", OWN))
    assert judged(before, after).classification == "metadata", told(judged(before, after))
    for text in (
        lock(f"{HOST}/@e/arm64@1.0.0", OWN).replace("AAAA==", "AAAB=="),
        lock(f"{HOST}/@e/arm64@1.0.0", f"{BASE}/evil/-/evil-1.0.0.tgz"),
        lock(f"{OTHER}/@e/arm64@1.0.0", OWN.replace(HOST, OTHER)),
    ):
        assert refused(before, state(text)), text
