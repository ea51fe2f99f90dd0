"""What can go wrong with a server of our own, in words that name the way out."""


class EmbeddedError(RuntimeError):
    """An embedded server cannot run here."""
