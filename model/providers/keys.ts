import { sameManifest } from "../manifest";
import { gaining } from "../movement";
import { COLOURS, type Colour } from "../release";
import type { Transition } from "../rule";
import { format } from "../schema/faults";
import type { Providers } from "./providers";
import { usedBy } from "./tasks";

/** A colour that is about to call a provider, and has not with these settings before. */
export interface KeyAsked {
  readonly colour: Colour;
  readonly version: string;
  readonly name: string;
  /** Its key's secret. */
  readonly secret: string;
  /** Whether users come to the colour by this update, rather than that it only starts. */
  readonly rises: boolean;
}

/** What Secrets Manager says of a key: whether there is a secret, and a current value of it. */
export type KeyFound = "held" | "empty" | "absent" | { readonly unseen: string };

/**
 * The keys that an update needs: of colours that start with other settings, or gain users, and those that are to be
 * read from another secret while traffic stays. Nothing else is asked for what runs, nor on the way back, which must be
 * open where nobody can look.
 */
export const keysAsked = (transition: Transition, providers: Providers): KeyAsked[] => {
  const { from, to } = transition;
  const rising = gaining(transition);
  const isStill = COLOURS.every((colour) => from?.release.traffic[colour] === to.traffic[colour]);
  return COLOURS.flatMap((colour) => {
    const { version } = to[colour];
    const rises = rising.includes(colour);
    const starts = !from || !sameManifest(from.release[colour], to[colour]);
    if (version === undefined) return [];
    return usedBy(to[colour], Object.keys(providers)).flatMap((name) => {
      const secret = providers[name]?.secret;
      const before = from?.providers?.[name]?.secret;
      const isElsewhere = isStill && before !== undefined && before !== secret;
      const isAsked = rises || starts || isElsewhere;
      return !isAsked || secret === undefined ? [] : [{ colour, version, name, secret, rises }];
    });
  });
};

/** Why an update may not be, and what an update or a preview cannot say, in sentences. */
export interface KeyJudgement {
  readonly refusals: readonly string[];
  readonly warnings: readonly string[];
}

/**
 * @param found by secret
 * @param isPreview a preview may not be permitted to look; an update that cannot lets nobody rise
 */
export function judgeKeys(
  asked: readonly KeyAsked[],
  found: Readonly<Record<string, KeyFound>>,
  isPreview: boolean,
): KeyJudgement {
  const refusals: string[] = [];
  const warnings: string[] = [];
  for (const key of asked) {
    const seen = found[key.secret] ?? { unseen: "nobody looked" };
    if (seen === "held") continue;
    const what = `${format(["providers", key.name])}: ${key.colour} (version ${key.version}) calls ${key.name}`;
    if (typeof seen === "object") {
      const why = `${what}, and whether its key is there could not be seen: ${seen.unseen}`;
      if (key.rises && !isPreview) refusals.push(`${why}. A rise that cannot be judged is refused`);
      else warnings.push(`${why}. ${isPreview ? "The update looks again" : "Its pods wait for it"}.`);
      continue;
    }
    const lack = seen === "empty" ? "has no value" : "is not there";
    refusals.push(
      `${what}, and the secret of its key, ${key.secret}, ${lack}. Put the key there: ${putKey(key.secret, seen)}`,
    );
  }
  return { refusals, warnings };
}

/** The command reads the key from standard input: what stands on a command line is in its history. */
export const putKey = (secret: string, found: "empty" | "absent"): string =>
  found === "absent"
    ? `aws secretsmanager create-secret --name ${secret} --secret-string file:///dev/stdin`
    : `aws secretsmanager put-secret-value --secret-id ${secret} --secret-string file:///dev/stdin`;
