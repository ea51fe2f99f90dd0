"""The focus of an officer: the indicator of the scheme furthest below the peers' median."""

import polars as pl

from .plan import Plan


def weakest(out: pl.DataFrame, plan: Plan, frame: pl.DataFrame) -> pl.DataFrame:
    """`out` with the focus of each: of indicators equally far below the first in the scheme; none without peers."""
    code, names = plan.code, plan.ground.indicators
    keys = [f"post.post_type@{code}", f"post.branch@{code}"]
    values = {name: f"{name}@{code}" for name in names}
    hits = out.select("subject").join(frame.select("subject", *keys, **values), on="subject", how="left")
    medians = (
        frame.lazy()
        .filter(pl.col(f"status@{code}") == "graded")
        .join(hits.lazy().select(keys).unique(), on=keys, how="semi")
        .group_by(keys)
        .agg(pl.col(column).median().alias(f"median {name}") for name, column in values.items())
    )
    focus = hits.lazy().join(medians, on=keys, how="left").select("subject", focus=_furthest(plan, keys[0])).collect()
    return out.drop("focus").join(focus, on="subject", how="left").with_columns(pl.col("focus").fill_null(""))


def _furthest(plan: Plan, post: str) -> pl.Expr:
    focus = pl.lit("")
    for applies_to, names in plan.ground.schemes.items():
        focus = pl.when(pl.col(post) == applies_to).then(_furthest_of(names)).otherwise(focus)
    return focus


def _furthest_of(names: tuple[str, ...]) -> pl.Expr:
    if not names:
        return pl.lit("")
    gaps = [(pl.col(name) - pl.col(f"median {name}")).round(6) for name in names]
    least = pl.min_horizontal(gaps)
    focus = pl.lit("")
    for name, gap in reversed(list(zip(names, gaps, strict=True))):
        focus = pl.when(gap == least).then(pl.lit(name)).otherwise(focus)
    return focus
