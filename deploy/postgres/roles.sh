#!/bin/sh
# Run once, by the image of PostgreSQL, when its data directory is empty: the two roles, and the database that one of them owns.
# Elsewhere, do by hand what it does.
set -eu

psql --username "$POSTGRES_USER" --dbname postgres --set ON_ERROR_STOP=1 \
  --set owner_password="$(cat "$OWNER_PASSWORD_FILE")" --set app_password="$(cat "$APP_PASSWORD_FILE")" <<'SQL'
CREATE ROLE practices_owner LOGIN PASSWORD :'owner_password';
CREATE ROLE practices_app LOGIN PASSWORD :'app_password';
CREATE DATABASE practices OWNER practices_owner;
-- As each connection asks for by itself; a pooler in between may leave that out, and /readyz says so then.
ALTER ROLE practices_app SET statement_timeout = '15s';
ALTER ROLE practices_app SET lock_timeout = '5s';
ALTER ROLE practices_app SET idle_in_transaction_session_timeout = '60s';
ALTER ROLE practices_app SET join_collapse_limit = 4;
-- Nobody else makes even temporary tables in it.
REVOKE TEMPORARY ON DATABASE practices FROM PUBLIC;
SQL
