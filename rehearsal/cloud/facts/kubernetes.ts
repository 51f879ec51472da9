/**
 * Writes kubernetes.json: what the Kubernetes kinds listed below take, read from the declarations of
 * the installed @pulumi/kubernetes. Run it again after an upgrade of that package, or after adding a kind:
 *
 *     node -r ./register.cjs rehearsal/cloud/facts/kubernetes.ts
 *
 * A type is written as a string: `s` string, `n` number, `b` boolean, `any`, `#name` another type of the
 * table, `[T]` a list, `{T}` a map, `=A,B` one of these strings; alternatives are joined by `|`. A property
 * whose name ends in `!` is required.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { ServiceSpecType } from "@pulumi/kubernetes/types/enums/core/v1";
import * as ts from "typescript";

/** The kinds of the table: one line here and a new run adds a kind. Group as the API server spells it. */
const KINDS: readonly (readonly [apiVersion: string, ...kinds: string[]])[] = [
  ["v1", "ConfigMap", "LimitRange", "Namespace", "PersistentVolume", "PersistentVolumeClaim", "Pod"],
  ["v1", "ResourceQuota", "Secret", "Service", "ServiceAccount"],
  ["apps/v1", "DaemonSet", "Deployment", "ReplicaSet", "StatefulSet"],
  ["autoscaling/v2", "HorizontalPodAutoscaler"],
  ["batch/v1", "CronJob", "Job"],
  ["networking.k8s.io/v1", "Ingress", "IngressClass", "NetworkPolicy"],
  ["policy/v1", "PodDisruptionBudget"],
  ["rbac.authorization.k8s.io/v1", "ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding"],
  ["scheduling.k8s.io/v1", "PriorityClass"],
  ["storage.k8s.io/v1", "StorageClass"],
];

/** The declarations let any string through here; their doc comments, and the API server, name the values. */
const ENUMS: Readonly<Record<string, readonly string[]>> = {
  "apps.v1.DeploymentStrategy.type": ["Recreate", "RollingUpdate"],
  "apps.v1.StatefulSetUpdateStrategy.type": ["OnDelete", "RollingUpdate"],
  "apps.v1.DaemonSetUpdateStrategy.type": ["OnDelete", "RollingUpdate"],
  "batch.v1.CronJobSpec.concurrencyPolicy": ["Allow", "Forbid", "Replace"],
  "batch.v1.JobSpec.completionMode": ["NonIndexed", "Indexed"],
  "core.v1.Container.imagePullPolicy": ["Always", "IfNotPresent", "Never"],
  "core.v1.ContainerPort.protocol": ["TCP", "UDP", "SCTP"],
  "core.v1.PodSpec.dnsPolicy": ["ClusterFirst", "ClusterFirstWithHostNet", "Default", "None"],
  "core.v1.PodSpec.restartPolicy": ["Always", "OnFailure", "Never"],
  "core.v1.SeccompProfile.type": ["Localhost", "RuntimeDefault", "Unconfined"],
  "core.v1.ServicePort.protocol": ["TCP", "UDP", "SCTP"],
  "core.v1.ServiceSpec.type": Object.values(ServiceSpecType).sort(),
  "core.v1.ServiceSpec.sessionAffinity": ["ClientIP", "None"],
  "core.v1.Taint.effect": ["NoExecute", "NoSchedule", "PreferNoSchedule"],
  "core.v1.Toleration.effect": ["NoExecute", "NoSchedule", "PreferNoSchedule"],
  "core.v1.Toleration.operator": ["Equal", "Exists", "Gt", "Lt"],
  "core.v1.TopologySpreadConstraint.whenUnsatisfiable": ["DoNotSchedule", "ScheduleAnyway"],
  "meta.v1.LabelSelectorRequirement.operator": ["DoesNotExist", "Exists", "In", "NotIn"],
  "networking.v1.HTTPIngressPath.pathType": ["Exact", "ImplementationSpecific", "Prefix"],
  "networking.v1.NetworkPolicyPort.protocol": ["TCP", "UDP", "SCTP"],
};

const SDK = dirname(require.resolve("@pulumi/kubernetes/package.json"));

const parse = (path: string): ts.SourceFile =>
  ts.createSourceFile(path, readFileSync(join(SDK, path), "utf8"), ts.ScriptTarget.Latest, true);

/** Every interface of a file of declarations by its full name, for example `apps.v1.DeploymentSpec`. */
function interfaces(source: ts.SourceFile): Map<string, ts.InterfaceDeclaration> {
  const found = new Map<string, ts.InterfaceDeclaration>();
  const visit = (node: ts.Node, prefix: string): void => {
    if (ts.isInterfaceDeclaration(node)) found.set(prefix + node.name.text, node);
    else if (ts.isModuleDeclaration(node) && node.body) {
      const inner = `${prefix}${node.name.text}.`;
      ts.forEachChild(node.body, (child) => visit(child, inner));
    }
  };
  ts.forEachChild(source, (node) => visit(node, ""));
  return found;
}

