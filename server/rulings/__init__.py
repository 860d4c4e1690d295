"""Rulings: flags that ask for a person, words sent to a seat, and voids with two signatures."""
