"""Tests of lockward.sync."""
