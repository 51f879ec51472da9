import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { SCENARIOS } from "../../rehearsal/scenarios";

const root = path.resolve(__dirname, "../..");
const [head = "", ...sections] = readFileSync(path.join(root, "docs/seeds.md"), "utf8").split(/^## /m);
const AREAS = ["platform", "guards", "rollout", "rehearsal", "monitoring", "flags", "delivery"];

const cells = (line: string): string[] =>
  line
    .split(/(?<!\\)\|/)
    .slice(1, -1)
    .map((cell) => cell.trim());

/** The rows under a section's tables of what became of a seed. */
const rowsOf = (section: string): string[][] =>
  section
    .split("\n")
    .filter((line) => line.startsWith("|") && !/^\| *(-|the seed has)/.test(line))
    .map(cells);

describe("docs/seeds.md", () => {
  const seeds = sections.filter((section) => /^00[0-4]: /.test(section));

  it("has a section for each of the five seeds", () => {
    assert.deepEqual(
      seeds.map((section) => section.slice(0, 3)),
      ["000", "001", "002", "003", "004"],
    );
  });

  it("names for each of them the scenarios that rehearse it, and leaves none out", () => {
    const rehearsed = head.split("\n").flatMap((line) => {
      const [label = "", ...others] = cells(line);
      const names = [...(others.at(-1) ?? "").matchAll(/`([\w-]+)`/g)].map(([, name]) => name);
      return /^00[0-4]$/.test(label) ? [{ label, names }] : [];
    });
    assert.deepEqual(
      rehearsed.filter(({ names }) => names.length > 0).map(({ label }) => label),
      ["000", "001", "002", "003", "004"],
    );
    assert.deepEqual(rehearsed.flatMap(({ names }) => names).sort(), Object.keys(SCENARIOS).sort());
  });

  for (const section of seeds) {
    const label = section.slice(0, 3);

    it(`says of everything in ${label} what does it and in which state`, () => {
      const rows = rowsOf(section);
      assert.ok(rows.length >= 30, `${rows.length} rows`);
      for (const row of rows) {
        assert.equal(row.length, 3, row.join(" | "));
        const state = row[2]!;
        const known =
          state === "here" || state === "out" || AREAS.some((area) => state === `planned: ${area}`);
        assert.ok(known && row[0] !== "" && row[1] !== "", row.join(" | "));
      }
    });

    it(`gives a reason wherever something of ${label} is out`, () => {
      for (const [what, why, state] of rowsOf(section)) {
        if (state === "out") assert.match(why!, /^out\b.*, because ./, what);
      }
    });

    it(`names only files that exist where something of ${label} is here`, () => {
      for (const [what, how, state] of rowsOf(section)) {
        if (state !== "here") continue;
        for (const [, file] of how!.matchAll(/`([\w./-]+(?:\.ts|\.yaml|\/))`/g)) {
          assert.ok(existsSync(path.join(root, file!)), `${what}: ${file}`);
        }
      }
    });
  }
});
