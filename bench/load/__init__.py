"""Questions to engines and servers: the same ones for all, by turns, with their times."""
