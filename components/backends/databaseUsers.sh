#!/bin/sh
# Makes the roles, then gives the current user its password, then proves that the services can log in.
# A password is only ever in the environment: arguments show in the process list, statements in logs.
set -eu

here=$(dirname "$0")

case "$APP_USERNAME" in
"$DATABASE_USER" | "$DATABASE_USER_CLONE") ;;
*)
  echo "the secret names the user $APP_USERNAME; only $DATABASE_USER and $DATABASE_USER_CLONE are known" >&2
  exit 1
  ;;
esac

psql --no-psqlrc --quiet --file="$here/databaseUsers.sql"

# \password hashes here, so that the server never sees the password itself. It asks twice.
printf '%s\n%s\n' "$APP_PASSWORD" "$APP_PASSWORD" |
  psql --no-psqlrc --quiet --set=ON_ERROR_STOP=on --command="\\password $APP_USERNAME"

role=$(PGUSER=$APP_USERNAME PGPASSWORD=$APP_PASSWORD \
  psql --no-psqlrc --quiet --no-align --tuples-only --command='SELECT current_role')
if [ "$role" != "$OWNER" ]; then
  echo "$APP_USERNAME acts as $role and not as $OWNER" >&2
  exit 1
fi
echo "$APP_USERNAME logs in and acts as $OWNER"
