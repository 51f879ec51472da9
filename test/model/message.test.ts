import assert from "node:assert/strict";
import fc from "fast-check";
import { messageOf, parseMessage, subjectOf } from "../../model/message";
import { eventsOf, hostile, shift } from "./messages";

/** Texts that need no cleaning: words with single spaces. */
const clean = fc
  .array(fc.stringMatching(/^[A-Za-z0-9.,%()é→-]{1,12}$/), { minLength: 1, maxLength: 6 })
  .map((words) => words.join(" "));

/** Names and marks are single words. */
const oneWord = fc.stringMatching(/^[A-Za-z0-9.-]{1,30}$/);

describe("an update's message", () => {
  it("reads like a commit: subject, reasons, trailers", () => {
    assert.equal(
      messageOf({ ...shift, exit: 0 }),
      [
        "shift green 2.4.0: 10 → 25 %",
        "",
        "- passed: 3 of 431 requests failed (0.7 %), 0.6 % of live's",
        "- bake: 24 h of 24 h",
        "",
        "Sluice-Action: shift",
        "Sluice-Stack: prod",
        "Sluice-App: voiceassist",
        "Sluice-Environment: prod",
        "Sluice-Colour: green",
        "Sluice-Version: 2.4.0",
        "Sluice-From: 10",
        "Sluice-To: 25",
        "Sluice-By: arn:aws:iam::123456789012:user/ana",
        "Sluice-At: 2026-03-01T18:00:00.000Z",
        "Sluice-Exit: 0",
      ].join("\n"),
    );
    assert.equal(subjectOf({ ...shift, kind: "hold", from: 25 }), "hold green 2.4.0 at 25 %");
    const { from: _, version: __, ...unseen } = shift;
    assert.equal(subjectOf({ ...unseen, kind: "rollback" }), "rollback green: → 25 %");
  });

  it("gives back the event that it was made of", () => {
    fc.assert(
      fc.property(eventsOf(oneWord), fc.array(clean, { maxLength: 25 }), (event, texts) => {
        const reasons = event.reasons.map((reason, index) => ({
          ...reason,
          text: texts[index] ?? "so",
          ...(reason.until !== undefined && { until: "2026-03-01T18:00:00.000Z" }),
        }));
        assert.deepEqual(parseMessage(messageOf({ ...event, reasons })), { ...event, reasons });
      }),
    );
  });

  it("cannot be made to say something else by what is in it", () => {
    fc.assert(
      fc.property(eventsOf(hostile), (event) => {
        const message = messageOf(event);
        const read = parseMessage(message);
        assert.ok(read, message);
        for (const key of ["kind", "environment", "colour", "from", "to", "exit"] as const)
          assert.deepEqual(read[key], event[key], key);
        assert.equal(read.reasons.length + (read.omitted ?? 0), event.reasons.length);
        read.reasons.forEach((reason, index) => {
          assert.equal(reason.code, event.reasons[index]?.code);
          assert.equal(reason.awaits, event.reasons[index]?.awaits);
        });
        assert.equal(messageOf(read), message, "and once read, it is the same again");
      }),
      { numRuns: 300 },
    );
  });

  it("fits an argument of a command and a terminal, whatever is in it", () => {
    fc.assert(
      fc.property(eventsOf(hostile), (event) => {
        const message = messageOf(event);
        assert.ok(message.length <= 4_000, String(message.length));
        assert.doesNotMatch(message, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u202e]/u);
        assert.equal(Buffer.from(message).toString(), message);
        assert.doesNotMatch(message, /XXXXXXXX|hunter22|0123456789abcdef/);
      }),
      { numRuns: 300 },
    );
  });

  it("says how many reasons it has no room for", () => {
    const reasons = Array.from({ length: 40 }, () => ({ code: "remark" as const, text: "x".repeat(390) }));
    const read = parseMessage(messageOf({ ...shift, reasons }));
    assert.ok(read);
    assert.ok(read.reasons.length >= 8 && read.omitted === 40 - read.reasons.length, String(read.omitted));
    assert.match(messageOf({ ...shift, reasons }), /^\(\d+ more left out\)$/m);
  });

  it("of somebody else's update is none of ours", () => {
    const made = messageOf(shift);
    for (const message of [
      "",
      "shift green 2.4.0: 10 → 25 %",
      "Merge pull request #12\n\nSluice-Action: shift",
      made.replace("Sluice-Action: shift", "Sluice-Action: shove"),
      made.replace("Sluice-Colour: green\n", ""),
      made.replace("Sluice-Environment: prod", "Sluice-Environment: moon"),
    ])
      assert.equal(parseMessage(message), undefined, message);
  });
});
