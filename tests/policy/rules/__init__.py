"""Tests of the rules, one module each."""
