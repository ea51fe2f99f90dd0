"""The two kinds of this app: the promotion reserve and the adjustment of posts."""

from talent_pool.kind.adjustment import POST_ADJUSTMENT
from talent_pool.kind.reserve import RESERVE

__all__ = ["POST_ADJUSTMENT", "RESERVE"]
