"""The ways a message reaches people."""
