import { COLOURS } from "./release";
import type { Status } from "./status";

/**
 * What of a status is news when it changes, by what it is about. Times that go by, and figures that differ from look
 * to look, are not among it.
 */
export function factsOf(status: Status, unseen: readonly string[]): ReadonlyMap<string, string> {
  const { colours, fence, since, retention, next, step, decision, judged, lock } = status;
  const facts: (readonly [what: string, fact: string | undefined])[] = [
    ...COLOURS.flatMap((colour) => {
      const { role, version, configured, recorded, fenced, services } = colours[colour];
      return [
        [colour, [role, version, fenced ? "fenced" : undefined].filter(Boolean).join(", ")] as const,
        [`${colour} configured`, `${configured} %`] as const,
        [`${colour} in state`, recorded === undefined ? undefined : `${recorded} %`] as const,
        ...Object.entries(services).map(([service, { share, targets, figures }]) => {
          const healthy = targets && `${targets.healthy}/${targets.registered} healthy`;
          const ready = figures?.ready === undefined ? undefined : `${figures.ready} ready`;
          return [`${colour} ${service}`, [`${share} %`, healthy, ready].filter(Boolean).join(", ")] as const;
        }),
      ];
    }),
    ...(status.flags ?? []).map(({ name, live, recorded, decision: { kind, reasons } }) => {
      const has =
        live === undefined || live === recorded ? `${recorded} %` : `${recorded} %, ${live} % in SSM`;
      return [`flag ${name}`, [has, kind, reasons[0]?.code].filter(Boolean).join(", ")] as const;
    }),
    ["changed", since],
    ["step", step && `${step.share} % of ${step.plan}`],
    ["next", next?.what],
    ["decision", decision && [decision.kind, decision.reasons[0]?.text].filter(Boolean).join(": ")],
    ["metrics", judged?.verdict],
    [
      "fence",
      fence === undefined ? undefined : fence ? `${fence.version} by ${fence.by}: ${fence.reason}` : "none",
    ],
    ["lock", lock === undefined ? undefined : lock ? (lock.by ?? "somebody") : "none"],
    ["way back", retention?.phase],
    ["not seen", unseen.length === 0 ? undefined : unseen.join("; ")],
  ];
  return new Map(facts.flatMap(([what, fact]) => (fact === undefined ? [] : [[what, fact]])));
}

/** A fact that is another one now. */
export interface Changed {
  readonly what: string;
  /** Absent: it was not known before, or is not now. */
  readonly from?: string;
  readonly to?: string;
}

/** What is news between two looks, in the order of the facts. Figures inside a sentence may differ: that is no news. */
export function changesOf(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): Changed[] {
  return [...new Set([...after.keys(), ...before.keys()])].flatMap((what) => {
    const [from, to] = [before.get(what), after.get(what)];
    const isSame = SENTENCES.has(what) ? plain(from) === plain(to) : from === to;
    return isSame ? [] : [{ what, ...(from !== undefined && { from }), ...(to !== undefined && { to }) }];
  });
}

const SENTENCES: ReadonlySet<string> = new Set(["decision", "not seen"]);

const plain = (text: string | undefined): string | undefined => text?.replaceAll(/\d[\d.:]*/g, "");
