"""Arguments as clients write them, turned into values of the seam."""
