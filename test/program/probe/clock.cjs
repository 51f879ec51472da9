"use strict";
// Stops the clock of what a test starts: limits of a second cannot be told apart while a second passes.
// `node --require clock.cjs`, with the name of a file in PROBE_CLOCK that has an ISO time, or nothing for the real
// one. Timers and Date.now() go on.
const { readFileSync } = require("node:fs");

const now = readFileSync(process.env.PROBE_CLOCK, "utf8").trim();
if (now) {
  const Real = Date;
  globalThis.Date = class Date extends Real {
    constructor(...args) {
      super(...(args.length === 0 ? [now] : args));
    }
  };
}
