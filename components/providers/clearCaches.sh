#!/bin/sh
# Deletes every key that begins with $PREFIX, on each primary of the cache, some hundred at a time: a cache answers
# nobody else while it works on one call.
# The token is only ever in the environment: arguments show in the process list.
set -eu

rest=${REDIS_URL#rediss://:}
export REDISCLI_AUTH="${rest%%@*}"
address=${rest#*@}

at() {
  host=${1%%:*}
  port=${1#*:}
  shift
  redis-cli --tls --cacert "$AUTHORITIES" -h "$host" -p "$port" "$@"
}

# In cluster mode each primary has its own keys, and a line says: id, address@bus, flags, and more.
primaries() {
  if at "$address" INFO cluster | grep -q '^cluster_enabled:1'; then
    at "$address" CLUSTER NODES | awk '$3 ~ /master/ && $3 !~ /fail|noaddr/ { sub(/@.*/, "", $2); print $2 }'
  else
    echo "$address"
  fi
}

# Keys are found and deleted by the server, so none has to be quoted on its way here and back.
script="#!lua flags=allow-cross-slot-keys
local found = redis.call('SCAN', ARGV[1], 'MATCH', ARGV[2] .. '*', 'COUNT', 200)
for _, key in ipairs(found[2]) do redis.call('UNLINK', key) end
return {found[1], #found[2]}"

deleted=0
list=$(primaries)
for primary in $list; do
  cursor=0
  while :; do
    answer=$(at "$primary" -e EVAL "$script" 0 "$cursor" "$PREFIX")
    cursor=$(echo "$answer" | sed -n 1p)
    count=$(echo "$answer" | sed -n 2p)
    case "$cursor$count" in
    '' | *[!0-9]*)
      echo "the cache at $primary answered: $answer" >&2
      exit 1
      ;;
    esac
    deleted=$((deleted + count))
    [ "$cursor" = 0 ] && break
  done
done
echo "$deleted keys that begin with $PREFIX are deleted"
