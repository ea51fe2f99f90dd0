"""Evaluating the reference pack against SQL written by hand for the same rules: both read the tables, both write."""

from collections.abc import Iterator

from django.db import connection
from django.utils import timezone

from appraisal.models import Cycle
from linkage import evaluation, register
from linkage.models import Decision, Run
from people.models import Account
from tests.bench import bureau
from tests.bench.figures import Figure, paired, stopwatch

LIMIT = 2.5  # of the hand-written SQL
OLDER_LIMIT = 1.2  # with ten older years in the database
OLDER_YEARS = 10

KNOWN = """
CREATE TEMP TABLE known ON COMMIT DROP AS
SELECT DISTINCT ON (r.officer_id, c.ends_on) r.officer_id, %(last)s - extract(year FROM c.ends_on)::int AS back,
       r.status, r.score, r.grade, r.indicators
FROM appraisal_result r JOIN appraisal_cycle c ON c.id = r.cycle_id
WHERE c.kind = 'annual' AND c.ends_on > make_date(%(last)s - 5, 12, 31) AND r.officer_id IS NOT NULL
  AND r.recorded_on <= %(day)s
ORDER BY r.officer_id, c.ends_on, r.recorded_on DESC, r.id DESC;

CREATE TEMP TABLE person ON COMMIT DROP AS
SELECT o.id, o.badge, o.joined_on, o.born_on, o.employment, p.post_type, u.parent_id AS branch, k.*
FROM (SELECT officer_id, max(grade) FILTER (WHERE back = 0) AS g0, max(grade) FILTER (WHERE back = 1) AS g1,
             max(grade) FILTER (WHERE back = 2) AS g2, max(status) FILTER (WHERE back = 0) AS s0,
             avg(score) FILTER (WHERE back < 3 AND status = 'graded') AS mean
      FROM known GROUP BY officer_id) k
JOIN people_officer o ON o.id = k.officer_id
LEFT JOIN people_posting p
       ON p.officer_id = o.id AND p.from_day <= %(end)s AND (p.to_day IS NULL OR p.to_day >= %(end)s)
LEFT JOIN people_unit u ON u.id = p.unit_id;

CREATE TEMP TABLE noted ON COMMIT DROP AS
SELECT officer_id,
       bool_or(kind = 'sanction' AND (to_day IS NULL OR to_day > %(day)s)) AS sanctioned,
       bool_or(kind = 'investigation' AND (to_day IS NULL OR to_day > %(day)s)) AS investigated,
       bool_or(kind = 'protected' AND (to_day IS NULL OR to_day > %(day)s)) AS protected,
       bool_or(kind = 'plan_closed' AND from_day > %(day)s - 365) AS relapsed,
       max(from_day) FILTER (WHERE kind = 'award' AND level IN ('三等功', '二等功', '一等功')) AS merit,
       max(from_day) FILTER (WHERE kind = 'award' AND level = '晋档') AS stepped
FROM appraisal_fact WHERE officer_id IS NOT NULL AND recorded_on <= %(day)s AND from_day <= %(day)s GROUP BY officer_id;

CREATE TEMP TABLE judged ON COMMIT DROP AS
SELECT p.*, n.protected, n.relapsed, n.merit, n.stepped,
       CASE WHEN n.sanctioned THEN 'blocked' WHEN n.investigated THEN 'held' ELSE 'open' END AS honour
FROM person p LEFT JOIN noted n USING (officer_id);
ANALYZE judged; ANALYZE known;
"""
DECIDE = """
CREATE TEMP TABLE decided ON COMMIT DROP AS
SELECT 'P01' AS rule, id, NULL::bigint AS unit, honour AS status, 'reward:嘉奖' AS outcome FROM judged
WHERE g0 = '优秀'
UNION ALL
SELECT 'P02', id, NULL, honour, 'reward:三等功' FROM judged
WHERE g0 = '优秀' AND g1 = '优秀' AND g2 = '优秀' AND (merit IS NULL OR merit < make_date(%(last)s - 2, 12, 31))
UNION ALL
SELECT 'P03', id, NULL, CASE WHEN honour = 'open' AND place > seats THEN 'over_quota' ELSE honour END, 'reserve:提名'
FROM (
    SELECT j.*, floor(b.graded * 0.03) AS seats,
           row_number() OVER (PARTITION BY j.branch, j.honour = 'open'
                              ORDER BY round(j.mean::numeric, 6) DESC NULLS LAST, joined_on, badge) AS place
    FROM judged j
    JOIN (SELECT branch, count(*) AS graded FROM judged WHERE s0 = 'graded' GROUP BY branch) b USING (branch)
    WHERE g0 = '优秀' AND g1 = '优秀' AND COALESCE(g2, '') NOT IN ('基本称职', '不称职') AND employment = '在编'
      AND age(%(day)s, joined_on) >= interval '5 years' AND extract(year FROM age(%(end)s, born_on)) <= 45
) s
UNION ALL
SELECT 'P04', id, NULL, 'open', 'training:plan' FROM judged WHERE g0 = '基本称职'
UNION ALL
SELECT 'P05', id, NULL, 'open', 'post_adjustment:降职' FROM judged WHERE g0 = '不称职' AND g1 IS DISTINCT FROM '不称职'
UNION ALL
SELECT 'P06', id, NULL, CASE WHEN protected THEN 'held' ELSE 'open' END, 'post_adjustment:辞退审查' FROM judged
WHERE g0 = '不称职' AND g1 = '不称职'
UNION ALL
SELECT 'P14', id, NULL, honour, 'reward:通报表扬' FROM (
    SELECT j.id, j.honour, j.g0, rank() OVER w AS place, count(*) OVER (PARTITION BY j.post_type) AS peers
    FROM judged j JOIN known k ON k.officer_id = j.id AND k.back = 0 AND k.status = 'graded'
    WHERE k.indicators ? '协作支援贡献'
    WINDOW w AS (PARTITION BY j.post_type ORDER BY (k.indicators->>'协作支援贡献')::float8 DESC)
) r WHERE peers >= 20 AND place <= greatest(1, floor(peers * 0.05)) AND g0 IN ('优秀', '称职')
UNION ALL
SELECT 'P15', j.id, NULL, 'open', 'reward:晋档' FROM judged j
JOIN known k ON k.officer_id = j.id AND k.grade IN ('优秀', '称职')
WHERE j.g0 IN ('优秀', '称职') AND (j.stepped IS NULL OR j.stepped < make_date(%(last)s - k.back, 12, 31))
GROUP BY j.id HAVING count(*) >= 2
UNION ALL
SELECT 'P16', id, NULL, 'open', 'training:stage_2' FROM judged WHERE g0 = '基本称职' AND relapsed
UNION ALL
SELECT 'P11', NULL, unit_id, CASE WHEN vetoed THEN 'blocked' ELSE 'open' END, 'resource:优先保障' FROM (
    SELECT r.unit_id, rank() OVER (PARTITION BY u.peer_group ORDER BY r.score DESC) AS place,
           count(*) OVER (PARTITION BY u.peer_group) AS peers,
           EXISTS (SELECT 1 FROM appraisal_fact f WHERE f.unit_id = r.unit_id AND f.kind = 'veto'
                   AND f.from_day BETWEEN make_date(%(last)s, 1, 1) AND %(end)s AND f.recorded_on <= %(day)s) AS vetoed
    FROM appraisal_result r JOIN appraisal_cycle c ON c.id = r.cycle_id JOIN people_unit u ON u.id = r.unit_id
    WHERE c.code = %(code)s AND r.status = 'graded'
) r WHERE peers >= 5 AND place <= greatest(1, floor(peers * 0.2))
UNION ALL
SELECT 'P12', p.officer_id, NULL, 'open', 'post_adjustment:领导履职审查'
FROM appraisal_result r JOIN appraisal_cycle c ON c.id = r.cycle_id AND c.code = %(code)s
JOIN appraisal_result q ON q.unit_id = r.unit_id JOIN appraisal_cycle d ON d.id = q.cycle_id AND d.code = %(before)s
JOIN people_posting p ON p.unit_id = r.unit_id AND p.is_leader AND p.from_day <= d.starts_on
     AND (p.to_day IS NULL OR p.to_day >= %(end)s)
WHERE r.grade IN ('一般', '较差') AND q.grade IN ('一般', '较差')
UNION ALL
SELECT 'P13', NULL, r.unit_id, 'open', 'training:unit_plan' FROM appraisal_result r
JOIN appraisal_cycle c ON c.id = r.cycle_id WHERE c.code = %(code)s AND r.unit_id IS NOT NULL AND r.grade = '较差';

CREATE TEMP TABLE weakest ON COMMIT DROP AS
WITH figure AS (
    SELECT j.id, j.post_type, j.branch, s.indicator, s.position, (k.indicators->>s.indicator)::float8 AS value, j.g0
    FROM judged j JOIN known k ON k.officer_id = j.id AND k.back = 0 AND k.status = 'graded'
    JOIN appraisal_schemeweight s ON s.applies_to = j.post_type
), middle AS (
    SELECT post_type, branch, indicator, percentile_cont(0.5) WITHIN GROUP (ORDER BY value) AS median
    FROM figure GROUP BY post_type, branch, indicator
)
SELECT DISTINCT ON (f.id) f.id, f.indicator FROM figure f JOIN middle m USING (post_type, branch, indicator)
WHERE f.g0 = '基本称职' ORDER BY f.id, round((f.value - m.median)::numeric, 6), f.position;

INSERT INTO linkage_decision (run_id, cycle_id, rule, officer_id, unit_id, status, outcome, focus, live, words_zh,
                              words_en, evidence)
SELECT %(run)s, %(cycle)s, d.rule, d.id, d.unit, d.status, d.outcome, COALESCE(w.indicator, ''), true, '', '', '[]'
FROM decided d LEFT JOIN weakest w ON w.id = d.id AND d.rule = 'P04';
"""


