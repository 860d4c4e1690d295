"""Writing banks for other systems, so that what is read again is the same."""
