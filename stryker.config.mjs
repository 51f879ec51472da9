import { createRequire } from "node:module";
import { PluginKind, declareValuePlugin } from "@stryker-mutator/api/plugin";

// Mocha 12 named the files that the runner asks for without an ending `.cjs` (stryker-js #6205).
const { extensions } = createRequire(import.meta.url);
extensions[".cjs"] ??= extensions[".js"];
const mocha = await import("@stryker-mutator/mocha-runner");

// Code that also runs while a test file is loaded is mutated during tests alone (`ignoreStatic`), so what was
// loaded is as it should be: the runner need not start a process for each mutant of it.
mocha.MochaTestRunner.prototype.capabilities = () => Promise.resolve({ reloadEnvironment: true });

/** What makes a template decide something, besides putting values into a sentence. */
const DECISION =
  /^(?:ConditionalExpression|LogicalExpression|BinaryExpression|ArrowFunctionExpression|OptionalCallExpression)$/;

const decides = (template) => {
  let found = false;
  template.traverse({ enter: ({ node }) => void (found ||= DECISION.test(node.type)) });
  return found;
};

const hasBlank = (text) => /\s/.test(text);

const PROSE = "a sentence for people";

/**
 * A test that holds sentences word for word only says them twice; the values, limits and commands in a
 * message are tested in what comes out. A text without a blank (an id, a key, a unit) is mutated, and so is
 * a template that decides something.
 */
const prose = {
  shouldIgnore(path) {
    if (path.isStringLiteral() && hasBlank(path.node.value)) return PROSE;
    if (!path.isTemplateLiteral() || decides(path)) return undefined;
    return path.node.quasis.some(({ value }) => hasBlank(value.raw)) ? PROSE : undefined;
  },
};

/**
 * Tests that are left out, by a part of their title. What they would notice, the tests of each rule have to:
 * leaving them out can only lower the score.
 */
const SKIPPED = [
  // Another process, in which no mutant is active.
  "pack that the engine starts",
  "start elsewhere",
  // Random histories and statistics, each seconds long and minutes in mutated code.
  "any sequence of permitted transitions",
  "after every history of updates",
  "always ends at its target",
  "nothing inside a freeze, and gets there all the same",
  "is never better for a candidate with more errors",
  "none of 20,000 equal colours",
  "the same again where the same update runs again",
  "of different target groups differ",
  "throws nothing but SettingsError, whatever it is given",
];

export const strykerPlugins = [
  ...mocha.strykerPlugins,
  declareValuePlugin(PluginKind.Ignore, "prose", prose),
];
export const { strykerValidationSchema } = mocha;

/** @type {import("@stryker-mutator/api/core").PartialStrykerOptions} */
export default {
  plugins: [import.meta.filename],
  mutate: [
    "model/**/*.ts",
    "policies/**/*.ts",
    // They hand a list to the SDK in the process that the engine starts, in which no mutant is active.
    "!policies/**/pack.ts",
    // test/controls breaks what each control asks for, in what the real program registers: seconds for each mutant.
    "!model/controls/**/*.ts",
  ],
  testRunner: "mocha",
  mochaOptions: {
    spec: ["test/model/**/*.test.ts", "test/policies/**/*.test.ts"],
    // Statistics over thousands of candidates, and releases that are played by chance through every layer.
    ignore: ["test/model/analysis/promises.test.ts", "test/model/layers.test.ts"],
    grep: `^(?!.*(?:${SKIPPED.join("|")}))`,
  },
  coverageAnalysis: "perTest",
  // What runs while a file is loaded (tables, schemas) costs a new process and every test for each mutant.
  ignoreStatic: true,
  ignorers: ["prose"],
  concurrency: 2,
  thresholds: { high: 90, low: 85 },
  tempDirName: ".sluice/mutation/sandbox",
  ignorePatterns: [".sluice"],
  reporters: ["clear-text", "json"],
  clearTextReporter: { allowColor: false, logTests: false },
  jsonReporter: { fileName: ".sluice/mutation/report.json" },
};
