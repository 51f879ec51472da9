#!/bin/sh
# Whether a database that was brought back from a snapshot is whole. Ends with 1 and says why where it is not.
set -eu

here=$(dirname "$0")
# Everything belongs to the owner, and the administrator may act as it.
export PGOPTIONS="-c role=$OWNER"

psql --no-psqlrc --quiet --no-align --tuples-only --file="$here/recoveryCheck.sql"

# Reads what no query would: pages that nobody asks for, and whether each index fits its table.
may="SELECT bool_and(has_function_privilege(oid, 'EXECUTE')) FROM pg_proc
      WHERE proname IN ('bt_index_check', 'verify_heapam')"
if command -v pg_amcheck >/dev/null &&
  [ "$(psql --no-psqlrc --quiet --no-align --tuples-only --command="$may")" = t ]; then
  pg_amcheck --database="$PGDATABASE" --heapallindexed
  echo "every page and index is whole (pg_amcheck)"
else
  echo "pages and indexes were not read one by one: the extension amcheck is not there, or not open to $OWNER"
fi
echo "the database on $PGHOST is whole"
