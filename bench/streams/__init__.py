"""WebSockets and event streams under load."""
