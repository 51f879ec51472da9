import assert from "node:assert/strict";
import { imageOf, publicServices, routeOf, serviceDefaults } from "../../model/services";
import { parseSettings } from "../../model/settings";
import { configuration } from "./fixtures";

describe("services", () => {
  it("are reached by host under a domain and by path without one", () => {
    const address = { host: "api", path: "/api" };
    assert.deepEqual(routeOf(address, "example.com"), { host: "api.example.com" });
    assert.deepEqual(routeOf(address, undefined), { path: "/api" });
    assert.deepEqual(routeOf({ path: "/api" }, "example.com"), { path: "/api" });
    assert.equal(routeOf({ host: "api" }, undefined), undefined);
  });

  it("run the colour's version unless the colour names an image", () => {
    const settings = serviceDefaults("voiceassist", "dev", "storage");
    assert.equal(
      imageOf("r.example", "storage", settings, { version: "2.4.0" }),
      "r.example/voiceassist-storage:2.4.0",
    );
    const images = { storage: "elsewhere/storage:1" };
    assert.equal(
      imageOf("r.example", "storage", settings, { version: "2.4.0", images }),
      "elsewhere/storage:1",
    );
  });

  it("that the world reaches are the three of the guide, in their order", () => {
    const { services } = parseSettings(configuration());
    assert.deepEqual(publicServices(services), ["api-gateway", "voice-service", "admin-panel"]);
  });
});
