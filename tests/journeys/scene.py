"""What the pages show beside freshly opened cases: a plan under way, a class with its lists, a reserve, an objection.

Set up once, inside the product, before anybody looks (`conftest.bureau`).
"""

from datetime import timedelta

from django.utils import timezone

from appraisal.actions import file_objection
from people.accounts import machine
from people.models import Account
from rewards.models import RewardCase
from talent_pool.models import ReserveCase
from training.actions import Note, check_in, confirm_list, issue_list
from training.models import Course, TrainingCase
from training.queries import place_inputs
from workflows import actions, clock, kinds
from workflows.calendars import Clock
from workflows.models import Case, WorkItem

TRAINED, REWARDED = "2201199", "2200052"  # the officers among the accounts of the demonstration
COURSE, INDICATOR = "QZ-01", "群众满意度"
MEMBERS = 3  # of the reserve
PLACED = 9  # in the class to come


def set_up():
    course = Course.objects.get(code=COURSE)
    coming = course.sessions.order_by("starts_on").first()
    work_to_plan(coming)
    fill_class(course, coming)
    begin_class(course)
    for case in ReserveCase.objects.exclude(officer__badge=REWARDED).order_by("-id")[:MEMBERS]:
        admit(case)
    propose_merit()
    grant_and_object()


def account(username):
    return Account.objects.get(username=username)


def head(case):
    """An account at whose desk the case lies as the unit head's."""
    item = WorkItem.objects.get(case=case.pk, closed_at=None, role="unit_head")
    return Account.objects.filter(role_grants__role="unit_head", role_grants__path=item.desk).order_by("pk").first()


def take(case, step, actor, *, clock=None, note="", **inputs):
    known = kinds.steps(kinds.get(case.kind))[step]
    outcome = actions.advance([case.pk], known, actor=actor, clock=clock, note=note, inputs=inputs)
    assert outcome.taken, (case.pk, step, actor, [str(refusal.words) for refusal in outcome.refused.values()])


# Training ------------------------------------------------------------------------------------------------------------
def agree(case, course, goals=()):
    take(case, "review", account("hr"))
    manager = head(case)
    take(case, "name_cause", manager, cause="skill", words="近两季度接处警量与同岗位相当，满意度低于中位数。")
    take(case, "notify", manager)
    take(case, "propose", manager, goals=list(goals), course=course.pk)


def work_to_plan(session):
    """The plan of the officer who reads it on his phone: agreed, in a class, with a first note."""
    case = TrainingCase.objects.get(officer__badge=TRAINED)
    due = (timezone.localdate() + timedelta(days=90)).isoformat()
    goals = [
        {"indicator": case.focus or INDICATOR, "baseline": 71.5, "target": 80, "due": due, "how": "每周回访十户"},
        {"indicator": "信息采集率", "baseline": 82, "target": 90, "due": due, "how": "入户时当场录入"},
    ]
    agree(case, session.course, goals)
    take(case, "agree", account(TRAINED))
    take(case, "place", account("training"), **place_inputs(session))
    said = Note(words="回访 12 户，改了登门时间。", feeling="smooth", goal=case.goals.first(), figure=73)
    check_in(TrainingCase.objects.get(pk=case.pk), said, actor=account(TRAINED))


def fill_class(course, session):
    """A class with two versions of its list: the first confirmed, the second just sent."""
    hr, training = account("hr"), account("training")
    waiting = TrainingCase.objects.filter(focus=INDICATOR, form="class", state="flagged", officer__account=None)
    cases = list(waiting.order_by("id")[: PLACED + 3])
    for case in cases:
        agree(case, course)
        take(case, "record_refusal", hr, reason="本人出差，电话同意，回来补签。", note="本人出差。")
    for case in cases[:PLACED]:
        take(case, "place", training, **place_inputs(session))
    first = issue_list(session, actor=training)
    confirm_list(first, count=first.count, checksum=first.checksum, actor=training)
    take(cases[0], "unplace", training, reason="当周参加专项行动。", note="当周参加专项行动。")
    take(cases[PLACED], "place", training, **place_inputs(session))
    issue_list(session, actor=training)


def begin_class(course):
    """A class that began today, where attendance is marked."""
    today = timezone.localdate()
    last = course.sessions.order_by("-number").first()
    begun = course.sessions.create(
        number=last.number + 1,
        starts_on=today,
        ends_on=today + timedelta(days=2),
        place=last.place,
        seats=10,
        unit=last.unit,
    )
    case = TrainingCase.objects.filter(state="planned").first()
    take(case, "place", account("training"), **place_inputs(begun))
    issue_list(begun, actor=account("training"))


# Reserve, rewards, objections ----------------------------------------------------------------------------------------
def admit(case):
    hr, inspector, committee = account("hr"), account("inspector"), account("committee-1")
    take(case, "nominate", head(case), grounds="连续三年考核优秀，适合副所长岗位，群众反映好。")
    take(case, "call_reviews", hr)
    take(case, "record_peer_review", hr, ballots=20, in_favour=18)
    for reviewer in (hr, committee):
        take(case, "write_review", reviewer, score=4, words="办案细致，能带队伍。")
    take(case, "begin_inspection", hr)
    take(case, "file_report", hr, report="谈话 12 人，实绩突出，考察结论为合格。")
    take(case, "state_discipline", inspector, finding="clear")
    take(case, "submit", hr)
    take(case, "decide", committee, members=5, recused=0, present=5, in_favour=4, note="党委会表决。")
    take(case, "publish", hr, note="公示五个工作日。")
    over = WorkItem.objects.get(case=case.pk, closed_at=None).due_at + timedelta(minutes=1)
    take(case, "admit", machine("clock"), clock=Clock(at=over, calendar=clock.current()))


def propose_merit():
    """A merit before its organ, which lacks the inspector's word."""
    case = RewardCase.objects.get(officer__badge=REWARDED, award="三等功")
    take(case, "screen", account("hr"))
    take(case, "propose", head(case), deeds="连续三年考核优秀；2025 年主办案件 46 起，追回赃款 120 余万元。")


def grant_and_object():
    """An award granted by right, and an objection to another of the same officer."""
    hr = account("hr")
    granted = Case.objects.filter(kind="reward", title="晋档").order_by("-id").first()
    take(granted, "confirm_entitlement", hr)
    take(granted, "grant", hr)
    aim = Case.objects.get(kind="reward", title="嘉奖", officer__badge=REWARDED)
    file_objection(aim, grounds="2024 年的立功没有计入，请复核。", actor=account(REWARDED))
