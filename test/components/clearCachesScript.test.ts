import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const SCRIPT = join(__dirname, "../../components/providers/clearCaches.sh");
const TOKEN = "letters123";

/**
 * Stands in for `redis-cli`: notes its arguments, and answers as a cache of `$PRIMARIES` addresses does that has a
 * cursor for each of `$ROUNDS` rounds with three keys each; more than one primary is cluster mode.
 */
const REDIS = `#!/bin/sh
printf '%s\\n' "$*" >>"$LOG"
[ "$REDISCLI_AUTH" = ${TOKEN} ] || { echo "WRONGPASS" >&2; exit 1; }
case "$*" in
*"INFO cluster"*) [ "$(echo $PRIMARIES | wc -w)" -gt 1 ] && printf 'cluster_enabled:1\\r\\n' || printf 'cluster_enabled:0\\r\\n' ;;
*"CLUSTER NODES"*)
  for one in $PRIMARIES; do echo "id $one@16379,name master - 0 0 1 connected 0-1"; done
  echo "id2 10.0.0.9:6379@16379,name slave id 0 0 1 connected"
  echo "id3 10.0.0.8:6379@16379,name master,fail - 0 0 1 disconnected" ;;
*EVAL*)
  [ -z "$BROKEN" ] || { echo "$BROKEN"; exit 0; }
  for last; do before=$cursor; cursor=$last; done
  next=$((before + 1)); [ "$next" -ge "$ROUNDS" ] && next=0
  printf '%s\\n3\\n' "$next" ;;
esac
`;

function run(env: Record<string, string>) {
  const dir = mkdtempSync(join(tmpdir(), "sluice-clear-"));
  const log = join(dir, "log");
  writeFileSync(log, "");
  writeFileSync(join(dir, "redis-cli"), REDIS);
  chmodSync(join(dir, "redis-cli"), 0o755);
  const { status, stdout, stderr } = spawnSync("sh", [SCRIPT], {
    encoding: "utf8",
    env: {
      PATH: `${dir}:${process.env["PATH"] ?? ""}`,
      REDIS_URL: `rediss://:${TOKEN}@cache.example.com:6379`,
      ...{ LOG: log, PREFIX: "green:", AUTHORITIES: "/etc/authorities.pem", ROUNDS: "1", PRIMARIES: "one:1" },
      ...env,
    },
  });
  const calls = readFileSync(log, "utf8");
  rmSync(dir, { recursive: true, force: true });
  return { status, stdout, stderr, calls };
}

describe("clearCaches.sh", () => {
  it("deletes by rounds until the cursor is back, and tells how many", () => {
    const { status, stdout, calls } = run({ ROUNDS: "4" });
    assert.deepEqual([status, stdout], [0, "12 keys that begin with green: are deleted\n"]);
    const cursors = [...calls.matchAll(/ 0 (\d+) green:$/gm)].map(([, cursor]) => cursor);
    assert.deepEqual(cursors, ["0", "1", "2", "3"]);
    assert.match(calls, /-h cache\.example\.com -p 6379 /);
  });

  it("visits each primary of a cluster, and no replica nor one that failed", () => {
    const { status, stdout, calls } = run({ PRIMARIES: "10.0.0.1:6379 10.0.0.2:6379" });
    assert.deepEqual([status, stdout], [0, "6 keys that begin with green: are deleted\n"]);
    const visited = [...calls.matchAll(/-h (\S+) -p 6379 -e EVAL/g)].map(([, host]) => host);
    assert.deepEqual(visited, ["10.0.0.1", "10.0.0.2"]);
  });

  it("speaks TLS, verifies whom it speaks to, and shows the token to no list of processes", () => {
    const { calls } = run({});
    for (const line of calls.split("\n").filter((one) => one.startsWith("--"))) {
      assert.match(line, /^--tls --cacert \/etc\/authorities\.pem -h /);
    }
    assert.ok(!calls.includes(TOKEN));
  });

  it("fails where the cache refuses, or answers anything but a cursor and a count", () => {
    assert.notEqual(run({ REDIS_URL: "rediss://:wrong@cache.example.com:6379" }).status, 0);
    const { status, stderr } = run({ BROKEN: "LOADING Redis is loading" });
    assert.equal(status, 1);
    assert.match(stderr, /answered: LOADING/);
  });
});
