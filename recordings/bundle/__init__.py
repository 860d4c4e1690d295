"""The evidence bundle of one attempt: one zip that proves itself offline, written by the room, verified by anyone."""
