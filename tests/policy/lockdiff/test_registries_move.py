"""Another server for a package: who knew it, for what, and whether the bytes are proven."""

from __future__ import annotations

import pytest

from lockward import lockfiles
from lockward.lockdiff import witness
from lockward.lockdiff.witness import Sighting
from lockward.registries import hosts
from tests.policy.lockdiff.test_directives import judged
from tests.policy.lockdiff.test_every_format import ASKS, BUMPED, WORLD, classes
from tests.support import npm
from tests.support.worlds import LOCKFILES, Pkg, World, sri, tarball

DEFAULT = f"https://registry.{min(hosts.DEFAULT_DOMAINS)}/"
OWN = "https://npm.corp.example/"
EVIL = "https://evil.example.net/"
REFUSED = ("unexplained", "tampered")
ADDRESSED = ("npm-v3", "yarn-classic", "bun")


def placed(name: str, base: str, version: str = "1.0.0", *, algorithm: str = "sha512") -> Pkg:
    one = Pkg(name, version)
    one.place = tarball(name, version, base)
    one.integrity = sri(f"{name}@{version}", algorithm)
    return one


def bare(name: str, base: str) -> Pkg:
    one = placed(name, base)
    one.integrity = ""
    return one


def many(*more: Pkg) -> World:
    """Thirty packages of one registry, and a few others."""
    packages = [Pkg(f"p{number}") for number in range(30)]
    asks = {one.name: f"^{one.version}" for one in (*packages, *more)}
    return World({**ASKS, **asks}, *WORLD.copy().packages, *packages, *more)


def settings(**registries: str) -> dict[str, bytes]:
    lines = [f"{key.replace('_', '@')}={url}" for key, url in registries.items()]
    return {".npmrc": "\n".join([*lines, ""]).encode()}


SCOPED = many(placed("@evil/x", EVIL))
PRIVATE = many(placed("ours", OWN), placed("more", OWN))
WEAK = many(placed("ours", OWN, algorithm="sha1"), placed("more", OWN))


@pytest.mark.parametrize("form", ADDRESSED)
@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(
            SCOPED,
            SCOPED.replaced(placed("p4", EVIL, "1.0.1"), asks={"p4": "^1.0.1"}),
            id="an unscoped package from the server of one scope",
        ),
        pytest.param(
            SCOPED,
            many(placed("@evil/x", EVIL), placed("@other/y", EVIL)),
            id="another scope's package from the server of one scope",
        ),
        pytest.param(
            PRIVATE,
            PRIVATE.replaced(placed("ours", DEFAULT, "1.0.9"), asks={"ours": "^1.0.9"}),
            id="somebody's own package is the public one from now on",
        ),
        pytest.param(
            WEAK,
            WEAK.replaced(placed("ours", DEFAULT)),
            id="somebody's own package becomes public under a hash that proves nothing",
        ),
    ],
)
def test_it_is_refused(before: World, after: World, form: str) -> None:
    diff = judged(before.files(form), after.files(form))
    assert diff.classification in REFUSED, classes(diff)


@pytest.mark.parametrize("form", ADDRESSED)
@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(
            SCOPED,
            many(placed("@evil/x", EVIL, "1.0.1")).replaced(asks={"@evil/x": "^1.0.1"}),
            id="the scope itself moves on",
        ),
        pytest.param(
            PRIVATE,
            many(placed("ours", DEFAULT, "1.0.9"), placed("more", DEFAULT)),
            id="a server is given up",
        ),
        pytest.param(
            PRIVATE,
            PRIVATE.replaced(placed("ours", OWN, "1.0.9"), asks={"ours": "^1.0.9"}),
            id="somebody's own package moves on",
        ),
    ],
)
def test_it_passes(before: World, after: World, form: str) -> None:
    diff = judged(before.files(form), after.files(form))
    assert diff.classification not in REFUSED, classes(diff)


