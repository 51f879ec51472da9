import { Socket } from "node:net";
import Mocha from "mocha";
import { type Counts, RESULTS } from "./outcome";

/** Mocha's own spec output for people, and counts for the runner. */
class CountingReporter extends Mocha.reporters.Spec {
  constructor(runner: Mocha.Runner, options?: Mocha.MochaOptions) {
    super(runner, options);
    const results = new Socket({ fd: RESULTS });
    // The runner was killed outright: nobody reads the outcome, and the tests would go on for minutes.
    results.on("close", () => process.exit(1));
    results.on("error", () => process.exit(1));
    results.resume().unref();

    const failures: string[] = [];
    runner.on("fail", (test) => failures.push(test.fullTitle()));
    runner.once("end", () => {
      const passed = runner.stats?.passes ?? 0;
      // A hook that fails takes tests along that never began: they are failed tests, not missing ones.
      const failed = Math.max(failures.length, runner.total - passed);
      const counts: Counts = { passed, failed, failures };
      results.write(`${JSON.stringify(counts)}\n`);
    });
  }
}

// Mocha takes a reporter from module.exports.
export = CountingReporter;
