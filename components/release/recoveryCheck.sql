-- Whether every table can be read, whether what must hold of the rows holds, and whether the schema is at
-- one revision. The first that is wrong ends it.

\set ON_ERROR_STOP on
\set VERBOSITY terse
\getenv revision REVISION
SELECT set_config('sluice.revision', :'revision', false) \g /dev/null
SET client_min_messages = notice;

DO $$
DECLARE
  one record;
  rows bigint;
  tables integer := 0;
  wrong text;
  expected text := current_setting('sluice.revision');
BEGIN
  FOR one IN
    SELECT schemaname AS space, tablename AS name
      FROM pg_tables
     WHERE schemaname NOT IN ('pg_catalog', 'information_schema')
     ORDER BY 1, 2
  LOOP
    -- A row as text is a row with every value read, those that are kept apart for their length as well.
    EXECUTE format('SELECT count(whole::text) FROM %I.%I AS whole', one.space, one.name) INTO rows;
    RAISE NOTICE '%.%: % rows', one.space, one.name, rows;
    tables := tables + 1;
  END LOOP;
  IF tables = 0 THEN
    RAISE EXCEPTION 'there is no table that this user sees';
  END IF;

  SELECT string_agg(format('%s on %s', conname, conrelid::regclass), ', ') INTO wrong
    FROM pg_constraint WHERE NOT convalidated;
  IF wrong IS NOT NULL THEN
    RAISE EXCEPTION 'constraints that were never validated: %', wrong;
  END IF;

  SELECT string_agg(indexrelid::regclass::text, ', ') INTO wrong
    FROM pg_index WHERE NOT indisvalid;
  IF wrong IS NOT NULL THEN
    RAISE EXCEPTION 'indexes that are not valid: %', wrong;
  END IF;

  IF to_regclass('alembic_version') IS NULL THEN
    IF expected <> '' THEN
      RAISE EXCEPTION 'there is no table alembic_version; revision % was expected', expected;
    END IF;
    RAISE NOTICE 'there is no table alembic_version, so the revision is not known';
  ELSE
    SELECT count(*), min(version_num) INTO rows, wrong FROM alembic_version;
    IF rows <> 1 THEN
      RAISE EXCEPTION 'alembic_version has % rows; one was expected', rows;
    END IF;
    IF expected <> '' AND wrong <> expected THEN
      RAISE EXCEPTION 'the schema is at revision %; % was expected', wrong, expected;
    END IF;
    RAISE NOTICE 'the schema is at revision %', wrong;
  END IF;
END
$$;
