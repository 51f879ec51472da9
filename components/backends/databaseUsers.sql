-- The roles of the services' database. Run by the administrator, as often as wanted.
--
-- One role owns everything and logs in nowhere. Two users take turns in logging in, as AWS's rotation for
-- alternating users has it; each acts as the owner from its first statement on, so that what one of them
-- makes, the other may alter. The second one is made here as well, without a password and so without a way
-- in: made by the rotation, it would own its own tables.

\set ON_ERROR_STOP on
\set VERBOSITY terse
\getenv owner OWNER
\getenv first DATABASE_USER
\getenv second DATABASE_USER_CLONE

SET client_min_messages = warning;
BEGIN;

SELECT format('CREATE ROLE %I %s', wanted.name, wanted.login)
  FROM (VALUES (:'owner', 'NOLOGIN'), (:'first', 'LOGIN'), (:'second', 'LOGIN')) AS wanted (name, login)
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted.name)
\gexec

GRANT :"owner" TO :"first", :"second";
ALTER ROLE :"first" SET role TO :"owner";
ALTER ROLE :"second" SET role TO :"owner";

REVOKE ALL ON DATABASE :"DBNAME" FROM PUBLIC;
GRANT CONNECT, CREATE, TEMPORARY ON DATABASE :"DBNAME" TO :"owner";
GRANT USAGE, CREATE ON SCHEMA public TO :"owner";

-- What a user makes while it acts for itself is open to the owner all the same. Default privileges of
-- another role can be set only by its members.
GRANT :"first", :"second" TO CURRENT_USER;
ALTER DEFAULT PRIVILEGES FOR ROLE :"first", :"second" GRANT ALL ON TABLES TO :"owner";
ALTER DEFAULT PRIVILEGES FOR ROLE :"first", :"second" GRANT ALL ON SEQUENCES TO :"owner";
ALTER DEFAULT PRIVILEGES FOR ROLE :"first", :"second" GRANT ALL ON ROUTINES TO :"owner";
ALTER DEFAULT PRIVILEGES FOR ROLE :"first", :"second" GRANT ALL ON TYPES TO :"owner";
ALTER DEFAULT PRIVILEGES FOR ROLE :"first", :"second" GRANT ALL ON SCHEMAS TO :"owner";

COMMIT;
