"""Rows from before: since when the app keeps them, where they stand, and which steps are the same in two plans."""

from django.db import migrations

# A set has been kept here since its first wording was written down; a pejlemærke as long as its set.
KEPT_SINCE = """
UPDATE pejlemaerker_goalset s SET kept_since = first.day
  FROM (SELECT g.goal_set_id, MIN(v.recorded_at AT TIME ZONE 'Europe/Copenhagen')::date AS day
          FROM pejlemaerker_goalversion v JOIN pejlemaerker_goal g ON g.id = v.goal_id GROUP BY 1) first
 WHERE first.goal_set_id = s.id;
UPDATE pejlemaerker_goal g SET kept_since = s.kept_since FROM pejlemaerker_goalset s WHERE s.id = g.goal_set_id;
"""

PLACES = """
INSERT INTO pejlemaerker_placement (goal_id, goal_set_id, number, reason, recorded_at)
SELECT id, goal_set_id, number, '', kept_since FROM pejlemaerker_goal
 WHERE NOT EXISTS (SELECT 1 FROM pejlemaerker_placement p WHERE p.goal_id = pejlemaerker_goal.id);
"""

# Until now a step was known again by its set, kind and name. What is added tells no new fact, so the rows may be written
# once here although they are facts.
TRAILS = """
ALTER TABLE pejlemaerker_followupstep DISABLE TRIGGER USER;
UPDATE pejlemaerker_followupstep s SET trail = known.trail
  FROM (SELECT step.id,
               md5(concat_ws('/', plan.goal_set_id, step.kind, step.title,
                   row_number() OVER (PARTITION BY plan.id, step.kind, step.title ORDER BY step.position)))::uuid AS trail
          FROM pejlemaerker_followupstep step JOIN pejlemaerker_followupplan plan ON plan.id = step.plan_id) known
 WHERE known.id = s.id;
ALTER TABLE pejlemaerker_followupstep ENABLE TRIGGER USER;
"""

SUMMARIES = """
INSERT INTO pejlemaerker_dialoguesummary (dialogue_id, text, recorded_at, recorded_by_id)
SELECT id, public_summary, edited_at, edited_by_id FROM pejlemaerker_dialogue WHERE public_summary <> '';
"""


class Migration(migrations.Migration):
    dependencies = [("pejlemaerker", "0003_a_goal_through_its_period")]

    operations = [migrations.RunSQL(sql, migrations.RunSQL.noop) for sql in (KEPT_SINCE, PLACES, TRAILS, SUMMARIES)]
