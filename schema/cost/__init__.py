"""The cost of an operation, computed before it is executed."""
