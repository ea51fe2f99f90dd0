"""Bringing a bureau's CSV files in: read, check every line, and only then save, all or nothing."""
