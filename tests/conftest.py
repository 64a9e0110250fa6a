"""Hypothesis on machines that are busy: what is slow there is no fault of the code under test.

That work is bounded is shown by tests of its own, on input made to be dear.
"""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")

if "PYTEST_XDIST_WORKER" in os.environ:
    # Coverage measures the workers, not the thousands of processes that tests start: policy/
    # is tested inside, and each process would load coverage first.
    os.environ.pop("COVERAGE_PROCESS_CONFIG", None)
