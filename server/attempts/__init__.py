"""An attempt: one candidate's taking of one subject in a session."""
