"""The room server: the exam day, noun by noun."""
