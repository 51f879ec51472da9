import { type Server, createServer } from "node:http";
import type { AddressInfo } from "node:net";

type Labels = Readonly<Record<string, string>>;

/** Something that Prometheus scrapes: series whose values a test sets. */
export interface Exporter {
  /** Host and port. */
  readonly target: string;
  /** Sets a series; undefined takes it away. */
  set(name: string, labels: Labels, value: number | undefined): void;
  /** Counts a series up. */
  add(name: string, labels: Labels, count: number): void;
  /** Takes all series away. */
  clear(): void;
  /** No longer answers, as a target that is down, until it does again. */
  answer(does: boolean): void;
  stop(): Promise<void>;
}

/** Starts one on loopback. */
export async function startExporter(): Promise<Exporter> {
  const series = new Map<string, number>();
  let answers = true;
  const server: Server = createServer((_, response) => {
    if (!answers) return void response.writeHead(503).end();
    const lines = [...series].map(([key, value]) => `${key} ${String(value).replace("Infinity", "Inf")}\n`);
    response.writeHead(200, { "content-type": "text/plain; version=0.0.4" }).end(lines.join(""));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const keyOf = (name: string, labels: Labels) =>
    `${name}{${Object.entries(labels)
      .map(([label, value]) => `${label}=${JSON.stringify(value)}`)
      .join(",")}}`;
  return {
    target: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    set: (name, labels, value) => {
      if (value === undefined) series.delete(keyOf(name, labels));
      else series.set(keyOf(name, labels), value);
    },
    add: (name, labels, count) => {
      series.set(keyOf(name, labels), (series.get(keyOf(name, labels)) ?? 0) + count);
    },
    clear: () => series.clear(),
    answer: (does) => (answers = does),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
