"""HTTP, settings, command line and static pages. The only folder that reads the environment."""
