"""Scoring by hand 人工评分: short answers, scored by assessors who know neither the candidate nor each other."""
