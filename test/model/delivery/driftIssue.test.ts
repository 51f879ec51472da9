import assert from "node:assert/strict";
import { type Looked, driftIssue } from "../../../model/delivery/driftIssue";
import type { PreviewFacts } from "../../../model/delivery/preview";

/** GitHub's limit of an issue's text. */
const LIMIT = 65_536;

const changed = (count: number): PreviewFacts => ({
  ...{ schema: 1, stack: "prod", result: "changes", same: 0, cost: {} },
  ...{ losses: [], refusals: [], advice: [], warnings: [], unseen: [], errors: [] },
  changes: Array.from({ length: count }, (_, index) => ({
    ...{ kind: "update", type: "aws:lb/listenerRule:ListenerRule", name: `prod-service-${index}-green` },
    properties: ["actions", "conditions", "tags"],
  })) as unknown as PreviewFacts["changes"],
});

const looked = (
  differences: number,
  changes: number,
  text = "green has 25 % at the load balancer",
): Looked => ({
  stack: "prod",
  differences: Array.from({ length: differences }, (_, index) => ({
    ...{ where: `service-${index}`, what: text, mend: "sluice tick -s prod" },
  })),
  unseen: [],
  preview: changed(changes),
});

const textOf = (one: Looked): string => driftIssue(one) ?? "";
const bytes = (text: string): number => Buffer.byteLength(text);

describe("the issue about drift", () => {
  it("fits where both a preview and differences have much to say, and tells of both", () => {
    for (const [differences, changes] of [
      [12, 500],
      [40, 3_000],
      [500, 500],
    ] as const) {
      const text = textOf(looked(differences, changes));
      assert.ok(bytes(text) <= LIMIT, `${differences} and ${changes}: ${bytes(text)} bytes`);
      assert.match(text, /service-11/);
      assert.match(text, /listenerRule/);
      assert.match(text, /closed once nothing differs\.\n$/);
    }
  });

  it("fits whatever others wrote, and says how much it left out", () => {
    const one = looked(200, 500, "|&@ é".repeat(5_000));
    const text = textOf({ ...one, unseen: Array.from({ length: 300 }, () => "🚦|".repeat(2_000)) });
    assert.ok(bytes(text) <= LIMIT, `${bytes(text)} bytes`);
    assert.match(text, /… and 1\d\d more\./);
    assert.match(text, /## Not seen/);
  });

  it("leaves nothing out where there is room", () => {
    const text = textOf(looked(30, 5));
    assert.equal(text.match(/sluice tick -s prod/g)?.length, 30);
    assert.doesNotMatch(text, /more\./);
  });
});
