"""The catalogue of awards, and the cases of the two linkages: awards to persons, priority to units."""

from rewards.models.award import Award, CertificateBook, Organ
from rewards.models.resource import ResourceCase
from rewards.models.reward import RewardCase

__all__ = ["Award", "CertificateBook", "Organ", "ResourceCase", "RewardCase"]
