-- A case is read by those who were put on it and by nobody else. Until now one that nobody had been put on was everybody's:
-- it becomes that of whoever opened it, or, where that account is gone, the supervisors'. They decide who else works on it.
INSERT INTO case_people (case_id, person, added_by, added_at)
SELECT c.case_id, p.person, p.person, c.opened_at
FROM cases c JOIN people p ON p.person = c.opened_by
WHERE NOT EXISTS (SELECT 1 FROM case_people w WHERE w.case_id = c.case_id);

INSERT INTO case_people (case_id, person, added_by, added_at)
SELECT c.case_id, p.person, p.person, c.opened_at
FROM cases c JOIN people p ON p.role = 'supervisor'
WHERE NOT EXISTS (SELECT 1 FROM case_people w WHERE w.case_id = c.case_id);
