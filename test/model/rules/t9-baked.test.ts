import assert from "node:assert/strict";
import type { Baked } from "../../../model/baked";
import { notice } from "../../../model/notice";
import { judge } from "../../../model/transition";
import { LIMITS, NEW, OLD, apply, at, promoted, recorded, refusedBy, release, transition } from "../fixtures";

const DIGEST = `sha256:${"a".repeat(64)}`;
const OTHER = `sha256:${"b".repeat(64)}`;
const image = (digest: string, registry = "staging.example.com") => `${registry}/storage@${digest}`;
const version = (name: string): Baked => ({ version: name, at: at(-60) });
const baked = [version("2.4.0")];
const none = recorded(release(0, { green: {} }));

describe("T9, a version that has not baked in the environment before", () => {
  it("refuses to deploy it, with traffic or without, and permits the one that has", () => {
    assert.deepEqual(refusedBy(transition(none, release(0), { baked })), []);
    assert.deepEqual(refusedBy(transition(none, release(0), { baked: [version("2.4.1")] })), ["T9"]);
    const rolling = (blue: object) => release(0, { strategy: "rolling", green: {}, blue });
    const inPlace = transition(recorded(rolling(OLD)), rolling(NEW), { baked: [] });
    assert.deepEqual(refusedBy(inPlace), ["T9"]);
    assert.deepEqual(refusedBy({ ...inPlace, baked }), []);
  });

  it("asks of a new stack, too", () => {
    const first = transition(undefined, release(0, { green: {} }), { baked });
    assert.deepEqual(refusedBy(first), ["T9"]);
    assert.deepEqual(refusedBy({ ...first, baked: [version("2.3.1")] }), []);
  });

  it("refuses every rise of one that was deployed all the same, and no fall or standstill", () => {
    const rise = (green: number) => transition(recorded(release(10)), release(green), { baked: [] });
    assert.deepEqual(refusedBy(rise(11)), ["T9"]);
    assert.deepEqual(refusedBy(rise(10)), []);
    assert.deepEqual(refusedBy(rise(9)), []);
    assert.deepEqual(refusedBy({ ...rise(11), baked }), []);
  });

  it("does not judge what is live or retained, in its own colour or in the other", () => {
    assert.deepEqual(refusedBy(transition(recorded(release(0)), release(0), { baked: [] })), []);
    const green = { ...OLD, settings: { PRIMARY_PROVIDER: "other" } };
    assert.deepEqual(refusedBy(transition(none, release(0, { green }), { baked: [] })), []);
    const back = transition(promoted(), release(50, { live: "green" }), { baked: [], now: at(60) });
    assert.deepEqual(refusedBy(back), []);
    const end = LIMITS.warmSeconds + LIMITS.coldSeconds;
    const raised = transition(promoted(), release(90, { live: "green" }), { baked: [], now: at(end) });
    assert.deepEqual(refusedBy(raised), ["T9"]);
  });

  it("does not judge the way back in place", () => {
    const rolling = (name: string) => release(0, { strategy: "rolling", green: {}, blue: { version: name } });
    const updated = apply(transition(recorded(rolling("2.3.1")), rolling("2.4.0")));
    assert.deepEqual(refusedBy(transition(updated, rolling("2.3.1"), { baked: [], now: at(60) })), []);
    assert.deepEqual(refusedBy(transition(updated, rolling("2.3.0"), { baked: [], now: at(60) })), ["T9"]);
  });

  it("takes the same digest from any registry, and no other one, under the same version", () => {
    const there = { ...version("2.4.0"), images: { storage: image(DIGEST) } };
    const deploy = (reference?: string) => {
      const green = { ...NEW, ...(reference && { images: { storage: reference } }) };
      return transition(none, release(0, { green }), { baked: [there] });
    };
    assert.deepEqual(refusedBy(deploy(image(DIGEST))), []);
    assert.deepEqual(refusedBy(deploy(image(DIGEST, "prod.example.com"))), []);
    assert.deepEqual(refusedBy(deploy(image(OTHER))), ["T9"]);
    assert.deepEqual(refusedBy(deploy()), ["T9"], "the version's own tag is another content");
    const [violation] = judge(deploy(image(OTHER)));
    assert.equal(violation?.where, "sluice:release.green.images");
    assert.equal(violation.found, "version 2.4.0 with other images of storage");
    assert.equal(
      violation.remedy,
      `pulumi config set --path 'sluice:release.green.images.storage' ${image(DIGEST)}`,
    );
  });

  it("compares tags whole, for the same tag in another registry may be another content", () => {
    const tagged = (registry: string) => ({ storage: `${registry}/storage:2.4.0` });
    const there = [{ ...version("2.4.0"), images: tagged("staging.example.com") }];
    const deploy = (registry: string) =>
      transition(none, release(0, { green: { ...NEW, images: tagged(registry) } }), { baked: there });
    assert.deepEqual(refusedBy(deploy("staging.example.com")), []);
    assert.deepEqual(refusedBy(deploy("prod.example.com")), ["T9"]);
  });

  it("takes an image away again that did not bake", () => {
    const green = { ...NEW, images: { storage: image(OTHER) } };
    const [violation] = judge(transition(none, release(0, { green }), { baked }));
    assert.equal(violation?.remedy, "pulumi config rm --path 'sluice:release.green.images.storage'");
  });

  it("names what has baked and since when, and the commands that leave it as it is", () => {
    const [taken] = judge(transition(none, release(0), { baked: [version("2.3.9"), version("2.3.8")] }));
    assert.equal(taken?.where, "sluice:release.green.version");
    assert.equal(taken.found, "version 2.4.0");
    assert.match(taken.limit, /before this one: 2\.3\.9 \(since .*59:00\.000Z\) and 2\.3\.8 \(since /);
    assert.equal(taken.remedy, "pulumi config rm --path 'sluice:release.green.version'");
    const [raised] = judge(transition(recorded(release(10)), release(11), { baked: [] }));
    assert.equal(raised?.where, "sluice:release.traffic.green");
    assert.match(raised.limit, /: nothing so far$/);
    assert.match(raised.remedy, /traffic\.green' 10 && .*traffic\.blue' 90$/);
    const [changed] = judge(
      transition(recorded(release(0)), release(0, { green: { version: "2.5.0" } }), { baked: [] }),
    );
    assert.equal(changed?.remedy, "pulumi config set --path 'sluice:release.green.version' 2.4.0");
  });

  it("does not count what still bakes there", () => {
    const soon = [{ ...version("2.4.0"), at: at(60) }];
    assert.deepEqual(refusedBy(transition(none, release(0), { baked: soon })), ["T9"]);
    assert.deepEqual(refusedBy(transition(none, release(0), { baked: soon, now: at(60) })), []);
  });

  it("refuses what would have to be known, and could not be read", () => {
    const [unread] = judge(transition(none, release(0), { baked: "unseen" }));
    assert.match(unread?.limit ?? "", /which could not be read/);
    assert.deepEqual(refusedBy(transition(recorded(release(10)), release(0), { baked: "unseen" })), []);
  });

  it("judges nothing where no environment comes before, and where nobody can say what baked there", () => {
    assert.deepEqual(refusedBy(transition(none, release(0))), []);
    const unknown = transition(none, release(0), { baked: "unknown" });
    assert.deepEqual(refusedBy(unknown), []);
    assert.deepEqual(notice(transition(none, release(0))), []);
    assert.deepEqual(notice(unknown), [
      "Nobody can say whether version 2.4.0 on green has baked in the environment before this one, " +
        "so T9 does not judge it. Look there before you go on.",
    ]);
    assert.deepEqual(notice({ ...unknown, from: recorded(release(0)) }), [], "nothing is taken or raised");
  });
});
