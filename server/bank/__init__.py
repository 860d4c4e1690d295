"""The question bank as the room holds it: pinned versions, sealed at rest, read only where papers are made."""
