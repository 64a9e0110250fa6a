"""lockward.spec against the npm-package-arg that npm brings along, over generated specs."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

import pytest

from lockward import spec
from tests.support import node, spec_cases

CASES = 10_000
SEED = 20_261_125

# What npm throws on is either nothing at all, or another manager's protocol.
NOT_NPM = {"invalid", "workspace", "catalog", "patch", "link", "alias"}


def ours(found: spec.Spec) -> dict[str, Any]:
    """As spec_reference.cjs."""
    return {
        "name": found.name,
        "kind": found.kind,
        "fetch": found.fetch,
        "alias": None if found.alias is None else ours(found.alias),
        "hosted": found.hosted,
        "committish": found.committish or None,
        "range": found.git_range or None,
        "subdir": found.subdir,
    }


@pytest.mark.node
def test_every_spec_is_what_npm_package_arg_makes_of_it() -> None:
    rng = random.Random(SEED)  # noqa: S311 - the same questions on every run
    cases = [spec_cases.case(rng) for _ in range(CASES)]
    answers = node.ask("spec_reference.cjs", "npm-package-arg", cases)
    wrong = []
    kinds: Counter[str] = Counter()
    for (name, text), theirs in zip(cases, answers, strict=True):
        mine = spec.parse(name, text)
        kinds["throws" if theirs is None else theirs["kind"]] += 1
        if theirs is None and "xn--" in text:
            continue  # node knows which Punycode is no host; that takes tables that we do without
        agree = mine.kind in NOT_NPM if theirs is None else ours(mine) == theirs
        if not agree:
            wrong.append(((name, text), ours(mine), theirs))

    assert wrong[:5] == [], f"{len(wrong)} of {CASES} differ"
    # The questions are worth asking: every kind is often the answer.
    wanted = ("range", "version", "tag", "alias", "git", "remote", "file", "directory", "throws")
    assert {kind: kinds[kind] for kind in wanted if kinds[kind] < CASES // 200} == {}
