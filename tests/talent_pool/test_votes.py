"""Quorum and majority of a committee's vote: the recused leave both denominators."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from talent_pool.votes import Vote


@pytest.mark.parametrize(
    ("members", "recused", "present", "in_favour", "quorum", "carried"),
    [
        (9, 0, 6, 5, True, True),  # exactly two thirds, and five of nine
        (9, 0, 5, 5, False, False),  # five of nine would carry, but too few came
        (9, 0, 9, 4, True, False),  # four of nine is no majority
        (9, 0, 6, 4, True, False),  # two thirds of those present, but less than half of all
        (8, 0, 6, 4, True, False),  # half is not more than half
        (8, 0, 6, 5, True, True),
        (9, 1, 6, 5, True, True),  # eight entitled: six are two thirds rounded up
        (9, 1, 5, 5, False, False),
        (9, 1, 8, 4, True, False),
        (9, 3, 4, 4, True, True),  # six entitled: four are two thirds, and more than half
        (9, 3, 4, 3, True, False),
        (7, 0, 5, 4, True, True),  # two thirds of seven is 4.67
        (7, 0, 4, 4, False, False),
        (1, 0, 1, 1, True, True),
        (3, 2, 1, 1, True, True),
        (3, 2, 1, 0, True, False),
    ],
)
def test_the_figures_decide(members, recused, present, in_favour, quorum, carried):
    vote = Vote(members=members, recused=recused, present=present, in_favour=in_favour)
    assert vote.is_possible
    assert (vote.has_quorum, vote.is_carried) == (quorum, carried)


@pytest.mark.parametrize(
    ("members", "recused", "present", "in_favour"),
    [
        (9, 9, 0, 0),  # nobody left to vote
        (9, -1, 6, 5),
        (9, 0, 10, 5),  # more present than members
        (9, 2, 8, 5),  # the recused counted as present
        (9, 0, 6, 7),  # more votes than present
        (9, 0, 6, -1),
    ],
)
def test_figures_that_cannot_be(members, recused, present, in_favour):
    assert not Vote(members=members, recused=recused, present=present, in_favour=in_favour).is_possible


FIGURES = st.builds(
    lambda entitled, recused, absent, against: (entitled, recused, max(0, entitled - absent), against),
    st.integers(1, 60),
    st.integers(0, 30),
    st.integers(0, 60),
    st.integers(0, 60),
)


@given(FIGURES)
def test_the_recused_might_as_well_not_be_members(figures):
    entitled, recused, present, against = figures
    votes = max(0, present - against)
    with_them = Vote(members=entitled + recused, recused=recused, present=present, in_favour=votes)
    without = Vote(members=entitled, present=present, in_favour=votes)
    assert with_them.is_possible
    assert (with_them.has_quorum, with_them.is_carried) == (without.has_quorum, without.is_carried)


@given(FIGURES)
def test_it_is_what_the_text_says(figures):
    entitled, recused, present, against = figures
    votes = max(0, present - against)
    vote = Vote(members=entitled + recused, recused=recused, present=present, in_favour=votes)
    assert vote.has_quorum == (Fraction(present, entitled) >= Fraction(2, 3))
    assert vote.is_carried == (vote.has_quorum and Fraction(votes, entitled) > Fraction(1, 2))
