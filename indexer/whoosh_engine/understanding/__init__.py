"""What a typed text means to an index: corrections, relaxing, and the report of both."""
