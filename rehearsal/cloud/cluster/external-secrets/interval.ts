const UNITS: Readonly<Record<string, number>> = { h: 3600, m: 60, s: 1, ms: 0.001 };

/** A duration as Go writes it, for example `1h30m`, in seconds. @throws Error for a text that is none */
export function secondsOf(duration: string): number {
  if (duration === "0") return 0;
  const parts = [...duration.matchAll(/(\d+(?:\.\d+)?)(ms|h|m|s)/g)];
  if (parts.length === 0 || parts.map(([part]) => part).join("") !== duration) {
    throw new Error(`invalid duration ${JSON.stringify(duration)}; allowed are such as 30s, 5m and 1h30m`);
  }
  return parts.reduce((sum, [, number, unit]) => sum + Number(number) * UNITS[unit!]!, 0);
}
