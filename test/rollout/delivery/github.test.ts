import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PreviewFacts } from "../../../model/delivery/preview";
import { type LocalGitHub, localGitHub } from "../../../rehearsal/workflow/github";
import { writeComment } from "../../../rollout/delivery/comment";
import { issue } from "../../../rollout/delivery/drift";

const FACTS: PreviewFacts = {
  ...{ schema: 1, stack: "dev", result: "nothing" },
  ...{
    losses: [],
    refusals: [],
    advice: [],
    warnings: [],
    changes: [],
    same: 3,
    cost: {},
    unseen: [],
    errors: [],
  },
};

describe("what is written to GitHub", () => {
  let there: LocalGitHub;
  let folder: string;
  const shadowed = { ...process.env };
  const terminal = { folder: "", print: () => {} };
  const record = (name: string, content: unknown) =>
    writeFileSync(join(folder, name), JSON.stringify(content));

  before(async () => {
    there = await localGitHub();
    folder = mkdtempSync(join(tmpdir(), "sluice-github-"));
    const env = { GITHUB_API_URL: there.url, GITHUB_REPOSITORY: "octo/app", GITHUB_TOKEN: "local" };
    Object.assign(process.env, env);
    terminal.folder = folder;
  });
  after(async () => {
    process.env = shadowed;
    await there.close();
    rmSync(folder, { recursive: true });
  });

  it("is one comment for each stack, changed in place, and never a person's", async () => {
    record("dev.json", FACTS);
    await writeComment({ record: "dev.json", pull: "7" }, terminal);
    const [first] = there.comments[7]!;
    there.comments[7]!.unshift({ id: 99, body: first!.body, user: { type: "User" } });
    record("dev.json", { ...FACTS, same: 4 });
    await writeComment({ record: "dev.json", pull: "7" }, terminal);
    assert.deepEqual(
      there.comments[7]!.map(({ id }) => id),
      [99, first!.id],
    );
    assert.match(there.comments[7]![1]!.body, /4 as they are/);
    assert.match(there.comments[7]![0]!.body, /3 as they are/);
  });

  it("is taken back of a stack that is affected no more, and said of one whose preview left no record", async () => {
    const told = (...stacks: string[]) => JSON.stringify({ stacks: stacks.map((stack) => ({ stack })) });
    const write = (affected: string, folder: string) =>
      writeComment({ record: folder, pull: "8", affected, commit: "abc123" }, terminal);
    const bodies = () => there.comments[8]!.map(({ body }) => body.split("\n").slice(0, 2).join(" "));
    mkdirSync(join(folder, "previews"));
    record("previews/dev.json", FACTS);
    await write(told("dev", "prod"), "previews");
    const [dev, prod] = ["<!-- sluice:preview:dev --> ## dev:", "<!-- sluice:preview:prod --> ## prod:"];
    assert.deepEqual(bodies(), [`${dev} nothing changes`, `${prod} ❌ no preview`]);
    there.comments[8]!.push({ id: 98, body: "<!-- sluice:preview:dev -->", user: { type: "User" } });
    there.comments[8]!.push({ id: 97, body: "another app's", user: { type: "Bot" } });
    await write(told(), "nothing-was-recorded");
    assert.deepEqual(bodies(), [
      ...[`${dev} not changed any more`, `${prod} not changed any more`],
      ...["<!-- sluice:preview:dev -->", "another app's"],
    ]);
    assert.match(there.comments[8]![0]!.body, /commit `abc123`/);
    for (const bad of ["<script>", told("../x"), "{}"])
      await assert.rejects(write(bad, "previews"), /--affected/);
  });

  it("is nothing of a record that is none", async () => {
    writeFileSync(join(folder, "bad.json"), "<script>");
    await assert.rejects(writeComment({ record: "bad.json", pull: "7" }, terminal), /bad\.json/);
  });

  it("is one issue for a stack that drifts, closed once it does not", async () => {
    const drifted = {
      stack: "dev",
      differences: [{ where: "api", what: "50 %", mend: "sluice tick" }],
      unseen: [],
    };
    record("drift.json", drifted);
    await issue({ record: "drift.json" }, terminal);
    await issue({ record: "drift.json" }, terminal);
    assert.deepEqual(
      there.issues.map(({ title, state }) => [title, state]),
      [["Drift in dev", "open"]],
    );
    record("drift.json", { ...drifted, differences: [] });
    await issue({ record: "drift.json" }, terminal);
    assert.equal(there.issues[0]!.state, "closed");
  });
});
