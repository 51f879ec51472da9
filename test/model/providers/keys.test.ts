import assert from "node:assert/strict";
import { type KeyAsked, type KeyFound, judgeKeys, keysAsked } from "../../../model/providers/keys";
import { providerSecret } from "../../../model/providers/providers";
import type { Transition } from "../../../model/transition";
import { LIMITS, at, promoted, recorded, release, transition } from "../fixtures";

const provider = (name: string) => ({
  ...{ variable: "KEY", keyPattern: "^x$", requestsPerMinute: 1, clearCaches: false },
  secret: providerSecret("voiceassist", "prod", name),
});
const PROVIDERS = { groq: provider("groq"), openai: provider("openai") };
const blue = { version: "2.3.1", settings: { PRIMARY_PROVIDER: "groq" } };
const green = { version: "2.3.1", settings: { PRIMARY_PROVIDER: "openai", GROQ_FALLBACK: "true" } };
const asked = (one: Transition) =>
  keysAsked(one, PROVIDERS).map(({ colour, name, rises }) => [colour, name, rises]);

describe("the keys that an update needs", () => {
  it("are those of a colour that starts with other settings, or gains users", () => {
    const both = (share: number) => release(share, { blue, green });
    assert.deepEqual(asked(transition(recorded(release(0, { blue })), both(0))), [
      ["green", "groq", false],
      ["green", "openai", false],
    ]);
    assert.deepEqual(asked(transition(recorded(both(10)), both(20))), [
      ["green", "groq", true],
      ["green", "openai", true],
    ]);
    assert.deepEqual(asked(transition(recorded(both(10)), both(10))), []);
    assert.deepEqual(
      asked(transition(undefined, release(0, { blue, green: {} }))),
      [["blue", "groq", false]],
      "of a new stack, whose first colour is trusted",
    );
  });

  it("are those that what runs is to have from another secret", () => {
    const both = release(10, { blue, green });
    const was = { ...PROVIDERS, openai: { ...PROVIDERS.openai, secret: "elsewhere" } };
    const moved = (providers: typeof was, to = both) => asked(transition(recorded(both, { providers }), to));
    assert.deepEqual(moved(was), [["green", "openai", false]]);
    assert.deepEqual(moved(PROVIDERS), []);
    assert.deepEqual(moved(was, release(0, { blue, green })), [], "the way back is open");
  });

  it("are none on the way back", () => {
    const both = release(50, { blue, green });
    assert.deepEqual(asked(transition(recorded(both), release(0, { blue, green }))), []);
    const back = transition(promoted(), release(0), { now: at(60), limits: LIMITS });
    assert.deepEqual(asked(back), []);
  });
});

describe("what Secrets Manager says of a key", () => {
  const key = (rises: boolean): KeyAsked => ({
    ...{ colour: "green", version: "2.3.1", name: "openai", rises },
    secret: PROVIDERS.openai.secret,
  });
  const judged = (found: KeyFound | undefined, { rises = true, isPreview = false } = {}) =>
    judgeKeys([key(rises)], found === undefined ? {} : { [PROVIDERS.openai.secret]: found }, isPreview);

  it("permits one that is there, and refuses one that is not, in previews too, with its command", () => {
    assert.deepEqual(judged("held"), { refusals: [], warnings: [] });
    for (const isPreview of [true, false]) {
      const [absent] = judged("absent", { isPreview }).refusals;
      assert.match(
        absent!,
        /is not there\. .*create-secret --name voiceassist\/prod\/providers\/openai --secret-string file:/,
      );
      assert.match(
        judged("empty", { isPreview, rises: false }).refusals[0]!,
        /has no value\. .*put-secret-value --secret-id /,
      );
    }
  });

  it("lets nobody rise by an update where it could not be asked, and leaves that to it in a preview", () => {
    const unseen = { unseen: "AccessDeniedException" };
    assert.match(
      judged(unseen).refusals[0]!,
      /AccessDeniedException\. A rise that cannot be judged is refused$/,
    );
    assert.match(judged(undefined).refusals[0]!, /nobody looked/);
    const preview = judged(unseen, { isPreview: true });
    assert.deepEqual([preview.refusals.length, preview.warnings.length], [0, 1]);
    const start = judged(unseen, { rises: false });
    assert.deepEqual([start.refusals.length, start.warnings.length], [0, 1], "pods wait for their Secret");
  });
});
