import assert from "node:assert/strict";
import { notice } from "../../model/notice";
import { NEW, OLD, SERVICES, apply, at, recorded, release, transition } from "./fixtures";

const NAMES = Object.keys(SERVICES);
const without = (service: string) => NAMES.filter((name) => name !== service);

describe("a notice", () => {
  it("is silent about deployments, shifts and retreats that move traffic", () => {
    assert.deepEqual(notice(transition(undefined, release(0))), []);
    assert.deepEqual(notice(transition(recorded(release(0)), release(10))), []);
    assert.deepEqual(notice(transition(recorded(release(50)), release(0))), []);
  });

  it("says of a retreat under the rolling strategy that it is not immediate, and of the way there nothing", () => {
    const rolling = (version: string) => release(0, { strategy: "rolling", green: {}, blue: { version } });
    const forth = transition(recorded(rolling("2.3.1")), rolling("2.4.0"));
    assert.deepEqual(notice(forth), []);
    const back = transition(apply(forth), rolling("2.3.1"), { now: at(60) });
    const [sentence, ...others] = notice(back);
    assert.deepEqual(others, []);
    assert.match(
      sentence!,
      /^blue goes back from version 2\.4\.0 to 2\.3\.1 in place\. This is not immediate/,
    );
    assert.doesNotThrow(() => apply(back), "it is permitted");
  });

  it("names the services whose traffic does not follow the shares", () => {
    const green = { ...NEW, services: without("voice-service") };
    assert.deepEqual(notice(transition(recorded(release(0, { green })), release(10, { green }))), [
      "All traffic of voice-service goes to blue, because green does not have it.",
    ]);
    const blue = { ...OLD, services: without("voice-service") };
    assert.deepEqual(notice(transition(recorded(release(0, { blue })), release(10, { blue }))), [
      "All traffic of voice-service goes to green, because blue does not have it.",
    ]);
  });

  it("names the services that the world loses, and none that it never had", () => {
    const lacks = { ...NEW, services: without("voice-service") };
    const blue = { ...OLD, services: without("voice-service") };
    assert.deepEqual(notice(transition(recorded(release(10, { blue })), release(0, { blue }))), [
      "voice-service will be reached by nobody: no colour with traffic has it (sluice:release.<colour>.services).",
    ]);
    assert.deepEqual(notice(transition(recorded(release(0, { blue })), release(0, { blue }))), []);
    const { address: _, ...internal } = SERVICES["voice-service"]!;
    const services = { ...SERVICES, "voice-service": { ...internal, public: false } };
    const full = recorded(release(100, { green: lacks }));
    const [sentence] = notice(transition(full, release(100, { live: "green", green: lacks }), { services }));
    assert.match(
      sentence ?? "",
      /^voice-service will be reached by nobody: it is public no more\. A way back/,
    );
  });
});