@pytest.mark.parametrize("form", ["npm-v3", "yarn-classic", "pnpm-9", "bun"])
def test_a_registry_that_the_settings_name_now_proves_no_new_hash(form: str) -> None:
    before = WORLD.copy()
    before.get("c").integrity = sri("c@1.3.0", "sha1")
    after = BUMPED.copy()
    after.get("c").integrity = sri("evil")
    after.get("c").place = tarball("c", "1.3.0", EVIL)
    named = settings(registry=EVIL)
    diff = judged(before.files(form), {**after.files(form), **named})
    assert diff.classification == "tampered", classes(diff)
    stood = judged({**before.files(form), **named}, {**after.files(form), **named})
    assert stood.classification == "matched", classes(stood)
    after.get("c").integrity = sri("c@1.3.0")
    same = judged(WORLD.files(form), {**after.files(form), **named})
    assert same.classification == "matched", classes(same)


@pytest.mark.parametrize("form", ["npm-v3", "yarn-classic", "pnpm-9", "berry-8"])
@pytest.mark.parametrize("version", ["1.3.0+evil", "v1.3.0"])
def test_build_metadata_makes_no_other_version(form: str, version: str) -> None:
    after = BUMPED.copy()
    one = after.get("c")
    one.version, one.place = version, tarball("c", version)
    same = judged(WORLD.files(form), after.files(form))
    one.integrity = sri("evil")
    diff = judged(WORLD.files(form), after.files(form))
    assert diff.classification == "tampered", classes(diff)
    assert "integrity-replaced" not in {item.code for item in same.items}


def test_another_lockfile_does_not_outvote_what_this_one_held() -> None:
    path = LOCKFILES["npm-v3"]
    lock = lockfiles.read(path, WORLD.files("npm-v3")[path])
    found = lock.by_key["node_modules/c"]

    def seen(text: str, *, own: bool) -> Sighting:
        return Sighting(own=own, kind="tarball", hashes=text, resolved="", where="somewhere")

    prepared, before = seen(found.integrity or "", own=False), seen(sri("real"), own=True)
    assert witness.other_bytes(lock, found, [prepared, before]) is before
    assert witness.other_bytes(lock, found, [prepared, seen(sri("real"), own=False)]) is None


# One server, registries of several people.
MINE = "https://packages.example.net/mine/npm/"
THEIRS = "https://packages.example.net/theirs/npm/"


CHANGES = {
    "a sha512 in a sha1's place": (placed("ours", MINE, algorithm="sha1"), placed("ours", THEIRS)),
    "a hash where none stood": (bare("ours", MINE), placed("ours", THEIRS)),
    "no hash, then as now": (bare("ours", MINE), bare("ours", THEIRS)),
    "a new version of the name": (placed("ours", MINE), placed("ours", THEIRS, "1.0.1")),
}


@pytest.mark.parametrize(
    ("form", "before", "after"),
    [
        pytest.param(form, before, after, id=f"{form}: {words}")
        for words, (before, after) in CHANGES.items()
        for form in ADDRESSED
        if form != "bun" or before.integrity  # bun names its registry for what has a hash
    ],
)
def test_a_server_s_other_registry_is_somebody_else_s(form: str, before: Pkg, after: Pkg) -> None:
    old = many(before)
    new = old.replaced(after, asks={"ours": f"^{after.version}"})
    diff = judged(old.files(form), new.files(form))
    assert diff.classification in REFUSED, classes(diff)

    at_home = placed("ours", MINE, after.version)
    stays = old.replaced(at_home, asks={"ours": f"^{after.version}"})
    assert judged(old.files(form), stays.files(form)).classification not in REFUSED


@pytest.mark.parametrize("form", ADDRESSED)
def test_a_server_s_other_registry_takes_over_the_same_bytes_or_by_a_setting(form: str) -> None:
    old = many(placed("ours", MINE))
    same = judged(old.files(form), old.replaced(placed("ours", THEIRS)).files(form))
    assert same.classification == "metadata", classes(same)

    new = old.replaced(placed("ours", THEIRS, "1.0.1"), asks={"ours": "^1.0.1"}).files(form)
    named = settings(registry=THEIRS)
    diff = judged({**old.files(form), **named}, {**new, **named})
    assert diff.classification == "matched", classes(diff)
    mine = settings(registry=MINE)
    diff = judged({**old.files(form), **mine}, {**new, **mine})
    assert diff.classification in REFUSED, classes(diff)

    beside = many(placed("ours", MINE), placed("more", THEIRS))
    both = beside.replaced(placed("ours", THEIRS, "1.0.1"), asks={"ours": "^1.0.1"})
    diff = judged(beside.files(form), both.files(form))
    assert diff.classification == "matched", classes(diff)


