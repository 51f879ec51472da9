import assert from "node:assert/strict";
import fc from "fast-check";
import { publicationOf, regionOf, subjectLine } from "../../../rollout/notify/sns";
import { slackMessage, webhookIn } from "../../../rollout/notify/slack";
import { announcementOf, summaryOf } from "../../../rollout/notify/text";
import { eventsOf, hostile, shift } from "../../model/messages";
import { FENCED, RELEASE } from "./status-fixture";

interface Message {
  readonly text: string;
  readonly attachments: readonly {
    readonly color: string;
    readonly blocks: readonly {
      readonly text?: { readonly text: string };
      readonly elements?: readonly { readonly text: string }[];
    }[];
  }[];
}
const slack = (event = shift) => slackMessage(announcementOf(event)) as Message;

describe("what channels are sent", () => {
  it("to Slack: a title that notifications show, the evidence, and who and when", () => {
    const { text, attachments } = slack();
    assert.equal(text, "prod: shift green 2.4.0: 10 → 25 %");
    assert.deepEqual(
      attachments[0]?.blocks.map((block) => block.text?.text ?? block.elements?.[0]?.text),
      [
        "• passed: 3 of 431 requests failed (0.7 %), 0.6 % of live's\n• bake: 24 h of 24 h",
        "voiceassist-prod, by arn:aws:iam::123456789012:user/ana, 2026-03-01T18:00:00.000Z",
      ],
    );
  });

  it("to Slack: in colours that tell what went well from what did not", () => {
    const colourOf = (changes: Partial<typeof shift>) =>
      slack({ ...shift, ...changes }).attachments[0]?.color;
    const [plain, good, bad, held] = [
      colourOf({}),
      colourOf({ kind: "done" }),
      colourOf({ kind: "rollback", exit: 4 }),
      colourOf({ kind: "hold", exit: 3 }),
    ];
    assert.equal(new Set([plain, good, bad, held]).size, 4);
    assert.equal(colourOf({ exit: 5 }), bad, "a shift that failed is bad");
    assert.equal(colourOf({ kind: "hold", exit: 6 }), bad, "and so is one that could not see");
  });

  it("to Slack: call nobody, link nowhere, and fit, whatever is in them", () => {
    fc.assert(
      fc.property(eventsOf(hostile), (event) => {
        const sent = slack(event);
        for (const block of sent.attachments[0]?.blocks ?? [])
          assert.ok((block.text ?? block.elements?.[0])!.text.length <= 3_000);
        assert.doesNotMatch(JSON.stringify(sent), /<|>|XXXXXXXX|hunter22|&(?!amp;|lt;|gt;)/);
      }),
    );
  });

  it("to SNS: a subject that it takes, and filters that are not empty, whatever is in them", () => {
    fc.assert(
      fc.property(eventsOf(hostile), (event) => {
        const { subject, message, attributes } = publicationOf(announcementOf(event));
        assert.match(subject, /^[!-~][ -~]{0,99}$/);
        assert.ok(Buffer.byteLength(message) < 200_000);
        for (const value of Object.values(attributes)) assert.notEqual(value, "");
        assert.ok(Object.keys(attributes).length <= 10);
        assert.equal(attributes["kind"], event.kind);
      }),
    );
    assert.equal(subjectLine("→".repeat(99)).length, 100);
    assert.equal(subjectLine("   "), "sluice");
    assert.equal(regionOf("arn:aws:sns:eu-central-1:123456789012:releases"), "eu-central-1");
  });

  it("goes by TLS alone, but to this machine", () => {
    for (const url of [
      "https://hooks.slack.com/services/T/B/x\n",
      "http://127.0.0.1:1/x",
      "http://localhost/x",
    ])
      assert.equal(webhookIn(url)?.href, new URL(url.trim()).href);
    for (const url of ["http://hooks.slack.com/x", "https://a:b@hooks.slack.com/x", "file:///x", "x", ""])
      assert.equal(webhookIn(url), undefined, url);
  });

  it("on a schedule: both colours, the fence, and what comes next", () => {
    const place = { stack: "prod", app: "voiceassist", environment: "prod" } as const;
    const { title, lines, tone } = summaryOf(RELEASE, place, "2026-03-01T18:00:00.000Z");
    assert.equal(title, "prod: shift green to 25 %");
    assert.deepEqual(lines, ["blue 2.3.1: live, 90 %", "green 2.4.0: candidate, 10 %"]);
    assert.equal(tone, "plain");
    const fenced = summaryOf(FENCED, place, "2026-03-01T18:00:00.000Z");
    assert.deepEqual(fenced.lines.slice(1), [
      "green 2.4.0 (fenced): candidate, 10 %, 0 % in state",
      "fence: 2.4.0 since 2026-03-01T17:00:00.000Z by ana: loses calls",
    ]);
    assert.equal(fenced.tone, "waiting");
  });
});
