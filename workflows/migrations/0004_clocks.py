"""Versions of the calendars, days of single units, levels of reminders, claims, stand-ins in the history.

New columns may be empty or have a default in the database: no table is rewritten, and none is locked for long.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.utils import timezone

SQL = """
CREATE OR REPLACE FUNCTION workflows_refuse_known_account() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM workflows_transitionrecord WHERE OLD.id IN (actor_id, on_behalf_of_id)) THEN
        RAISE EXCEPTION 'DELETE on % is not allowed: the account stands in the history', TG_TABLE_NAME
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN OLD;
END $$;

CREATE TRIGGER workflows_notice_append_only BEFORE UPDATE OR DELETE ON workflows_notice FOR EACH STATEMENT
EXECUTE FUNCTION workflows_refuse('what was said is append-only');

CREATE TRIGGER workflows_notice_no_truncate BEFORE TRUNCATE ON workflows_notice FOR EACH STATEMENT
WHEN (current_setting('workflows.truncate', true) IS DISTINCT FROM 'test database')
EXECUTE FUNCTION workflows_refuse('what was said is append-only');
"""


def begin(apps, schema_editor):
    """The lists that came with the product are the first state of the calendars."""
    version = apps.get_model("workflows", "CalendarVersion")
    version.objects.create(what="随系统提供的节假日安排", at=timezone.now())


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0003_stand_ins_and_absences"),
        ("workflows", "0003_published_calendars"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="itemchange",
            name="expected",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="itemchange",
            name="holder_from",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="itemchange",
            name="holder_to",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="itemchange",
            name="on_behalf_of",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="transitionrecord",
            name="on_behalf_of",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="workitem",
            name="claimed_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="workitem",
            name="claimed_by",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="workitem",
            name="pause_until",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="workitem",
            name="reminded",
            field=models.PositiveSmallIntegerField(db_default=0),
        ),
        migrations.AlterField(
            model_name="itemchange",
            name="why",
            field=models.CharField(
                choices=[
                    ("calendar", "节假日安排公布"),
                    ("paused", "暂停计时"),
                    ("resumed", "恢复计时"),
                    ("routed", "转交"),
                    ("claimed", "认领"),
                    ("released", "放回"),
                    ("assigned", "指派"),
                ],
                max_length=20,
            ),
        ),
        migrations.CreateModel(
            name="CalendarVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("what", models.CharField(max_length=200, verbose_name="内容")),
                ("moved", models.PositiveIntegerField(db_default=0, verbose_name="改变的期限")),
                ("at", models.DateTimeField(verbose_name="时间")),
                (
                    "actor",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="操作人",
                    ),
                ),
            ],
            options={
                "verbose_name": "日历版本",
                "verbose_name_plural": "日历版本",
                "ordering": ["-id"],
            },
        ),
        migrations.AddField(
            model_name="workitem",
            name="calendar",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="workflows.calendarversion",
            ),
        ),
        migrations.CreateModel(
            name="LocalDay",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField(verbose_name="日期")),
                ("working", models.BooleanField(verbose_name="工作日")),
                ("name", models.CharField(max_length=50, verbose_name="名称")),
                (
                    "unit",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.unit",
                        verbose_name="单位",
                    ),
                ),
            ],
            options={
                "verbose_name": "地方放假与上班",
                "verbose_name_plural": "地方放假与上班",
                "ordering": ["unit", "day"],
                "constraints": [models.UniqueConstraint(fields=("unit", "day"), name="local_day_once")],
            },
        ),
        migrations.CreateModel(
            name="Notice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("what", models.CharField(choices=[("reminder", "提醒"), ("escalation", "升级")], max_length=20)),
                ("level", models.PositiveSmallIntegerField()),
                ("spoken", models.BooleanField()),
                ("at", models.DateTimeField()),
                (
                    "item",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notices",
                        to="workflows.workitem",
                    ),
                ),
            ],
            options={
                "verbose_name": "提醒与升级",
                "verbose_name_plural": "提醒与升级",
                "constraints": [models.UniqueConstraint(fields=("item", "what", "level"), name="notice_once")],
            },
        ),
        migrations.RunPython(begin, migrations.RunPython.noop),
        migrations.RunSQL(SQL, migrations.RunSQL.noop),
    ]
