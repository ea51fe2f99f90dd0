"""A look at somebody's record and a change of rights, once written, stay: no statement may touch their rows."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION people_row_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER look_stays BEFORE UPDATE OR DELETE ON people_accesslog
    FOR EACH ROW EXECUTE FUNCTION people_row_stays();
CREATE TRIGGER change_stays BEFORE UPDATE OR DELETE ON people_change
    FOR EACH ROW EXECUTE FUNCTION people_row_stays();
"""
BACKWARD = """
DROP TRIGGER look_stays ON people_accesslog;
DROP TRIGGER change_stays ON people_change;
DROP FUNCTION people_row_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
