"""The two kinds of this app: awards to persons, priority to units."""

from rewards.kind.resource import RESOURCE
from rewards.kind.reward import REWARD

__all__ = ["RESOURCE", "REWARD"]
