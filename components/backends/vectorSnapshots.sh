#!/bin/sh
# Takes a snapshot of every collection on every Qdrant node, and brings it to S3. A snapshot has what one node
# holds, so every node is asked; the job fails when one of them failed, after the others were tried.
#
# NODES        name=url of each node, separated by spaces
# HEADER_FILE  a file with the header line that carries the API key
# BUCKET, PREFIX  where in S3
# SCRATCH      a folder with room for the largest snapshot
#
# Responses are read with grep and not parsed: the image has no tool for JSON, and Qdrant permits neither
# quotes nor backslashes in the name of a collection.
set -u
failures=0
taken_at=$(date -u +%Y-%m-%dT%H-%M-%SZ)

complain() {
  failures=$((failures + 1))
  echo "FAILED: $*" >&2
}

# The key is in a file: whoever lists processes sees its name, not its content.
qdrant() {
  curl --silent --show-error --fail --connect-timeout 10 --max-time 3600 --header "@$HEADER_FILE" "$@"
}

# The strings that go by this name in a response, one a line.
strings() {
  grep -o "\"$1\":\"[^\"]*\"" | cut -d '"' -f 4
}

encoded() {
  printf %s "$1" | od -An -v -tx1 | tr -d ' \n' | sed 's/../%&/g'
}

# Leaves the snapshot in S3 and nothing on the node, or says what went wrong.
save() {
  node=$1 url=$2 collection=$3
  snapshots=$url/collections/$(encoded "$collection")/snapshots
  if ! qdrant --request POST "$snapshots?wait=true" >"$SCRATCH/created"; then
    complain "$node: no snapshot of $collection was taken"
    return
  fi
  snapshot=$(strings name <"$SCRATCH/created")
  checksum=$(strings checksum <"$SCRATCH/created")
  if [ -z "$snapshot" ]; then
    complain "$node: the snapshot of $collection has no name in $(cat "$SCRATCH/created")"
    return
  fi
  if ! qdrant --output "$SCRATCH/snapshot" "$snapshots/$(encoded "$snapshot")"; then
    complain "$node: $snapshot could not be downloaded"
  elif [ -n "$checksum" ] && [ "$(sha256sum <"$SCRATCH/snapshot" | cut -d ' ' -f 1)" != "$checksum" ]; then
    complain "$node: $snapshot arrived damaged, its SHA-256 is not $checksum"
  elif ! aws s3 cp --only-show-errors "$SCRATCH/snapshot" \
    "s3://$BUCKET/$PREFIX/$taken_at/$node/$collection/$snapshot"; then
    complain "$node: $snapshot could not be uploaded"
  else
    echo "$node: $snapshot is in s3://$BUCKET/$PREFIX/$taken_at/$node/$collection"
  fi
  rm -f "$SCRATCH/snapshot"
  # Whatever became of it, it must not fill the node's volume.
  if ! qdrant --request DELETE "$snapshots/$(encoded "$snapshot")?wait=true" >"$SCRATCH/deleted"; then
    complain "$node: $snapshot is still on the node"
  fi
}

for entry in $NODES; do
  node=${entry%%=*} url=${entry#*=}
  if ! qdrant "$url/collections" >"$SCRATCH/answer" || ! grep -q '"collections":\[' "$SCRATCH/answer"; then
    complain "$node: its collections could not be listed at $url"
    continue
  fi
  strings name <"$SCRATCH/answer" >"$SCRATCH/collections"
  while IFS= read -r collection; do
    save "$node" "$url" "$collection"
  done <"$SCRATCH/collections"
done

if [ "$failures" -gt 0 ]; then
  echo "$failures of the steps failed; what is named above has no snapshot of today" >&2
  exit 1
fi
