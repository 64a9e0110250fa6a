"""The [server] table of a policy, and what a new policy weakens."""

from __future__ import annotations

from pathlib import Path

import pytest

from lockward.errors import PolicyError
from lockward.policyfile import read
from lockward.serverpolicy import ServerPolicy
from lockward.weakening import weaker

TYPE_CHECKING = False
if TYPE_CHECKING:
    from lockward.policy import Policy

DEFAULT = Path(__file__).parents[2] / "policy" / "default.toml"

EVERYTHING = """
[server]
deadline = 12.5
at-deadline = "accept"
audit = "/var/log/audit.jsonl"
refs = { "refs/sandbox/" = "accept", "refs/heads/main" = "judge" }
[[server.skip]]
who = ["gitlab:alice", "signed:0xABC"]
rules = ["lockfile-unmatched"]
"""


def policy(text: str) -> Policy:
    found = read(".lockward.toml", text.encode())
    assert found is not None
    return found


def plain(server: ServerPolicy | None) -> dict[str, object]:
    assert server is not None
    held = {name: getattr(server, name) for name in ServerPolicy.__slots__}
    return {**held, "skips": [(each.who, each.rules) for each in server.skips]}


def test_every_key_arrives_where_it_belongs() -> None:
    assert plain(policy(EVERYTHING).server) == {
        "deadline": 12.5,
        "at_deadline": "accept",
        "audit": "/var/log/audit.jsonl",
        "refs": {"refs/sandbox/": "accept", "refs/heads/main": "judge"},
        "skips": [(("gitlab:alice", "signed:0xABC"), ("lockfile-unmatched",))],
    }


def test_the_shipped_table_is_the_default() -> None:
    assert plain(policy(DEFAULT.read_text()).server) == plain(ServerPolicy())
    assert policy("").server is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("deadline = 0", "must be above 0 and at most 3600, not 0", id="no time"),
        pytest.param("deadline = true", "must be a number of seconds, not true", id="no number"),
        pytest.param("deadline = nan", "must be above 0 and at most 3600", id="not a number"),
        pytest.param('at-deadline = "open"', 'one of "refuse", "accept"', id="no outcome"),
        pytest.param('audit = "audit.jsonl"', "must be an absolute path", id="a relative path"),
        pytest.param('refs = { "sandbox/*" = "accept" }', 'mean "refs/sandbox/"', id="a glob"),
        pytest.param('refs = { "refs/x/" = "skip" }', '"judge", "accept", "refuse"', id="a word"),
        pytest.param(
            'skip = [{ who = ["alice"], rules = [] }]', 'like "gitlab:alice"', id="whose alice"
        ),
        pytest.param(
            'skip = [{ who = ["gitlob:alice"], rules = [] }]',
            'did you mean "gitlab"?',
            id="an unknown kind of server",
        ),
        pytest.param(
            'skip = [{ who = ["gitlab:a"], rules = ["lockfile-unmatch"] }]',
            'did you mean "lockfile-unmatched"?',
            id="an unknown rule",
        ),
        pytest.param('skip = [{ who = ["gitlab:a"] }]', "needs rules", id="no rules"),
        pytest.param("dedline = 3", 'did you mean "deadline"?', id="a typo"),
    ],
)
def test_what_is_not_valid_is_refused(text: str, said: str) -> None:
    with pytest.raises(PolicyError) as caught:
        policy(f"[server]\n{text}\n")

    assert said in str(caught.value)
    assert caught.value.line in (1, 2)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        pytest.param(
            "",
            '[rules]\nlockfile-integrity = "off"',
            ["lockfile-integrity: error -> off"],
            id="a rule is switched off",
        ),
        pytest.param(
            '[rules]\nci-npm-install = "error"',
            "",
            ["ci-npm-install: error -> warning"],
            id="a raised rule goes back to its default",
        ),
        pytest.param("", '[rules]\nci-npm-install = "error"', [], id="a rule is raised"),
        pytest.param(
            "",
            '[lockfile]\nrefresh = "trailer"',
            ["lockfile.refresh: reject -> trailer"],
            id="a refresh may give a reason",
        ),
        pytest.param('[lockfile]\nrefresh = "allow"', "", [], id="a refresh may no longer"),
        pytest.param(
            "",
            '[[paths]]\nmatch = ["x/"]\nrules = { lockfile-missing = "off" }',
            ["lockfile-missing in x/: error -> off"],
            id="a rule is off in a folder",
        ),
        pytest.param(
            '[rules]\nlockfile-missing = "off"\n'
            '[[paths]]\nmatch = ["x/"]\nrules = { lockfile-missing = "error" }',
            '[rules]\nlockfile-missing = "off"',
            ["lockfile-missing in x/: error -> off"],
            id="a folder loses its rule",
        ),
        pytest.param("", 'ignore = ["a/"]', ["ignore: a/ is new"], id="a path is ignored"),
        pytest.param(
            "", '[sources]\nhosts = ["h.test"]', ["sources.hosts: h.test is new"], id="a host"
        ),
        pytest.param(
            '[internal]\nscopes = ["@a"]\nregistries = { "@a" = "https://r.test/" }',
            "",
            [
                "internal.scopes: @a is gone",
                "internal.registries: @a is no longer held to https://r.test/",
            ],
            id="a scope and its pin go",
        ),
        pytest.param(
            "",
            '[[exceptions]]\nrule = "lockfile-integrity"\npackage = "a"\nreason = "why"\n'
            'owner = "o"\nexpires = 2027-01-31',
            ["lockfile-integrity: excepted for a until 2027-01-31, why"],
            id="an exception",
        ),
        pytest.param("", "[lockfile]\nmax-bytes = 999999999", None, id="longer lockfiles"),
        pytest.param(EVERYTHING, "", [], id="[server] is the server's business"),
    ],
)
def test_what_a_new_policy_weakens(old: str, new: str, said: list[str] | None) -> None:
    found = list(weaker(policy(old), policy(new)))

    assert found == (["lockfile.max-bytes: 67108864 -> 999999999"] if said is None else said)
