"""A second evaluator, written from the paper of the language alone: a row at a time, plain Python, dates and fractions.

It is slow and says no reasons. It shares nothing with `linkage.rules`, not even the parser, so that the two can only
agree by meaning the same.
"""

from .bureau import Bureau, Cycle, Fact, Posting, Row
from .deciding import decide

__all__ = ["Bureau", "Cycle", "Fact", "Posting", "Row", "decide"]
