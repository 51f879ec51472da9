const SUFFIXES: Readonly<Record<string, number>> = {
  m: 1e-3,
  "": 1,
  K: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
};

/**
 * A Kubernetes quantity as a number: `500m` is 0.5, `1Gi` 1073741824.
 *
 * @throws Error where it is none
 */
export function quantity(text: string): number {
  const [, digits, suffix = ""] = /^(\d+(?:\.\d+)?)([a-zA-Z]*)$/.exec(text) ?? [];
  const unit = SUFFIXES[suffix];
  if (digits === undefined || unit === undefined) {
    throw new Error(`${JSON.stringify(text)} is no Kubernetes quantity, such as 500m or 1Gi`);
  }
  return Number(digits) * unit;
}
