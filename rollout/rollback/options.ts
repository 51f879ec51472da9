import { COLOURS } from "../../model/release";
import type { Asked } from "../../model/rollback";
import { UsageError } from "../failure";
import type { Subject } from "../subject";

export interface RollbackOptions {
  readonly stack?: string;
  readonly app?: string;
  readonly environment?: string;
  readonly region?: string;
  readonly reason: string;
  readonly to?: string;
  readonly share?: string;
  readonly version?: string;
  readonly anyway?: boolean;
  readonly dryRun?: boolean;
  readonly writeOnly?: boolean;
  /** Seconds. */
  readonly wait: string;
  readonly json?: boolean;
}

/** What is asked for. @throws UsageError where an option is not one of those allowed */
export function askedFor({ to, share, version, anyway, reason }: RollbackOptions): Asked {
  if (reason.trim() === "")
    throw new UsageError("--reason: found nothing; say why, for whoever reads the fence");
  const colour = COLOURS.find((name) => name === to);
  if (to !== undefined && !colour) {
    throw new UsageError(`--to: found ${JSON.stringify(to)}; allowed are ${COLOURS.join(" and ")}`);
  }
  return {
    to: colour,
    version,
    share: share === undefined ? undefined : wholeNumber("--share", share, 100, 1),
    anyway,
  };
}

/** @throws UsageError where the text is no whole number between the two */
export function wholeNumber(option: string, text: string, most: number, least = 0): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && number >= least && number <= most) return number;
  throw new UsageError(
    `${option}: found ${JSON.stringify(text)}; allowed is a whole number ${least}–${most}`,
  );
}

/** The call, as somebody would repeat it. */
export const command = (
  { stack, reason, app, environment }: RollbackOptions,
  { region }: Subject,
): string => {
  const what =
    stack === undefined
      ? `--app ${app ?? ""} --environment ${environment ?? ""} --region ${region}`
      : `-s ${stack}`;
  return `sluice rollback ${what} --reason ${JSON.stringify(reason)}`;
};
