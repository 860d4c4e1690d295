"""Places: a site, its approved rooms, and the numbered seats in them."""
