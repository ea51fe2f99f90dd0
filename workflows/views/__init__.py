"""The pages of work, each a form parsed, one query or action called, a template rendered."""
