"""The tables that name modules: each row leads to one that provides what its callers need."""

from __future__ import annotations

from importlib import import_module

import pytest

from lockward import directives, graph, registries, sync
from lockward.rules import lockfile_wrong_package, npmrc_unsafe

ROWS = [
    *((name, "resolve") for name in graph.RESOLVERS.values()),
    *((name, "problems") for name in sync.JUDGES.values()),
    *((name, "read") for name in directives.READERS.values()),
    *((name, "read") for name in registries.READERS.values()),
    *npmrc_unsafe.FILES.values(),
    *((name, "misfit") for name in lockfile_wrong_package.SELF.values()),
]


@pytest.mark.parametrize(("module", "function"), ROWS)
def test_a_row_leads_to_a_module_with_its_function(module: str, function: str) -> None:
    assert callable(getattr(import_module(module), function))
