"""A look at somebody's record, once written, cannot be changed or removed by any statement on its row."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION people_look_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'people_accesslog is append-only' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER look_stays BEFORE UPDATE OR DELETE ON people_accesslog
    FOR EACH ROW EXECUTE FUNCTION people_look_stays();
"""
BACKWARD = """
DROP TRIGGER look_stays ON people_accesslog;
DROP FUNCTION people_look_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
