import assert from "node:assert/strict";
import { Identity } from "../../cloud/identity";
import { Parameters } from "../../cloud/parameters";
import { approvalParameter } from "../../model/approval";
import { REGION } from "../cloud/readers-fixture";
import { type FlaggedStack, NAME, flagAlone } from "./reconcile/flags-fixture";

const GATE = "feedback";

/** A flag at 10 % of the sessions for more than a week, and a gate before 50 % that waits for somebody's word. */
describe("sluice approve of a flag's gate", function () {
  this.timeout(60_000);
  let stack: FlaggedStack;
  let caller: string;
  beforeEach(async () => {
    stack = await flagAlone(10);
    caller = await new Identity(REGION).caller();
    await gated();
  });
  afterEach(() => stack.close());

  const gate = (changes: object = {}) => ({
    ...{ name: GATE, kind: "manual", approver: caller, expires: "2099-01-01T00:00:00Z" },
    ...changes,
  });
  /** The flag's plan has this gate at 10 %, and another at 50 %. */
  const gated = async (changes: object = {}) => {
    const steps = [
      { share: 10, gates: [gate(changes)] },
      { share: 50, gates: [gate({ name: "all" })] },
      { share: 100 },
    ];
    const flag = `"plan":${JSON.stringify({ steps })},"alarms"`;
    await stack.write((await stack.text()).replace(/"plan":.*"alarms"/, flag));
  };
  const approve = (...args: string[]) =>
    stack.call("approve", GATE, "--flag", NAME, "-s", "dev", "--reason", "users like it", ...args);
  const kept = (...of: [flag?: string]) =>
    new Parameters(REGION).get(approvalParameter("app", "dev", GATE, ...of));

  it("is what the flag waits for, by the command that the tick names, and opens its way once", async () => {
    const waiting = await stack.tick();
    assert.equal(waiting.code, 3, waiting.printed);
    const [, command = ""] =
      /yet: sluice (approve .*REASON)/.exec(waiting.printed.replaceAll(/\s+/g, " ")) ?? [];
    assert.equal(command, `approve ${GATE} --flag ${NAME} -s dev --reason REASON`);
    const { code, printed } = await stack.call(...command.split(" "));
    assert.equal(code, 0, printed);
    assert.match(
      printed.replaceAll("\n", " "),
      new RegExp(`^${caller} approved that flag ${NAME} leaves 10 %, by gate ${GATE}$`),
    );
    assert.equal((await stack.tick()).code, 0);
    assert.deepEqual(await stack.percentages(), [50, 50, 50]);
    const next = await stack.tick();
    assert.equal(next.code, 3, "the next step waits for a word of its own");
    assert.match(next.printed.replaceAll(/\s+/g, " "), /has not approved flag partial-results at 50 % yet/);
  });

  it("is kept apart from a gate of that name on the release's plan, and on another flag's", async () => {
    assert.equal((await approve("--json")).code, 0);
    const { at: _, ...approval } = JSON.parse((await kept(NAME))!) as Record<string, unknown>;
    assert.deepEqual(approval, {
      ...{ gate: GATE, version: `flag ${NAME}`, share: 10, by: caller, reason: "users like it" },
    });
    assert.deepEqual([await kept(), await kept("other")], [undefined, undefined]);
  });

  it("is not given by whom the gate does not name, nor too late, and then nothing is kept", async () => {
    await gated({ approver: "arn:aws:iam::123456789012:user/somebody-else" });
    const { code, printed } = await approve("--json");
    const { approved, refused } = JSON.parse(printed) as { approved: boolean; refused: string };
    assert.deepEqual([code, approved], [3, false]);
    assert.match(refused, /gate feedback is arn:.*somebody-else's/);
    await gated({ expires: "2020-01-01T00:00:00Z" });
    assert.equal((await approve()).code, 3);
    assert.equal(await kept(NAME), undefined);
    assert.equal((await stack.tick()).code, 3);
    assert.deepEqual(await stack.percentages(), [10, 10, 10]);
  });

  it("is refused where there is no such flag, and where its step has no such gate", async () => {
    const other = await stack.call("approve", GATE, "--flag", "search", "-s", "dev", "--reason", "x");
    assert.equal(other.code, 2);
    assert.match(other.complained, /found no flag "search"; there are: partial-results/);
    const later = await stack.call("approve", "all", "--flag", NAME, "-s", "dev", "--reason", "x");
    assert.equal(later.code, 2);
    assert.match(later.complained, /at 10 % are: feedback; the plan has one of that name at 50 %/);
  });
});
