"""Stations: the enrolled machines at the seats, and the keys by which room and stations know each other."""
