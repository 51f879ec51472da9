/** What Kubernetes calls a DNS-1123 label: up to 63 lower-case letters, digits and hyphens. */
export const isLabel = (value: string): boolean =>
  value.length <= 63 && /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(value);

/** A DNS-1123 subdomain: labels joined by dots, up to 253 characters. */
export const isSubdomain = (value: string): boolean =>
  value.length <= 253 && /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/.test(value);

/** A DNS-1035 label, which Services need: as a DNS-1123 label, and it starts with a letter. */
export const isServiceName = (value: string): boolean =>
  value.length <= 63 && /^[a-z]([-a-z0-9]*[a-z0-9])?$/.test(value);

/** The value of a label: empty, or up to 63 letters, digits, `-`, `_` and `.`, alphanumeric at both ends. */
export const isLabelValue = (value: string): boolean =>
  value.length <= 63 && /^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/.test(value);

/** The key of a label or annotation: an optional DNS subdomain and a slash, then a name of up to 63 characters. */
export function isQualifiedName(value: string): boolean {
  const parts = value.split("/");
  const name = parts.pop()!;
  const [prefix] = parts;
  if (parts.length > 1 || (prefix !== undefined && !isSubdomain(prefix))) return false;
  return name.length <= 63 && /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/.test(name);
}

/** The name of an environment variable; since Kubernetes 1.34 nearly all printable characters but `=`. */
export const isEnvName = (value: string): boolean => /^[^=\x00-\x1f\x7f]+$/.test(value);

/** The name of a port of a container or Service: up to 15 characters with a letter among them. */
export const isPortName = (value: string): boolean =>
  value.length <= 15 &&
  /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(value) &&
  /[a-z]/.test(value) &&
  !value.includes("--");

const SUFFIXES: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  "": 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/** The number that a quantity such as `500m`, `512Mi` or `1e3` stands for; undefined when it is none. */
export function quantity(value: string): number | undefined {
  const match = /^([+-]?(?:\d+\.?\d*|\.\d+))(?:([eE][+-]?\d+)|([numkMGTPE]|[KMGTPE]i)?)$/.exec(value);
  if (!match) return undefined;
  const [, digits, exponent, suffix] = match;
  return Number(`${digits!}${exponent ?? ""}`) * SUFFIXES[suffix ?? ""]!;
}
