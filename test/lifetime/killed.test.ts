import assert from "node:assert/strict";
import { MOMENTS, type Moment, type Victim, victimOf } from "./moments";
import { GONE, Run } from "./run";

/** What is killed, how, and what `npm start` makes of it. */
interface Case {
  readonly victim: Victim;
  readonly signal: "SIGTERM" | "SIGKILL";
  /** Its exit code. */
  readonly ends: number;
  /** The line that says why, where whoever would say it has not been killed. */
  readonly says?: RegExp;
}

const FAILED = 'the rehearsal could not go on: "deploy [^"]+" failed:\n';

const MATRIX: Readonly<Record<Moment, readonly Case[]>> = {
  "the cloud is starting": [
    { victim: "npm", signal: "SIGTERM", ends: 143, says: /^ended \(/m },
    { victim: "node", signal: "SIGKILL", ends: 137 },
    {
      victim: "cloud",
      signal: "SIGTERM",
      ends: 1,
      says: /could not go on: the local cloud ended (by SIGTERM|with exit code 143) before it was ready$/m,
    },
  ],
  "the first deployment is under way": [
    { victim: "npm", signal: "SIGKILL", ends: 137, says: /^ended \(npm has gone\)/m },
    { victim: "node", signal: "SIGTERM", ends: 143, says: /^ended \(SIGTERM\)/m },
    { victim: "cloud", signal: "SIGKILL", ends: 1, says: /go on: the local cloud ended by SIGKILL$/m },
    {
      victim: "constructs",
      signal: "SIGKILL",
      ends: 1,
      says: /go on: the local cloud ended with exit code 1: the process that serves awsx and eks ended by SIGKILL$/m,
    },
    {
      victim: "engine",
      signal: "SIGTERM",
      ends: 1,
      says: new RegExp(`${FAILED}the engine was told to end`),
    },
    { victim: "engine", signal: "SIGKILL", ends: 1, says: new RegExp(`${FAILED}the engine was killed`) },
    { victim: "host", signal: "SIGTERM", ends: 1, says: new RegExp(`${FAILED}the language host`) },
    { victim: "host", signal: "SIGKILL", ends: 1, says: new RegExp(`${FAILED}the language host`) },
  ],
  "no engine runs, between two steps": [
    {
      victim: "cloud",
      signal: "SIGTERM",
      ends: 1,
      says: /go on: the local cloud ended with exit code 143$/m,
    },
  ],
  "a shift is under way": [
    { victim: "cloud", signal: "SIGKILL", ends: 1, says: /go on: the local cloud ended by SIGKILL$/m },
  ],
};

describe("npm start, when something of it is killed", function () {
  this.timeout(300_000);
  let run: Run | undefined;
  afterEach(() => run?.kill());

  for (const [moment, cases] of Object.entries(MATRIX)) {
    describe(`while ${moment}`, () => {
      for (const { victim, signal, ends, says } of cases) {
        it(`${victim} by ${signal}: leaves nothing, ends by itself and says why`, async () => {
          const begun = (run = new Run());
          await MOMENTS[moment as Moment](begun);
          process.kill(victimOf(begun, victim).pid, signal);
          await begun.untilGone(GONE);
          assert.equal(await begun.ended, ends, begun.output);
          if (says) assert.match(begun.output, says);
          assert.doesNotMatch(begun.output, /^\s+at /m, "a stack trace");
        });
      }
    });
  }
});
