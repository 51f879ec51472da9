import { readdirSync } from "node:fs";
import path from "node:path";

/** One line of the final table: a tool that passes or fails as a whole, or a suite that counts its tests. */
export interface Check {
  readonly name: string;
  readonly kind: "tool" | "suite";
  /** A script that Node.js runs, relative to the project's root. */
  readonly script: string;
  readonly args: readonly string[];
}

const tool = (name: string, script: string, ...args: string[]): Check => ({
  name,
  kind: "tool",
  script: `node_modules/${script}`,
  args,
});

/** What looks at the text without running it. */
const TOOLS: readonly Check[] = [
  tool("format", "prettier/bin/prettier.cjs", "--check", "--log-level=warn", "."),
  tool(
    "types",
    "typescript/bin/tsc",
    "--project",
    ".",
    "--incremental",
    "--tsBuildInfoFile",
    ".sluice/types.tsbuildinfo",
  ),
  tool("lint", "eslint/bin/eslint.js", "--max-warnings=0", "."),
];

/** Fast before slow. A folder that is not named runs before those that start processes. */
const FIRST = ["model", "policies", "cloud"];
const LAST = [
  ...["runner", "project", "workflows", "rollout", "rehearsal", "engine", "program"],
  ...["scenarios", "lifetime"],
];

/**
 * Folders whose files run two at a time: each has an engine, a cloud and folders of its own, and waits for them most
 * of the time. What measures, or rehearses in the project's own folder, has the machine to itself.
 */
const IN_PAIRS = ["program"];

const place = (name: string): number => {
  if (FIRST.includes(name)) return FIRST.indexOf(name) - FIRST.length;
  return LAST.indexOf(name) + 1;
};

/** A mocha suite over these files; `label` is its name. */
export const suite = (label: string, files: string): Check => ({
  name: label,
  kind: "suite",
  script: "node_modules/mocha/bin/mocha.js",
  args: [
    ...["--reporter", path.join(__dirname, "reporter.ts")],
    ...(IN_PAIRS.includes(label) ? ["--parallel", "--jobs", "2"] : []),
    files,
  ],
});

/**
 * Every check in the order in which it runs. A suite is a folder of `tests` with a test in it, so that no test is
 * left out for not being listed; tests beside the folders are the suite `project`.
 */
export function allChecks(tests: string): readonly Check[] {
  const files = readdirSync(tests, { recursive: true, encoding: "utf8" }).filter((file) =>
    file.endsWith(".test.ts"),
  );
  const folders = new Set(
    files.map((file) => (path.dirname(file) === "." ? "project" : file.split(path.sep)[0])),
  );
  const suites = [...folders]
    .filter((folder) => folder !== undefined)
    .sort((a, b) => place(a) - place(b) || a.localeCompare(b))
    .map((name) => suite(name, path.join(tests, name === "project" ? "*.test.ts" : `${name}/**/*.test.ts`)));
  return [...TOOLS, ...suites];
}

/** The checks whose name contains one of the words; all of them where no word is given. */
export const matching = (checks: readonly Check[], words: readonly string[]): readonly Check[] =>
  words.length === 0 ? checks : checks.filter(({ name }) => words.some((word) => name.includes(word)));
