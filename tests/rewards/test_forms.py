"""What the forms accept, and how they say what they do not."""

import pytest

from rewards import forms

GOOD = "执法记录仪，10，25000\n\n警车, 1, 180000.5"


def filled(form, **data):
    return form(data, cases=[], actor=None)


def test_a_request_is_read_line_by_line():
    form = filled(forms.RequestForm, request="旧机已坏", lines=GOOD)
    assert form.is_valid(), form.errors
    assert form.inputs()["lines"] == [
        {"item": "执法记录仪", "quantity": 10, "amount": "25000.00"},
        {"item": "警车", "quantity": 1, "amount": "180000.50"},
    ]


@pytest.mark.parametrize(
    "line", ["警车", "警车，一，180000", "警车，0，180000", "警车，1，-5", "，1，5", "警车，1，NaN", "a，1，2，3"]
)
def test_a_line_that_cannot_be_read_is_named(line):
    form = filled(forms.RequestForm, request="旧机已坏", lines=f"执法记录仪，10，25000\n{line}")
    assert f"第 2 行“{line}”看不懂" in form.errors["lines"][0]


def test_a_concern_must_be_said():
    form = filled(forms.DisciplineForm, finding="concern")
    assert form.errors == {"words": ["有问题的，请写明是什么问题。"]}
    assert filled(forms.DisciplineForm, finding="clear").is_valid()


@pytest.mark.parametrize(
    ("form", "data", "inputs"),
    [
        (forms.DeedsForm, {"deeds": "三月十二日夜救出落水群众两人。"}, {"deeds": "三月十二日夜救出落水群众两人。"}),
        (forms.OpinionForm, {}, {"opinion": ""}),
        (forms.RevokeForm, {"reason": "fraud"}, {"reason": "fraud"}),
        (forms.PriorityForm, {"priority": "2"}, {"priority": 2, "opinion": ""}),
        (forms.AllocationForm, {"amount": "20000"}, {"amount": "20000"}),
        (forms.DeliveryForm, {"delivery": "十台"}, {"delivery": "十台"}),
        (forms.ReceiptForm, {"receipt": "十台"}, {"receipt": "十台"}),
        (forms.BenefitForm, {"effect": "worse"}, {"effect": "worse", "words": ""}),
    ],
)
def test_they_give_the_steps_their_inputs(form, data, inputs):
    form = filled(form, **data)
    assert form.is_valid(), form.errors
    assert form.inputs() == inputs


@pytest.mark.parametrize(
    ("form", "data", "field"),
    [
        (forms.DeedsForm, {"deeds": "很好"}, "deeds"),
        (forms.RevokeForm, {"reason": "mood"}, "reason"),
        (forms.PriorityForm, {"priority": "0"}, "priority"),
        (forms.AllocationForm, {"amount": "0"}, "amount"),
    ],
)
def test_they_refuse_what_does_not_do(form, data, field):
    assert list(filled(form, **data).errors) == [field]
