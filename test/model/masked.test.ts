import assert from "node:assert/strict";
import fc from "fast-check";
import { masked, plainLine } from "../../model/masked";
import { hostile } from "./messages";

/** What a command may print, and what is left of it. */
const SECRETS: readonly (readonly [string, string])[] = [
  ["see https://hooks.slack.com/services/T0/B0/abc, please", "see https://hooks.slack.com/*** please"],
  ["postgres://app:hunter2@db.internal:5432/app is down", "postgres://***@db.internal:5432/app is down"],
  ["AKIAIOSFODNN7EXAMPLE may not", "AKIA*** may not"],
  ["ASIAIOSFODNN7EXAMPLE", "ASIA***"],
  ["ghp_0123456789abcdefghij and xoxb-123456789012-abc", "ghp_*** and xoxb-***"],
  ["eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl expired", "*** expired"],
  ["Authorization: Bearer abcdef123456", "Authorization: Bearer ***"],
  ['{"password": "hunter2", "user": "ana"}', '{"password": "***", "user": "ana"}'],
  ["aws_secret_access_key=wJalrXUtnFEMI/K7MDENG and on", "aws_secret_access_key=*** and on"],
  ["/path?X-Amz-Signature=abcdef0123&x=1", "/path?X-Amz-Signature=***&x=1"],
];

describe("a text without secrets", () => {
  for (const [text, left] of SECRETS)
    it(`is ${JSON.stringify(left)}`, () => {
      assert.equal(masked(text), left);
      assert.equal(masked(left), left, "and stays so");
    });

  it("is as it was where it has none, as evidence has", () => {
    for (const text of [
      "3 of 431 requests failed (0.7 %), 0.6 % of live's; p95 0.41 s",
      "arn:aws:sts::123456789012:assumed-role/deployer/ana",
      "registry.example.com/voiceassist-api@sha256:" + "0f".repeat(32),
      "commit 0d7327414339092ca668cf5f474636ff46332f23 by ana@example.com",
      "T9: staging has not baked registry/app:2.4.0; see https://example.com/runbook?step=2",
      'sum(rate(http_requests_total{colour="green"}[5m])) is 0.2, at most 0.1',
    ])
      assert.equal(masked(text), text);
  });
});

describe("a plain line", () => {
  it("is one line of whole characters that moves no terminal, and no longer than allowed", () => {
    fc.assert(
      fc.property(hostile, fc.integer({ min: 10, max: 60 }), (text, longest) => {
        const line = plainLine(text, longest);
        // Where a mask was cut through it is made whole.
        assert.ok(Array.from(line).length <= longest + 2, line);
        assert.doesNotMatch(line, /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202e]|^\s|\s$/u);
        assert.equal(Buffer.from(line).toString(), line);
        assert.equal(plainLine(line, longest + 2), line);
      }),
    );
  });

  it("says where it was cut", () => {
    assert.equal(plainLine("one two three", 8), "one two…");
    assert.equal(plainLine("🚦🚦🚦", 3), "🚦🚦🚦");
    assert.equal(plainLine("🚦🚦🚦🚦", 3), "🚦🚦…");
  });
});
