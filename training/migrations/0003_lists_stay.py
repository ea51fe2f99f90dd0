"""A list that was sent and a note that was written stay as they are: the database refuses the rest."""

from django.db import migrations

GUARD = """
CREATE FUNCTION training_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% of % is refused: it is kept as it was', TG_OP, TG_TABLE_NAME USING ERRCODE = 'check_violation';
END $$;

CREATE TRIGGER list_deleted BEFORE DELETE ON training_enrollmentlist
    FOR EACH STATEMENT EXECUTE FUNCTION training_refuse();
CREATE TRIGGER list_rewritten BEFORE UPDATE ON training_enrollmentlist FOR EACH ROW
    WHEN (
        OLD.confirmed_at IS NOT NULL
        OR (to_jsonb(OLD) - 'confirmed_at' - 'confirmed_by_id') IS DISTINCT FROM
           (to_jsonb(NEW) - 'confirmed_at' - 'confirmed_by_id')
    )
    EXECUTE FUNCTION training_refuse();
CREATE TRIGGER note_deleted BEFORE DELETE ON training_checkin
    FOR EACH STATEMENT EXECUTE FUNCTION training_refuse();
CREATE TRIGGER note_rewritten BEFORE UPDATE ON training_checkin FOR EACH ROW
    WHEN ((to_jsonb(OLD) - 'goal_id') IS DISTINCT FROM (to_jsonb(NEW) - 'goal_id'))
    EXECUTE FUNCTION training_refuse();
"""
UNGUARD = """
DROP TRIGGER list_deleted ON training_enrollmentlist;
DROP TRIGGER list_rewritten ON training_enrollmentlist;
DROP TRIGGER note_deleted ON training_checkin;
DROP TRIGGER note_rewritten ON training_checkin;
DROP FUNCTION training_refuse();
"""


class Migration(migrations.Migration):
    dependencies = [("training", "0002_course_catalogue")]

    operations = [migrations.RunSQL(GUARD, UNGUARD)]
