"""The content folder, watched by a process that builds the index while others serve it."""
