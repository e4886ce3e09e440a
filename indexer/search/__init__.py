"""The seam: the requests that every engine answers, the results, and the protocols of engine and writer."""
