"""What init plans."""
