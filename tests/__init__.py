"""The tests: mirrors of both source roots."""
