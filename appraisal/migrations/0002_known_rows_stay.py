"""Results, facts and the steps of a cycle are never changed nor removed: what was known stays readable.

TRUNCATE is refused everywhere but in a database whose own settings name it a test database.
"""

from django.db import migrations

NO_TEST = "current_setting('workflows.truncate', true) IS DISTINCT FROM 'test database'"
WORDS = "what was known stays: add a superseding row"
TABLES = ("appraisal_result", "appraisal_fact", "appraisal_cyclerecord")

FORWARD = """
CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} FOR EACH STATEMENT
EXECUTE FUNCTION workflows_refuse('{words}');
CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT WHEN ({no_test})
EXECUTE FUNCTION workflows_refuse('{words}');
"""
BACKWARD = "DROP TRIGGER {table}_append_only ON {table}; DROP TRIGGER {table}_no_truncate ON {table};"


class Migration(migrations.Migration):
    dependencies = [("appraisal", "0001_initial"), ("workflows", "0002_guards")]

    operations = [
        migrations.RunSQL(FORWARD.format(table=table, words=WORDS, no_test=NO_TEST), BACKWARD.format(table=table))
        for table in TABLES
    ]
