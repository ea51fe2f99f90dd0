"""The promotion reserve with its written reviews, and the adjustment of posts."""

from talent_pool.models.adjustment import PostAdjustmentCase
from talent_pool.models.reserve import ReserveCase
from talent_pool.models.review import Review

__all__ = ["PostAdjustmentCase", "ReserveCase", "Review"]
