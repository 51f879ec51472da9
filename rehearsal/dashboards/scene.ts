import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Watched, ruleFile } from "../../model/monitoring/alerts";
import { deploymentName, namespaceName } from "../../model/names";
import { COLOURS, type Colour } from "../../model/release";
import { type Controllers, startControllers } from "../cloud/cluster/controllers";
import type { LocalPod } from "../cloud/cluster/local-pod";
import { kubernetesBehaviour } from "../cloud/cluster/provider";
import { scrapeRoutes } from "../cloud/cluster/scrape-routes";
import { type ScrapeTarget, scrapeTargets } from "../cloud/cluster/scrape-targets";
import { DEPLOYMENT, JOB, NAMESPACE } from "../cloud/cluster/tokens";
import { serveEndpoint } from "../cloud/endpoint/server";
import { Faults } from "../cloud/faults";
import type { Values } from "../cloud/providers/behaviour";
import { kindOf } from "../cloud/cluster/kinds";
import { stringOf } from "../cloud/cluster/objects";
import { World } from "../cloud/world";
import type { Waiting } from "../prometheus/debian";
import { startPrometheus } from "../prometheus/start";

/** Versions of the colours in a scene. */
export const VERSIONS: Readonly<Record<Colour, string>> = { blue: "2.3.1", green: "2.4.0" };

/** What is to be seen. */
export interface SceneOptions extends Waiting {
  readonly watched: Watched;
  /** A folder for Prometheus' configuration and data. */
  readonly dir: string;
  /** What becomes of each rule's expression. Default: it stays as it is. */
  readonly rules?: (expression: string) => string;
  /** More that Prometheus scrapes. */
  readonly targets?: readonly ScrapeTarget[];
}

/** Services in both colours as local pods, and a real Prometheus that scrapes them and has the stack's rules. */
export interface Scene {
  /** Prometheus' URL. */
  readonly url: string;
  pods(): readonly LocalPod[];
  readonly behave: Controllers["setBehaviour"];
  /** Sends so many requests to a colour's pods, to each service as many. Answers do not matter. */
  visit(colour: Colour, requests: number): Promise<void>;
  stop(): Promise<void>;
}

/** Settings under which pods ask a second provider when the first one turns them away. */
const FALLBACK = ["", "STT_"].flatMap((kind) => [
  { name: `PRIMARY_${kind}PROVIDER`, value: "groq" },
  { name: `FALLBACK_${kind}PROVIDERS`, value: "openai" },
]);

/** Pods start at once, since nobody looks at that here. */
const PACE = { start: 0.005, end: 0.05 } as const;

/**
 * Sets a scene: a pod a colour of every service, one that stands for the vector store, a Job that has run.
 *
 * @throws Error with the reason and what mends it, when Prometheus can't be had
 */
export async function setScene({
  watched,
  dir,
  targets = [],
  rules: become = (expression) => expression,
  ...waiting
}: SceneOptions): Promise<Scene> {
  const world = new World();
  const controllers = startControllers(world, PACE);
  const namespace = namespaceName(watched.app);
  const create = creator(world, controllers);
  await create(NAMESPACE, { metadata: { name: namespace } });
  await create(NAMESPACE, { metadata: { name: "qdrant" } });
  for (const service of Object.keys(watched.slo.services)) {
    for (const colour of COLOURS) {
      const labels = { app: service, colour, version: VERSIONS[colour] };
      await create(DEPLOYMENT, deployment(deploymentName(service, colour), namespace, labels));
    }
  }
  await create(DEPLOYMENT, deployment("qdrant", "qdrant", { "app.kubernetes.io/name": "qdrant" }));
  await create(JOB, {
    metadata: { name: "migrate-2-4-0", namespace },
    spec: { template: podOf({ app: "migrate" }, { restartPolicy: "Never" }) },
  });

  const endpoint = await serveEndpoint(world, new Faults(), {
    ...scrapeRoutes(world, controllers),
    "GET /_local/scrape-targets": () => [...scrapeTargets(controllers.pods()), ...targets],
  });
  const end = async () => {
    await endpoint.close();
    controllers.close();
  };
  try {
    const rules = join(dir, "rules.yml");
    await mkdir(dir, { recursive: true });
    const text = JSON.stringify(ruleFile(watched), (key, value: unknown) =>
      key === "expr" ? become(String(value)) : value,
    );
    await writeFile(rules, text);
    const server = await startPrometheus({ endpoint: endpoint.url, rules: [rules], dir, ...waiting });
    return {
      url: server.url,
      pods: () => controllers.pods(),
      behave: (selector, behaviour) => controllers.setBehaviour(selector, behaviour),
      visit: (colour, requests) => visit(controllers.pods(), colour, requests),
      stop: async () => {
        await server.stop();
        await end();
      },
    };
  } catch (error) {
    await end();
    throw error;
  }
}

async function visit(pods: readonly LocalPod[], colour: Colour, requests: number): Promise<void> {
  const asked = pods.filter((pod) => pod.colour === colour && pod.ready && pod.port > 0);
  const one = async ({ port }: LocalPod) => {
    for (let at = 0; at < requests; at++) {
      const answer = await fetch(`http://127.0.0.1:${port}/`).catch(() => undefined);
      await answer?.arrayBuffer().catch(() => undefined);
    }
  };
  await Promise.all(asked.map(one));
}

/** Objects are checked and made as the engine would have it. */
function creator(world: World, controllers: Controllers) {
  const provider = kubernetesBehaviour(world, controllers);
  const { signal } = new AbortController();
  return async (type: string, object: Values): Promise<void> => {
    const { apiVersion, kind } = kindOf(type) ?? { apiVersion: "", kind: "" };
    const name = stringOf((object["metadata"] as Values)["name"]) ?? "";
    const subject = { urn: `urn:pulumi:scene::sluice::${type}::${name}`, type, name, provider: {} };
    const news = { apiVersion, kind, ...object };
    const randomSeed = new Uint8Array([1, 2, 3, 4]);
    const { inputs, failures } = provider.check({ ...subject, news, olds: undefined, randomSeed });
    if (failures.length > 0) throw new Error(`${type} ${name}: ${JSON.stringify(failures)}`);
    await provider.create({ ...subject, inputs, preview: false, timeoutSeconds: 30, signal });
  };
}

const podOf = (labels: Readonly<Record<string, string>>, spec: object = {}) => ({
  metadata: { labels },
  spec: {
    ...spec,
    containers: [{ name: "main", image: "registry.example.com/scene:1.0.0", env: FALLBACK }],
  },
});

const deployment = (name: string, namespace: string, matchLabels: Readonly<Record<string, string>>) =>
  ({
    metadata: { name, namespace },
    spec: { replicas: 1, selector: { matchLabels }, template: podOf(matchLabels) },
  }) as unknown as Values;
