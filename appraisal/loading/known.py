"""What the database held before a load: codes that lines of the new files may refer to."""

from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from appraisal.models import Cycle, SchemeWeight
from people.models import Officer, Posting, Unit


class Span(NamedTuple):
    kind: str
    first: date
    last: date


@dataclass(frozen=True, kw_only=True)
class Known:
    units: dict[str, str] = field(default_factory=dict)  # code: parent's code
    officers: dict[str, str] = field(default_factory=dict)  # badge: present post type
    posts: set[tuple[str, str]] = field(default_factory=set)  # badge and post type, of every posting
    cycles: dict[str, Span] = field(default_factory=dict)
    schemes: set[tuple[str, str]] = field(default_factory=set)  # post type and indicator

    @classmethod
    def now(cls) -> "Known":
        return cls(
            units={code: parent or "" for code, parent in Unit.objects.values_list("code", "parent__code")},
            officers=dict(Officer.objects.values_list("badge", "post_type")),
            posts=set(Posting.objects.order_by().values_list("officer__badge", "post_type").distinct()),
            cycles={
                code: Span(kind, first, last)
                for code, kind, first, last in Cycle.objects.values_list("code", "kind", "starts_on", "ends_on")
            },
            schemes=set(SchemeWeight.objects.order_by().values_list("applies_to", "indicator")),
        )
