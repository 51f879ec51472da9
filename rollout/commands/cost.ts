import { type CostEstimate, estimateCost } from "../../model/cost";
import { SettingsError } from "../../model/settings";
import { settingsIn } from "../configuration";
import { UsageError } from "../failure";
import { type StackFile, configurationOf, findProject, readStackFile } from "../project";
import type { Terminal } from "../terminal";

export interface CostOptions {
  readonly stack: string;
  readonly json?: boolean;
}

/**
 * Prints what a stack costs a month.
 *
 * @throws UsageError where its settings are at fault
 */
export function cost(options: CostOptions, terminal: Terminal): void {
  const project = findProject(terminal.folder);
  const stack = readStackFile(project, options.stack);
  const region = configurationOf(project, stack).values["aws:region"];
  if (region === undefined) {
    throw new UsageError(
      `${stack.path}: found no aws:region; set it: pulumi config set aws:region us-east-1`,
    );
  }
  const estimate = estimateCost(settingsOf(stack), region);
  terminal.print(
    options.json
      ? JSON.stringify({ schema: 1, stack: stack.name, region, ...estimate }, null, 2)
      : table(stack.name, estimate),
  );
}

function settingsOf(stack: StackFile) {
  try {
    return settingsIn(stack.text);
  } catch (error) {
    if (error instanceof SettingsError) throw new UsageError(`${stack.path}:\n${error.message}`);
    throw error;
  }
}

/** Columns of a terminal that people have at least. */
const WIDTH = 80;
const AMOUNT = 14;

function table(stack: string, { lines, total, remarks, currency }: CostEstimate): string {
  const row = (item: string, one: string, both: string) =>
    item.padEnd(WIDTH - 2 * AMOUNT).slice(0, WIDTH - 2 * AMOUNT) +
    one.padStart(AMOUNT) +
    both.padStart(AMOUNT);
  const amount = (value: number | undefined) => (value === undefined ? "unknown" : value.toFixed(0));
  return [
    row(`${stack}: ${currency} a month`, "one colour", "both colours"),
    ...lines.flatMap(({ item, counted, oneColour, bothColours }) => [
      row(item, amount(oneColour), amount(bothColours)),
      `  ${counted}`,
    ]),
    row("total", amount(total.oneColour), amount(total.bothColours)),
    "",
    ...remarks.map((remark) => wrapped(remark)),
  ].join("\n");
}

/** A sentence on lines of the terminal's width. */
function wrapped(text: string): string {
  const lines = [""];
  for (const word of text.split(" ")) {
    const last = lines.at(-1) ?? "";
    if (last !== "" && last.length + 1 + word.length > WIDTH) lines.push(word);
    else lines[lines.length - 1] = last === "" ? word : `${last} ${word}`;
  }
  return lines.join("\n");
}
