import { BOUNDS, FAMILIES, type Family, type FamilyName } from "../../../model/monitoring/families";
import { type Labels, headOf, lineOf } from "./exposition";

/** Families of one type. */
type Of<Type extends Family["type"]> = {
  [Name in FamilyName]: (typeof FAMILIES)[Name]["type"] extends Type ? Name : never;
}[FamilyName];

/** What a family's series have as labels of their own. */
type LabelsOf<Name extends FamilyName> = Readonly<Record<(typeof FAMILIES)[Name]["labels"][number], string>>;

interface Histogram {
  readonly labels: Labels;
  /** By bound, those up to it and above the one before. */
  readonly buckets: number[];
  count: number;
  sum: number;
}

/** What one pod counts, in Prometheus' text format. Whose it is, the scrape says. */
export class Metrics {
  readonly #counters = new Map<FamilyName, Map<string, { labels: Labels; value: number }>>();
  readonly #histograms = new Map<FamilyName, Map<string, Histogram>>();

  /** Counts a series up; by 0 it is there before anything has happened, so that its first event is an increase. */
  add<Name extends Of<"counter">>(name: Name, labels: LabelsOf<Name>, by = 1): void {
    at(this.#counters, name, labels, () => ({ labels, value: 0 })).value += by;
  }

  observe<Name extends Of<"histogram">>(name: Name, labels: LabelsOf<Name>, seconds: number): void {
    const found = at(this.#histograms, name, labels, () => {
      return { labels, buckets: BOUNDS.map(() => 0), count: 0, sum: 0 };
    });
    found.count += 1;
    found.sum += seconds;
    const first = BOUNDS.findIndex((bound) => seconds <= bound);
    if (first >= 0) found.buckets[first]! += 1;
  }

  text(): string {
    const names = Object.keys(FAMILIES) as FamilyName[];
    return names
      .flatMap((name) => {
        const counters = [...(this.#counters.get(name)?.values() ?? [])];
        const histograms = [...(this.#histograms.get(name)?.values() ?? [])];
        if (counters.length + histograms.length === 0) return [];
        const family = FAMILIES[name];
        return [
          headOf(family),
          ...counters.map(({ labels, value }) => lineOf(family.name, labels, value)),
          ...histograms.flatMap((one) => linesOf(family.name, one)),
        ];
      })
      .join("");
  }
}

function linesOf(name: string, { labels, buckets, count, sum }: Histogram): string[] {
  let below = 0;
  return [
    ...BOUNDS.map((bound, index) => {
      below += buckets[index]!;
      return lineOf(`${name}_bucket`, { ...labels, le: String(bound) }, below);
    }),
    lineOf(`${name}_bucket`, { ...labels, le: "+Inf" }, count),
    lineOf(`${name}_sum`, labels, sum),
    lineOf(`${name}_count`, labels, count),
  ];
}

/** A family's series with these labels, made where there is none. */
function at<Series>(
  all: Map<FamilyName, Map<string, Series>>,
  name: FamilyName,
  labels: Labels,
  make: () => Series,
): Series {
  let family = all.get(name);
  if (!family) all.set(name, (family = new Map<string, Series>()));
  const key = Object.values(labels).join("\n");
  let series = family.get(key);
  if (!series) family.set(key, (series = make()));
  return series;
}
