"""A branch's own values of local parameters, from a day on. Rows are added and never changed."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

NO_TEST = "current_setting('workflows.truncate', true) IS DISTINCT FROM 'test database'"
GUARD = f"""
CREATE TRIGGER localparameter_append_only BEFORE UPDATE OR DELETE ON linkage_localparameter FOR EACH STATEMENT
EXECUTE FUNCTION workflows_refuse('set a new value instead');

CREATE TRIGGER localparameter_no_truncate BEFORE TRUNCATE ON linkage_localparameter FOR EACH STATEMENT WHEN ({NO_TEST})
EXECUTE FUNCTION workflows_refuse('set a new value instead');
"""
UNGUARD = """
DROP TRIGGER localparameter_append_only ON linkage_localparameter;
DROP TRIGGER localparameter_no_truncate ON linkage_localparameter;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("linkage", "0004_late_changes"),
        ("people", "0003_stand_ins_and_absences"),
        ("workflows", "0002_guards"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="LocalParameter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=40, verbose_name="政策")),
                ("name", models.CharField(max_length=100, verbose_name="参数")),
                ("value", models.CharField(blank=True, max_length=100, verbose_name="取值")),
                ("from_day", models.DateField(verbose_name="起")),
                ("to_day", models.DateField(blank=True, null=True, verbose_name="止")),
                ("note", models.TextField(verbose_name="理由")),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "set_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.unit",
                        verbose_name="单位",
                    ),
                ),
            ],
            options={
                "verbose_name": "本地参数",
                "verbose_name_plural": "本地参数",
                "ordering": ["-pk"],
                "indexes": [models.Index(fields=["code", "unit"], name="local_values_of_unit")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("to_day__isnull", True), ("to_day__gte", models.F("from_day")), _connector="OR"
                        ),
                        name="local_value_ends_after_it_begins",
                    )
                ],
            },
        ),
        migrations.RunSQL(GUARD, UNGUARD),
    ]
