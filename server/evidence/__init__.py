"""Evidence: what leaves the house as proof, and the second copy that outlives the room's disk."""
