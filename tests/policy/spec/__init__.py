"""Tests of lockward.spec."""
