/** A series' labels. */
export type Labels = Readonly<Record<string, string>>;

/** What Prometheus is told with a text in its format. */
export const EXPOSITION = "text/plain; version=0.0.4";

/** The two lines in front of a family's series. */
export const headOf = ({ name, type, help }: { name: string; type: string; help: string }): string =>
  `# HELP ${name} ${help.replace(/\\/g, "\\\\").replace(/\n/g, "\\n")}\n# TYPE ${name} ${type}\n`;

/** A series' line. */
export function lineOf(name: string, labels: Labels, value: number): string {
  const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escaped(text)}"`);
  return `${name}${pairs.length > 0 ? `{${pairs.join(",")}}` : ""} ${value}\n`;
}

const escaped = (value: string): string => value.replace(/[\\"]/g, "\\$&").replace(/\n/g, "\\n");
