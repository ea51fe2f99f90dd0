"""What the database itself refuses, whoever asks.

Conditions stand in WHEN, which is evaluated without calling PL/pgSQL; statement triggers cost nothing per row and leave
COPY its fast path. `door` is a transaction-local setting that only `workflows.actions` opens. TRUNCATE is refused
everywhere but in a database whose own settings name it a test database.
"""

from django.db import migrations

SHUT = "current_setting('workflows.door', true) IS DISTINCT FROM 'open'"
NO_TEST = "current_setting('workflows.truncate', true) IS DISTINCT FROM 'test database'"
GUARDED = "state, version, head, closed_at, outcome, kind, key, opened_at"
APPEND_ONLY = {
    "workflows_transitionrecord": "history is append-only",
    "workflows_casereason": "the reasons of a case are append-only",
    "workflows_itemchange": "the ledger of deadlines is append-only",
}


def row(prefix: str) -> str:
    return "(" + ", ".join(f"{prefix}.{column}" for column in GUARDED.split(", ")) + ")"


def append_only(table: str, words: str) -> str:
    return f"""
CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} FOR EACH STATEMENT
EXECUTE FUNCTION workflows_refuse('{words}');

CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT WHEN ({NO_TEST})
EXECUTE FUNCTION workflows_refuse('{words}');
"""


SQL = f"""
CREATE FUNCTION workflows_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% on % is not allowed: %', TG_OP, TG_TABLE_NAME, TG_ARGV[0] USING ERRCODE = 'restrict_violation';
END $$;

CREATE FUNCTION workflows_refuse_known_account() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM workflows_transitionrecord WHERE actor_id = OLD.id) THEN
        RAISE EXCEPTION 'DELETE on % is not allowed: the account stands in the history', TG_TABLE_NAME
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN OLD;
END $$;

CREATE TRIGGER case_state_door BEFORE UPDATE ON workflows_case FOR EACH ROW
WHEN ({row("OLD")} IS DISTINCT FROM {row("NEW")} AND {SHUT})
EXECUTE FUNCTION workflows_refuse('use workflows.actions.advance');

CREATE TRIGGER case_open_door BEFORE INSERT ON workflows_case FOR EACH STATEMENT WHEN ({SHUT})
EXECUTE FUNCTION workflows_refuse('use workflows.actions.open_cases');

CREATE TRIGGER case_no_delete BEFORE DELETE ON workflows_case FOR EACH STATEMENT
EXECUTE FUNCTION workflows_refuse('a case ends by a step');

CREATE TRIGGER case_no_truncate BEFORE TRUNCATE ON workflows_case FOR EACH STATEMENT WHEN ({NO_TEST})
EXECUTE FUNCTION workflows_refuse('a case ends by a step');

CREATE TRIGGER record_door BEFORE INSERT ON workflows_transitionrecord FOR EACH STATEMENT WHEN ({SHUT})
EXECUTE FUNCTION workflows_refuse('use workflows.actions');

CREATE TRIGGER account_in_history BEFORE DELETE ON people_account FOR EACH ROW
EXECUTE FUNCTION workflows_refuse_known_account();

{"".join(append_only(table, words) for table, words in APPEND_ONLY.items())}

ALTER TABLE workflows_case SET (fillfactor = 70);
"""


class Migration(migrations.Migration):
    dependencies = [("workflows", "0001_initial"), ("people", "0001_initial")]
    operations = [migrations.RunSQL(SQL, migrations.RunSQL.noop)]
