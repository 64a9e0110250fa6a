"""Whole servers on the loopback interface, each pushed to as people push."""
