"""A register's own API after SS 12000:2020 as a source (design.md section 10, facts in its sources)."""
