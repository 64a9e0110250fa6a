"""Things to look at and to play with: `make demo`."""
