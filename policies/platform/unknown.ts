import type { ReportViolation } from "@pulumi/policy";
import type { Properties } from "../../model/controls";

/** A control that could not be judged. */
export interface Unjudged {
  /** Its id. */
  readonly control: string;
  /** What a preview does not know, for example `spec.selector`: of the resource, or of one that it is judged with. */
  readonly property: string;
}

/** For a property, where no property is known. */
const NONE = "what is in the cluster";

/** Thrown by the properties of a resource of which a preview knows nothing. */
class NothingKnown extends Error {
  readonly props: readonly string[] = [];
}

/**
 * Properties of a resource whose provider cannot be asked yet, as that of a cluster which is still to be made: the
 * engine gives none of them in a preview. Whoever reads one is told that it is not known, where a plain empty object
 * would say that it is not set.
 */
const NOTHING_KNOWN: Properties = new Proxy<Properties>(
  {},
  {
    get: () => {
      throw new NothingKnown();
    },
  },
);

/** A stack's resource as it can be judged: one that was made has outputs, if only its id. */
export const orUnknown = (properties: Properties): Properties =>
  Object.keys(properties).length > 0 ? properties : NOTHING_KNOWN;

/** Judges where all that is asked for is known; otherwise says what is not. */
export function whereKnown<Found>(
  judge: () => Found,
): { readonly found: Found } | Pick<Unjudged, "property"> {
  try {
    return { found: judge() };
  } catch (error) {
    const path = unknownPath(error);
    if (path === undefined) throw error;
    return { property: path.length > 0 ? path.join(".") : NONE };
  }
}

/** The SDK's own error for an unknown value is not exported; its name and path are what it has. */
function unknownPath(error: unknown): readonly string[] | undefined {
  if (error instanceof NothingKnown) return error.props;
  if (!(error instanceof Error) || error.constructor.name !== "UnknownValueError") return undefined;
  return (error as Error & { readonly props: readonly (string | symbol)[] }).props.map(String);
}

/**
 * Says on one line what of a resource could not be judged. It is advice at whatever level the policy has: nobody can
 * mend it, and the update, where all is known, judges it by that level. An error would be taken likewise by the SDK,
 * but names no control and speaks for one resource of a stack alone.
 */
export function sayUnjudged(
  name: string,
  unjudged: readonly Unjudged[],
  report: ReportViolation,
  urn: string,
): void {
  if (unjudged.length === 0) return;
  const reasons = [...new Set(unjudged.map(({ property }) => property))].map((property) => {
    const controls = unjudged.filter((one) => one.property === property).map(({ control }) => control);
    return `${controls.join(", ")} (${property} is not known)`;
  });
  const message = `${name} is not judged yet by ${reasons.join("; ")}: the update judges it`;
  (report as unknown as ReportWithLevel)({ message, enforcementLevel: "advisory", urn });
}

/** The SDK's server takes a level with a message; its declarations do not say so. */
type ReportWithLevel = (violation: {
  readonly message: string;
  readonly enforcementLevel: "advisory";
  readonly urn: string;
}) => void;
