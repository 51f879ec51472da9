import type * as pulumi from "@pulumi/pulumi";
import { OTHERS, TRACE_HOURS } from "../../../model/monitoring/sizes";
import { HARDENED_CONTAINER, hardenedPod, resourcesOf } from "./hardened";
import { JAEGER, OTLP } from "./names";

const CLAIM = "jaeger-traces";
const FOLDER = "/badger";

/** The user that Jaeger's image has. */
const USER = 10001;

/**
 * Values of Jaeger's chart: one pod that takes spans by OTLP, keeps them on a volume of its own and shows them. Its
 * database, Badger, is for one process: a second pod would be a second memory. What is lost with it is traces, which
 * nothing is judged by.
 */
export const jaegerValues = (storageClassName: pulumi.Input<string>) => ({
  fullnameOverride: JAEGER,
  jaeger: {
    replicas: OTHERS.jaeger.replicas,
    strategy: { type: "Recreate" },
    serviceAccount: { automountServiceAccountToken: false },
    resources: resourcesOf(OTHERS.jaeger),
    podSecurityContext: hardenedPod(USER),
    securityContext: HARDENED_CONTAINER,
    extraVolumes: [{ name: "traces", persistentVolumeClaim: { claimName: CLAIM } }],
    extraVolumeMounts: [{ name: "traces", mountPath: FOLDER }],
  },
  userconfig: CONFIGURATION,
  // The chart mounts a volume and makes none.
  extraObjects: [
    {
      apiVersion: "v1",
      kind: "PersistentVolumeClaim",
      metadata: { name: CLAIM },
      spec: {
        storageClassName,
        accessModes: ["ReadWriteOnce"],
        resources: { requests: { storage: `${OTHERS.jaeger.storageGb}Gi` } },
      },
    },
  ],
});

const everywhere = (port: number) => `0.0.0.0:${port}`;

/** Jaeger's own configuration, which is an OpenTelemetry Collector's. */
const CONFIGURATION = {
  service: {
    extensions: ["jaeger_storage", "jaeger_query", "healthcheckv2"],
    pipelines: {
      traces: { receivers: ["otlp"], processors: ["batch"], exporters: ["jaeger_storage_exporter"] },
    },
    telemetry: {
      metrics: {
        level: "basic",
        readers: [{ pull: { exporter: { prometheus: { host: "0.0.0.0", port: 8888 } } } }],
      },
    },
  },
  extensions: {
    healthcheckv2: { use_v2: true, http: { endpoint: everywhere(13133) } },
    jaeger_query: { storage: { traces: "kept" } },
    jaeger_storage: {
      backends: {
        kept: {
          badger: {
            directories: { keys: `${FOLDER}/keys`, values: `${FOLDER}/values` },
            ephemeral: false,
            ttl: { spans: `${TRACE_HOURS}h` },
          },
        },
      },
    },
  },
  receivers: {
    otlp: {
      protocols: { grpc: { endpoint: everywhere(OTLP[0]) }, http: { endpoint: everywhere(OTLP[1]) } },
    },
  },
  processors: { batch: {} },
  exporters: { jaeger_storage_exporter: { trace_storage: "kept" } },
};
