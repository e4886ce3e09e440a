"""One search after another, as requests to a cluster and the answers made of what comes back."""
