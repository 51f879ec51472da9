import { parse } from "yaml";
import {
  equal,
  UNKNOWN,
  type Change,
  type CheckRequest,
  type CheckResult,
  type DiffRequest,
  type DiffResult,
  type Value,
} from "../providers/behaviour";
import { differences } from "./diff";
import { shapeOf } from "./kinds";
import { listOf, objectOf } from "./objects";

/** Checks the configuration of a Kubernetes provider: names, and that a kubeconfig given as text is one. */
export function checkProvider({ news }: CheckRequest): CheckResult {
  const allowed = [...Object.keys(shapeOf("Provider")), "version", "pluginDownloadURL"];
  const failures = Object.keys(news)
    .filter((name) => !allowed.includes(name) && !name.startsWith("__"))
    .map((name) => ({ property: name, reason: `unknown configuration; allowed are ${allowed.join(", ")}` }));
  const { kubeconfig } = news;
  if (typeof kubeconfig === "string" && /[\n{]/.test(kubeconfig) && clusterOf(kubeconfig) === undefined) {
    failures.push({
      property: "kubeconfig",
      reason: "failed to parse kubeconfig: no cluster of a current context in it",
    });
  }
  return { inputs: news, failures };
}

/** The cluster that a kubeconfig's context leads to; undefined when that cannot be told. */
function clusterOf(kubeconfig: Value | undefined, context?: Value): Value | undefined {
  if (typeof kubeconfig !== "string") return undefined;
  let config: unknown;
  try {
    config = parse(kubeconfig);
  } catch {
    return undefined;
  }
  const { contexts, clusters, "current-context": current } = objectOf(config);
  const byName = (list: Value | undefined, name: Value | undefined) =>
    listOf(list)
      .map(objectOf)
      .find((item) => item.name === name);
  const { cluster } = objectOf(byName(contexts, context ?? current)?.context);
  return byName(clusters, cluster)?.cluster;
}

/**
 * A change of the configuration replaces the provider, and so all that it manages, when the cluster may
 * be another one: `clusterIdentifier` says so; without it, the cluster that the kubeconfig leads to.
 */
export function diffProvider({ oldInputs, news }: DiffRequest): DiffResult {
  const found = differences(oldInputs, news);
  const replace = found.length > 0 && otherCluster(oldInputs, news);
  const deciding = ["cluster", "clusterIdentifier", "context", "kubeconfig"];
  const changes: Change[] = found.map((change) => ({
    ...change,
    replace: replace && deciding.includes(change.path.split(/[.[]/)[0]!),
  }));
  return { changes };
}

function otherCluster(olds: DiffRequest["oldInputs"], news: DiffRequest["news"]): boolean {
  if (news.clusterIdentifier !== undefined || olds.clusterIdentifier !== undefined) {
    return !equal(olds.clusterIdentifier ?? null, news.clusterIdentifier ?? null);
  }
  if (news.kubeconfig === UNKNOWN) return true;
  const before = clusterOf(olds.kubeconfig, olds.context);
  const after = clusterOf(news.kubeconfig, news.context);
  const chosen = !equal(olds.cluster ?? null, news.cluster ?? null);
  return chosen || before === undefined || after === undefined || !equal(before, after);
}
