"""How all tests look for examples: without a clock, because the machine may be busy; in CI the same ones every time."""

import os

from hypothesis import HealthCheck, settings

settings.register_profile(
    "room",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    derandomize=bool(os.environ.get("CI")),
    print_blob=True,
)
settings.load_profile("room")
