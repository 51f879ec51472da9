import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { deploymentName } from "../../model/names";
import type { Colour, DeployedManifest } from "../../model/release";
import type { ServiceSettings } from "../../model/services";

/** The port that a colour's Service listens on, whatever its pods do. */
export const SERVICE_PORT = 80;

/**
 * Seconds between a pod leaving the endpoints and its SIGTERM: the load balancer and kube-proxy hear of it
 * late, and send until they have.
 */
const PRE_STOP_SECONDS = 15;

export interface WorkloadArgs {
  app: string;
  service: string;
  colour: Colour;
  settings: ServiceSettings;
  manifest: DeployedManifest;
  /** Full image reference with tag or digest. */
  image: string;
  namespace: pulumi.Input<string>;
  /** Services of the colour, by name: a colour calls its own and never the other's. */
  peers: string[];
  /** Seconds that requests in flight get to finish after SIGTERM. */
  drainSeconds: number;
}

/** A pod's labels: `app` and `colour` select; `version` tells. */
const selectorOf = (service: string, colour: Colour) => ({ app: service, colour });

/** One colour's Service. It exists before any pod: a binding, and so a readiness gate, needs it. */
export function colourService(
  args: Pick<WorkloadArgs, "service" | "colour" | "settings" | "namespace">,
  opts: pulumi.CustomResourceOptions,
): k8s.core.v1.Service {
  const name = deploymentName(args.service, args.colour);
  return new k8s.core.v1.Service(
    name,
    {
      metadata: {
        name,
        namespace: args.namespace,
        labels: selectorOf(args.service, args.colour),
        // Gated pods wait for the target group, which waits for this Service: waiting for pods deadlocks.
        annotations: { "pulumi.com/skipAwait": "true" },
      },
      spec: {
        selector: selectorOf(args.service, args.colour),
        ports: [{ name: "http", port: SERVICE_PORT, targetPort: "http" }],
      },
    },
    opts,
  );
}

/** One colour's Deployment of one service, hardened to the "restricted" Pod Security Standard. */
export function colourDeployment(
  args: WorkloadArgs,
  opts: pulumi.CustomResourceOptions,
): k8s.apps.v1.Deployment {
  const { service, colour, settings, manifest } = args;
  const name = deploymentName(service, colour);
  const single = settings.kind === "singleton";
  const labels = { ...selectorOf(service, colour), version: manifest.version };
  const spread = (topologyKey: string, whenUnsatisfiable: string) => ({
    topologyKey,
    whenUnsatisfiable,
    maxSkew: 1,
    labelSelector: { matchLabels: selectorOf(service, colour) },
    // Without it the pods of the version that is leaving count against the one that arrives.
    matchLabelKeys: ["pod-template-hash"],
  });
  const probe = (path: string) => ({ httpGet: { path, port: "http" }, timeoutSeconds: 2 });
  return new k8s.apps.v1.Deployment(
    name,
    {
      metadata: { name, namespace: args.namespace, labels },
      spec: {
        replicas: single ? Math.min(1, settings.replicas) : settings.replicas,
        selector: { matchLabels: selectorOf(service, colour) },
        strategy: single
          ? { type: "Recreate" }
          : { type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
        template: {
          metadata: { labels },
          spec: {
            automountServiceAccountToken: false,
            securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
            terminationGracePeriodSeconds: PRE_STOP_SECONDS + args.drainSeconds,
            topologySpreadConstraints: [
              spread("topology.kubernetes.io/zone", "ScheduleAnyway"),
              spread("kubernetes.io/hostname", "ScheduleAnyway"),
            ],
            // The root file system is read-only, and most runtimes want a place for what they throw away.
            volumes: [{ name: "tmp", emptyDir: {} }],
            containers: [
              {
                name: service,
                image: args.image,
                ports: [{ name: "http", containerPort: settings.port }],
                volumeMounts: [{ name: "tmp", mountPath: "/tmp" }],
                env: environmentOf(args),
                startupProbe: { ...probe(settings.health.liveness), periodSeconds: 2, failureThreshold: 60 },
                livenessProbe: { ...probe(settings.health.liveness), periodSeconds: 10 },
                readinessProbe: { ...probe(settings.health.readiness), periodSeconds: 5 },
                lifecycle: { preStop: { sleep: { seconds: PRE_STOP_SECONDS } } },
                resources: {
                  requests: { cpu: settings.cpu, memory: settings.memory },
                  // No CPU limit: throttling turns a busy minute into failed health checks.
                  limits: { memory: settings.memory },
                },
                securityContext: {
                  allowPrivilegeEscalation: false,
                  readOnlyRootFilesystem: true,
                  capabilities: { drop: ["ALL"] },
                },
              },
            ],
          },
        },
      },
    },
    opts,
  );
}

/** Where the pod is, what it runs, where its peers of the same colour are; then the manifest's settings. */
function environmentOf({ app, service, colour, settings, manifest, peers }: WorkloadArgs) {
  const variables: Record<string, string> = {
    APP: app,
    SERVICE: service,
    COLOUR: colour,
    VERSION: manifest.version,
    PORT: String(settings.port),
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
  return Object.entries(variables).map(([name, value]) => ({ name, value }));
}
