import { restartsOf, unreadyOf, waitingOf } from "../analysis/queries";
import { THRESHOLDS } from "../analysis/thresholds";
import { namespaceName } from "../names";
import { WHO, quoted } from "./promql";

/** A pod of a colour's Deployment: the service, the colour, the ReplicaSet's hash and five characters of its own. */
const POD = "(.+)-(blue|green)-[a-z0-9]+-[a-z0-9]{5}";

/** A Deployment of a colour. */
const DEPLOYMENT = "(.+)-(blue|green)";

/** 1 for each pod of a colour, by `namespace`, `pod`, `app`, `colour` and, where it is known, `version`. */
export const POD_INFO = "sluice:pod:info";

const EACH = "namespace, pod";

/** Matchers of all that is in the app's namespace. */
export const inNamespace = (app: string): string => `namespace=${quoted(namespaceName(app))}`;

const podsOf = (app: string): string => `${inNamespace(app)},pod=~${quoted(POD)}`;

/** `app` and `colour` as labels, by a name that has both in it. */
const named = (series: string, label: string, form: string): string =>
  `label_replace(label_replace(${series}, "app", "$1", "${label}", ${quoted(form)}), "colour", "$2", "${label}", ${quoted(form)})`;

/**
 * What is recorded as {@link POD_INFO}. The version comes from the pod's own labels, where kube-state-metrics tells
 * them (`pods=[version]` in its allow-list of metric labels).
 */
export function podInfo(app: string): string {
  const pods = podsOf(app);
  const base = named(`group by (${EACH}) (kube_pod_created{${pods}})`, "pod", POD);
  const labels = `kube_pod_labels{${pods},label_version!=""}`;
  const version = `group by (${EACH}, version) (label_replace(${labels}, "version", "$1", "label_version", "(.+)"))`;
  return `${base} * on (${EACH}) group_left (version) ${version} or ${base} unless on (${EACH}) ${version}`;
}

/** The greatest figure of a version's pods. @param expr by `namespace` and `pod` */
const worst = (expr: string): string =>
  `max by (${WHO}) ((${expr}) * on (${EACH}) group_left (app, colour, version) ${POD_INFO})`;

/** Restarts of the container that restarted most, within the crash loop's window: see `restartsQuery`. */
export const restarts = (app: string): string =>
  worst(`max by (${EACH}) (${restartsOf(podsOf(app), THRESHOLDS.crashLoop.windowSeconds)})`);

/** For how long the pod has waited to be ready that waits longest, in seconds: see `unreadyQuery`. */
export const waiting = (app: string): string =>
  // Far enough back to see that the limit has passed.
  worst(waitingOf(podsOf(app), EACH, THRESHOLDS.readiness.above + THRESHOLDS.crashLoop.windowSeconds));

/** 1 where a pod that was ready within the hour is not: its health checks fail. */
export const failing = (app: string): string =>
  worst(
    `1 + ${unreadyOf(podsOf(app), EACH)} and ` +
      `max by (${EACH}) (max_over_time(kube_pod_status_ready{${podsOf(app)},condition="true"}[1h])) == 1`,
  );

/** Matchers of the colours' Deployments. */
export const deploymentsOf = (app: string): string => `${inNamespace(app)},deployment=~${quoted(DEPLOYMENT)}`;

/**
 * A figure of Deployments by `namespace`, `app` and `colour`, and by a `version` of its pods, where they tell.
 *
 * @param expr by `namespace` and `deployment`
 */
export function ofDeployments(expr: string): string {
  const colour = "namespace, app, colour";
  const figure = `max by (${colour}) (${named(expr, "deployment", DEPLOYMENT)})`;
  // While a colour changes its version in place, it has two.
  const version = `topk by (${colour}) (1, group by (${WHO}) (${POD_INFO}))`;
  return `${figure} * on (${colour}) group_left (version) ${version} or ${figure} unless on (${colour}) ${version}`;
}
