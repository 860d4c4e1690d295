"""The protocol's version: the server speaks this one and the one before."""

PROTOCOL = 1
PROTOCOL_MIN = 1
SOFTWARE = "0.1.0"
