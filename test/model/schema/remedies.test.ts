import assert from "node:assert/strict";
import { configuration } from "../fixtures";
import { type Changes, changed, faultsOf } from "../raw";
import { slotOf } from "../../../model/priorities";
import { mend } from "./pulumiConfig";

const ZONE = { zoneId: "Z08345671ABCDEFGHIJKL", domain: "example.com", certificateArn: undefined };
const ROLE = "arn:aws:iam::123456789012:role/team";
const RUNNERS = {
  repository: "https://github.com/owner/name",
  connectionArn:
    "arn:aws:codeconnections:us-east-1:123456789012:connection/0b7c9a52-3f1e-4c36-9d2b-7a4e8f60c1d3",
};
const MIGRATION = { revision: "5f1c2a", phase: "expand", serves: "2.3.1" };
const storage = (settings: unknown): Changes => ({ services: { storage: settings } });
const green = (manifest: unknown): Changes => ({ release: { green: manifest } });
const migrating = (changes: object): Changes =>
  green({ version: "2.4.0", migration: { ...MIGRATION, ...changes } });
const backend = (part: string, settings: unknown): Changes => ({ backends: { [part]: settings } });
/** With the longest label of the defaults, five letters, exactly as long as a host name may be: 253 characters. */
const LONG_DOMAIN = [63, 63, 63, 55].map((length) => "a".repeat(length)).join(".");
const extra = (count: number) =>
  Object.fromEntries(
    Array.from({ length: count }, (_, i) => [`extra-${i}`, { public: { path: `/e${i}`, slot: i } }]),
  );

/**
 * Good configuration with one thing wrong in it, and where that is; and how many commands mend it, where what was
 * mended shows another fault: an element that goes can leave an empty list. Default: one.
 */
