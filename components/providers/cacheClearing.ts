import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { SECRETS, SECRET_VARIABLES } from "../../model/backends";
import { type Clearing, cachePrefix } from "../../model/providers/caches";
import { tcp } from "../cluster/networkRules";
import { jobName } from "../release/migrationJob";
import { commonLabels } from "../service/labels";
import { cacheAuthorities } from "./cacheAuthorities";
import { REDIS_IMAGE, REDIS_USER } from "./redisImage";

export interface CacheClearingArgs {
  app: string;
  /** The services' namespace: it has the Secret `redis-credentials`. */
  namespace: pulumi.Input<string>;
  /** Where the cache is. */
  vpcCidr: pulumi.Input<string>;
  clearings: readonly Clearing[];
}

/** The name of its objects, of its service account, and the component by which a policy lets it reach the cache. */
const NAME = "cache-clearing";
const SCRIPT = "clearCaches.sh";
const AUTHORITIES = "authorities.pem";
const FOLDER = "/etc/cache-clearing";
const REDIS = 6379;

/** Seconds for all attempts together. */
const DEADLINE_SECONDS = 900;

/**
 * Jobs that clear what colours have cached which were taken back. Nothing waits for them, the engine neither: what is
 * left in a cache without users is in nobody's way, and an update must not fail by it.
 */
export class CacheClearing extends pulumi.ComponentResource {
  constructor(name: string, args: CacheClearingArgs, opts?: pulumi.ComponentResourceOptions) {
    super("sluice:providers:CacheClearing", name, {}, opts);
    const { app, namespace, vpcCidr } = args;
    const labels = commonLabels(app, NAME, NAME);
    const metadata = { name: NAME, namespace, labels };
    const inside = { parent: this };
    const needs = [
      new k8s.core.v1.ServiceAccount(NAME, { metadata, automountServiceAccountToken: false }, inside),
      new k8s.core.v1.ConfigMap(NAME, { metadata, data: files() }, inside),
      new k8s.networking.v1.NetworkPolicy(
        NAME,
        {
          metadata,
          spec: {
            podSelector: { matchLabels: { "app.kubernetes.io/component": NAME } },
            policyTypes: ["Egress"],
            egress: [{ to: [{ ipBlock: { cidr: vpcCidr } }], ports: tcp(REDIS) }],
          },
        },
        inside,
      ),
    ];
    for (const clearing of args.clearings) {
      const { version, colour, at } = clearing;
      const job = jobName("clear-caches", version, [colour, at]);
      new k8s.batch.v1.Job(
        job,
        {
          metadata: { ...metadata, name: job, annotations: { "pulumi.com/skipAwait": "true" } },
          spec: {
            backoffLimit: 5,
            activeDeadlineSeconds: DEADLINE_SECONDS,
            template: { metadata: { labels }, spec: podSpec(clearing) },
          },
        },
        { ...inside, dependsOn: needs },
      );
    }
    this.registerOutputs({});
  }
}

const files = () => ({
  [SCRIPT]: readFileSync(join(__dirname, SCRIPT), "utf8"),
  [AUTHORITIES]: cacheAuthorities(),
});

const podSpec = ({ colour }: Clearing): k8s.types.input.core.v1.PodSpec => ({
  restartPolicy: "Never",
  serviceAccountName: NAME,
  automountServiceAccountToken: false,
  securityContext: {
    runAsNonRoot: true,
    runAsUser: REDIS_USER,
    runAsGroup: REDIS_USER,
    seccompProfile: { type: "RuntimeDefault" },
  },
  volumes: [{ name: NAME, configMap: { name: NAME } }],
  containers: [
    {
      name: NAME,
      image: REDIS_IMAGE,
      command: ["sh", `${FOLDER}/${SCRIPT}`],
      env: [
        ...SECRET_VARIABLES.filter(({ secret }) => secret === SECRETS.cache).map(
          ({ variable, secret, key }) => ({
            name: variable,
            valueFrom: { secretKeyRef: { name: secret, key } },
          }),
        ),
        { name: "PREFIX", value: cachePrefix(colour) },
        { name: "AUTHORITIES", value: `${FOLDER}/${AUTHORITIES}` },
      ],
      volumeMounts: [{ name: NAME, mountPath: FOLDER, readOnly: true }],
      resources: { requests: { cpu: "50m", memory: "64Mi" }, limits: { memory: "64Mi" } },
      securityContext: {
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ["ALL"] },
      },
    },
  ],
});
