import assert from "node:assert/strict";
import fc from "fast-check";
import { type Finding, VERDICTS, severity, together, unseen } from "../../../model/analysis/finding";

const finding = fc.constantFrom(
  ...VERDICTS.flatMap((verdict): Finding[] => {
    const found = { criterion: "errorRate", verdict, evidence: "3 of 4", figures: {} };
    const urgencies = ["retreat", "hold"] as const;
    return verdict === "failure" ? urgencies.map((urgency) => ({ ...found, urgency })) : [found];
  }),
);

describe("findings taken together", () => {
  it("are as bad as the worst of them, in any order", () => {
    fc.assert(
      fc.property(fc.array(finding, { minLength: 1 }), (findings) => {
        const judged = together(findings);
        assert.equal(severity(judged), Math.max(...findings.map(severity)));
        assert.equal(judged.findings.length, findings.length);
        assert.equal(judged.urgency !== undefined, judged.verdict === "failure");
      }),
    );
  });

  it("pass only where all of them do, and where there is one", () => {
    fc.assert(
      fc.property(fc.array(finding), (findings) => {
        const passes = together(findings).verdict === "success";
        assert.equal(passes, findings.length > 0 && findings.every(({ verdict }) => verdict === "success"));
      }),
    );
    assert.equal(together([]).verdict, "could-not-observe");
  });

  it("do not take what was not seen for something bad of the version, or good", () => {
    const [seen, not] = [unseen("errorRate", "no answer"), together([unseen("errorRate", "no answer")])];
    assert.equal(seen.verdict, "could-not-observe");
    assert.equal(not.urgency, undefined);
  });
});
