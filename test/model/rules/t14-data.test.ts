import assert from "node:assert/strict";
import { BACKENDS, type Backends } from "../../../model/backends";
import { judge } from "../../../model/transition";
import { recorded, refusedBy, release, transition } from "../fixtures";

type Changes = { readonly [Part in keyof Backends]?: Partial<Backends[Part]> };

const PROD = BACKENDS.prod;
const backends = ({ database, cache, vectorStore }: Changes, base = PROD): Backends => ({
  database: { ...base.database, ...database },
  cache: { ...base.cache, ...cache },
  vectorStore: { ...base.vectorStore, ...vectorStore },
});

/** A change of backends, and nothing else. */
const change = (after: Changes, before: Changes = {}) =>
  transition(
    recorded(release(10), { platform: { kubernetes: "1.35", backends: backends(before) } }),
    release(10),
    { platform: { kubernetes: "1.35", backends: backends(after, backends(before)) } },
  );

describe("T14, backends that lose what they hold", () => {
  it("refuses storage that is smaller by one GiB, and permits more", () => {
    const { storageGb } = PROD.database;
    assert.deepEqual(refusedBy(change({ database: { storageGb: storageGb - 1 } })), ["T14"]);
    assert.deepEqual(refusedBy(change({ database: { storageGb } })), []);
    assert.deepEqual(refusedBy(change({ database: { storageGb: storageGb + 1 } })), []);
    const { storageGb: volume } = PROD.vectorStore;
    assert.deepEqual(refusedBy(change({ vectorStore: { storageGb: volume - 1 } })), ["T14"]);
    assert.deepEqual(refusedBy(change({ vectorStore: { storageGb: volume + 1 } })), []);
  });

  it("refuses cluster mode where there is none, and none where it is, and permits any number of shards in it", () => {
    assert.deepEqual(refusedBy(change({ cache: { shards: 0 } })), ["T14"]);
    assert.deepEqual(refusedBy(change({ cache: { shards: 1 } })), []);
    assert.deepEqual(refusedBy(change({ cache: { shards: 3 } })), []);
    assert.deepEqual(refusedBy(change({ cache: { shards: 1 } }, { cache: { shards: 0 } })), ["T14"]);
  });

  it("refuses one node of the vector store less, and permits one more", () => {
    const { replicas } = PROD.vectorStore;
    assert.deepEqual(refusedBy(change({ vectorStore: { replicas: replicas - 1 } })), ["T14"]);
    assert.deepEqual(refusedBy(change({ vectorStore: { replicas: replicas + 1 } })), []);
  });

  it("refuses to end a cache's snapshots, and permits to keep them for a day", () => {
    assert.deepEqual(refusedBy(change({ cache: { snapshotDays: 0 } })), ["T14"]);
    assert.deepEqual(refusedBy(change({ cache: { snapshotDays: 1 } })), []);
    assert.deepEqual(refusedBy(change({ cache: { snapshotDays: 1 } }, { cache: { snapshotDays: 0 } })), []);
  });

  it("leaves what changes in place alone: classes, copies and ceilings", () => {
    const smaller = {
      database: { instanceClass: "db.t4g.medium", readReplicas: 0, multiAz: false, maxStorageGb: 200 },
      cache: { nodeType: "cache.t4g.small", replicas: 1 },
      vectorStore: { cpu: "100m", memory: "1Gi", snapshotDays: 1 },
    };
    assert.deepEqual(refusedBy(change(smaller)), []);
  });

  it("says what would happen, keeps the value and names what to do instead", () => {
    const [violation] = judge(change({ vectorStore: { replicas: 1 } }));
    assert.equal(violation?.where, "sluice:backends.vectorStore.replicas");
    assert.equal(violation.found, "3 → 1");
    assert.equal(violation.limit, "3 nodes at least");
    assert.equal(violation.remedy, "pulumi config set --path 'sluice:backends.vectorStore.replicas' 3");
    assert.match(violation.message, /every shard that is on them alone.*Qdrant's cluster API; then answer/);
    assert.match(violation.message, /in your name \(sluice:overrides\)/);
    const limits = [
      change({ cache: { shards: 0 } }),
      change({ cache: { shards: 2 } }, { cache: { shards: 0 } }),
    ];
    assert.deepEqual(
      limits.map((asked) => judge(asked)[0]?.limit),
      ["1 at least, cluster mode on", "0, cluster mode off"],
    );
  });

  it("reports each value by itself, whatever somebody answers for elsewhere", () => {
    const leave = { rule: "T1", by: "ada", reason: "hotfix", expires: "2026-03-01T12:00:00Z" };
    const asked = change({ database: { storageGb: 20 }, vectorStore: { storageGb: 20 } });
    const found = judge({ ...asked, overrides: [leave] });
    assert.deepEqual(
      found.map(({ where }) => where),
      ["sluice:backends.database.storageGb", "sluice:backends.vectorStore.storageGb"],
    );
  });

  it("judges nothing that was not recorded, or is not told", () => {
    const asked = change({ database: { storageGb: 20 } });
    const { platform: _, ...older } = asked.from!;
    assert.deepEqual(refusedBy({ ...asked, from: older }), []);
    const { platform: __, ...untold } = asked;
    assert.deepEqual(refusedBy(untold), []);
  });

  it("is asked about a retreat too, for going back brings no data back", () => {
    const storageGb = PROD.database.storageGb - 1;
    const asked = { ...change({ database: { storageGb } }), to: release(0) };
    assert.deepEqual(refusedBy(asked), ["T14"]);
    assert.deepEqual(refusedBy({ ...change({}), to: release(0) }), []);
  });
});
