"""The limits on a request, checked before anything is executed."""
