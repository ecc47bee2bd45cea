#!/bin/sh
# Run by the PostgreSQL image on its first start: the two roles of deploy/roles.sql, with the passwords from the secrets.
set -e
psql --no-psqlrc --quiet --username="$POSTGRES_USER" --dbname="$POSTGRES_DB" \
  --set=owner_password="$(cat /run/secrets/owner_password)" \
  --set=app_password="$(cat /run/secrets/app_password)" \
  --file=/deploy/roles.sql
