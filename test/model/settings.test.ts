import assert from "node:assert/strict";
import { SettingsError, parseSettings } from "../../model/settings";
import { configuration } from "./fixtures";
import { type Changes, changed, faultsOf, pathsOf } from "./raw";

describe("settings", () => {
  it("are complete where configuration names only what has no default", () => {
    const settings = parseSettings(configuration());
    assert.deepEqual(Object.keys(settings.services), [
      "api-gateway",
      "voice-service",
      "admin-panel",
      "storage",
      "analytics",
      "notification",
    ]);
    assert.deepEqual(settings.services["api-gateway"], {
      kind: "http",
      image: "voiceassist-api-gateway",
      port: 8080,
      health: {
        liveness: "/health",
        readiness: "/health",
        startup: "/health/detailed",
        checks: ["/health/db", "/health/redis"],
      },
      replicas: 3,
      maxReplicas: 9,
      cpu: "2000m",
      memory: "2Gi",
      public: { host: "api", path: "/api" },
    });
    assert.deepEqual(settings.size, { replicas: 3, cpu: "2000m", memory: "2Gi" });
    assert.equal(settings.limits.step, 25);
    const { blue } = configuration().release as { blue: object };
    assert.deepEqual(settings.release, {
      ...configuration().release,
      blue: { ...blue, services: Object.keys(settings.services) },
    });
  });

  it("have the sizes of the environment, and two pods of the admin panel in prod", () => {
    const sizes = (["dev", "staging", "prod"] as const).map((environment) => {
      const { services } = parseSettings(changed({ environment }));
      const [gateway, admin] = [services["api-gateway"]!, services["admin-panel"]!];
      return [gateway.replicas, gateway.cpu, gateway.memory, admin.replicas];
    });
    assert.deepEqual(sizes, [
      [1, "500m", "512Mi", 1],
      [2, "1000m", "1Gi", 2],
      [3, "2000m", "2Gi", 2],
    ]);
  });

  it("merge services key by key, add new ones, and drop those that are null", () => {
    const { services } = parseSettings(
      changed({
        services: {
          "api-gateway": { replicas: 5, health: { readiness: "/ready" }, public: { path: "/v2" } },
          "voice-service": { public: null },
          storage: null,
          billing: { kind: "worker", port: 9000 },
        },
      }),
    );
    const { liveness, readiness } = services["api-gateway"]!.health;
    assert.deepEqual([liveness, readiness], ["/health", "/ready"]);
    assert.deepEqual(services["api-gateway"]!.public, { host: "api", path: "/v2" });
    assert.equal(services["api-gateway"]!.replicas, 5);
    assert.equal(services["voice-service"]!.public, undefined);
    assert.equal(services["storage"], undefined);
    assert.equal(services["billing"]!.image, "voiceassist-billing");
  });

  it("take shares in quoted digits, and settings that are whole numbers or truth values, for what they say", () => {
    const { release } = parseSettings(
      changed({
        release: {
          traffic: { blue: "90", green: "10" },
          green: { version: "2.4.0", settings: { RETRIES: 3, FALLBACK: true, MODE: "a" } },
        },
      }),
    );
    assert.deepEqual(release.traffic, { blue: 90, green: 10 });
    assert.deepEqual(release.green.settings, { RETRIES: "3", FALLBACK: "true", MODE: "a" });
    for (const blue of ["090", "90.0", " 90", "9e1", "", 90.5, true, null]) {
      assert.deepEqual(pathsOf({ release: { traffic: { blue, green: 10 } } }), [
        "sluice:release.traffic.blue",
      ]);
    }
  });

  it("have the environment's backends, each value of which configuration may set", () => {
    const of = (environment: string, backends?: object) =>
      parseSettings(changed({ environment, ...(backends && { backends }) })).backends;
    assert.deepEqual(
      (["dev", "staging", "prod"] as const).map((environment) => {
        const { database, cache, vectorStore } = of(environment);
        return [
          [database.multiAz, database.readReplicas],
          [cache.shards, cache.replicas],
          vectorStore.replicas,
        ];
      }),
      [
        [[false, 0], [0, 0], 1],
        [[true, 0], [0, 1], 1],
        [[true, 2], [2, 2], 3],
      ],
    );
    const { database } = of("dev", { database: { storageGb: 40, multiAz: "true" } });
    assert.deepEqual([database.storageGb, database.multiAz, database.readReplicas], [40, true, 0]);
    for (const [part, key, value] of [
      ["database", "storageGb", 19],
      ["database", "backupDays", 0],
      ["database", "maxStorageGb", 99],
      ["database", "instanceClass", "m7g.large"],
      ["database", "readReplica", 1],
      ["cache", "replicas", 6],
      ["cache", "replicas", 0],
      ["cache", "shards", 31],
      ["vectorStore", "storageGb", 9],
      ["vectorStore", "replicas", 2],
    ] as const) {
      assert.deepEqual(pathsOf({ backends: { [part]: { [key]: value } } }), [
        `sluice:backends.${part}.${key}`,
      ]);
    }
    assert.deepEqual(pathsOf({ backends: { databse: {} } }), ["sluice:backends.databse"]);
  });

  it("name the roles that reach the cluster, and CI's runners, or nobody", () => {
    assert.deepEqual(parseSettings(configuration()).access, { admins: [], deployers: [] });
    const admins = ["arn:aws:iam::123456789012:role/team"];
    assert.deepEqual(parseSettings(changed({ access: { admins } })).access, { admins, deployers: [] });
    assert.deepEqual(pathsOf({ access: { admins: ["team"] } }), ["sluice:access.admins[0]"]);
    assert.deepEqual(pathsOf({ runners: { repository: "https://github.com/owner/name" } }), [
      "sluice:runners.connectionArn",
    ]);
    const runners = {
      repository: "https://github.com/owner/name",
      connectionArn:
        "arn:aws:codeconnections:us-east-1:123456789012:connection/0b7c9a52-3f1e-4c36-9d2b-7a4e8f60c1d3",
    };
    const actors = (of: unknown) => changed({ runners: { ...runners, actors: of } });
    assert.deepEqual(parseSettings(actors([1296269, "5"])).runners?.actors, ["1296269", "5"]);
    assert.deepEqual(pathsOf({ runners: { ...runners, actors: [] } }), ["sluice:runners.actors"]);
    assert.deepEqual(pathsOf({ runners: { ...runners, actors: ["octocat"] } }), ["sluice:runners.actors[0]"]);
  });

  it("let a colour be left out that has nothing", () => {
    const { green: _, ...release } = configuration().release;
    assert.deepEqual(parseSettings({ ...configuration(), release }).release.green, {});
  });

  it("override limits within their ranges", () => {
    const { limits } = parseSettings(changed({ limits: { step: 100, bakeSeconds: 0 } }));
    assert.deepEqual([limits.step, limits.bakeSeconds], [100, 0]);
    for (const [name, value] of [
      ["step", 0],
      ["step", 101],
      ["stickinessSeconds", 0],
      ["deregistrationSeconds", 3601],
      ["steps", [10, 50, 100]],
      ["bakeSecond", 1],
    ] as const) {
      assert.deepEqual(pathsOf({ limits: { [name]: value } }), [`sluice:limits.${name}`]);
    }
  });
});

