"""Step 0102: what was decided about a record after it was made one with another counts for the whole.

When two become one, everything that points to the one points to the other. What points to a part nevertheless was
decided on its page afterwards. Pairs who must not meet lie sealed: ``kept_apart.point_at_the_whole`` does this for
them.
"""

_WHOLE = "(SELECT p.merged_into FROM persons p WHERE p.id = person_id)"
_OF_PARTS = "WHERE person_id IN (SELECT id FROM persons WHERE merged_into IS NOT NULL)"

STATEMENTS = (
    f"UPDATE holds SET person_id = {_WHOLE} {_OF_PARTS}",
    f"UPDATE consents SET person_id = {_WHOLE} {_OF_PARTS}",
    """UPDATE persons SET state = 'barred' WHERE id IN (
        SELECT g.merged_into FROM persons g JOIN merges m ON m.gone_id = g.id AND m.state = 'merged'
        JOIN audit a ON a.object = 'person:' || g.id AND a.action = 'person.barred' AND a.at >= m.at
        WHERE g.merged_into IS NOT NULL AND g.state = 'barred' AND NOT EXISTS(
            SELECT 1 FROM audit l WHERE l.action = 'person.unbarred' AND l.seq > a.seq
            AND l.object IN ('person:' || g.id, 'person:' || g.merged_into)))""",
)
"""SQL statements, run in one transaction."""
