-- Two roles: one that owns the tables and migrates, one that the app runs as and that owns nothing.
-- Run once by a superuser in the app's own, empty database, before the first migration or a restore:
--   psql --dbname=pejlemaerker --set=owner_password=… --set=app_password=… --file=deploy/roles.sql
-- The app's role may read, insert, change and delete rows; what may not be changed or deleted is kept by triggers, which
-- it can neither drop nor switch off. It can empty no table at once, and make none.
\set ON_ERROR_STOP on

CREATE ROLE pejlemaerker_owner LOGIN PASSWORD :'owner_password';
CREATE ROLE pejlemaerker_app LOGIN PASSWORD :'app_password';

SELECT format('ALTER DATABASE %I OWNER TO pejlemaerker_owner', current_database()) \gexec
SELECT format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database()) \gexec
SELECT format('GRANT CONNECT, TEMPORARY ON DATABASE %I TO pejlemaerker_app', current_database()) \gexec

ALTER SCHEMA public OWNER TO pejlemaerker_owner;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO pejlemaerker_app;

-- What the owner makes from now on, by migrating or by restoring a backup, is the app's to use.
ALTER DEFAULT PRIVILEGES FOR ROLE pejlemaerker_owner IN SCHEMA public
  GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO pejlemaerker_app;
ALTER DEFAULT PRIVILEGES FOR ROLE pejlemaerker_owner IN SCHEMA public
  GRANT USAGE, SELECT ON SEQUENCES TO pejlemaerker_app;