/** The compact spelling of a declared type; `refs` receives the names of the types that it mentions. */
function spell(type: ts.TypeNode, refs: Set<string>): string {
  if (ts.isUnionTypeNode(type)) {
    const parts = type.types.filter((t) => t.kind !== ts.SyntaxKind.UndefinedKeyword);
    return [...new Set(parts.map((t) => spell(t, refs)).filter((t) => t !== ""))].join("|");
  }
  if (ts.isArrayTypeNode(type)) return `[${spell(type.elementType, refs)}]`;
  if (ts.isTypeLiteralNode(type)) {
    const index = type.members.find(ts.isIndexSignatureDeclaration);
    return index ? `{${spell(index.type, refs)}}` : "any";
  }
  if (ts.isLiteralTypeNode(type) && ts.isStringLiteral(type.literal)) return `=${type.literal.text}`;
  if (type.kind === ts.SyntaxKind.StringKeyword) return "s";
  if (type.kind === ts.SyntaxKind.NumberKeyword) return "n";
  if (type.kind === ts.SyntaxKind.BooleanKeyword) return "b";
  if (ts.isTypeReferenceNode(type)) {
    const name = type.typeName.getText();
    const argument = type.typeArguments?.[0];
    if (name === "pulumi.Input" && argument) return spell(argument, refs);
    if (name === "enums.core.v1.ServiceSpecType") return "";
    if (name.startsWith("inputs.")) {
      refs.add(name.slice("inputs.".length));
      return `#${name.slice("inputs.".length)}`;
    }
  }
  return "any";
}

function properties(name: string, declared: ts.InterfaceDeclaration, refs: Set<string>) {
  return Object.fromEntries(
    declared.members.filter(ts.isPropertySignature).map((member) => {
      const property = (member.name as ts.Identifier | ts.StringLiteral).text;
      const allowed = ENUMS[`${name}.${property}`];
      const type = allowed ? `=${allowed.join(",")}` : spell(member.type!, refs);
      return [member.questionToken ? property : `${property}!`, type];
    }),
  );
}

/** `rbac.authorization.k8s.io/v1` has the types `rbac.v1.*` and the tokens `kubernetes:rbac.authorization.k8s.io/v1:*`. */
function spaceOf(apiVersion: string): string {
  const [group, version] = apiVersion.includes("/") ? apiVersion.split("/") : ["core", apiVersion];
  return `${group!.split(".")[0]!}.${version!}`;
}

function generate() {
  const source = parse("types/input.d.ts");
  const declared = interfaces(source);
  const release = interfaces(parse("helm/v3/release.d.ts")).get("ReleaseArgs")!;
  declared.set("helm.v3.Release", release);
  declared.set("Provider", interfaces(parse("provider.d.ts")).get("ProviderArgs")!);

  const kinds: Record<string, { apiVersion: string; kind: string; type: string }> = {};
  const wanted: string[] = ["helm.v3.Release", "Provider"];
  for (const [apiVersion, ...names] of KINDS) {
    const token = apiVersion === "v1" ? "core/v1" : apiVersion;
    for (const kind of names) {
      const type = `${spaceOf(apiVersion)}.${kind}`;
      kinds[`kubernetes:${token}:${kind}`] = { apiVersion, kind, type };
      wanted.push(type);
    }
  }

  const types: Record<string, Record<string, string>> = {};
  for (let name = wanted.pop(); name !== undefined; name = wanted.pop()) {
    if (types[name]) continue;
    const declaration = declared.get(name);
    if (!declaration) throw new Error(`@pulumi/kubernetes declares no type ${name}`);
    const refs = new Set<string>();
    types[name] = properties(name, declaration, refs);
    wanted.push(...refs);
  }
  const sorted = Object.fromEntries(Object.entries(types).sort(([a], [b]) => (a < b ? -1 : 1)));
  const { version } = JSON.parse(readFileSync(join(SDK, "package.json"), "utf8")) as { version: string };
  return { version, kinds, types: sorted };
}

if (require.main === module) {
  const table = generate();
  const lines = Object.entries(table.types).map(([k, v]) => `    ${JSON.stringify(k)}: ${JSON.stringify(v)}`);
  const kinds = Object.entries(table.kinds).map(([k, v]) => `    ${JSON.stringify(k)}: ${JSON.stringify(v)}`);
  writeFileSync(
    join(__dirname, "kubernetes.json"),
    `{\n  "version": ${JSON.stringify(table.version)},\n  "kinds": {\n${kinds.join(",\n")}\n  },\n  "types": {\n${lines.join(",\n")}\n  }\n}\n`,
  );
}
