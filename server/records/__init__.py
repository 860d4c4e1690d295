"""Record forms (考场记录表): the room's signed account of a session, filled from the ledger."""
