import { parentPort } from "node:worker_threads";
import { type Part, replayPart } from "./part";
import { SCENARIOS } from "./scenarios";

parentPort?.on("message", (part: Part) => {
  const scenario = SCENARIOS[part.scenario];
  parentPort?.postMessage(scenario ? replayPart(scenario, part) : []);
});
