import assert from "node:assert/strict";
import { releaseParameter } from "../../model/known";
import { namespaceName, stackTags } from "../../model/names";
import { type RawConfig, SettingsError, parseSettings } from "../../model/settings";
import { configuration } from "./fixtures";
import { changed, pathsOf } from "./raw";

const read = (changes: object) => parseSettings(changed(changes as Record<string, unknown>));

describe("settings that configuration may leave out", () => {
  const ZONE = { zoneId: "Z08345671ABCDEFGHIJKL", domain: "example.com", certificateArn: undefined };

  it("are as they were given", () => {
    const role = "arn:aws:iam::123456789012:role/team";
    const given = {
      domain: "example.com",
      repositories: true,
      previewSources: ["203.0.113.0/24"],
      apiSources: ["198.51.100.0/24"],
      access: { admins: [role], deployers: [role] },
      runners: {
        repository: "https://github.com/owner/name",
        connectionArn:
          "arn:aws:codeconnections:us-east-1:123456789012:connection/0b7c9a52-3f1e-4c36-9d2b-7a4e8f60c1d3",
      },
      recovery: { restore: { snapshot: "rds:voiceassist-prod-2026-03-01-06-10" } },
    };
    const settings = read(given);
    for (const [key, value] of Object.entries(given)) {
      assert.deepEqual(settings[key as keyof typeof given], value, key);
    }
    assert.equal(settings.certificateArn, configuration()["certificateArn"]);
    assert.equal(read(ZONE).zoneId, ZONE.zoneId);
  });

  it("are no keys at all where they were not, but repositories, which are not owned then", () => {
    const settings = read({ environment: "dev", certificateArn: undefined });
    for (const key of ["domain", "zoneId", "certificateArn", "previewSources", "runners", "recovery"]) {
      assert.ok(!(key in settings), key);
    }
    assert.equal(settings.repositories, false);
  });

  it("open the cluster's API to everybody in dev alone, until somebody names who reaches it", () => {
    assert.deepEqual(read({ environment: "dev" }).apiSources, ["0.0.0.0/0"]);
    assert.ok(!("apiSources" in read({ environment: "staging" })));
    assert.ok(!("apiSources" in read({ environment: "prod" })));
    const apiSources = ["198.51.100.0/24"];
    assert.deepEqual(read({ environment: "dev", apiSources }).apiSources, apiSources);
  });

  it("count as left out where they are undefined", () => {
    assert.deepEqual(pathsOf({ ...ZONE, previewSources: undefined }), []);
    assert.deepEqual(pathsOf({ zoneId: undefined }), []);
  });
});

describe("the services of a stack that names none", () => {
  it("are the six of the guide: three public ones at the host and path of their own name", () => {
    const { services } = read({});
    const told = Object.entries(services).map(([name, { image, public: address }]) => [name, image, address]);
    assert.deepEqual(told, [
      ["api-gateway", "voiceassist-api-gateway", { host: "api", path: "/api" }],
      ["voice-service", "voiceassist-voice-service", { host: "voice", path: "/voice" }],
      ["admin-panel", "voiceassist-admin-panel", { host: "admin", path: "/admin" }],
      ["storage", "voiceassist-storage", undefined],
      ["analytics", "voiceassist-analytics", undefined],
      ["notification", "voiceassist-notification", undefined],
    ]);
  });
});

describe("configuration as a whole", () => {
  const refused = (raw: unknown, secret?: string[]) => {
    try {
      parseSettings(raw as RawConfig, secret);
    } catch (error) {
      assert.ok(error instanceof SettingsError);
      return error.faults;
    }
    return assert.fail("it is accepted");
  };

  it("has no secret, for it is recorded and shown", () => {
    const [fault, ...others] = refused(configuration(), ["release"]);
    assert.deepEqual(others, []);
    assert.equal(fault?.path, "sluice:release");
    assert.equal(fault.found, "(a secret)");
    assert.match(fault.remedy, /^pulumi config rm --path .*sluice:release$/);
  });

  it("has no other keys", () => {
    const [fault] = refused({ ...configuration(), regoin: "eu" });
    assert.deepEqual([fault?.path, fault?.found], ["sluice:regoin", "eu"]);
    assert.equal(fault!.remedy, "pulumi config rm sluice:regoin");
  });

  it("is judged as far as it goes where nothing, or nothing that is right, says whose it is", () => {
    for (const nothing of [undefined, null, [], "text"]) {
      const paths = refused(nothing).map(({ path }) => path);
      assert.deepEqual(paths.slice(0, 3), ["sluice:app", "sluice:environment", "sluice:registry"]);
    }
    assert.deepEqual(pathsOf({ app: undefined, services: { storage: { port: 0 } } }), [
      "sluice:app",
      "sluice:services.storage.port",
    ]);
  });
});

describe("names that others look for", () => {
  it("are a parameter for each stack, the app's namespace, and tags on whatever a stack owns", () => {
    assert.equal(releaseParameter("voiceassist", "prod"), "/sluice/voiceassist/prod/release");
    assert.equal(namespaceName("voiceassist"), "voiceassist");
    assert.deepEqual(stackTags("voiceassist", "prod"), {
      "sluice:app": "voiceassist",
      "sluice:environment": "prod",
      "sluice:managed-by": "pulumi",
    });
  });
});
