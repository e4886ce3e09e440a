"""Pages for people, and the scripts and styles that they need."""
