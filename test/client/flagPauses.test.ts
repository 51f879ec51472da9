import assert from "node:assert/strict";
import type { SSMClient } from "@aws-sdk/client-ssm";
import { CACHE } from "../../client/index";
import { type Asking, GET, SEED, asking, settled } from "./flag-fixture";

describe("the client of a flag in a process that pauses", () => {
  let { aws, flag, put, warnings, pass, end } = {} as Asking;
  beforeEach(async () => {
    ({ aws, flag, put, warnings, pass, end } = await asking());
  });
  afterEach(() => end());

  it("hears a switch at the first call after a pause, although the look before that failed", async () => {
    await put(SEED);
    const asked = flag();
    await asked.value();
    await aws.fail(GET, "AccessDeniedException", 1);
    pass(CACHE + 1_000);
    assert.equal((await asked.value()).enabled, true);
    await settled();
    assert.equal(warnings().length, 1, "the look has failed");
    await put({ ...SEED, enabled: false });
    pass(8 * 3_600_000);
    assert.equal((await asked.value()).enabled, false);
  });

  describe("with a look that was frozen with the process", () => {
    const ON = JSON.stringify(SEED);
    /** Looks, each of which is answered by hand. */
    const byHand = () => {
      const looks: { answer(Value: string): void; fail(): void }[] = [];
      const send = () =>
        new Promise<unknown>((resolve, reject) => {
          looks.push({
            answer: (Value) => resolve({ Parameter: { Value, Version: 1 } }),
            fail: () => reject(new Error("socket hang up")),
          });
        });
      return { looks, client: { send } as unknown as SSMClient };
    };
    const soon = () => settled(5);

    /** Loaded, with a look under way that begins 60 s later, and has taken half a minute now. */
    const thawed = async () => {
      const { looks, client } = byHand();
      const asked = flag({ client });
      const loading = asked.value();
      looks[0]!.answer(ON);
      await loading;
      pass(CACHE);
      await asked.value();
      assert.equal(looks.length, 2);
      pass(30_000);
      return { asked, looks };
    };

    it("asks anew and waits for that, and takes no older answer after it", async () => {
      const { asked, looks } = await thawed();
      const values = Promise.all([asked.value(), asked.value()]);
      await soon();
      assert.equal(looks.length, 3, "one look for both");
      looks[2]!.answer(JSON.stringify({ ...SEED, enabled: false }));
      assert.deepEqual(
        (await values).map(({ enabled }) => enabled),
        [false, false],
      );
      looks[1]!.answer(ON);
      await soon();
      assert.equal((await asked.value()).enabled, false);
    });

    it("takes its failure for nothing that SSM has said", async () => {
      const { asked, looks } = await thawed();
      looks[1]!.fail();
      await soon();
      assert.deepEqual(warnings(), []);
      const value = asked.value();
      await soon();
      looks[2]!.answer(JSON.stringify({ ...SEED, enabled: false }));
      assert.equal((await value).enabled, false);
    });

    it("lets those who wait for the new look wait on when the old one ends", async () => {
      const { asked, looks } = await thawed();
      const first = asked.value();
      await soon();
      looks[1]!.fail();
      await soon();
      const second = asked.value();
      await soon();
      assert.equal(looks.length, 3);
      looks[2]!.answer(JSON.stringify({ ...SEED, rollout_percentage: 51 }));
      assert.deepEqual([(await first).percentage, (await second).percentage], [51, 51]);
    });
  });
});
