"""The seat's camera: drivers behind open, read and close, and the one thread that keeps a camera open."""
