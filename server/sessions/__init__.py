"""A session: one room in one slot, from the plan to the archive."""
