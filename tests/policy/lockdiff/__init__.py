"""Tests of lockward.lockdiff, on npm lockfiles; other formats have folders of their own."""
