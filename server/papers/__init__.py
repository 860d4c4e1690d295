"""Papers of a session: drawn all at once, sealed one by one, opened at the start instant."""
