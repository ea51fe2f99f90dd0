"""The pages of training, each a form parsed, one query or action called, a template rendered."""
