"""A policy version goes from draft to retired through a check and a second person, and a published text stays.

Versions that were published before the next one ended them by its mere day; now the row says so, where that changes
nothing of what decides. The database refuses to change the text of anything but a draft, whoever asks.
"""

import django.db.models.deletion
import django.utils.timezone
import django_fsm
from django.db import migrations, models

NO_TEST = "current_setting('workflows.truncate', true) IS DISTINCT FROM 'test database'"
TEXT = "code, version, title_zh, title_en, text"
PUBLISHED = "('in_force', 'retired')"

# Of two published versions the one that begins later decides: the next one without an end leaves nothing to this one.
END_BEFORE_THE_NEXT = """
UPDATE linkage_policy AS p SET to_day = n.first - 1
FROM (SELECT o.id, min(l.from_day) AS first
      FROM linkage_policy o JOIN linkage_policy l
        ON l.code = o.code AND l.state = 'in_force' AND l.to_day IS NULL AND l.from_day > o.from_day
      WHERE o.state = 'in_force' AND o.to_day IS NULL GROUP BY o.id) AS n
WHERE n.id = p.id;
"""


def row(prefix: str) -> str:
    return "(" + ", ".join(f"{prefix}.{column}" for column in TEXT.split(", ")) + ")"


GUARDS = f"""
CREATE TRIGGER policy_text_stays BEFORE UPDATE ON linkage_policy FOR EACH ROW
WHEN (OLD.state <> 'draft' AND {row("OLD")} IS DISTINCT FROM {row("NEW")})
EXECUTE FUNCTION workflows_refuse('only the text of a draft changes');

CREATE TRIGGER policy_published_stays BEFORE UPDATE ON linkage_policy FOR EACH ROW
WHEN (OLD.state IN {PUBLISHED} AND (NEW.state NOT IN {PUBLISHED} OR NEW.from_day IS DISTINCT FROM OLD.from_day))
EXECUTE FUNCTION workflows_refuse('what was published stays published from its day');

CREATE TRIGGER policy_end_stays BEFORE UPDATE ON linkage_policy FOR EACH ROW
WHEN (OLD.state IN ('retired', 'discarded') AND NEW.state <> OLD.state)
EXECUTE FUNCTION workflows_refuse('a version that has ended stays ended');

CREATE TRIGGER policy_no_delete BEFORE DELETE ON linkage_policy FOR EACH STATEMENT
EXECUTE FUNCTION workflows_refuse('a version is retired or discarded');

CREATE TRIGGER policy_no_truncate BEFORE TRUNCATE ON linkage_policy FOR EACH STATEMENT WHEN ({NO_TEST})
EXECUTE FUNCTION workflows_refuse('a version is retired or discarded');

CREATE TRIGGER policyrecord_append_only BEFORE UPDATE OR DELETE ON linkage_policyrecord FOR EACH STATEMENT
EXECUTE FUNCTION workflows_refuse('the history of a policy is append-only');

CREATE TRIGGER policyrecord_no_truncate BEFORE TRUNCATE ON linkage_policyrecord FOR EACH STATEMENT WHEN ({NO_TEST})
EXECUTE FUNCTION workflows_refuse('the history of a policy is append-only');
"""
UNGUARD = """
DROP TRIGGER policy_text_stays ON linkage_policy;
DROP TRIGGER policy_published_stays ON linkage_policy;
DROP TRIGGER policy_end_stays ON linkage_policy;
DROP TRIGGER policy_no_delete ON linkage_policy;
DROP TRIGGER policy_no_truncate ON linkage_policy;
DROP TRIGGER policyrecord_append_only ON linkage_policyrecord;
DROP TRIGGER policyrecord_no_truncate ON linkage_policyrecord;
"""


class Migration(migrations.Migration):
    dependencies = [("linkage", "0001_initial"), ("workflows", "0002_guards")]

    operations = [
        migrations.RemoveConstraint(model_name="policy", name="policy_version_once"),
        migrations.AddField(
            model_name="policy",
            name="based_on",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="linkage.policy",
                verbose_name="起草所依版本",
            ),
        ),
        migrations.AddField(
            model_name="policy",
            name="revision",
            field=models.PositiveIntegerField(db_default=1, default=1, verbose_name="修订次数"),
        ),
        migrations.AddField(
            model_name="policyrecord", name="digest", field=models.CharField(db_default="", default="", max_length=64)
        ),
        migrations.AlterField(
            model_name="policy",
            name="state",
            field=django_fsm.FSMField(
                choices=[
                    ("draft", "草案"),
                    ("checked", "已核对"),
                    ("approved", "已批准"),
                    ("in_force", "已公布"),
                    ("retired", "已废止"),
                    ("discarded", "已作废"),
                ],
                default="draft",
                max_length=50,
                protected=True,
                verbose_name="状态",
            ),
        ),
        migrations.AlterField(
            model_name="policyrecord", name="at", field=models.DateTimeField(default=django.utils.timezone.now)
        ),
        migrations.AddConstraint(
            model_name="policy",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "discarded"), _negated=True),
                fields=("code", "version"),
                name="policy_version_once",
            ),
        ),
        migrations.RunSQL(END_BEFORE_THE_NEXT, migrations.RunSQL.noop),
        migrations.RunSQL(GUARDS, UNGUARD),
    ]
