"""The one writer of the room: it collects, decides, commits, and only then tells anyone."""
