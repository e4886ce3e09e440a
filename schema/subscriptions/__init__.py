"""Subscriptions: the changes of saved searches, as GraphQL types."""
