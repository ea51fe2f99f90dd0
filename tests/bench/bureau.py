"""A made-up bureau of any size, by set-based SQL: branches of ten stations, officers, five years of annual results."""

from datetime import date

from django.core.management import call_command
from django.db import connection

from people.accounts import machine
from people.models import Account

STATIONS = 10  # of a branch
OFFICERS = 100  # of a station, about
LAST_YEAR = 2025
SCHEMES = {
    "社区民警": ("群众满意度", "风险排查数", "信息采集率", "矛盾就地化解率", "可防性案件下降率"),
    "案件民警": ("规范执法率", "破案质效", "协作支援贡献", "办案时限达标率", "追赃挽损率"),
    "内勤": ("服务满意度", "台账真实率", "督办按期办结率", "协作支援贡献"),
    "巡防": ("出警及时率", "现场处置规范率", "群众满意度", "协作支援贡献", "可防性案件下降率"),
    "单位": ("预防警务", "执法质量", "群众满意度", "队伍管理"),
}
AS_OF = date(LAST_YEAR + 1, 1, 20)

UNITS = """
INSERT INTO people_unit (code, name, parent_id, path, kind, peer_group)
VALUES ('B00', '市局', NULL, '/B00/', '市局', '');
INSERT INTO people_unit (code, name, parent_id, path, kind, peer_group)
SELECT 'F' || b, 'F' || b, u.id, '/B00/F' || b || '/', '分局', '分局'
FROM generate_series(1, {branches}) b, people_unit u WHERE u.code = 'B00';
INSERT INTO people_unit (code, name, parent_id, path, kind, peer_group)
SELECT f.code || 'P' || s, f.code || 'P' || s, f.id, f.path || f.code || 'P' || s || '/', '派出所', '城区' || s % 3
FROM people_unit f, generate_series(1, {stations}) s WHERE f.kind = '分局';
"""
PEOPLE = """
INSERT INTO people_officer (badge, name, sex, born_on, joined_on, unit_id, post_type, rank, employment, email)
SELECT (1000000 + n)::text, '民警' || n, '男', date '1966-01-01' + (random() * 12000)::int,
       date '2000-01-01' + (random() * 9000)::int, u.id,
       (ARRAY['社区民警', '案件民警', '内勤', '巡防'])[1 + n % 4], '',
       CASE WHEN n % 17 = 0 THEN '聘用' ELSE '在编' END, ''
FROM generate_series(1, {officers}) n
JOIN (SELECT id, row_number() OVER (ORDER BY id) - 1 AS place FROM people_unit WHERE kind = '派出所') u
  ON u.place = n % (SELECT count(*) FROM people_unit WHERE kind = '派出所');
INSERT INTO people_posting (officer_id, unit_id, post_type, is_leader, from_day, to_day)
SELECT id, unit_id, post_type, row_number() OVER (PARTITION BY unit_id ORDER BY id) = 1, '2010-01-01', NULL
FROM people_officer;
"""
FACTS = """
INSERT INTO appraisal_fact (officer_id, kind, level, from_day, to_day, recorded_on, note, source, withdrawn,
                            recorded_by_id, at)
SELECT o.id, f.kind, f.level, date '2022-01-01' + (random() * 1400)::int, NULL, '2025-12-01', '', '', false,
       {actor}, now()
FROM people_officer o, (VALUES ('award', '三等功', 0.05), ('award', '晋档', 0.25), ('sanction', '警告', 0.005),
    ('investigation', '', 0.005), ('protected', '', 0.01), ('plan_closed', '', 0.2)) f(kind, level, share)
WHERE random() < f.share;
INSERT INTO appraisal_fact (unit_id, kind, level, from_day, to_day, recorded_on, note, source, withdrawn,
                            recorded_by_id, at)
SELECT id, 'veto', '', '2025-06-01', NULL, '2025-12-01', '', '', false, {actor}, now() FROM people_unit
WHERE random() < 0.05;
"""
YEAR = """
INSERT INTO appraisal_cycle (code, kind, starts_on, ends_on, state)
VALUES ('{year}', 'annual', '{year}-01-01', '{year}-12-31', 'final');
INSERT INTO appraisal_result (cycle_id, officer_id, status, score, grade, indicators, recorded_on, reason,
                              recorded_by_id, at)
SELECT c.id, r.id, r.status, CASE r.status WHEN 'graded' THEN r.score END,
       CASE WHEN r.status <> 'graded' THEN '' WHEN r.score > 92 THEN '优秀' WHEN r.score > 64 THEN '称职'
            WHEN r.score > 61 THEN '基本称职' ELSE '不称职' END,
       CASE r.status WHEN 'graded' THEN CASE r.post_type {indicators} END ELSE '{{}}' END,
       date '{year}-12-31' + 12, '', {actor}, now()
FROM (SELECT o.id, o.post_type, round((60 + random() * 40)::numeric, 2)::float8 AS score,
             CASE WHEN random() < 0.97 THEN 'graded' ELSE 'ungraded' END AS status FROM people_officer o) r
JOIN appraisal_cycle c ON c.code = '{year}';
INSERT INTO appraisal_result (cycle_id, unit_id, status, score, grade, indicators, recorded_on, reason,
                              recorded_by_id, at)
SELECT c.id, u.id, 'graded', u.score, (ARRAY['优秀', '良好', '良好', '一般', '较差'])[1 + floor(random() * 5)::int],
       '{{}}', date '{year}-12-31' + 12, '', {actor}, now()
FROM (SELECT id, round((60 + random() * 40)::numeric, 2)::float8 AS score FROM people_unit WHERE kind = '派出所') u
JOIN appraisal_cycle c ON c.code = '{year}';
INSERT INTO appraisal_result (cycle_id, officer_id, status, score, grade, indicators, recorded_on, reason,
                              recorded_by_id, at)
SELECT cycle_id, officer_id, 'graded', 70, '称职', indicators, recorded_on + 2, '更正', recorded_by_id, now()
FROM appraisal_result r JOIN appraisal_cycle c ON c.id = r.cycle_id
WHERE c.code = '{year}' AND officer_id IS NOT NULL AND status = 'graded' AND random() < 0.01;
"""


