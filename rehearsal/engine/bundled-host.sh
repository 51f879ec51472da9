#!/bin/sh
# The engine wants its language host beside it, or it warns at every update. This one stands beside an engine that
# several checkouts share, and hands over to the next on PATH, which the project at hand brings.
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd -P)
IFS=:
passed=
for folder in $PATH; do
  # A PATH may name this folder more than once.
  if [ "$(CDPATH= cd -- "$folder" 2>/dev/null && pwd -P)" = "$here" ]; then
    passed=yes
  elif [ -n "$passed" ] && [ -x "$folder/pulumi-language-nodejs" ]; then
    exec "$folder/pulumi-language-nodejs" "$@"
  fi
done
echo "pulumi-language-nodejs: no language host follows $here on PATH; add <project>/rehearsal/engine/bin after it" >&2
exit 1
