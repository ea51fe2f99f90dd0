"""What entering a state does to the rows of these linkages beside the step itself."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db import connection
from django.utils.crypto import salted_hmac

from rewards.models import Award, ResourceCase, RewardCase
from workflows.calendars import Deadline, local_day
from workflows.kinds import Moment
from workflows.refusals import Refusal

TO_PROPOSE = Deadline(number=90, unit="days")

# One row per year: two who grant at once wait for each other here, so that no number is given twice or left out.
NEXT_NUMBERS = """
    INSERT INTO rewards_certificatebook AS book (year, last) VALUES (%(year)s, %(count)s)
    ON CONFLICT (year) DO UPDATE SET last = book.last + excluded.last
    RETURNING last - %(count)s
"""


def take_terms(cases: Sequence[RewardCase], moment: Moment) -> Mapping[UUID, Refusal]:
    """A case follows the award as the catalogue has it on the day it opens."""
    codes = {case.award_id for case in cases}
    awards = Award.objects.in_bulk(codes, field_name="code")
    # A policy may name an award nobody has entered yet: it opens under the strictest terms, and HR completes it.
    awards |= {code: Award(code=code) for code in codes - awards.keys()}
    Award.objects.bulk_create([award for award in awards.values() if award.pk is None], ignore_conflicts=True)
    for case in cases:
        award = awards[case.award_id]
        case.organ, case.notice_days, case.bonus = award.organ, award.notice_days, award.bonus
        case.entitlement, case.needs_discipline = award.entitlement, award.needs_discipline
    return {}


def date_proposal(cases: Sequence[RewardCase], moment: Moment) -> Mapping[UUID, Refusal]:
    """The 90 days run once: a case that was sent back or held does not get new ones."""
    last = moment.calendar.due(local_day(moment.at), TO_PROPOSE).day
    for case in cases:
        case.propose_until = case.propose_until or last
    return {}


def date_notice(cases: Sequence[RewardCase | ResourceCase], moment: Moment) -> Mapping[UUID, Refusal]:
    """The notice runs once: an objection holds the case, not the notice."""
    for case in cases:
        case.notice_from = case.notice_from or local_day(moment.at)
    return {}


def issue_certificates(cases: Sequence[RewardCase], moment: Moment) -> Mapping[UUID, Refusal]:
    day = local_day(moment.at)
    with connection.cursor() as cursor:
        cursor.execute(NEXT_NUMBERS, {"year": day.year, "count": len(cases)})
        (used,) = cursor.fetchone()
    for number, case in enumerate(cases, start=used + 1):
        case.granted_on = day
        case.certificate = f"奖-{day.year}-{number:05}"
        case.checksum = checksum(case)
    return {}


def checksum(case: RewardCase) -> str:
    """What only this product can have printed: it binds the number to the award, the person and the day."""
    told = "|".join(map(str, (case.certificate, case.award_id, case.officer_id, case.granted_on, case.pk)))
    return salted_hmac("rewards.certificate", told, algorithm="sha256").hexdigest()[:12]
