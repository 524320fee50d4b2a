"""Pre-flight rules, and the explanations of Skolverket's codes.

The entry points: `explanations.explain` for what Skolverket answers; `persons.check_person`, `duties.check_duty`,
`groups.check_group` and `activities.check_activity` for what is to be sent; the functions of `cross_object` for what
shows when it is seen together; and `finished_payloads.check_payload` for the record itself. They are pure functions:
records and a catalogue in, findings out. Only `catalogue_snapshot.catalogue_snapshot` reads the database.

A code is that of the rule in Skolverket's documents as we number them (P person, E enrolment, D duty, G group,
A activity, T transport, N what has been seen in the field). G10 (a group without pupils) is ours alone.
"""
