"""Lockward decides: pure functions from two states of a repository to a report."""