COMMIT = "a" * 40
GIT = f"git+ssh://git@git.example.net/o/r.git#{COMMIT}"


@pytest.mark.parametrize(
    ("address", "passes"),
    [
        pytest.param(f"git+https://git.example.net/o/r.git#{COMMIT}", True, id="over https"),
        pytest.param(f"git+https://evil.example/o/r.git#{COMMIT}", False, id="another host"),
        pytest.param(
            f"git+https://evil.example\\@git.example.net/o/r.git#{COMMIT}",
            False,
            id="a backslash, which ends the host for some",
        ),
        pytest.param(
            f"git+ssh://git@evil.example:x@git.example.net/o/r.git#{COMMIT}",
            False,
            id="two users, of which each reader takes another",
        ),
        pytest.param(
            f"git+ext::sh -c id@git.example.net/o/r.git#{COMMIT}", False, id="a program of git's"
        ),
        pytest.param(
            f"git+https://git.example.net/o/r.git?x=/o/r.git#{COMMIT}", False, id="a query"
        ),
    ],
)
def test_a_git_address_is_one_that_every_reader_takes_alike(address: str, passes: bool) -> None:  # noqa: FBT001 - a row's column
    def files(resolved: str) -> dict[str, bytes]:
        asks = {"x": "git+https://git.example.net/o/r.git"}
        made = npm.files(
            {"name": "app", "dependencies": asks},
            {"x": {"version": "1.0.0", "resolved": resolved}},
        )
        return {k: v.encode() if isinstance(v, str) else v for k, v in made.items()}

    diff = judged(files(GIT), files(address))
    assert (diff.classification not in REFUSED) == passes, classes(diff)


@pytest.mark.parametrize(
    ("was", "now"),
    [("linkType: hard", "linkType: soft"), ("languageName: node", "languageName: other")],
)
def test_berry_a_package_stays_what_it_is_linked_as(was: str, now: str) -> None:
    before = WORLD.files("berry-8")
    text = before["yarn.lock"].decode()
    head, mark, rest = text.partition(was)
    assert mark
    after = {**before, "yarn.lock": f"{head}{now}{rest}".encode()}
    assert judged(before, after).classification == "tampered"


def left_out(one: Pkg) -> Pkg:
    one.place = ""
    return one


@pytest.mark.parametrize(
    ("before", "after", "named", "passes"),
    [
        pytest.param(placed("ours", OWN), placed("ours", OWN), "", True, id="the hash stays"),
        pytest.param(
            placed("ours", OWN, algorithm="sha1"),
            placed("ours", OWN),
            "",
            False,
            id="a sha512 in a sha1's place",
        ),
        pytest.param(
            placed("ours", OWN, algorithm="sha1"),
            placed("ours", OWN),
            OWN,
            True,
            id="which the settings still fetch from there",
        ),
        pytest.param(bare("ours", OWN), placed("ours", OWN), "", False, id="where none stood"),
        pytest.param(bare("ours", OWN), bare("ours", OWN), "", False, id="no hash, then as now"),
    ],
)
def test_an_address_is_left_out_where_a_hash_stays(
    before: Pkg,
    after: Pkg,
    named: str,
    passes: bool,  # noqa: FBT001 - a row's column
) -> None:
    """Left out, a package comes from where settings say, else from the public registry."""
    more = settings(registry=named) if named else {}
    old = many(before)
    new = old.replaced(left_out(after), asks={"ours": "^1.0.0"})
    diff = judged({**old.files("npm-v3"), **more}, {**new.files("npm-v3"), **more})
    assert (diff.classification not in REFUSED) == passes, classes(diff)
