"""A linkage of the tests, plugged in as any fourth one would be: an errand somebody runs for his unit."""
