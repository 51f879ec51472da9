import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { comment } from "../../../model/delivery/comment";
import { isDrift } from "../../../model/delivery/driftIssue";
import { type PreviewFacts, type Previewed, factsOf } from "../../../model/delivery/preview";
import { factsIn } from "../../../model/delivery/record";

const FOLDER = resolve(__dirname, "../../fixtures/previews");
const RECORDED = ["nothing", "shift", "flip", "refused", "migration", "precious", "unreachable"] as const;
const recorded = (name: (typeof RECORDED)[number]): PreviewFacts =>
  factsOf(JSON.parse(readFileSync(join(FOLDER, `${name}.json`), "utf8")) as Previewed);

/** With UPDATE_SNAPSHOTS set the files are written anew, to be read before they are committed. */
function assertSnapshot(name: string, text: string): void {
  const file = join(FOLDER, `${name}.md`);
  if (process.env["UPDATE_SNAPSHOTS"] !== undefined) writeFileSync(file, text);
  assert.ok(existsSync(file), `${file} is missing`);
  assert.equal(text, readFileSync(file, "utf8"));
}

describe("the comment on a recorded preview", () => {
  it("is tried with every recording that there is", () => {
    const files = readdirSync(FOLDER).filter((file) => file.endsWith(".json"));
    assert.deepEqual(files.sort(), RECORDED.map((name) => `${name}.json`).sort());
  });

  for (const name of RECORDED) {
    it(`says what it said: ${name}`, () => assertSnapshot(name, comment(recorded(name))));
  }

  it("says nothing changes where nothing does, the transition aside", () => {
    assert.equal(recorded("nothing").result, "nothing");
  });

  it("counts as drift what differs, or could not be seen, and not what settles by itself", () => {
    const drifted = (name: (typeof RECORDED)[number]) =>
      isDrift({ stack: "dev", differences: [], unseen: [], preview: recorded(name) });
    assert.deepEqual([drifted("nothing"), drifted("shift"), drifted("unreachable")], [false, true, true]);
  });

  it("names the rule that refuses, and the command that mends it", () => {
    const facts = recorded("refused");
    assert.equal(facts.result, "refused");
    assert.ok(facts.judgement?.refused.includes("T1"));
    assert.match(comment(facts), /```sh\npulumi config set --path 'sluice:release\.traffic/);
  });

  it("tells first what would be lost", () => {
    const text = comment(recorded("precious"));
    const losses = text.indexOf("[!CAUTION]");
    assert.ok(losses > 0 && losses < text.indexOf("### What moves"));
    assert.match(text, /^## dev: ⚠️ 15 precious resources would be replaced$/m);
    const [first, second] = recorded("precious").losses.map(({ what }) => what);
    assert.deepEqual([first, second], ["the database, with its data", "the cache, with its data"]);
  });

  it("says that the cluster could not be reached", () => {
    const facts = recorded("unreachable");
    assert.match(facts.unreachable ?? "", /cluster is unreachable/);
    assert.match(comment(facts), /\*\*The cluster could not be reached\.\*\*/);
  });

  it("can be made again from its record", () => {
    for (const name of RECORDED) {
      const facts = recorded(name);
      assert.equal(comment(factsIn(JSON.stringify(facts))), comment(facts), name);
    }
  });
});
