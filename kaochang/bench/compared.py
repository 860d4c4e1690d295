"""What the figures stand beside: a widely used system doing the same work, measured on a machine like this one.

Moodle 4.3 to 4.5, PHP 8.2-FPM with opcache, nginx, PostgreSQL 15 with synchronous commit, Redis sessions; 200
candidates, a quiz of 100 items, two cores (2026-11). Times of another day and machine are orders of magnitude; CPU for
each piece of work comes nearest to a comparison.
"""

from collections.abc import Mapping

PEER: Mapping[str, tuple[float, str]] = {
    "server_cpu_ms_per_save": (16.0, "autosave of a quiz, server CPU each"),
    "ack_ms_p99": (1_800.0, "autosave, 200 at once"),
    "start_s": (13.0, "200 seats have their papers"),
    "server_cpu_ms_per_start": (130.0, "drawing and showing one paper, server CPU"),
    "scored_s": (8.0, "the last of 200 is graded"),
    "server_cpu_ms_per_hand_in": (135.0, "submission, grading and review page, server CPU each"),
}
"""For each figure the peer's best value and what was measured; lower is better."""


def beside(name: str, value: float) -> str:
    """The comparison of one figure in a few words; empty where there is none."""
    if name not in PEER or value <= 0:
        return ""
    peer, what = PEER[name]
    return f"{peer / value:8,.0f}x   Moodle {peer:,.0f}: {what}"
