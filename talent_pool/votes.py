"""The arithmetic of a committee's vote. Plain Python."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Vote:
    """One item put to the vote. Who is recused counts neither among the members nor among those present."""

    members: int  # of the whole committee, recused included
    recused: int = 0
    present: int  # recused not included
    in_favour: int

    @property
    def entitled(self) -> int:
        return self.members - self.recused

    @property
    def quorum(self) -> int:
        """The fewest who must be present: two thirds of the entitled, rounded up."""
        return -(-self.entitled * 2 // 3)

    @property
    def majority(self) -> int:
        """The fewest votes that carry: more than half of all the entitled, present or not."""
        return self.entitled // 2 + 1

    @property
    def is_possible(self) -> bool:
        return 0 <= self.recused < self.members and 0 <= self.in_favour <= self.present <= self.entitled

    @property
    def has_quorum(self) -> bool:
        return self.present >= self.quorum

    @property
    def is_carried(self) -> bool:
        return self.has_quorum and self.in_favour >= self.majority
