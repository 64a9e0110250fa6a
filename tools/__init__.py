"""Programs that make what we hand out."""
