import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import fc from "fast-check";
import type { LocalPod } from "../../rehearsal/cloud/cluster/local-pod";
import { type Output, Screen, isScreen } from "../../rehearsal/report/live/screen";
import { branchesOf } from "../../rehearsal/report/live/state";
import { type Tree, WIDTH, treeLines } from "../../rehearsal/report/live/tree";
import { sample } from "./report-fixture";
import { Terminal } from "./terminal-emulator";

const tree: Tree = {
  stack: "dev",
  scenario: "canary",
  seconds: 125,
  requests: 61_234,
  failed: 12,
  branches: [
    {
      ...{ colour: "blue", version: "2.3.1", pods: { ready: 6, total: 6 }, waited: [] },
      ...{ configured: 90, observed: 90.42, rate: 612.3, failing: 0, p95: 0.014 },
    },
    {
      ...{ colour: "green", version: "2.4.0", pods: { ready: 5, total: 6 }, configured: 10 },
      ...{ observed: 9.58, rate: 68.2, failing: 1.25, p95: 1.25 },
      waited: [
        { service: "voice-service", ready: 0, total: 1, reason: "CrashLoopBackOff: back-off restarting" },
      ],
    },
  ],
  awaited: { step: 4, of: 11, what: "shift 25 % to 2.4.0", since: 113 },
  last: { kind: "decision", text: "sluice run: hold, for too few requests", seconds: 121 },
};

describe("the view of a rehearsal", () => {
  it("is a tree of colours with shares, rates and what is waited for", () =>
    assert.deepEqual(treeLines(tree), [
      "dev canary 2:05                        set     got    req/s  failed/s        p95",
      "├─ blue 2.3.1, 6 of 6 ready           90 %  90.4 %      612         0      14 ms",
      "└─ green 2.4.0, 5 of 6 ready          10 %   9.6 %       68       1.3   1,250 ms",
      "   └─ voice-service 0 of 1: CrashLoopBackOff: back-off restarting",
      "4/11 shift 25 % to 2.4.0, for 0:12",
      "2:01 decision: sluice run: hold, for too few requests",
      "61,234 requests, 12 failed",
    ]));

  it("says of what is not known that it is not", () => {
    const unknown = { pods: { ready: 0, total: 0 }, waited: [], rate: 0, failing: 0, version: "" };
    const branches = (["blue", "green"] as const).map((colour) => ({ colour, ...unknown }));
    const lines = treeLines({ ...tree, awaited: undefined, last: undefined, branches });
    assert.equal(
      lines[1],
      "├─ blue nothing                          –       –        0         0          –",
    );
    assert.equal(lines.length, 4);
  });

  it("is never wider than 80 columns or than the terminal, whatever it is told", () => {
    const number = fc.oneof(fc.double(), fc.integer(), fc.constantFrom(Infinity, Number.MAX_VALUE));
    const text = fc.oneof(fc.string({ unit: "grapheme" }), fc.string({ minLength: 80, maxLength: 200 }));
    const optional = fc.option(number, { nil: undefined });
    const pods = fc.record({ ready: number, total: number });
    const branch = fc.record({
      ...{ colour: fc.constantFrom("blue" as const, "green" as const), version: text, pods },
      waited: fc.array(fc.record({ service: text, ready: number, total: number, reason: text })),
      ...{ configured: optional, observed: optional, rate: number, failing: number, p95: optional },
    });
    const awaited = fc.record({ step: number, of: number, what: text, since: number });
    const any = fc.record({
      ...{ stack: text, scenario: text, seconds: number, requests: number, failed: number },
      branches: fc.array(branch, { maxLength: 3 }),
      awaited: fc.option(awaited, { nil: undefined }),
      last: fc.option(fc.record({ kind: text, text, seconds: number }), { nil: undefined }),
    });
    fc.assert(
      fc.property(any, fc.integer({ min: 1, max: 200 }), (told, width) => {
        for (const line of treeLines(told, width)) {
          assert.ok(line.length <= Math.min(width, WIDTH), `${line.length}: ${line}`);
          assert.match(line, /^[\u0020-\u007e\u00a1-\u02af\u2010-\u2027\u2500-\u259f]*$/);
        }
      }),
    );
  });

  it("has the last seconds' figures, of the colour's own pods", () => {
    const pod = (name: string, ready: boolean, more: Partial<LocalPod> = {}): LocalPod => ({
      ...{ name, namespace: "app", labels: {}, service: "api", colour: "green", version: "2.4.0" },
      ...{ container: "api", created: "", phase: "Running", port: 1, terminating: false, restarts: 0 },
      ...{ ready, reason: ready ? "" : "Unhealthy", ...more },
    });
    const samples = [sample(1, 10), sample(2, 10, 4), sample(3, 10), sample(4, 10, 8)];
    const pods = [
      pod("api-green-1-a", true),
      pod("api-green-1-b", false),
      pod("api-green-1-c", false, { terminating: true }),
      pod("migrate-api-x", false),
    ];
    const [blue, green] = branchesOf(samples, pods);
    assert.equal(green!.failing, (4 + 0 + 8) / 3);
    assert.equal(green!.configured, 10);
    assert.ok(Math.abs(blue!.observed! + green!.observed! - 100) < 1e-9);
    assert.deepEqual(green!.pods, { ready: 1, total: 2 });
    assert.deepEqual(green!.waited, [{ service: "api", ready: 1, total: 2, reason: "Unhealthy" }]);
    assert.deepEqual([blue!.version, green!.version], ["", "2.4.0"]);
    assert.deepEqual(
      branchesOf([], []).map(({ rate, configured, p95 }) => [rate, configured, p95]),
      [
        [0, undefined, undefined],
        [0, undefined, undefined],
      ],
    );
  });
});

