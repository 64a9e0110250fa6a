"""Hypothesis on machines that are busy: what is slow there is no fault of the code under test.

That work is bounded is shown by tests of its own, on input made to be dear.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    import pytest

settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")

if "PYTEST_XDIST_WORKER" in os.environ:
    # Coverage measures the workers, not the thousands of processes that tests start: policy/
    # is tested inside, and each process would load coverage first.
    os.environ.pop("COVERAGE_PROCESS_CONFIG", None)

# The files whose tests take the longest: real package managers, servers, browsers.  They come
# first, so that no worker is left alone with one of them at the end.
SLOW = (
    *("sync/test_npm_differential", "sync/test_yarn_differential", "sync/test_pnpm_differential"),
    *("policy/test_remedies", "policy/test_semver_node", "e2e/test_servers"),
    *("registries/test_npmrc_differential", "reports/test_html_browser", "hooks/test_four_checks"),
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the slowest tests first; the others stay in their order."""
    items.sort(key=lambda item: not any(name in item.nodeid for name in SLOW))
