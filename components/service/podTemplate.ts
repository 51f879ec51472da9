import type { types } from "@pulumi/kubernetes";
import { SECRETS, SECRETS_FOLDER, SECRET_VARIABLES } from "../../model/backends";
import { deploymentName } from "../../model/names";
import { labelsOf, selectorOf } from "./labels";
import { SERVICE_PORT, type WorkloadArgs } from "./workloadArgs";

type PodTemplate = types.input.core.v1.PodTemplateSpec;
type Container = types.input.core.v1.Container;
type Variable = types.input.core.v1.EnvVar;

/**
 * Seconds between a pod leaving the endpoints and its SIGTERM: the load balancer and kube-proxy hear of it
 * late, and send until they have.
 */
const PRE_STOP_SECONDS = 15;

/** What a pod may write to its node: logs and what it throws away. */
const EPHEMERAL = { requests: "256Mi", limits: "1Gi", tmp: "512Mi" } as const;

/** A colour's pods of one service, hardened to the "restricted" Pod Security Standard. */
export function podTemplate(args: WorkloadArgs): PodTemplate {
  const { service, colour, manifest } = args;
  const spread = (topologyKey: string) => ({
    topologyKey,
    whenUnsatisfiable: "ScheduleAnyway",
    maxSkew: 1,
    labelSelector: { matchLabels: selectorOf(service, colour) },
    // Without it the pods of the version that is leaving count against the one that arrives.
    matchLabelKeys: ["pod-template-hash"],
  });
  return {
    metadata: { labels: labelsOf({ ...args, version: manifest.version }) },
    spec: {
      serviceAccountName: deploymentName(service, colour),
      automountServiceAccountToken: false,
      // Kubernetes would name every Service of the namespace in every pod, the other colour's too.
      enableServiceLinks: false,
      // The image says which user, by number: one of ours could not read files that are its own.
      securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
      // From leaving the endpoints to the end of the load balancer's deregistration delay.
      terminationGracePeriodSeconds: PRE_STOP_SECONDS + args.drainSeconds,
      topologySpreadConstraints: [spread("topology.kubernetes.io/zone"), spread("kubernetes.io/hostname")],
      volumes: [
        // The root file system is read-only, and most runtimes want a place for what they throw away.
        { name: "tmp", emptyDir: { sizeLimit: EPHEMERAL.tmp } },
        // Readable by whatever user the image has, since only the container sees them.
        ...secretsOf(args).map((secretName) => ({
          name: secretName,
          secret: { secretName, defaultMode: 0o444 },
        })),
      ],
      containers: [container(args)],
    },
  };
}

function container(args: WorkloadArgs): Container {
  const { service, settings } = args;
  const { liveness, readiness, startup } = settings.health;
  const probe = (path: string) => ({ httpGet: { path, port: "http" }, timeoutSeconds: 2 });
  return {
    name: service,
    image: args.image,
    ports: [{ name: "http", containerPort: settings.port }],
    volumeMounts: [
      { name: "tmp", mountPath: "/tmp" },
      ...secretsOf(args).map((name) => ({ name, mountPath: `${SECRETS_FOLDER}/${name}`, readOnly: true })),
    ],
    env: environmentOf(args),
    startupProbe: { ...probe(startup), periodSeconds: 2, failureThreshold: 60 },
    livenessProbe: { ...probe(liveness), periodSeconds: 10 },
    readinessProbe: { ...probe(readiness), periodSeconds: 5 },
    lifecycle: { preStop: { sleep: { seconds: PRE_STOP_SECONDS } } },
    resources: {
      requests: { cpu: settings.cpu, memory: settings.memory, "ephemeral-storage": EPHEMERAL.requests },
      // No CPU limit: throttling turns a busy minute into failed health checks.
      limits: { memory: settings.memory, "ephemeral-storage": EPHEMERAL.limits },
    },
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      runAsNonRoot: true,
      capabilities: { drop: ["ALL"] },
      seccompProfile: { type: "RuntimeDefault" },
    },
  };
}

const secretsOf = ({ credentials }: WorkloadArgs): string[] => (credentials ? Object.values(SECRETS) : []);

/**
 * Where the pod is, what it runs, where its peers of the same colour are and how it reaches the backends; then
 * the manifest's settings, which come before any of these.
 */
function environmentOf({
  app,
  service,
  colour,
  settings,
  manifest,
  peers,
  credentials,
  keys,
  cachePrefix,
}: WorkloadArgs): Variable[] {
  const told: Record<string, string> = {
    APP: app,
    SERVICE: service,
    COLOUR: colour,
    VERSION: manifest.version,
    PORT: String(settings.port),
    ...(cachePrefix !== undefined && { CACHE_PREFIX: cachePrefix }),
    ...Object.fromEntries(
      peers
        .filter((peer) => peer !== service)
        .map((peer) => [
          `${peer.toUpperCase().replaceAll("-", "_")}_URL`,
          `http://${deploymentName(peer, colour)}:${SERVICE_PORT}`,
        ]),
    ),
    ...manifest.settings,
  };
  const secret = [
    ...(credentials ? SECRET_VARIABLES.filter(({ variable }) => told[variable] === undefined) : []),
    ...(keys?.variables ?? []).map((variable) => ({ variable, secret: keys?.secret ?? "", key: variable })),
  ];
  return [
    ...Object.entries(told).map(([name, value]) => ({ name, value })),
    ...secret.map(({ variable, secret: name, key }) => ({
      name: variable,
      valueFrom: { secretKeyRef: { name, key } },
    })),
  ];
}
