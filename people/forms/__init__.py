"""What the pages of people ask for. Errors say what is wrong and what would do."""
