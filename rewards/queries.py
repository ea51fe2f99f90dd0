"""What whole pages of this app need, gathered with a fixed number of reads."""

from dataclasses import dataclass
from uuid import UUID

from people.models import Account, Unit
from rewards.models import Organ, RewardCase
from rewards.permissions import root_of
from workflows.access import CaseNotFound, get_case

BRANCH = "分局"  # kind of a unit that has a committee of its own


@dataclass(frozen=True, kw_only=True)
class Certificate:
    """An award as it is printed."""

    case: RewardCase
    organ: str

    @property
    def checksum(self) -> str:
        """In groups of four, to be read over the telephone."""
        sum_ = self.case.checksum
        return " ".join(sum_[start : start + 4] for start in range(0, len(sum_), 4))

    @property
    def is_valid(self) -> bool:
        return bool(self.case.state == RewardCase.State.GRANTED)


def certificate(account: Account, case_id: UUID) -> Certificate:
    """The certificate of a case the account may see; one that was not issued is as missing as a hidden one."""
    case = get_case(account, case_id)
    if not isinstance(case, RewardCase) or not case.certificate:
        raise CaseNotFound
    return Certificate(case=case, organ=_organ(case))


def _organ(case: RewardCase) -> str:
    """The name of the approving organ: the branch where the award is its own and there is one, or the bureau."""
    bureau = root_of(case.unit_path)
    branch = "/".join(case.unit_path.split("/")[:3]) + "/"
    above = {unit.path: unit for unit in Unit.objects.filter(path__in=(bureau, branch))}
    if case.organ == Organ.BRANCH and branch in above and above[branch].kind == BRANCH:
        return above[branch].name
    return above[bureau].name if bureau in above else ""
