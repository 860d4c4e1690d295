"""Snapshots: pictures of a seat, announced on its stream, their bytes durable in the room's store."""
