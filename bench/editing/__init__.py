"""Live editing, measured: a command of its own, without what the others share."""
