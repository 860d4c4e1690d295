"""Reviews: the pass over a session's evidence, within its window, up to the confirming body's word."""
