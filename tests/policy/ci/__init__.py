"""Tests of reading CI files."""
