/**
 * What `npm run mutation` runs: each part of `model` and `policies` mutated, and tried by the tests of that part. A
 * mutant that only another part's tests would notice counts as a survivor, so the score is a lower bound; all tests
 * for each mutant would take an hour. Words name the parts to run.
 *
 * Exit code 0: the score of all parts together is at least 85 %. 1: it is not. 2: no part has such a name.
 */
import { spawnSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";

const LEAST = 85;
const REPORT = ".sluice/mutation/report.json";

/** What is mutated, and by which tests it is tried. */
const PARTS = {
  rules: ["model/rules/*.ts", "test/model/rules/*.test.ts"],
  policies: ["policies/*.ts,policies/platform/*.ts,!policies/**/pack.ts", "test/policies/*.test.ts"],
  cost: ["model/cost.ts,model/cost/*.ts", "test/model/cost.test.ts,test/model/cost/*.test.ts"],
  schema: [
    "model/schema/*.ts",
    "test/model/schema/*.test.ts,test/model/*ettings*.test.ts,test/model/mends.test.ts",
  ],
  model: [
    "model/*.ts,!model/plan.ts,!model/waypoint.ts,!model/cost.ts",
    "test/model/*.test.ts,test/model/rules/*.test.ts",
  ],
  plan: ["model/plan.ts,model/waypoint.ts", "test/model/plan.test.ts,test/model/waypoint.test.ts"],
  analysis: ["model/analysis/*.ts", "test/model/analysis/*.test.ts"],
  flags: ["model/flags/*.ts", "test/model/flags/*.test.ts"],
};

const words = process.argv.slice(2);
const parts = Object.entries(PARTS).filter(([name]) => words.length === 0 || words.includes(name));
if (parts.length === 0) {
  console.error(`no part is named ${words.join(" or ")}; there are ${Object.keys(PARTS).join(", ")}`);
  process.exit(2);
}

const rows = parts.map(([name, [mutate, testFiles]]) => {
  console.log(`\n${name}: ${mutate}`);
  rmSync(REPORT, { force: true });
  const began = performance.now();
  const args = ["stryker", "run", "--mutate", mutate, "--testFiles", testFiles];
  spawnSync("npx", args, { stdio: ["ignore", "inherit", "inherit"] });
  const { files } = JSON.parse(readFileSync(REPORT, "utf8"));
  const mutants = Object.values(files).flatMap((file) => file.mutants);
  const of = (...statuses) => mutants.filter(({ status }) => statuses.includes(status)).length;
  const killed = of("Killed", "Timeout");
  return {
    name,
    killed,
    tried: killed + of("Survived", "NoCoverage"),
    seconds: (performance.now() - began) / 1000,
  };
});
const sum = (key) => rows.reduce((total, row) => total + row[key], 0);
const all = { name: "all", killed: sum("killed"), tried: sum("tried"), seconds: sum("seconds") };
const score = ({ killed, tried }) => (100 * killed) / tried;

console.log("\npart       killed   of   score  seconds");
for (const row of [...rows, all]) {
  const figures = [
    String(row.killed).padStart(6),
    String(row.tried).padStart(5),
    score(row).toFixed(1).padStart(6),
  ];
  console.log(`${row.name.padEnd(10)} ${figures.join(" ")}  ${row.seconds.toFixed(0).padStart(7)}`);
}
if (score(all) < LEAST) {
  console.error(`\n${score(all).toFixed(1)} % is less than ${LEAST} %`);
  process.exit(1);
}
