import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { CONTROLS } from "../../model/controls";
import { LIMITS, LIMIT_NAMES } from "../../model/limits";
import { limitsOf } from "../../model/ruleLimits";
import { rulesPage } from "../../model/ruleTable";
import { RULES } from "../../model/rules";
import { LOOSE_IN_DEV } from "../../model/rulesIntroduction";

const ROOT = resolve(__dirname, "../..");
const PLATFORM = ["S1", "S2", "S3", "S4", "S5"];

/** The cells of the row of a table that begins with a word. */
const row = (word: string): string[] => {
  const lines = rulesPage()
    .split("\n")
    .filter((line) => new RegExp(`^\\| ${word} +\\|`).test(line));
  assert.equal(lines.length, 1, word);
  return lines[0]!
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim())
    .slice(1, -1);
};

describe("the page of rules", () => {
  it("is in docs/rules.md as the code has it; `npx sluice rules` writes it", () => {
    assert.equal(readFileSync(resolve(ROOT, "docs/rules.md"), "utf8"), rulesPage());
  });

  it("has every rule once, with what it refuses, what that protects and the way out", () => {
    for (const { id, severity, title, protects, wayOut } of RULES) {
      assert.deepEqual(row(id).slice(0, 5), [id, severity, title, protects, wayOut]);
    }
    for (const id of PLATFORM) {
      const [, severity, ...rest] = row(id);
      const worst = CONTROLS.filter((control) => control.rule === id).map((control) => control.severity);
      assert.ok(
        worst.some((each) => each === severity),
        id,
      );
      for (const cell of rest) assert.ok(cell.length > 0, id);
    }
  });

  it("tells who judges each, which limits it reads and whether an override lifts it", () => {
    assert.deepEqual(row("T1").slice(5), ["program, policies", "step", "yes"]);
    assert.deepEqual(row("S6").slice(5), ["settings, program, policies", "", "no"]);
    assert.deepEqual(row("T2").slice(5), ["program, policies, guards", "", "yes"]);
    for (const { id, absolute } of RULES)
      assert.deepEqual(row(id).slice(6), [limitsOf(id).join(", "), absolute ? "no" : "yes"]);
    assert.deepEqual(row("S4").slice(5), ["policies"]);
    assert.deepEqual(row("S5").slice(5), ["settings, policies"]);
  });

  it("has every limit with its defaults, its range, the rules that read it and its source", () => {
    for (const name of LIMIT_NAMES) {
      const { unit, defaults, range, source } = LIMITS[name];
      const [, ...cells] = row(name);
      const values = [defaults.dev, defaults.staging, defaults.prod, ...range];
      const shown = values.map((value) => [value].flat().join(", "));
      assert.deepEqual(cells.slice(0, 6), [unit, ...shown], name);
      const rules = RULES.filter(({ id }) => limitsOf(id).some((limit) => limit === name)).map(
        ({ id }) => id,
      );
      assert.ok(cells[6]!.length > 0 && cells[6]!.startsWith(rules.join(", ")), name);
      assert.equal(cells[7], source);
    }
  });

  it("names the rules that judge a retreat", () => {
    const judging = RULES.filter(({ judgesRetreat }) => judgesRetreat).map(({ id }) => id);
    const [line = ""] = /^A retreat is judged by .*$/m.exec(rulesPage()) ?? [];
    assert.deepEqual(line.match(/[TS]\d+/g), judging);
  });

  it("says which rules dev takes for advice, as the files of policy configuration have it", () => {
    const levels = ["policies/config/dev.json", "policies/platform/config/dev.json"].flatMap((file) =>
      Object.entries(JSON.parse(readFileSync(resolve(ROOT, file), "utf8")) as Record<string, unknown>),
    );
    const advised = levels.flatMap(([id, level]) =>
      JSON.stringify(level).includes('"advisory"') ? [id.replace(/-stack$/, "")] : [],
    );
    assert.deepEqual([...new Set(advised)], [...LOOSE_IN_DEV]);
    assert.match(rulesPage(), /In dev T1, T5, .* and S3 are advice/);
  });
});
