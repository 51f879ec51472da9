import assert from "node:assert/strict";
import { CACHE, bucketOf } from "../../client/index";
import {
  type Asking,
  DEFAULTS,
  LOADED,
  OVERRIDE,
  PARAMETER,
  SEED,
  asking,
  pausing,
  settled,
  GET,
} from "./flag-fixture";

describe("the client of a flag", () => {
  let { aws, said, flag, put, warnings, pass, aPause, end } = {} as Asking;
  beforeEach(async () => {
    ({ aws, said, flag, put, warnings, pass, aPause, end } = await asking());
  });
  afterEach(() => end());

  it("says what the parameter says, and what it has loaded", async () => {
    await put(SEED);
    assert.deepEqual(await flag().value(), LOADED);
    assert.deepEqual(said, [`info flag ${PARAMETER}: version 1 is ${JSON.stringify(SEED)}`]);
  });

  it("lets in the sessions whose bucket is below the percentage, and those alone", async () => {
    await put({ ...SEED, rollout_percentage: 10 });
    const asked = flag();
    for (let index = 0; index < 300; index += 1) {
      assert.equal(await asked.isEnabled(`session-${index}`), bucketOf(`session-${index}`) < 10);
    }
  });

  it("lets nobody in where it is disabled, whatever its percentage is", async () => {
    await put({ ...SEED, enabled: false, rollout_percentage: 100 });
    const asked = flag();
    for (let index = 0; index < 50; index += 1)
      assert.equal(await asked.isEnabled(`session-${index}`), false);
  });

  it("takes the usual value of a setting that is not named, and minds no key that it does not know", async () => {
    await put({ enabled: true, rollout_percentage: 50, theme: "dark" });
    assert.deepEqual(await flag().value(), { ...LOADED, settings: DEFAULTS.settings });
    assert.doesNotMatch(said.join(), /theme/, "what is not its own it does not log");
  });

  it("asks once a minute, whoever calls", async () => {
    await put(SEED);
    const counted = pausing(aws.parameters);
    const asked = flag({ client: counted.client });
    const first = Promise.all(Array.from({ length: 50 }, (_, index) => asked.isEnabled(`${index}`)));
    counted.answer();
    await first;
    assert.equal(counted.calls(), 1);
    pass(CACHE - 1);
    await asked.value();
    assert.equal(counted.calls(), 1);
  });

  it("gives out the old value while one call asks for the new one", async () => {
    await put(SEED);
    const counted = pausing(aws.parameters);
    const asked = flag({ client: counted.client });
    const first = asked.value();
    counted.answer();
    await first;
    await put({ ...SEED, rollout_percentage: 100 });
    pass(CACHE);
    for (let index = 0; index < 20; index += 1) assert.equal((await asked.value()).percentage, 50);
    assert.equal(counted.calls(), 2);
    counted.answer();
    await settled();
    assert.equal((await asked.value()).percentage, 100);
    assert.equal(counted.calls(), 2);
  });

  it("waits for the new value where the old one is from before a pause", async () => {
    await put(SEED);
    const asked = flag();
    await asked.value();
    await put({ ...SEED, enabled: false });
    aPause();
    assert.equal((await asked.value()).enabled, false);
    assert.equal(said.length, 2, "each change is told");
  });

  describe("overridden by the environment", () => {
    it("is off at once, without a look at SSM", async () => {
      await put(SEED);
      const counted = pausing(aws.parameters);
      const asked = flag({ client: counted.client });
      for (const word of ["false", "off", "no", "0", " FALSE "]) {
        process.env[OVERRIDE] = word;
        assert.equal((await asked.value()).enabled, false, word);
      }
      assert.equal(counted.calls(), 0);
      Reflect.deleteProperty(process.env, OVERRIDE);
      const value = asked.value();
      counted.answer();
      assert.equal((await value).enabled, true, "and may be on again");
    });

    it("is on for all sessions, with the parameter's settings", async () => {
      await put({ ...SEED, rollout_percentage: 0 });
      process.env[OVERRIDE] = "True";
      assert.deepEqual(await flag().value(), { ...LOADED, percentage: 100 });
    });

    it("stays off where the parameter disables it: the kill switch is stronger", async () => {
      await put({ ...SEED, enabled: false });
      process.env[OVERRIDE] = "true";
      assert.equal(await flag().isEnabled("session-1"), false);
    });

    it("is on where SSM is away from the start", async () => {
      await aws.fail(GET, "AccessDeniedException");
      process.env[OVERRIDE] = "true";
      assert.equal(await flag().isEnabled("session-1"), true);
    });

    it("by another word is not overridden, which it says once", async () => {
      await put(SEED);
      process.env[OVERRIDE] = "nope";
      const asked = flag();
      for (let times = 0; times < 3; times += 1) assert.deepEqual(await asked.value(), LOADED);
      assert.equal(warnings().length, 1);
      assert.match(
        warnings()[0]!,
        /PARTIAL_RESULTS_ENABLED: found nope; allowed are true, false, off, no, 0$/,
      );
    });
  });
});