const WRONG: readonly (readonly [Changes, path: string, commands?: number])[] = [
  [{ app: "Voice Assist" }, "app"],
  [{ app: undefined }, "app"],
  [{ environment: "production" }, "environment"],
  [{ environment: undefined }, "environment"],
  [{ registry: "https://registry.example.com" }, "registry"],
  [{ registry: undefined }, "registry"],
  [{ registry: ["registry.example.com"] }, "registry"],
  [{ repositories: "yes" }, "repositories"],
  [{ domain: "Example" }, "domain"],
  [{ previewSources: "203.0.113.0/24" }, "previewSources"],
  [{ previewSources: [] }, "previewSources"],
  [{ previewSources: ["203.0.113.0/24", "everybody"] }, "previewSources[1]"],
  [{ apiSources: {} }, "apiSources"],
  [{ apiSources: ["203.0.113.0/33"] }, "apiSources[0]", 2],
  [
    { previewSources: ["203.0.113.0/24", "203.0.113.0/25", "203.0.113.0/26", "203.0.113.0/27"] },
    "previewSources",
  ],
  [{ regoin: "us-east-1" }, "regoin"],
  [{ "re.goin": "us-east-1" }, '"re.goin"'],
  [{ access: [] }, "access"],
  [{ access: { admins: "team" } }, "access.admins"],
  [{ access: { admins: Array.from({ length: 22 }, () => ROLE) } }, "access.admins"],
  [{ access: { deployers: ["team"] } }, "access.deployers[0]"],
  [{ runners: { ...RUNNERS, actors: ["octocat"] } }, "runners.actors[0]", 2],
  [{ runners: { ...RUNNERS, actors: "1296269" } }, "runners.actors"],
  [{ access: { readers: [] } }, "access.readers"],
  [{ bakedIn: "stagign" }, "bakedIn"],
  [{ delivery: {} }, "delivery.repository"],
  [{ delivery: { repository: "owner" } }, "delivery.repository"],
  [{ delivery: { repository: "owner/name", ownerId: "1" } }, "delivery.repositoryId"],
  [{ delivery: { repository: "owner/name", provider: "github" } }, "delivery.provider"],
  [{ limits: { step: 0 } }, "limits.step"],
  [{ limits: { step: "many" } }, "limits.step"],
  [{ limits: { steps: [10, 50, 100] } }, "limits.steps"],
  [{ plan: "hotfx" }, "plan"],
  [{ plan: { steps: [{ share: 50 }, { share: 10 }, { share: 100 }] } }, "plan.steps"],
  [{ plan: { steps: [{ share: 10, bake: "1 day" }, { share: 100 }] } }, "plan.steps[0].bake"],
  [{ plan: { name: "hotfix", steps: [{ share: 100 }] } }, "plan.name"],
  [{ validation: 40 }, "validation"],
  [{ validation: { request: 40 } }, "validation.request"],
  [{ validation: { requests: 500 } }, "validation.requests"],
  [{ validation: { seconds: "3s" } }, "validation.seconds"],
  [{ validation: { successPercent: 100 } }, "validation.successPercent"],
  [{ validation: { paths: ["/status"] } }, "validation.paths"],
  [{ validation: { paths: { storage: ["/status"] } } }, "validation.paths.storage"],
  [{ validation: { paths: { "api-gateway": "/status" } } }, "validation.paths.api-gateway"],
  [{ validation: { paths: { "api-gateway": ["status"] } } }, "validation.paths.api-gateway[0]"],
  [
    { validation: { paths: { "api-gateway": [{ path: "/me", status: 99 }] } } },
    "validation.paths.api-gateway[0].status",
  ],
  [{ validation: { paths: { "api-gateway": [{ status: 200 }] } } }, "validation.paths.api-gateway[0].path"],
  [{ recovery: { downgrade: { colour: "gren", to: "4e0b19" } } }, "recovery.downgrade.colour"],
  [{ recovery: { restore: { snapshot: "1st" } } }, "recovery.restore.snapshot"],
  [{ recovery: { undo: true } }, "recovery.undo"],
  [{ notifications: "all" }, "notifications"],
  [{ notifications: { slak: "/sluice/a/prod/slack" } }, "notifications.slak"],
  [{ notifications: { slack: "https://hooks.slack.com/services/T0/B0/x" } }, "notifications.slack"],
  [{ notifications: { slack: "a webhook" } }, "notifications.slack"],
  [{ notifications: { sns: "releases" } }, "notifications.sns"],
  [{ notifications: { on: ["rolback"] } }, "notifications.on[0]"],
  [{ notifications: { on: [] } }, "notifications.on"],
  [{ slo: { availability: 90 } }, "slo.availability"],
  [{ slo: { services: { storage: { p95: 3 } } } }, "slo.services.storage.p95"],
  [{ slo: { services: { nobody: {} } } }, "slo.services.nobody"],
  [{ monitoring: { level: "ful" } }, "monitoring.level"],
  [{ monitoring: { level: "full", prometheus: "managed" } }, "monitoring.grafana"],
  [{ monitoring: { receivers: { page: { sns: "pages" } } } }, "monitoring.receivers.page.sns", 2],
  [{ backends: [] }, "backends"],
  [backend("databse", {}), "backends.databse"],
  [backend("database", 5), "backends.database"],
  [backend("database", { instanceClass: "m7g.large" }), "backends.database.instanceClass"],
  [backend("database", { storageGb: 19 }), "backends.database.storageGb"],
  [backend("database", { storageGb: 1_001 }), "backends.database.maxStorageGb"],
  [backend("database", { multiAz: "both" }), "backends.database.multiAz"],
  [backend("database", { readReplicas: 16 }), "backends.database.readReplicas"],
  [backend("database", { backupDays: 36 }), "backends.database.backupDays"],
  [backend("cache", { nodeType: "m7g.large" }), "backends.cache.nodeType"],
  [backend("cache", { shards: 91 }), "backends.cache.shards"],
  [backend("cache", { shards: 1, replicas: 0 }), "backends.cache.replicas"],
  [backend("cache", { shards: 31, replicas: 2 }), "backends.cache.shards"],
  [backend("cache", { snapshotDays: 36 }), "backends.cache.snapshotDays"],
  [backend("vectorStore", { replicas: 2 }), "backends.vectorStore.replicas"],
  [backend("vectorStore", { storageGb: 9 }), "backends.vectorStore.storageGb"],
  [backend("vectorStore", { cpu: "two" }), "backends.vectorStore.cpu"],
  [backend("vectorStore", { memory: "1GB" }), "backends.vectorStore.memory"],
  [backend("vectorStore", { snapshotDays: 0 }), "backends.vectorStore.snapshotDays"],
  [{ services: "all" }, "services"],
  [{ services: { nobody: null } }, "services.nobody"],
  [{ services: { Billing: {} } }, "services.Billing"],
  [{ services: { "storage-green": {} } }, "services.storage-green"],
  [{ services: extra(31) }, "services"],
  [storage([]), "services.storage"],
  [storage({ kind: "htttp" }), "services.storage.kind"],
  [storage({ kind: "worker", public: { path: "/files" } }), "services.storage.kind"],
  [storage({ image: "Storage" }), "services.storage.image"],
  [storage({ port: 65_536 }), "services.storage.port"],
  [storage({ port: "http" }), "services.storage.port"],
  [storage({ replicas: 0 }), "services.storage.replicas"],
  [storage({ replicas: 5, maxReplicas: 4 }), "services.storage.maxReplicas"],
  [storage({ cpu: { m: 1 } }), "services.storage.cpu"],
  [storage({ memory: ["1Gi"] }), "services.storage.memory"],
  [storage({ memory: 512 }), "services.storage.memory"],
  [storage({ health: "/health" }), "services.storage.health"],
  [storage({ health: { liveness: "health" } }), "services.storage.health.liveness"],
  [storage({ health: { readiness: 1 } }), "services.storage.health.readiness"],
  [storage({ health: { startup: "" } }), "services.storage.health.startup"],
  [storage({ health: { checks: "/db" } }), "services.storage.health.checks"],
  [storage({ health: { checks: ["/db", "redis"] } }), "services.storage.health.checks[1]"],
  [storage({ public: { host: "files" } }), "services.storage.public.path"],
  [{ domain: "example.com", ...storage({ public: { slot: 1 } }) }, "services.storage.public.host"],
  [storage({ public: { path: "/api" } }), "services.storage.public.path"],
  [{ domain: "example.com", ...storage({ public: { host: "api" } }) }, "services.storage.public.host"],
  [storage({ public: { path: "/files", slot: -1 } }), "services.storage.public.slot"],
  [storage({ public: { path: "files" } }), "services.storage.public.path", 2],
  [storage({ public: { path: "/files", slot: slotOf("api-gateway") } }), "services.storage.public.slot"],
  [
    storage({ public: { path: "/api/files", slot: slotOf("api-gateway") + 1 } }),
    "services.storage.public.slot",
  ],
  [
    {
      services: { "api-gateway": { public: { slot: 0 } }, storage: { public: { path: "/files", slot: 0 } } },
    },
    "services.storage.public.slot",
  ],
  [{ domain: LONG_DOMAIN, ...storage({ public: { host: "longer" } }) }, "services.storage.public.host"],
  [{ release: { traffic: { blue: 90, green: 11 } } }, "release.traffic"],
  [{ release: { strategy: "rolling", traffic: { blue: 90, green: 10 } } }, "release.strategy"],
  [
    {
      release: {
        strategy: "rolling",
        live: "green",
        green: { version: "2" },
        traffic: { blue: 1, green: 99 },
      },
    },
    "release.strategy",
  ],
  [{ release: { live: "green" } }, "release.green.version"],
  [{ release: { live: "gren" } }, "release.live", 2],
  [{ release: { capacity: { green: 301 } } }, "release.capacity.green", 6],
  [{ release: { capacity: { green: 0 } } }, "release.capacity.green"],
  [{ release: { capacity: 5 } }, "release.capacity"],
  [{ release: { green: "2.4.0" } }, "release.green"],
  [green({ version: "latest" }), "release.green.version"],
  [green({ version: 2 }), "release.green.version"],
  [green({ version: "2", images: { storage: "a/b" } }), "release.green.images.storage"],
  [green({ version: "2", images: { storage: {} } }), "release.green.images.storage"],
  [green({ version: "2", images: [] }), "release.green.images"],
  [green({ version: "2", images: "a/b:1" }), "release.green.images"],
  [green({ version: "2", images: { nobody: "a/b:1" } }), "release.green.images.nobody"],
  [green({ version: "2", services: [] }), "release.green.services"],
  [green({ version: "2", services: ["storage", "storage"] }), "release.green.services[1]"],
  [green({ version: "2", services: ["storag"] }), "release.green.services[0]", 2],
  [green({ version: "2", settings: { "1ST": "x" } }), 'release.green.settings["1ST"]'],
  [green({ version: "2", settings: { RATE: 1.5 } }), "release.green.settings.RATE"],
  [green({ migration: MIGRATION }), "release.green.version"],
  [green({ version: "build-7", migration: MIGRATION }), "release.green.version"],
  [migrating({ revision: "head" }), "release.green.migration.revision"],
  [migrating({ phase: "extend" }), "release.green.migration.phase"],
  [migrating({ serves: "old" }), "release.green.migration.serves"],
  [migrating({ serves: "2.4.1" }), "release.green.migration.serves"],
  [migrating({ service: "nobody" }), "release.green.migration.service"],
  [migrating({ service: "" }), "release.green.migration.service"],
  [migrating({ command: "alembic upgrade head" }), "release.green.migration.command"],
  [migrating({ command: [] }), "release.green.migration.command"],
  [migrating({ deadlineSeconds: 29 }), "release.green.migration.deadlineSeconds"],
  [migrating({ downgrade: "-1" }), "release.green.migration.downgrade"],
  [
    {
      release: {
        blue: { version: "2.4.0", migration: MIGRATION },
        green: { version: "2.4.0", migration: { ...MIGRATION, revision: "6" } },
      },
    },
    "release.green.migration",
  ],
  [{ flags: { dev: {} } }, "flags.dev"],
  [{ flags: { search: { rollout_percentage: 101 } } }, "flags.search.rollout_percentage"],
  [{ flags: { search: { max_buffer_timeout: 1 } } }, "flags.search.max_buffer_timeout"],
  [{ flags: { search: { settled: true } } }, "flags.search.settled"],
  [{ flags: { search: { plan: "weakly" } } }, "flags.search.plan"],
  [{ zoneId: ZONE.zoneId, certificateArn: undefined }, "domain"],
  [{ ...ZONE, certificateArn: configuration().certificateArn }, "certificateArn"],
  [{ ...ZONE, previewSources: ["203.0.113.0/24"] }, "previewSources"],
  [
    { ...ZONE, services: { "api-gateway": { public: { host: "origin" } } } },
    "services.api-gateway.public.host",
  ],
];

/** Where faults are, each place once. */
const places = (raw: unknown) => [...new Set(faultsOf(raw).map(({ path }) => path))];

describe("the commands of faults", () => {
  for (const [changes, path, commands = 1] of WRONG) {
    it(`mend ${path} where it is ${JSON.stringify(changes).slice(0, 70)}`, () => {
      let raw: unknown = JSON.parse(JSON.stringify(changed(changes)));
      assert.deepEqual(places(raw), [`sluice:${path}`]);
      for (let left = commands; left > 0; left--) {
        const [fault] = faultsOf(raw);
        assert.ok(fault, `${left} commands fewer mend it`);
        raw = mend(raw, fault.remedy);
      }
      assert.deepEqual(faultsOf(raw), []);
    });
  }

  it("give each missing share its value, so that one run of all commands is enough", () => {
    const { traffic: _, ...release } = configuration().release;
    let raw: unknown = { ...configuration(), release };
    const faults = faultsOf(raw);
    assert.deepEqual(
      faults.map((fault) => fault.path),
      ["sluice:release.traffic.blue", "sluice:release.traffic.green"],
    );
    for (const { remedy } of faults) raw = mend(raw, remedy);
    assert.deepEqual(faultsOf(raw), []);
  });
});
