"""How something that takes long says how far it is: to a job's row, to a terminal, or to nobody."""

from collections.abc import Callable
from typing import Protocol

# (done, total, words). Called between chunks; it may raise `Cancelled`.
Tell = Callable[[int, int, str], None]


class Cancelled(Exception):
    """Somebody asked to stop. What the chunks before have done stays; what was begun is taken back."""


class Writable(Protocol):
    def write(self, text: str, /) -> object: ...


def silent(done: int, total: int, words: str) -> None:
    """Nobody asks how far it is."""


def to_terminal(output: Writable) -> Tell:
    """A line for each stage, on the error stream: what is printed on the other is the answer."""

    def tell(done: int, total: int, words: str) -> None:
        output.write(f"[{done}/{total}] {words}\n")

    return tell