describe("a screen", () => {
  it("shows what stays in its order, and below it what was drawn last", () => {
    const word = fc.stringMatching(/^[a-z]{1,12}$/);
    const lines = fc.array(word, { maxLength: 6 });
    fc.assert(
      fc.property(fc.array(fc.record({ lines, above: lines }), { maxLength: 20 }), (draws) => {
        const terminal = new Terminal({ columns: 20, rows: 10 });
        const screen = new Screen(terminal);
        for (const { lines: drawn, above } of draws) screen.draw(drawn, above);
        const stays = draws.flatMap(({ above }) => above);
        assert.deepEqual(terminal.lines(), [...stays, ...(draws.at(-1)?.lines ?? [])]);
        screen.end();
        assert.deepEqual(terminal.lines(), stays);
      }),
    );
  });

  it("cuts what has no room on it, so that what was drawn can always be redrawn", () => {
    const terminal = new Terminal({ columns: 20, rows: 4 });
    const screen = new Screen(terminal);
    const all = ["a", "b", "c", "d", "e", "f"];
    screen.draw(all);
    screen.draw(all, ["stays"]);
    assert.deepEqual(terminal.lines(), ["stays", "a", "b", "c"]);
  });

  it("cuts nothing where a terminal does not know its size, which is 0 then", () => {
    let written = "";
    const write = (text: string) => (written += text);
    const screen = new Screen({ isTTY: true, columns: 0, rows: 0, write });
    screen.draw(["a", "b"]);
    assert.ok(written.endsWith("a\nb\n"), JSON.stringify(written));
    assert.equal(screen.width, Infinity);
  });

  it("is a terminal that can move its cursor, outside of CI", () => {
    const output = (isTTY?: boolean): Output => ({ ...(isTTY && { isTTY }), write: () => true });
    assert.equal(isScreen(output(true), {}), true);
    assert.equal(isScreen(output(), {}), false);
    assert.equal(isScreen(output(true), { TERM: "dumb" }), false);
    assert.equal(isScreen(output(true), { CI: "true" }), false);
  });
});

describe("the view in a process of its own", function () {
  this.timeout(30_000);
  const run = promisify(execFile);
  const root = join(__dirname, "../..");
  const command = [process.execPath, "-r", join(root, "register.cjs"), join(__dirname, "live-view-shown.ts")];
  const env = { ...process.env, CI: "", TERM: "xterm" };

  it("is plain lines where there is no terminal", async () => {
    const { stdout } = await run(command[0]!, command.slice(1), { env });
    assert.equal(stdout, "first\nsecond\nafter\n");
  });

  it("is redrawn in place in a terminal, and gone at the end", async () => {
    const quoted = command.map((part) => `'${part}'`).join(" ");
    const { stdout } = await run("script", ["-qec", `stty cols 100 rows 30; ${quoted}`, "/dev/null"], {
      env,
    });
    assert.match(stdout, /dev canary 0:0\d/);
    assert.match(stdout, /1\/2 a step, for 0:0\d/);
    const terminal = new Terminal({ columns: 100, rows: 30 });
    terminal.write(stdout);
    assert.deepEqual(terminal.lines(), ["first", "second", "after"]);
  });
});
