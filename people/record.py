"""The parts of a person's record that other apps show there, registered in their `ready()`: none is imported here."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.safestring import SafeString

from people.http import AuthenticatedRequest
from people.models import Officer

Words = str | Promise
# What the part's template is given; None: the reader may see nothing of it, and the part is left out.
Context = Callable[[AuthenticatedRequest, Officer], Mapping[str, Any] | None]


@dataclass(frozen=True, kw_only=True)
class Section:
    order: int
    title: Words
    template: str
    context: Context


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A part as the page shows it: its anchor, its title, its HTML."""

    anchor: str
    title: Words
    html: SafeString


_sections: list[Section] = []


def section(order: int, title: Words, template: str, context: Context) -> None:
    """Add a part to every person's record. It is asked only for a reader who may open the page."""
    _sections.append(Section(order=order, title=title, template=template, context=context))
    _sections.sort(key=lambda part: part.order)


def shown(request: AuthenticatedRequest, officer: Officer) -> list[Shown]:
    found = [(part, part.context(request, officer)) for part in _sections]
    return [
        Shown(
            anchor=f"part-{part.order}",
            title=part.title,
            html=render_to_string(part.template, {**context, "officer": officer}, request=request),
        )
        for part, context in found
        if context is not None
    ]
