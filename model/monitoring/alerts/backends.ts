import { VECTOR_STORE } from "../../names";
import { SERIES } from "../cloudwatch/exported";
import { FULL, mostConnections } from "../saturation";
import type { About, Alert, Watched } from "./alert";

/** The vector store has a namespace to itself. */
const VOLUMES = `{namespace="${VECTOR_STORE}"}`;

/** What can be full of a backend. */
interface Part {
  /** Begins the alerts' names. */
  readonly name: string;
  readonly about: About;
  /** Part of it that is used, in percent. A label `name` says which of several it is. */
  readonly used: string;
  readonly what: string;
  readonly help: string;
  readonly command: string;
  readonly needs: string;
}

/** Two alerts for each thing that a backend can run out of: a warning, and a page. */
export const backendAlerts = (watched: Watched): Alert[] =>
  parts(watched).flatMap((part) => [
    alert(part, "Fills", "warning", FULL.warningPercent, 900),
    alert(part, "Full", "critical", FULL.criticalPercent, 300),
  ]);

function alert(
  { name, about, used, what, help, command, needs }: Part,
  ending: string,
  severity: Alert["severity"],
  percent: number,
  forSeconds: number,
): Alert {
  return {
    name: `${name}${ending}`,
    severity,
    about,
    expr: `${used} > ${percent}`,
    forSeconds,
    when: `more than ${percent} % of ${what} are used for ${forSeconds / 60} min`,
    says: `{{ $value | printf "%.0f" }} % of ${what}{{ with $labels.name }} {{ . }}{{ end }} are used`,
    help,
    command,
    needs,
    source: "above four fifths waiting grows faster than load; the last twentieth goes in one busy minute",
  };
}

const parts = ({ stack, backends }: Watched): Part[] => [
  ...connections(stack, mostConnections(backends.database.instanceClass)),
  {
    name: "CacheMemory",
    about: "cache",
    used: `max by (name) (${SERIES.memory})`,
    what: "the memory of the cache",
    help: "Two colours keep their keys apart during a release; afterwards the former one's expire. A larger node else.",
    command: `sluice status -s ${stack}; pulumi config set --path sluice:backends.cache.nodeType TYPE`,
    needs: "cloudwatch exporter",
  },
  {
    name: "VectorStoreVolume",
    about: "vector-store",
    used:
      `100 * (1 - min(kubelet_volume_stats_available_bytes${VOLUMES} ` +
      `/ kubelet_volume_stats_capacity_bytes${VOLUMES}))`,
    what: "a volume of the vector store",
    help: "Its volumes grow by configuration; collections that nothing reads can go.",
    command: `kubectl get pvc -n ${VECTOR_STORE}; pulumi config set --path sluice:backends.vectorStore.storageGb GIB`,
    needs: "kubelet",
  },
];

/** None where nobody knows how many the instance takes. */
const connections = (stack: string, most: number | undefined): Part[] =>
  most === undefined
    ? []
    : [
        {
          name: "DatabaseConnections",
          about: "database",
          used: `100 * max by (name) (${SERIES.connections}) / ${most}`,
          what: "the connections of the database",
          help: "Both colours hold connections while a release is under way: fewer replicas, smaller pools, or a larger class.",
          command: `sluice status -s ${stack}; pulumi config set --path sluice:backends.database.instanceClass CLASS`,
          needs: "cloudwatch exporter",
        },
      ];
