"""Results: what the answers that count are worth, and how far each is on its way to confirmation."""
