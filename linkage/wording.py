"""A run's reasons as the decisions keep them: one sentence in both languages, and the rows it rests on."""

import json
import re
from collections.abc import Iterable
from typing import Any

import polars as pl
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from linkage import rules
from linkage.rules.phrases import FACTS, FIELDS

KEY = ("rule", "subject")
NUMBERED = re.compile(r"[\d().、a-z-]+")  # 19(1), 88、89; anything else is the name of a part
NAMES = FIELDS | FACTS  # of what a row speaks; a cycle is called by its code


def cited(basis: Iterable[rules.Basis]) -> str:
    """A legal basis as papers cite it: 《公务员考核规定(2020)》第19(1)条."""
    return "；".join(map(_cited, basis))


def _cited(basis: rules.Basis) -> str:
    article = basis.article.replace(", ", "、")
    if NUMBERED.fullmatch(article):
        article = f"第{article}条"
    return f"《{basis.doc}》{article}" + (f"：{basis.text}" if basis.text else "")


def refused(error: rules.PolicyError) -> str:
    """Why a policy is refused, with the place in its text, in the reader's language."""
    why = error.en if (get_language() or "").startswith("en") else error.zh
    return _("第 %(line)d 行第 %(column)d 列：%(why)s") % {"line": error.line, "column": error.column, "why": why}


def with_words(found: rules.RunResult) -> pl.DataFrame:
    """The decisions with `words_zh`, `words_en` and `evidence`, a JSON list of rows like `CaseReason.evidence`."""
    reasons = rules.reasons(found).select(*KEY, words_zh="zh", words_en="en")
    rows = rules.evidence(found)
    together = rows.group_by(KEY, maintain_order=True).agg(rows=pl.struct(pl.exclude(KEY)))
    kept = pl.DataFrame(
        {
            **{name: together[name] for name in KEY},
            "evidence": pl.Series([_as_json(found) for found in together["rows"]], dtype=pl.String),
        }
    )
    decided = found.decisions.join(reasons, on=KEY, how="left", maintain_order="left")
    decided = decided.join(kept, on=KEY, how="left", maintain_order="left")
    return decided.with_columns(
        pl.col("words_zh", "words_en").fill_null(""), evidence=pl.col("evidence").fill_null("[]")
    )


def as_rows(rows: pl.DataFrame) -> list[dict[str, Any]]:
    """Evidence as the pages show it."""
    return [_row(row) for row in rows.iter_rows(named=True)]


def _as_json(rows: pl.Series) -> str:
    return json.dumps([_row(row) for row in rows.to_list()], ensure_ascii=False)


def _row(row: dict[str, Any]) -> dict[str, Any]:
    recorded_on = row["recorded_on"]
    return {
        "source": row["source"],
        "what": dict(zip(("zh", "en"), NAMES.get(row["ref"], (row["ref"], row["ref"])), strict=True)),
        "content": {"zh": row["zh"], "en": row["en"]},
        "recorded_on": recorded_on.isoformat() if recorded_on else "",
    }
