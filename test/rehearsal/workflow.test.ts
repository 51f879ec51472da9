import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { condition, evaluated, filled } from "../../rehearsal/workflow/expression";
import { type Surroundings, runWorkflow } from "../../rehearsal/workflow/run";
import type { Workflow } from "../../rehearsal/workflow/workflow";

const CONTEXTS = {
  inputs: { stack: "prod", empty: "" },
  needs: { plan: { outputs: { plan: '{"approve":"","stacks":[{"stack":"dev"}]}' }, result: "success" } },
};
const value = (text: string) => evaluated(text, CONTEXTS);

describe("a workflow's expressions", () => {
  it("are values, operators and functions as GitHub has them", () => {
    assert.equal(value("inputs.stack == 'PROD' && 1 != 2"), true);
    assert.equal(value("inputs.empty || 'default'"), "default");
    assert.equal(value("fromJSON(needs.plan.outputs.plan).stacks[0].stack"), "dev");
    assert.equal(value("fromJSON(needs.plan.outputs.plan).approve != ''"), false);
    assert.equal(value("format('{0} {1}', inputs.stack, 'canary')"), "prod canary");
    assert.equal(value("!(startsWith(inputs.stack, 'st'))"), true);
    assert.equal(value("inputs.nothing.at.all"), null);
    assert.equal(filled("stack-${{ inputs.stack }}", CONTEXTS), "stack-prod"); // eslint-disable-line no-template-curly-in-string -- what is tested
  });

  it("work out no more than they need: of a job that failed there is no output to read", () => {
    assert.equal(value("inputs.empty != '' && fromJSON(inputs.empty).isRollback"), false);
    assert.equal(value("inputs.stack == 'prod' || fromJSON(inputs.empty)"), true);
    assert.equal(value("(inputs.empty && fromJSON(inputs.empty)) || 'none'"), "none");
    assert.throws(() => value("inputs.stack && fromJSON(inputs.empty)"));
  });

  it("are refused where they are none, or name what is not known here", () => {
    for (const text of ["secrets.TOKEN", "hashFiles('a')", "1 +", "'a", "(1"])
      assert.throws(() => value(text), text);
  });

  it("let what comes after a failure wait, unless its condition asks", () => {
    assert.equal(condition(undefined, CONTEXTS, "failure"), false);
    assert.equal(condition("inputs.stack == 'prod'", CONTEXTS, "failure"), false);
    assert.equal(condition("!cancelled()", CONTEXTS, "failure"), true);
    assert.equal(condition("failure()", CONTEXTS, "success"), false);
  });
});

