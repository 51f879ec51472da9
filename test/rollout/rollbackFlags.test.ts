import assert from "node:assert/strict";
import { Parameters } from "../../cloud/parameters";
import { releaseParameter } from "../../model/known";
import { watchOnce } from "../../rollout/watch/watchOnce";
import { REGION } from "../cloud/readers-fixture";
import { call } from "./fixture";
import { type FlaggedStack, NAME, PARAMETER, flaggedStack } from "./reconcile/flags-fixture";

const NAMED = ["--app", "app", "--environment", "dev", "--region", REGION];

/** A candidate with 10 %, and a flag that rose from 10 % to 50 % of the sessions while it had them. */
describe("a flag that rose together with a version", function () {
  this.timeout(60_000);
  let stack: FlaggedStack;
  beforeEach(async () => {
    stack = await flaggedStack(50, 10);
    const beside = { version: "2.4.0", was: 10 };
    await stack.recorded(({ flags = {} }) => ({ flags: { [NAME]: { ...flags[NAME]!, beside } } }));
    await stack.publish();
    await published({ [NAME]: beside });
  });
  afterEach(() => stack.close());

  const published = async (flags: object) => {
    const parameters = new Parameters(REGION);
    const name = releaseParameter("app", "dev");
    const known = JSON.parse((await parameters.get(name))!) as object;
    await parameters.put(name, JSON.stringify({ ...known, flags }));
  };
  const rollback = (...args: string[]) =>
    stack.call("rollback", "-s", "dev", "--reason", "loses calls", ...args);
  const bare = (...args: string[]) => call("/", "rollback", ...NAMED, "--reason", "loses calls", ...args);
  const percentage = async () => (await stack.held())["rollout_percentage"];
  const green = async () => (await stack.greens())[0];

  it("falls before its traffic goes back, then configuration and state follow both", async () => {
    const { code, printed } = await rollback();
    assert.equal(code, 0, printed);
    const order = [
      `${PARAMETER}: 10 %`,
      "blue 90, green 10 → blue 100, green 0",
      "rollout_percentage 10",
      "the state has followed",
    ];
    const places = order.map((what) => printed.indexOf(what));
    assert.deepEqual(
      places,
      places.toSorted((one, other) => one - other),
      printed,
    );
    assert.ok(!places.includes(-1), printed);
    assert.deepEqual(
      [await stack.greens(), await stack.percentages()],
      [
        [0, 0, 0],
        [10, 10, 10],
      ],
    );
    assert.match(await stack.text(), /hold: ['"]?taken back with the release: loses calls/);
  });

  it("falls by credentials and nothing else, and keeps what else its parameter says", async () => {
    await stack.put({ enabled: true, rollout_percentage: 50, theme: "dark" });
    const { code, printed } = await bare();
    assert.equal(code, 0, printed);
    assert.deepEqual(await stack.held(), { enabled: true, rollout_percentage: 10, theme: "dark" });
    assert.equal(await green(), 0);
  });

  it("is told and not changed by a dry run", async () => {
    const { printed } = await bare("--dry-run");
    assert.match(printed, /would take the flag partial-results to 10 %/);
    assert.deepEqual([await percentage(), await green()], [50, 10]);
  });

  it("keeps no traffic where SSM refuses it or does not answer: that is told, and the next tick does it", async () => {
    await stack.edge.aws.fail("ssm:PutParameter", "AccessDeniedException");
    const { printed } = await bare();
    assert.match(printed, /config: NOT lowered to 10 %: AccessDeniedException/);
    assert.deepEqual([await percentage(), await green()], [50, 0]);
    await fetch(`${process.env["AWS_ENDPOINT_URL"]}/_local/faults`, { method: "DELETE" });
    await stack.fence("2.4.0");
    await stack.tick();
    assert.equal(await percentage(), 10);
  });

  it("stays where it had its sessions before the version had any, and where another version is left", async () => {
    await published({ [NAME]: { version: "2.3.9", was: 10 } });
    await bare();
    assert.deepEqual([await percentage(), await green()], [50, 0]);
  });

  it("stays where somebody has lowered or disabled it already", async () => {
    await stack.put({ enabled: false, rollout_percentage: 50 });
    await bare();
    assert.deepEqual(await stack.held(), { enabled: false, rollout_percentage: 50 });
    assert.equal(await green(), 0);
  });

  it("falls where the watcher takes traffic back", async () => {
    await stack.fence("2.4.0");
    const lines: string[] = [];
    const outcome = await watchOnce({ app: "app", environment: "dev", region: REGION }, (line) =>
      lines.push(line),
    );
    assert.equal(outcome.kind, "lowered", lines.join("\n"));
    assert.deepEqual([await percentage(), await green()], [10, 0]);
    const places = [`${PARAMETER}: 10 %`, "→ blue 100, green 0"].map((what) =>
      lines.findIndex((line) => line.includes(what)),
    );
    assert.ok(places[0]! >= 0 && places[0]! < places[1]!, lines.join("\n"));
  });

  it("falls where a tick takes traffic back", async () => {
    await stack.fence("2.4.0");
    const { code, printed } = await stack.tick();
    assert.equal(code, 4, printed);
    assert.deepEqual(
      [await stack.greens(), await stack.percentages()],
      [
        [0, 0, 0],
        [10, 10, 10],
      ],
    );
  });
});
