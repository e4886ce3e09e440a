"""Hostile requests, each kind with the promise that it puts to the test."""