describe("a workflow's steps", () => {
  const lines: string[] = [];
  let folder: string;
  before(async () => (folder = await mkdtemp(join(tmpdir(), "sluice-steps-"))));
  after(() => rm(folder, { recursive: true }));

  const run = (jobs: Workflow["jobs"], more: Partial<Surroundings> = {}) =>
    runWorkflow(
      { name: "test", jobs },
      { ...{ folder, env: {}, github: { sha: "abc" }, print: (line) => void lines.push(line) }, ...more },
    );
  const script = (text: string, more: object = {}) => ({ run: text, ...more });

  it("run in order, and hand outputs, summaries and files on", async () => {
    const upload = { name: "made", path: "made.txt" };
    const { results, summaries } = await run({
      second: {
        needs: "first",
        env: { SAID: "${{ needs.first.outputs.said }}" }, // eslint-disable-line no-template-curly-in-string -- what is tested
        steps: [
          { uses: "actions/download-artifact@0", with: { name: "made", path: "got" } },
          script('echo "$SAID $(cat got/made.txt) $GITHUB_SHA" >> "$GITHUB_STEP_SUMMARY"'),
        ],
      },
      first: {
        outputs: { said: "${{ steps.say.outputs.said }}" }, // eslint-disable-line no-template-curly-in-string -- what is tested
        steps: [
          script('echo "said=a=b" >> "$GITHUB_OUTPUT"', { id: "say" }),
          script("echo made > made.txt"),
          { uses: "actions/upload-artifact@0", with: upload },
        ],
      },
    });
    assert.deepEqual(results, { first: "success", second: "success" });
    assert.equal(summaries["second"], "a=b made abc\n");
    assert.ok(lines.some((line) => /actions\/upload-artifact: locally/.test(line)));
  });

  it("get of the files that others kept those that a name or a pattern fits", async () => {
    const kept = (name: string) => ({ uses: "actions/upload-artifact@0", with: { name, path: "one.txt" } });
    const { results } = await run({
      first: {
        steps: [
          script("echo one > one.txt"),
          kept("preview-dev"),
          kept("preview-prod"),
          kept("rehearsal-dev"),
        ],
      },
      second: {
        needs: "first",
        steps: [
          { uses: "actions/download-artifact@0", with: { pattern: "preview-*", path: "previews" } },
          script('[ "$(cd previews && echo */*)" = "preview-dev/one.txt preview-prod/one.txt" ]'),
        ],
      },
    });
    assert.equal(results["second"], "success", lines.join("\n"));
  });

  it("get merged into one folder what a pattern fits, and nothing where it fits nothing", async () => {
    const merged = { path: "merged", "merge-multiple": true };
    const { results } = await run({
      first: {
        steps: [
          script("echo one > one.txt"),
          { uses: "actions/upload-artifact@0", with: { name: "drift-dev", path: "one.txt" } },
          { uses: "actions/download-artifact@0", with: { ...merged, pattern: "drift-prod" } },
          script('[ -z "$(ls merged)" ]'),
          { uses: "actions/download-artifact@0", with: { ...merged, pattern: "drift-dev" } },
          script('[ "$(ls merged)" = one.txt ]'),
        ],
      },
    });
    assert.equal(results["first"], "success", lines.join("\n"));
  });

  it("run in a checkout of what their job names, else of the commit that the run is about", async () => {
    const wanted: string[] = [];
    const checkout = async (ref: string) => void wanted.push(ref);
    const steps = [{ uses: "actions/checkout@0", with: { ref: "develop" } }, { uses: "actions/checkout@0" }];
    await run({ one: { steps } }, { checkout });
    assert.deepEqual(wanted, ["develop", "abc"]);
  });

  it("are those of a workflow that their job calls, which knows the inputs that it is given", async () => {
    const called: Workflow = {
      name: "called",
      jobs: { one: { steps: [script('[ "$STACK" = dev ]', { env: { STACK: "${{ inputs.stack }}" } })] } }, // eslint-disable-line no-template-curly-in-string -- what is tested
    };
    const calls = (stack: string) =>
      run(
        {
          first: { uses: "./.github/workflows/called.yml", with: { stack } },
          second: { needs: "first", steps: [script("true")] },
        },
        { inputs: { stack: "dev" }, called: async () => called },
      );
    assert.deepEqual((await calls("dev")).results, { first: "success", second: "success" });
    assert.deepEqual((await calls("prod")).results, { first: "failure", second: "skipped" });
  });

  it("have credentials only where their job names an environment, and those of that one", async () => {
    const steps = [script('echo "${CREDENTIALS:-none}" >> "$GITHUB_STEP_SUMMARY"')]; // eslint-disable-line no-template-curly-in-string -- of the shell
    const { summaries } = await run(
      {
        outside: { steps },
        inside: { environment: "${{ inputs.stack }}-preview", steps }, // eslint-disable-line no-template-curly-in-string -- what is tested
      },
      { inputs: { stack: "prod" }, environment: async (name) => ({ CREDENTIALS: `of ${name}` }) },
    );
    assert.deepEqual(summaries, { outside: "none\n", inside: "of prod-preview\n" });
  });

  it("fail with the first command that does, and take along what needs them", async () => {
    const { results } = await run({
      first: {
        steps: [script("false\ntrue"), script("touch never"), script("touch always", { if: "always()" })],
      },
      second: { needs: ["first"], steps: [script("true")] },
      third: { needs: ["first"], if: "!cancelled()", steps: [script("[ -f always ] && [ ! -f never ]")] },
    });
    assert.deepEqual(results, { first: "failure", second: "skipped", third: "success" });
  });

  it("are not left out in silence where there is nothing local for them", async () => {
    await assert.rejects(
      run({ one: { steps: [{ uses: "octo/action@0" }] } }),
      /octo\/action has no local equivalent/,
    );
  });
});
