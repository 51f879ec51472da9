import { type Colour, type Release, otherColour } from "./release";

/** A version that nobody may give traffic to, as kept in the fence parameter. */
export interface Fence {
  readonly version: string;
  readonly reason: string;
  readonly by: string;
  /** ISO time. */
  readonly at: string;
}

/**
 * Whether a fence is about what a colour runs. It names a version: where both colours run that one, with other
 * settings, it is about the one that is not live.
 */
export function isFenced(
  fence: Fence | null | undefined,
  release: Pick<Release, Colour | "live">,
  colour: Colour,
): boolean {
  const { version } = release[colour];
  if (version === undefined || fence?.version !== version) return false;
  return colour !== release.live || release[otherColour(colour)].version !== version;
}

/**
 * Why a version may have no greater share at all: somebody has taken it back, and said so outside the engine.
 *
 * @param parameter the fence's name in Parameter Store
 */
export function judgeFence(version: string, fence: Fence | undefined, parameter: string): string[] {
  if (fence?.version !== version) return [];
  const { by, at, reason } = fence;
  return [
    `version ${version} is fenced since ${at} by ${by}: ${reason}. Release another version; to try this one again ` +
      `on purpose: aws ssm delete-parameter --name ${parameter}, and an override of T12 in sluice:overrides`,
  ];
}

/**
 * The fence that a parameter's value describes.
 *
 * @throws Error where the value is not a fence: what cannot be read must not count as absent
 */
export function parseFence(value: string): Fence {
  const fence = parsed(value) as Partial<Fence> | null;
  const texts = ["version", "reason", "by", "at"] as const;
  const missing = texts.filter((key) => typeof fence?.[key] !== "string");
  if (missing.length > 0) throw new Error(`the fence lacks ${missing.join(", ")}: found ${value}`);
  return fence as Fence;
}

function parsed(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    throw new Error(`the fence is no JSON: found ${value}`);
  }
}
