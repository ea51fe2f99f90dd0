"""What must hold between cycles, decisions and cases. The engine checks its own in `workflows.invariants`."""

from collections.abc import Iterator

from workflows.rows import found

CHECKS = {
    # No cycle that is not final may have opened a case.
    "cycle {}: a decision of it carries a case, but the cycle is {}": """
        SELECT DISTINCT c.code, c.state FROM linkage_decision d JOIN appraisal_cycle c ON c.id = d.cycle_id
        WHERE d.case_id IS NOT NULL AND c.state NOT IN ('final', 'linked') ORDER BY 1
    """,
    "decision {} ({} {}): its case is about somebody else": """
        SELECT d.id, c.code, d.rule FROM linkage_decision d
        JOIN appraisal_cycle c ON c.id = d.cycle_id JOIN workflows_case w ON w.id = d.case_id
        WHERE (d.officer_id, d.unit_id) IS DISTINCT FROM (w.officer_id, w.unit_id) ORDER BY 1
    """,
    "decision {} ({} {}): it carries a case though it is {}": """
        SELECT d.id, c.code, d.rule, d.status FROM linkage_decision d JOIN appraisal_cycle c ON c.id = d.cycle_id
        WHERE d.case_id IS NOT NULL AND d.live AND d.status IN ('held', 'blocked', 'over_quota')
          AND NOT EXISTS (SELECT 1 FROM linkage_decision e WHERE e.case_id = d.case_id AND e.status = 'open') ORDER BY 1
    """,
    "case {}: two live decisions of one rule and cycle": """
        SELECT case_id FROM linkage_decision WHERE live AND case_id IS NOT NULL
        GROUP BY case_id, cycle_id, rule HAVING count(*) > 1 ORDER BY 1
    """,
}


def breaches() -> Iterator[str]:
    """One line for each thing that is wrong."""
    for words, query in CHECKS.items():
        for row in found(query):
            yield words.format(*row)
