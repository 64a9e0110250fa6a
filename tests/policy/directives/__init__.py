"""Tests of lockward.directives."""
