"""Shell text: what it runs, told by a real grammar (bash), by own rules, or line by line."""