describe("the plan", () => {
  it("is the environment's by default, and says at which shares a canary stops", () => {
    const { plan, limits } = parseSettings(configuration());
    assert.deepEqual([plan.name, limits.steps], ["gradual", [10, 25, 50, 75, 100]]);
    const own = parseSettings(
      changed({ plan: { steps: [{ share: 0 }, { share: 1, bake: "1h" }, { share: 100 }] } }),
    );
    assert.deepEqual([own.plan.steps[1]?.bakeSeconds, own.limits.steps], [3_600, [1, 100]]);
    assert.deepEqual(pathsOf({ plan: "hotfx" }), ["sluice:plan"]);
  });
});

describe("a fault", () => {
  it("says where, what was found, what is allowed and the command that mends it, on one line", () => {
    const wrong = changed({ release: { traffic: { blue: 90, green: 11 } } });
    assert.throws(() => parseSettings(wrong), {
      name: "SettingsError",
      message:
        'sluice:release.traffic: found {"blue":90,"green":11}; allowed: shares that sum to 100; these sum to 101; ' +
        "mend it: pulumi config set --path 'sluice:release.traffic.green' 10",
    });
  });

  it("has a remedy that is exact: nearest word, missing share, quoted version, list and nested object", () => {
    const cases: [Changes, string][] = [
      [{ environment: "production" }, "pulumi config set sluice:environment prod"],
      [{ app: "Voice" }, "pulumi config set sluice:app voiceassist"],
      [
        { release: { strategy: "blue_green" } },
        "pulumi config set --path 'sluice:release.strategy' blue-green",
      ],
      [{ release: { traffic: { blue: 90 } } }, "pulumi config set --path 'sluice:release.traffic.green' 10"],
      [{ release: { trafic: 1 } }, "pulumi config rm --path 'sluice:release.trafic'"],
      [
        { release: { green: { version: 2.4 } } },
        "pulumi config set --path 'sluice:release.green.version' 2.4.0",
      ],
      [
        { services: { "api-gateway": { "it's": 1 } } },
        `pulumi config rm --path 'sluice:services.api-gateway["it'\\''s"]'`,
      ],
      [
        { services: { storage: { cpu: { m: 1 } } } },
        "pulumi config rm --path 'sluice:services.storage.cpu' && pulumi config set --path 'sluice:services.storage.cpu' 500m",
      ],
    ];
    for (const [changes, remedy] of cases) assert.equal(faultsOf(changed(changes))[0]?.remedy, remedy);
  });

  it("suggests the key or word that was meant", () => {
    const allowed = (changes: Changes) => faultsOf(changed(changes))[0]!.allowed;
    assert.match(allowed({ release: { trafic: {} } }), /did you mean "traffic"/);
    assert.match(allowed({ regsitry: "x" }), /did you mean "registry"/);
    assert.match(allowed({ release: { green: { services: ["storge"] } } }), /did you mean "storage"/);
    assert.doesNotMatch(allowed({ zzz: 1 }), /did you mean/);
  });

  it("never tells the value of an environment variable, nor of a misspelt manifest key", () => {
    for (const green of [{ settings: { KEY: 1.5 } }, { settings: ["hush"] }, { setings: { KEY: "hush" } }]) {
      const [fault] = faultsOf(changed({ release: { green } }));
      assert.match(String(fault!.found), /^\(a value of type/);
    }
  });

  it("stays on its line whatever a key contains", () => {
    const [fault] = faultsOf(changed({ "a\nb": 1 }));
    assert.ok(fault);
    assert.equal(new SettingsError([fault]).message.split("\n").length, 1);
  });
});
