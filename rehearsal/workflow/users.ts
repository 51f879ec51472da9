import type { Settings } from "../../model/settings";
import { targetsAt } from "../traffic/targets";
import { type Traffic, startTraffic } from "../traffic/traffic";

/** Users of every public service, few, but as many as an analysis wants before it judges a release. */
export const startUsers = (url: string, settings: Settings): Traffic =>
  startTraffic({
    ...{ targets: targetsAt(url, settings), sessions: 10, ratePerSecond: 40, requestsPerSession: 2 },
  });
