"""Tests of the settings readers."""
