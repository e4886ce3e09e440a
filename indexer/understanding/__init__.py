"""The meaning of a typed text to an index: corrections, relaxing, and the report of both."""
