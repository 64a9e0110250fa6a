"""Lockward acts: the only code that touches git, files, argv, the network and the clock."""