def sql(text: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(text)


def make(officers: int) -> Account:
    """Units, people, schemes, facts and the last five years; returns the account they were recorded by."""
    actor = machine("loader")
    sql("SELECT setseed(0.42)")
    branches = max(1, officers // (STATIONS * OFFICERS))
    sql(UNITS.format(branches=branches, stations=STATIONS))
    sql(PEOPLE.format(officers=officers))
    for name, indicators in SCHEMES.items():
        weights = ", ".join(f"('{name}', '{i}', {100 / len(indicators)}, {n})" for n, i in enumerate(indicators))
        sql(f"INSERT INTO appraisal_schemeweight (applies_to, indicator, weight, position) VALUES {weights}")  # noqa: S608 - our own
    sql(FACTS.format(actor=actor.pk))
    years(LAST_YEAR - 4, LAST_YEAR, actor)
    return actor


def years(first: int, last: int, actor: Account) -> None:
    """The annual cycles of these years, each with a row for everybody and a correction for one in a hundred."""
    measured = {
        name: ", ".join(f"'{i}', round((40 + random() * 60)::numeric, 1)" for i in indicators)
        for name, indicators in SCHEMES.items()
        if name != "单位"
    }
    cases = " ".join(f"WHEN '{name}' THEN jsonb_build_object({pairs})" for name, pairs in measured.items())
    for year in range(first, last + 1):
        sql(YEAR.format(year=year, indicators=cases, actor=actor.pk))
    sql("ANALYZE")


def clear() -> None:
    """A new database, whatever a broken run left in the old one."""
    sql("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    call_command("migrate", verbosity=0)
