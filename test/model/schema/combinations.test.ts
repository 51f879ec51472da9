import assert from "node:assert/strict";
import { PUBLIC_SERVICES } from "../../../model/limits";
import { slotOf } from "../../../model/priorities";
import { pathsOf } from "../raw";

describe("impossible combinations", () => {
  it("are shares that do not sum to 100, by one point", () => {
    assert.deepEqual(pathsOf({ release: { traffic: { blue: 90, green: 10 } } }), []);
    assert.deepEqual(pathsOf({ release: { traffic: { blue: 90, green: 9 } } }), ["sluice:release.traffic"]);
  });

  it("are a live colour without version", () => {
    assert.deepEqual(pathsOf({ release: { live: "green" } }), ["sluice:release.green.version"]);
  });

  it("are both colours sharing traffic under rolling", () => {
    const rolling = (blue: number) => ({
      release: { strategy: "rolling", traffic: { blue, green: 100 - blue } },
    });
    assert.deepEqual(pathsOf(rolling(100)), []);
    assert.deepEqual(pathsOf(rolling(99)), ["sluice:release.strategy"]);
  });

  it("are images and service sets of services that the stack does not have, also beside another fault", () => {
    const green = {
      version: "latest",
      images: { nobody: "r/n:1" },
      services: ["storage", "nobody", "storage"],
    };
    assert.deepEqual(pathsOf({ release: { green } }), [
      "sluice:release.green.version",
      "sluice:release.green.services[1]",
      "sluice:release.green.services[2]",
      "sluice:release.green.images.nobody",
    ]);
  });

  it("are public services without a way to them", () => {
    const world = { services: { storage: { public: { host: "files" } } } };
    assert.deepEqual(pathsOf(world), ["sluice:services.storage.public.path"]);
    assert.deepEqual(pathsOf({ ...world, domain: "example.com" }), []);
    const worker = { services: { storage: { kind: "worker", public: { path: "/files" } } } };
    assert.deepEqual(pathsOf(worker), ["sluice:services.storage.kind"]);
  });

  it("are two public services at one place; one port for all is none", () => {
    const at = (address: object) => ({ services: { storage: { port: 8080, public: address } } });
    assert.deepEqual(pathsOf(at({ path: "/files" })), []);
    assert.deepEqual(pathsOf(at({ path: "/api" })), ["sluice:services.storage.public.path"]);
    const hosts = { domain: "example.com", ...at({ host: "api" }) };
    assert.deepEqual(pathsOf(hosts), ["sluice:services.storage.public.host"]);
  });

  it("are two rules at one slot, and a path that an earlier rule takes whole", () => {
    const slot = slotOf("api-gateway");
    const at = (address: object) => ({ services: { storage: { public: address } } });
    assert.deepEqual(pathsOf(at({ path: "/files", slot })), ["sluice:services.storage.public.slot"]);
    assert.deepEqual(pathsOf(at({ path: "/api/files", slot: slot + 1 })), [
      "sluice:services.storage.public.slot",
    ]);
    assert.deepEqual(pathsOf(at({ path: "/api/files", slot: slot - 1 })), []);
    assert.deepEqual(pathsOf(at({ path: "/api-files", slot: slot + 1 })), []);
  });

  it("are one public service more than a load balancer carries", () => {
    const extra = (count: number) =>
      Object.fromEntries(
        Array.from({ length: count }, (_, i) => [`extra-${i}`, { public: { path: `/e${i}`, slot: i } }]),
      );
    assert.equal(PUBLIC_SERVICES, 33);
    assert.deepEqual(pathsOf({ services: extra(30) }), []);
    assert.deepEqual(pathsOf({ services: extra(31) }), ["sluice:services"]);
  });

  it("are a zone without domain or beside a certificate, and staging or prod without TLS", () => {
    const zoneId = "Z08345671ABCDEFGHIJKL";
    assert.deepEqual(pathsOf({ zoneId, certificateArn: undefined }), ["sluice:domain"]);
    assert.deepEqual(pathsOf({ zoneId, domain: "example.com" }), ["sluice:certificateArn"]);
    assert.deepEqual(pathsOf({ zoneId, domain: "example.com", certificateArn: undefined }), []);
    const hosted = { zoneId, domain: "example.com", certificateArn: undefined };
    assert.deepEqual(pathsOf({ ...hosted, services: { "api-gateway": { public: { host: "origin" } } } }), [
      "sluice:services.api-gateway.public.host",
    ]);
    assert.deepEqual(pathsOf({ ...hosted, previewSources: ["203.0.113.0/24"] }), ["sluice:previewSources"]);
    for (const [environment, faults] of [
      ["dev", []],
      ["staging", ["sluice:certificateArn"]],
      ["prod", ["sluice:certificateArn"]],
    ] as const) {
      assert.deepEqual(pathsOf({ environment, certificateArn: undefined }), faults);
    }
  });
});
