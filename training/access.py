"""The one door to classes, their lists, and plans: hidden and missing answer alike."""

from uuid import UUID

from django.db.models import QuerySet

from people.access import NotFound, below
from people.models import Account
from people.roles import Role
from training.models import ClassSession, EnrollmentList, TrainingCase
from workflows.access import CaseNotFound, get_case

CARERS = (Role.TRAINING_UNIT, Role.HR)


def sessions(account: Account) -> QuerySet[ClassSession]:
    """The classes held by units at or below a grant of the training unit or HR."""
    mine = below(account.paths(*CARERS), "unit__path")
    return ClassSession.objects.filter(mine).select_related("course", "unit")


def get_session(account: Account, key: int) -> ClassSession:
    session = sessions(account).filter(pk=key).first()
    if session is None:
        raise NotFound
    return session


def get_list(account: Account, key: int, version: int) -> EnrollmentList:
    lists = EnrollmentList.objects.filter(session__in=sessions(account), session=key, version=version)
    found = lists.select_related("session__course", "confirmed_by__officer", "sent_by__officer").first()
    if found is None:
        raise NotFound
    return found


def waiting(account: Account) -> QuerySet[TrainingCase]:
    """Agreed cases of people within the account's units that are neither in a class nor begun."""
    mine = below(account.paths(*CARERS), "unit_path")
    return TrainingCase.objects.filter(mine, state=TrainingCase.State.PLANNED)


def get_plan(account: Account, key: UUID) -> TrainingCase:
    """A training case as the engine shows it to the account."""
    case = get_case(account, key)
    if not isinstance(case, TrainingCase):
        raise CaseNotFound
    return case


def may_train(account: Account, session: ClassSession) -> bool:
    """Whether the account answers for the class: confirms its lists and marks it."""
    return account.may(Role.TRAINING_UNIT, session.unit.path)
