"""The machine at a seat: page, camera, link and journal."""
