"""HTTP that every address shares: negotiation, validators, errors, logs, health."""
