"""Candidates: who may be expected at a seat, as the rosters and photos of the exam office say."""
