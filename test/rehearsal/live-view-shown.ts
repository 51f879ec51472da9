/** Shows a rehearsal's view for a moment: what a test of a real terminal runs. */
import { setTimeout as pause } from "node:timers/promises";
import { startClock } from "../../rehearsal/report/samples";
import { startView } from "../../rehearsal/report/live/view";
import { sample } from "./report-fixture";

async function main(): Promise<void> {
  const clock = startClock();
  const print = (line: string) => console.log(line);
  const pods = () => Promise.resolve([]);
  const view = startView({
    ...{ stack: "dev", scenario: "canary", output: process.stdout, print, clock: () => clock, pods },
  });
  view.print("first");
  view.await({ step: 1, of: 2, what: "a step" });
  for (const at of [1, 2, 3]) {
    view.sample(sample(at, 10));
    await pause(600);
  }
  view.print("second");
  view.stop();
  view.print("after");
}

void main();
