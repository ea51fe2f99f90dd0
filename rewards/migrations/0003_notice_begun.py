"""A public notice is kept by the day it began: its last day then moves with the calendar, as any deadline does."""

from django.db import migrations, models

# Days that were named already, by the history: the notice runs once, so its first publication counts.
BEGUN = """
UPDATE {table} k SET {begun} = h.day
FROM (
    SELECT r.case_id, min((r.at AT TIME ZONE 'Asia/Shanghai')::date) AS day
    FROM workflows_transitionrecord r
    WHERE r.target = '{state}' AND r.number > COALESCE(
        (SELECT max(n.number) FROM workflows_transitionrecord n WHERE n.case_id = r.case_id AND n.target = '{anew}'), 0)
    GROUP BY r.case_id
) h
WHERE h.case_id = k.case_ptr_id AND k.{named} IS NOT NULL AND k.{begun} IS NULL
"""
COUNTED = """
UPDATE workflows_workitem i SET rule = {days} || ' working_days', counted_from = k.{begun}
FROM {table} k
WHERE i.case_id = k.case_ptr_id AND i.duty = '{state}' AND i.closed_at IS NULL AND i.rule = '' AND k.{begun} IS NOT NULL
"""
NOTICES = (
    {
        "table": "rewards_rewardcase",
        "state": "on_notice",
        "begun": "notice_from",
        "named": "notice_until",
        "days": "k.notice_days",
        "anew": "none",
    },
    {
        "table": "rewards_resourcecase",
        "state": "on_notice",
        "begun": "notice_from",
        "named": "notice_until",
        "days": "5",
        "anew": "none",
    },
)


def count_from_the_beginning(apps, schema_editor):
    for notice in NOTICES:
        schema_editor.execute(BEGUN.format(**notice))
        schema_editor.execute(COUNTED.format(**notice))


class Migration(migrations.Migration):
    dependencies = [("rewards", "0002_seed_awards"), ("workflows", "0007_jobs_and_slots")]

    operations = [
        migrations.AddField(
            model_name="resourcecase", name="notice_from", field=models.DateField(null=True, verbose_name="公示开始")
        ),
        migrations.AddField(
            model_name="rewardcase", name="notice_from", field=models.DateField(null=True, verbose_name="公示开始")
        ),
        migrations.RunPython(count_from_the_beginning, migrations.RunPython.noop, elidable=True),
    ]
