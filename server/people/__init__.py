"""People: who may do what in the exam office, how they log in, and who is on duty in a session."""
