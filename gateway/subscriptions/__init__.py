"""Subscriptions: the changes of saved searches, and the WebSockets and event streams on which clients follow them."""
