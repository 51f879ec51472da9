import type { World } from "../world";

/** A call of an AWS service, out of its protocol's wrapping. */
export interface Call {
  readonly world: World;
  /** The region that the request was signed for. */
  readonly region: string;
  readonly input: Input;
}

/** A call's parameters in AWS's names. The protocol can't tell a number from its text; actions do. */
export type Input = Readonly<Record<string, unknown>>;

/** An action of a service. */
export interface Action {
  /** What the call is about, an ARN or a name, by which a fault can be aimed at it. */
  readonly resource: (input: Input) => string;
  /** Answers the call with AWS's response structure. @throws AwsError */
  readonly respond: (call: Call) => object;
}

/** A service of AWS. */
export interface Service {
  /** Its name in a credential scope and in IAM's actions, for example `elasticloadbalancing`. */
  readonly name: string;
  readonly protocol: Protocol;
  readonly actions: Readonly<Record<string, Action>>;
}

/** How a service is spoken to: Query is form-encoded and answers XML, JSON names its target in a header. */
export type Protocol =
  | { readonly kind: "query"; readonly version: string; readonly namespace: string }
  | { readonly kind: "json"; readonly target: string; readonly version: "1.0" | "1.1" };

/** A list of texts among the parameters; absent is empty. */
export const texts = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);

/** A list of structures among the parameters; Query writes an empty one as an empty text. */
export const structures = (value: unknown): Input[] => (Array.isArray(value) ? (value as Input[]) : []);

/** A text among the parameters, if it is there and not empty. */
export const text = (value: unknown): string | undefined =>
  value === undefined || value === null || value === "" ? undefined : String(value);

/** The first thing that a parameter of the given names holds: a call's resource. */
export const named =
  (...names: readonly string[]) =>
  (input: Input): string => {
    for (const name of names) {
      const value = input[name];
      const found = Array.isArray(value) ? text(value[0]) : text(value);
      if (found) return found;
    }
    return "";
  };
