import { stringify } from "yaml";
import { UsageError } from "../failure";
import { UNKNOWN } from "../program/answers";
import { type HelmRelease, type Manifest, WITHHELD } from "./objects";

/** A file to write. */
export interface ManifestFile {
  /** `<kind>-<namespace>-<name>.yaml` in lower case; objects of no namespace are without its part. */
  readonly name: string;
  readonly text: string;
}

/** What our own files begin with: another file of the same name is somebody's work. */
export const HEADER = "# Written by sluice manifests";

/**
 * The files of a stack's manifests, in the order of their names. Twice the same objects give the same files.
 *
 * @throws UsageError where two objects have one name
 */
export function filesOf(manifests: readonly Manifest[], stack: string): ManifestFile[] {
  const files = manifests.map((manifest) => ({
    name: fileName(manifest),
    text: `${HEADER} -s ${stack}\n${remark(manifest)}${yaml(manifest)}`,
  }));
  files.sort((one, other) => (one.name < other.name ? -1 : 1));
  const twice = files.find(({ name }, index) => files[index + 1]?.name === name);
  if (twice) throw new UsageError(`two objects of the stack would be written to ${twice.name}`);
  return files;
}

function fileName(manifest: Manifest): string {
  const parts =
    "release" in manifest
      ? ["release", manifest.release.namespace, manifest.release.name]
      : [
          manifest.object.kind,
          ...(manifest.patch ? ["patch"] : []),
          ...(manifest.object.metadata.namespace === undefined ? [] : [manifest.object.metadata.namespace]),
          manifest.object.metadata.name,
        ];
  // Names of some kinds may contain what a file's name may not, for example a colon.
  return `${parts
    .join("-")
    .toLowerCase()
    .replace(/[^a-z0-9.-]+/g, "_")}.yaml`;
}

function remark(manifest: Manifest): string {
  const text = yaml(manifest);
  return [
    ...("release" in manifest
      ? [
          "A Helm release; its objects are the chart's. See them with:",
          `  ${templateCommand(manifest.release)}`,
        ]
      : manifest.patch
        ? ["A patch: the cluster has this object already, and these fields are set in it."]
        : []),
    ...(text.includes(UNKNOWN) ? [`"${UNKNOWN}" stands for what only a deployment makes known.`] : []),
    ...(text.includes(WITHHELD) ? [`"${WITHHELD}" stands for a secret.`] : []),
  ]
    .map((line) => `# ${line}\n`)
    .join("");
}

/** How to see the objects of a chart; the values are in the release's own file. */
export const templateCommand = (release: HelmRelease): string =>
  [
    `helm template ${release.name} ${release.chart}`,
    ...(release.repository === undefined ? [] : [`--repo ${release.repository}`]),
    `--version ${release.version} --namespace ${release.namespace}`,
    `--values ${fileName({ release })}`,
  ].join(" ");

/** Keys in the order in which people expect them, the rest by the alphabet: the same text at every run. */
function yaml(manifest: Manifest): string {
  if ("release" in manifest) {
    // The values stand at the top, so that the file itself is what helm reads; the rest is a remark.
    const { values, ...about } = manifest.release;
    const lines = stringify(sorted(about), { lineWidth: 0 }).trimEnd().split("\n");
    return `${lines.map((line) => `# ${line}\n`).join("")}${stringify(sorted(values), { lineWidth: 0 })}`;
  }
  const { apiVersion, kind, metadata, ...rest } = manifest.object;
  const { name, namespace, ...others } = metadata;
  return stringify(
    {
      apiVersion,
      kind,
      metadata: { name, ...(namespace !== undefined && { namespace }), ...(sorted(others) as object) },
      ...(sorted(rest) as object),
    },
    { lineWidth: 0, aliasDuplicateObjects: false },
  );
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)]),
  );
}
