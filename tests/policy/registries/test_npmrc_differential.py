"""Our reading of .npmrc against npm's own, on thousands of generated files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from lockward import registries
from lockward.managers import Manager
from lockward.memory import MemoryTree
from lockward.registries import npmrc
from tests.support.npmrc import Answer, ask_npm, generate

if TYPE_CHECKING:
    from pathlib import Path

    from lockward.registries.npmrc import Npmrc

CASES = 2500

# Keys whose values npm lists: only their items are expanded (@npmcli/config, parse-field.js).
LISTS = frozenset({"ca", "noproxy"})
# Keys that npm turns into true and false while it reads: compared by their truth.
BOOLEANS = frozenset({"ignore-scripts", "strict-ssl", "package-lock"})


@pytest.mark.node
def test_npm_and_we_read_the_same(tmp_path: Path) -> None:
    files = generate(CASES, seed=20261122)
    answers = ask_npm(files, tmp_path)
    assert len(answers) == CASES
    compared = sum(_compare(file, answer) for file, answer in zip(files, answers, strict=True))
    assert compared > CASES * 2, "the generated files hold too few settings to show anything"


def _compare(data: bytes, answer: Answer) -> int:
    """Fails where we differ; the number of values that were equal."""
    ours = npmrc.parse(".npmrc", data)
    if answer["ini"] is None:
        # npm stops; beside the lines that we call fatal, at [a.b] below a=null.
        assert ours.rewritten or any(kind == "fatal" for _, _, kind in ours.broken), data
        return 0
    number = _compare_ini(data, ours, answer)
    if answer["config"] is not None and answer["registry"] is not None:
        number += _compare_config(data, ours, answer)
    return number


def _compare_ini(data: bytes, ours: Npmrc, answer: Answer) -> int:
    """The object that ini makes, before ${} is looked at."""
    theirs = {
        key for key, _, _ in answer["ini"] or () if npmrc.expand(key)[0] not in ours.rewritten
    }
    mine = {
        setting.raw_key
        for setting in ours.settings
        if not setting.inert and setting.key not in ours.rewritten
    }
    assert theirs == mine, data
    return len(theirs)


def _compare_config(data: bytes, ours: Npmrc, answer: Answer) -> int:
    """What config ends up with: values, Booleans, and the registries that npm would ask."""
    number = 0
    for key, values, is_array in answer["config"] or ():
        if key in ours.rewritten or key in BOOLEANS:
            continue
        lines = ours.effective[key]
        expanded = ",".join(line.value for line in lines)
        literal = ",".join(line.raw for line in lines)
        expected = [literal] if is_array and key not in LISTS else [expanded]
        if is_array and key in LISTS:
            expected.append(literal)  # of a list in a list, npm expands nothing
        assert ",".join(values) in expected, (data, key)
        number += 1
    for key, value in answer["booleans"].items():
        if key not in ours.rewritten:
            setting = ours.get(key)
            assert setting is not None
            assert (len(ours.effective[key]) > 1 or setting.truth) == bool(value), (data, key)
    return number + _compare_pins(data, ours, answer)


def _compare_pins(data: bytes, ours: Npmrc, answer: Answer) -> int:
    read = registries.read(MemoryTree({".npmrc": data}), "", Manager("npm"))
    if not {"registry", "@acme:registry", "scope"}.isdisjoint(ours.rewritten):
        return 0
    asked = answer["registry"] or {}
    number = 0
    for name, pin in (("@acme/x", read.scope("@acme") or read.default), ("x", read.default)):
        if pin is None:
            assert asked[name] is None, (data, name)
        elif not pin.fault and pin.host is not None:
            assert str(asked[name]).rstrip("/") == pin.url.rstrip("/"), (data, name)
            number += 1
    return number
