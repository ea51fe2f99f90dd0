"""Keyset paging: what it does with cursors nobody gave out, and how it reads."""

import pytest
from django.db import connection

from people.models import Unit
from workflows.paging import Cursor, decode, encode, page

pytestmark = pytest.mark.django_db


@pytest.fixture
def units(bureau, make_unit):
    return [make_unit(f"U{number:02}") for number in range(25)]


@pytest.mark.parametrize("cursor", ["x", "é", "W10", encode(["x"]), encode([1, 2, 3]), "bnVsbA"])
def test_a_made_up_cursor_leads_to_the_first_page(units, cursor):
    rows = page(Unit.objects.all(), Cursor(after=cursor), size=10).rows
    assert [unit.code for unit in rows] == [unit.code for unit in reversed(units)][:10]


def test_it_walks_to_the_end_and_back(units):
    first = page(Unit.objects.all(), Cursor(), descending=False, size=10)
    second = page(Unit.objects.all(), Cursor(after=first.next), descending=False, size=10)
    third = page(Unit.objects.all(), Cursor(after=second.next), descending=False, size=10)
    assert (len(third.rows), third.next) == (6, "")
    back = page(Unit.objects.all(), Cursor(before=third.previous), descending=False, size=10)
    assert [unit.pk for unit in back.rows] == [unit.pk for unit in second.rows]
    assert (bool(back.previous), bool(back.next)) == (True, True)


def test_it_compares_the_keys_as_one(units):
    """One row comparison, which an index of both can answer; two would read every row that ties on the first."""
    with connection.execute_wrapper(lambda execute, sql, *rest: seen.append(sql) or execute(sql, *rest)):
        seen = []
        page(Unit.objects.all(), Cursor(after=encode(["派出所", 1])), keys=("kind", "id"), descending=False)
    assert 'ROW("people_unit"."kind", "people_unit"."id") > (ROW(' in seen[0]


def test_a_cursor_reads_back():
    assert decode(encode([1, "甲"])) == ["1", "甲"]