def figures(officers: int, actor: Account) -> Iterator[Figure]:
    """The pack on the bureau's last annual cycle, then the same with ten older years beside it."""
    cycle = Cycle.objects.get(code=str(bureau.LAST_YEAR))
    policy = register.install_shipped(actor=actor)

    def ours() -> None:
        evaluation.evaluate(cycle, as_of=bureau.AS_OF, actor=actor, evidence=False)

    def by_hand() -> None:
        _decide_by_hand(cycle, policy.pk, actor)

    _same(ours, by_hand)
    yield paired(f"evaluate the pack, {officers:,} officers", ours, by_hand, limit=LIMIT, before=_forget)
    taken: list[float] = []
    for _round in range(3):
        _forget()
        with stopwatch(taken):
            ours()
    bureau.years(bureau.LAST_YEAR - 4 - OLDER_YEARS, bureau.LAST_YEAR - 5, actor)
    older: list[float] = []
    for _round in range(3):
        _forget()
        with stopwatch(older):
            ours()
    yield Figure(
        name=f"the same with {OLDER_YEARS} older years",
        seconds=sorted(older)[1],
        yardstick_seconds=sorted(taken)[1],
        limit=OLDER_LIMIT,
    )
    _forget()


def _decide_by_hand(cycle: Cycle, policy: int, actor: Account) -> None:
    run = Run(cycle=cycle, policy_id=policy, as_of=bureau.AS_OF, digest="", made_at=timezone.now(), made_by=actor)
    run.save()
    values = {
        "run": run.pk,
        "cycle": cycle.pk,
        "code": cycle.code,
        "before": str(bureau.LAST_YEAR - 1),
        "last": bureau.LAST_YEAR,
        "end": cycle.ends_on,
        "day": bureau.AS_OF,
    }
    with connection.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute(KNOWN, values)
        cursor.execute(DECIDE, values)
        cursor.execute("COMMIT")


def _same(ours, by_hand) -> None:  # type: ignore[no-untyped-def]
    """Both must decide the same, row for row; a benchmark of two different answers would measure nothing."""
    said = []
    for call in (ours, by_hand):
        _forget()
        call()
        rows = Decision.objects.values_list("rule", "officer", "unit", "status", "outcome", "focus")
        said.append(set(rows))
    if said[0] != said[1]:
        apart = sorted(map(str, said[0] ^ said[1]))
        raise AssertionError(f"{len(apart)} decisions differ, such as {apart[:6]}")


def _forget() -> None:
    Decision.objects.all()._raw_delete("default")
    Run.objects.all()._raw_delete("default")
    with connection.cursor() as cursor:
        cursor.execute("VACUUM linkage_decision")
