"""The pages of the training unit: classes, lists with receipt, demand with dry run, marks."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from people.models import AccessLog
from training.actions import issue_list
from training.models import ClassSession, Enrollment, EnrollmentList, TrainingCase
from training.queries import place_inputs

pytestmark = pytest.mark.django_db


@pytest.fixture
def coming(make_session):
    """A class that is to come whatever day the tests run."""
    today = timezone.localdate()
    return make_session(starts_on=today + timedelta(days=7), ends_on=today + timedelta(days=11))


@pytest.fixture
def begun(coming):
    coming.starts_on = timezone.localdate()
    coming.save()
    return coming


@pytest.fixture
def placed(walk, take, trainer, coming):
    return take(walk("planned"), "place", trainer, **place_inputs(coming))


@pytest.fixture
def listed(placed, coming, trainer):
    return issue_list(coming, actor=trainer)


def pages(session):
    return [
        reverse("training:lists"),
        reverse("training:demand"),
        reverse("training:demand") + "?course=QZ-01",
        reverse("training:new_class"),
        reverse("training:class", args=[session.pk]),
        reverse("training:marks", args=[session.pk]),
        reverse("training:sign_in", args=[session.pk]),
        reverse("training:download", args=[session.pk, 1, "xlsx"]),
        reverse("training:download", args=[session.pk, 1, "csv"]),
    ]


def test_every_page_opens_for_the_training_unit(as_account, trainer, coming, listed):
    client = as_account(trainer)
    for address in pages(coming):
        assert client.get(address).status_code == 200, address


@pytest.mark.parametrize("who", ["stranger", "officer", "unit_head", "committee", "administrator"])
def test_nobody_else_finds_them(request, as_account, coming, listed, who):
    client = as_account(request.getfixturevalue(who))
    for address in pages(coming):
        assert client.get(address).status_code == 404, address
    for name, args in (("issue", [coming.pk]), ("confirm", [coming.pk, 1])):
        assert client.post(reverse(f"training:{name}", args=args)).status_code == 404


def test_a_class_of_another_branch_is_missing(as_account, make_account, other_branch, coming, listed):
    client = as_account(make_account("trainer of F02", "training_unit", other_branch))
    for address in pages(coming)[4:]:
        assert client.get(address).status_code == 404, address
    assert "何帅欣" not in client.get(reverse("training:demand") + "?course=QZ-01").content.decode()


def test_a_guest_is_sent_to_the_sign_in(client, coming):
    assert client.get(reverse("training:lists")).status_code == 302


def test_the_page_of_a_class_shows_version_names_and_checksum(as_account, trainer, coming, listed):
    page = as_account(trainer).get(reverse("training:class", args=[coming.pk])).content.decode()
    for words in ("名册 第 1 版", "何帅欣", listed.shown_checksum, "确认收到 1 人", "待回执"):
        assert words in page


def test_the_receipt_is_given_on_the_page(as_account, trainer, coming, listed):
    client = as_account(trainer)
    said = {"count": listed.count, "checksum": listed.checksum}
    answer = client.post(reverse("training:confirm", args=[coming.pk, 1]), said, follow=True)
    listed.refresh_from_db()
    assert listed.confirmed_by == trainer
    assert "已确认收到 1 人" in answer.content.decode()


def test_a_wrong_receipt_is_not_taken(as_account, trainer, coming, listed):
    client = as_account(trainer)
    for said in ({"count": 2, "checksum": listed.checksum}, {}):
        answer = client.post(reverse("training:confirm", args=[coming.pk, 1]), said, follow=True)
        assert "没有确认" in answer.content.decode()
    listed.refresh_from_db()
    assert listed.confirmed_at is None


def test_hr_sees_the_list_and_has_no_receipt_to_give(as_account, hr, coming, listed):
    page = as_account(hr).get(reverse("training:class", args=[coming.pk])).content.decode()
    assert "何帅欣" in page
    assert "确认收到" not in page


def test_a_later_version_marks_who_left(as_account, trainer, coming, placed, listed, take):
    take(placed, "unplace", trainer, reason="出差")
    client, address = as_account(trainer), reverse("training:class", args=[coming.pk])
    assert "又多了 0 人，少了 1 人" in client.get(address).content.decode()
    client.post(reverse("training:issue", args=[coming.pk]))
    page = client.get(address).content.decode()
    assert 'data-change="minus"' in page
    assert "名册 第 2 版" in page
    assert "何帅欣" not in client.get(address + "?version=2&change=plus").content.decode()
    assert "何帅欣" in client.get(address + "?version=1").content.decode()
    assert client.get(address + "?version=9").status_code == 404


def test_looking_at_a_list_is_noted_for_those_on_it(as_account, trainer, coming, listed, officer):
    as_account(trainer).get(reverse("training:class", args=[coming.pk]))
    assert AccessLog.objects.filter(officer=officer.officer, account=trainer, page="training:class").exists()


def test_the_demand_counts_by_course_what_waits_and_what_is_left(as_account, trainer, coming, walk):
    walk("planned")
    page = as_account(trainer).get(reverse("training:demand")).content.decode()
    assert "待安排进班 1 人" in page
    assert "群众工作与沟通" in page


def test_a_dry_run_saves_nothing_and_the_confirmation_places_and_sends(as_account, trainer, coming, walk):
    case = walk("planned")
    client, address = as_account(trainer), reverse("training:demand") + "?course=QZ-01"
    said = {"session": coming.pk, "cases": [case.pk]}
    tried = client.post(address, said | {"action": "preview"}).content.decode()
    assert "试排结果（还没有生效）" in tried
    assert "确认排定 1 人" in tried
    assert not Enrollment.objects.exists()
    done = client.post(address, said | {"action": "confirm"}, follow=True).content.decode()
    assert "已排定 1 人" in done
    assert TrainingCase.objects.get(pk=case.pk).session == coming
    assert EnrollmentList.objects.get().count == 1


def test_a_full_class_is_said_before_and_after(as_account, trainer, coming, walk):
    case = walk("planned")
    coming.seats = 0
    coming.save()
    client, address = as_account(trainer), reverse("training:demand") + "?course=QZ-01"
    said = {"session": coming.pk, "cases": [case.pk]}
    assert "名额已满" in client.post(address, said | {"action": "preview"}).content.decode()
    assert "没有排进" in client.post(address, said | {"action": "confirm"}, follow=True).content.decode()
    assert TrainingCase.objects.get(pk=case.pk).state == "planned"


def test_people_who_do_not_wait_cannot_be_chosen(as_account, trainer, coming, placed):
    said = {"session": coming.pk, "cases": [placed.pk], "action": "confirm"}
    assert as_account(trainer).post(reverse("training:demand") + "?course=QZ-01", said).status_code == 422


@pytest.mark.parametrize("query", ["?course=NONE", "?course=%00"])
def test_a_course_that_does_not_exist_is_missing(as_account, trainer, query):
    assert as_account(trainer).get(reverse("training:demand") + query).status_code == 404


def test_a_new_class_takes_the_next_number(as_account, trainer, coming, course, bureau):
    said = {
        "course": course.pk,
        "starts_on": "2027-03-01",
        "ends_on": "2027-03-05",
        "place": "训练基地",
        "seats": 20,
        "trainer": "",
        "unit": bureau.pk,
    }
    assert as_account(trainer).post(reverse("training:new_class"), said).status_code == 302
    assert ClassSession.objects.latest("pk").number == coming.number + 1


def test_a_class_that_ends_before_it_begins_is_refused(as_account, trainer, course, bureau):
    said = {
        "course": course.pk,
        "starts_on": "2027-03-05",
        "ends_on": "2027-03-01",
        "place": "训练基地",
        "seats": 20,
        "unit": bureau.pk,
    }
    answer = as_account(trainer).post(reverse("training:new_class"), said)
    assert answer.status_code == 422
    assert "结业日不能早于开班日" in answer.content.decode()
    assert not ClassSession.objects.exists()


def test_a_class_is_held_by_a_unit_of_ones_own(as_account, make_account, branch, other_branch, course):
    said = {
        "course": course.pk,
        "starts_on": "2027-03-01",
        "ends_on": "2027-03-05",
        "place": "训练基地",
        "seats": 20,
        "unit": other_branch.pk,
    }
    trainer = make_account("trainer of F01", "training_unit", branch)
    assert as_account(trainer).post(reverse("training:new_class"), said).status_code == 422


def test_marks_are_given_on_the_page(as_account, trainer, begun, placed):
    seat = Enrollment.objects.get()
    said = {f"seat-{seat.pk}-status": "passed", f"seat-{seat.pk}-mark": "88"}
    answer = as_account(trainer).post(reverse("training:marks", args=[begun.pk]), said, follow=True)
    assert "已登记 1 人" in answer.content.decode()
    assert TrainingCase.objects.get(pk=placed.pk).state == "reassessed"


def test_a_mark_beyond_a_hundred_is_refused(as_account, trainer, begun, placed):
    seat = Enrollment.objects.get()
    said = {f"seat-{seat.pk}-status": "passed", f"seat-{seat.pk}-mark": "188"}
    assert as_account(trainer).post(reverse("training:marks", args=[begun.pk]), said).status_code == 422
    assert TrainingCase.objects.get(pk=placed.pk).state == "active"


def test_hr_does_not_mark(as_account, hr, begun, placed):
    assert as_account(hr).get(reverse("training:marks", args=[begun.pk])).status_code == 404


def test_the_sign_in_sheet_names_all_and_bears_the_checksum(as_account, trainer, coming, listed):
    page = as_account(trainer).get(reverse("training:sign_in", args=[coming.pk])).content.decode()
    assert "何帅欣" in page
    assert listed.shown_checksum in page


def test_the_pages_cost_few_queries(as_account, trainer, coming, listed, make_session, django_assert_max_num_queries):
    for _n in range(5):
        make_session(starts_on=coming.starts_on, ends_on=coming.ends_on)
    client = as_account(trainer)
    for address in pages(coming):
        client.get(address)
        with django_assert_max_num_queries(24):
            client.get(address)
