"""Facts and grades."""
