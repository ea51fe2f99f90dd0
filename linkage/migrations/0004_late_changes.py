"""What people made of facts that came late: a record for each change, which nobody changes or deletes."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

NO_TEST = "current_setting('workflows.truncate', true) IS DISTINCT FROM 'test database'"
GUARD = f"""
CREATE TRIGGER latechange_append_only BEFORE UPDATE OR DELETE ON linkage_latechange FOR EACH STATEMENT
EXECUTE FUNCTION workflows_refuse('the changes that came late are append-only');
CREATE TRIGGER latechange_no_truncate BEFORE TRUNCATE ON linkage_latechange FOR EACH STATEMENT WHEN ({NO_TEST})
EXECUTE FUNCTION workflows_refuse('the changes that came late are append-only');
"""
UNGUARD = """
DROP TRIGGER latechange_append_only ON linkage_latechange;
DROP TRIGGER latechange_no_truncate ON linkage_latechange;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("appraisal", "0002_known_rows_stay"),
        ("linkage", "0003_policy_reports"),
        ("people", "0003_stand_ins_and_absences"),
        ("workflows", "0008_job_pieces"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="LateChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("rule", models.CharField(max_length=40, verbose_name="规则")),
                (
                    "what",
                    models.CharField(
                        choices=[
                            ("open", "补开"),
                            ("release", "解除暂缓，开立"),
                            ("refill", "递补名额"),
                            ("hold", "暂停办理"),
                            ("resume", "恢复办理"),
                            ("withdraw", "撤回"),
                            ("revoke", "撤销或移出"),
                            ("outcome", "改变后果"),
                        ],
                        max_length=10,
                        verbose_name="变更",
                    ),
                ),
                (
                    "settled",
                    models.CharField(
                        choices=[("done", "已办理"), ("handed", "已转有权机关"), ("left", "不予变更")],
                        max_length=10,
                        verbose_name="处理",
                    ),
                ),
                ("said", models.CharField(max_length=90)),
                ("step", models.CharField(blank=True, max_length=30)),
                ("ground", models.CharField(blank=True, max_length=30, verbose_name="撤销依据")),
                ("ground_words", models.CharField(blank=True, max_length=100)),
                ("causes", models.JSONField(default=list)),
                ("note", models.TextField(verbose_name="说明")),
                ("at", models.DateTimeField()),
                (
                    "actor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "after",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="made_by",
                        to="linkage.decision",
                    ),
                ),
                (
                    "before",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="changed_by",
                        to="linkage.decision",
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="workflows.case"
                    ),
                ),
                (
                    "cycle",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="appraisal.cycle"
                    ),
                ),
                (
                    "officer",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="late_changes",
                        to="people.officer",
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="late_changes", to="linkage.run"
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="late_changes",
                        to="people.unit",
                    ),
                ),
            ],
            options={
                "verbose_name": "后到事实的处理",
                "verbose_name_plural": "后到事实的处理",
                "ordering": ["-at", "-id"],
                "indexes": [models.Index(fields=["cycle", "rule"], name="late_changes_of_cycle")],
            },
        ),
        migrations.RunSQL(GUARD, UNGUARD),
    ]
