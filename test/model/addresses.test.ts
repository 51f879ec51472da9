import assert from "node:assert/strict";
import {
  hostsOf,
  imageOf,
  portsOfPublic,
  publicServices,
  serviceDefaults,
  urlOf,
} from "../../model/services";

const service = (changes: object = {}) => ({
  ...serviceDefaults("voiceassist", "dev", "storage"),
  ...changes,
});

describe("the address of a public service", () => {
  const address = { host: "api", path: "/api" };

  it("is its host under a domain, else its path at the load balancer", () => {
    assert.equal(urlOf(address, { domain: "example.com" }, "lb.example"), "http://api.example.com");
    assert.equal(urlOf(address, {}, "lb.example"), "http://lb.example/api");
    assert.equal(urlOf({ path: "/api" }, { domain: "example.com" }, "lb.example"), "http://lb.example/api");
    assert.equal(urlOf({}, {}, "lb.example"), "http://lb.example");
  });

  it("is https with a certificate, named or made for the zone", () => {
    const url = (stack: object) => urlOf(address, { domain: "example.com", ...stack }, "lb.example");
    assert.equal(url({ certificateArn: "arn" }), "https://api.example.com");
    assert.equal(url({ zoneId: "Z1234" }), "https://api.example.com");
    assert.equal(urlOf(address, { certificateArn: "arn" }, "lb.example"), "https://lb.example/api");
  });

  it("is among the stack's hosts where it has one, and among the ports once", () => {
    const services = {
      api: service({ public: address, port: 8080 }),
      files: service({ public: { path: "/files" }, port: 9000 }),
      voice: service({ public: { host: "voice" }, port: 8080 }),
      storage: service({ port: 7000 }),
    };
    assert.deepEqual(hostsOf(services, "example.com"), ["api.example.com", "voice.example.com"]);
    assert.deepEqual(hostsOf(services, undefined), []);
    assert.deepEqual(portsOfPublic(services), [8080, 9000]);
    assert.deepEqual(publicServices(services), ["api", "files", "voice"]);
  });

  it("has nothing to do with the image, which has no tag without a version", () => {
    assert.equal(imageOf("r.example", "storage", service(), {}), "r.example/voiceassist-storage:");
  });
});
