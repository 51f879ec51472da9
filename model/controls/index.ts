import type { Environment } from "../environments";
import { CIS_NETWORK, CIS_POLICIES } from "./benchmark";
import { CACHE } from "./cache";
import { CIS_MANAGED, CIS_TRANSPORT, CLUSTERS } from "./cluster";
import type { Control, Inapplicable, Judged, Unmet } from "./control";
import { DATABASE } from "./database";
import { DELIVERY } from "./delivery";
import { EDGE } from "./edge";
import { FUNCTIONS } from "./functions";
import { IMAGES, ROUTING } from "./images";
import { NETWORK } from "./network";
import { SECRETS_AND_KEYS } from "./secrets";
import { STORAGE } from "./storage";
import { WORKLOADS } from "./workloads";

export type { Control, Inapplicable, Judged, PlatformRule, Properties, Unmet } from "./control";

/** Every control that was looked at, by service. */
export const ALL: readonly (Control | Inapplicable | Unmet)[] = [
  ...EDGE,
  ...DATABASE,
  ...CACHE,
  ...CLUSTERS,
  ...NETWORK,
  ...DELIVERY,
  ...STORAGE,
  ...SECRETS_AND_KEYS,
  ...FUNCTIONS,
  ...CIS_POLICIES,
  ...CIS_MANAGED,
  CIS_NETWORK,
  CIS_TRANSPORT,
  ...IMAGES,
  ...ROUTING,
  ...WORKLOADS,
];

export const isControl = (one: Control | Inapplicable | Unmet): one is Control => "fault" in one;
export const isInapplicable = (one: Control | Inapplicable | Unmet): one is Inapplicable =>
  "notApplicable" in one;
export const isUnmet = (one: Control | Inapplicable | Unmet): one is Unmet => "unmet" in one;

/** Those that judge resources. */
export const CONTROLS: readonly Control[] = ALL.filter(isControl);

/** Whether a control looks at a resource at all, in an environment. */
export const judges = (
  control: Control,
  resource: Judged,
  all: readonly Judged[],
  environment: Environment,
): boolean =>
  (control.environments?.includes(environment) ?? true) &&
  control.types.some((type) =>
    type.endsWith("*") ? resource.type.startsWith(type.slice(0, -1)) : type === resource.type,
  ) &&
  (control.applies?.(resource, all) ?? true);

/** What a control finds wrong among resources. */
export interface Finding {
  readonly control: Control;
  readonly resource: Judged;
  /** What was found, and what is allowed. */
  readonly found: string;
}

/** All that the controls find wrong in an environment. */
export const findings = (
  all: readonly Judged[],
  environment: Environment,
  controls: readonly Control[] = CONTROLS,
): Finding[] =>
  controls.flatMap((control) =>
    all
      .filter((resource) => judges(control, resource, all, environment))
      .flatMap((resource) => {
        const found = control.fault(resource, all);
        return found === undefined ? [] : [{ control, resource, found }];
      }),
  );
