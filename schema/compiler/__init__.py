"""A validated operation becomes one Python function, specialised for it, from root values to the answer's bytes."""
