import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { FAMILIES } from "../../model/monitoring/families";
import { programOf } from "../../rehearsal/prometheus/debian";

const DAY = 86_400;

/** What a pod's providers cost a day, in USD. */
const A_DAY = 12;

/**
 * Writes nine days of cost into Prometheus' data, before it starts: a baseline is of the week before yesterday, and
 * nobody waits for that.
 */
export async function writePast(dir: string, namespace: string): Promise<void> {
  const now = Math.floor(Date.now() / 1_000);
  const began = now - 9 * DAY;
  const labels = `namespace="${namespace}",app="analytics",colour="blue",version="2.3.1",pod="past",provider="groq"`;
  const at = (seconds: number) =>
    `${FAMILIES.cost.name}{${labels}} ${((seconds - began) / DAY) * A_DAY} ${seconds}\n`;
  const hours = Array.from({ length: 9 * 24 - 1 }, (_, hour) => began + 3_600 * hour);
  // Where rules look at one moment a sample must be within five minutes.
  const dense = Array.from({ length: 20 }, (_, index) => now - 8 * DAY - 1_200 + 120 * index + 1);
  const times = [...new Set([...hours, ...dense])].sort((one, other) => one - other);
  const file = join(dir, "past.txt");
  await writeFile(file, `# TYPE ${FAMILIES.cost.name} unknown\n${times.map(at).join("")}# EOF\n`);
  const promtool = await programOf("promtool", "prometheus");
  await promisify(execFile)(promtool, ["tsdb", "create-blocks-from", "openmetrics", file, join(dir, "data")]);
}
