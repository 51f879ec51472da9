import { isRecord } from "../../model/schema/faults";
import type { Registered } from "../program/monitor";
import { UNKNOWN } from "../program/answers";
import { plain } from "../program/values";

/** Stands for a secret. Eight letters, so that it is valid base64 in a Secret's data, too. */
export const WITHHELD = "withheld";

/** An object as `kubectl apply` reads it. */
export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: Readonly<Record<string, unknown>> & {
    readonly name: string;
    readonly namespace?: string;
  };
  readonly [key: string]: unknown;
}

/** A chart that Helm installs; the objects inside are the chart's. */
export interface HelmRelease {
  readonly name: string;
  readonly namespace: string;
  readonly chart: string;
  readonly version: string;
  readonly repository?: string;
  readonly values: Readonly<Record<string, unknown>>;
}

/** One file's content: an object, or a release. */
export type Manifest =
  | {
      readonly object: KubernetesObject;
      /** Whether it changes an object that is there already, and makes none. */
      readonly patch: boolean;
    }
  | { readonly release: HelmRelease };

const RELEASE = "kubernetes:helm.sh/v3:Release";

/** The Kubernetes objects among a program's resources; unknown and secret values are put into words. */
export const manifestsOf = (registered: readonly Registered[]): Manifest[] =>
  registered.filter(isObject).map((resource) => {
    const inputs = plain(resource.inputs, { unknown: UNKNOWN, secret: withheld }) as Properties;
    if (resource.type === RELEASE) return { release: releaseOf(resource.name, inputs) };
    return { object: objectOf(resource.name, inputs), patch: resource.type.endsWith("Patch") };
  });

type Properties = Readonly<Record<string, unknown>>;

const isObject = ({ type, custom }: Registered): boolean => custom && type.startsWith("kubernetes:");

function objectOf(name: string, inputs: Properties): KubernetesObject {
  const { apiVersion, kind, metadata, ...rest } = inputs;
  const given = (metadata ?? {}) as Properties;
  return {
    apiVersion: String(apiVersion),
    kind: String(kind),
    // Pulumi gives an object without a name its resource's, and random characters.
    metadata: { ...given, name: (given["name"] ?? `${name}-${UNKNOWN}`) as string },
    ...(kind === "Secret" ? withheldData(rest) : rest),
  };
}

/** Everything in a Secret is one, whether or not the program says so. */
const withheldData = ({ data, stringData, ...rest }: Properties): Properties => ({
  ...rest,
  ...(data !== undefined && { data: withheld(data) }),
  ...(stringData !== undefined && { stringData: withheld(stringData) }),
});

/** Every value inside is withheld; the names of a secret's parts are what others refer to. */
function withheld(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withheld);
  return isRecord(value)
    ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withheld(inner)]))
    : WITHHELD;
}

function releaseOf(name: string, inputs: Properties): HelmRelease {
  const { repo } = (inputs["repositoryOpts"] ?? {}) as { repo?: string };
  const text = (key: string, otherwise: string) => {
    const value = inputs[key];
    return typeof value === "string" ? value : otherwise;
  };
  return {
    name: text("name", `${name}-${UNKNOWN}`),
    namespace: text("namespace", "default"),
    chart: text("chart", UNKNOWN),
    version: text("version", "latest"),
    ...(repo !== undefined && { repository: repo }),
    values: (inputs["values"] ?? {}) as Properties,
  };
}
