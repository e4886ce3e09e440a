"""The Uvicorn server: its processes, its protocol, its garbage collector."""
