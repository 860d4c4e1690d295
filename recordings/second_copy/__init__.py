"""The second copy: a room's ledger, store and keys, kept up to date on another disk second by second."""
