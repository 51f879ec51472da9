import { type CostEstimate, estimateCost } from "../../model/cost";
import { settingsOf } from "../settingsOf";
import { stackSubject } from "../subject";
import type { Terminal } from "../terminal";
import { wrapped } from "../wrapped";

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
  const { stack, region } = stackSubject(terminal.folder, options.stack);
  const estimate = estimateCost(settingsOf(stack), region);
  terminal.print(
    options.json
      ? JSON.stringify({ schema: 1, stack: stack.name, region, ...estimate }, null, 2)
      : table(stack.name, estimate),
  );
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
    ...remarks.flatMap((remark) => wrapped(remark, WIDTH)),
  ].join("\n");
}
