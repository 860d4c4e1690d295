"""What is live: the stations' links, the floor, and what consoles are sent of it."""
