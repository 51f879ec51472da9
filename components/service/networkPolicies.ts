import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { deploymentName } from "../../model/names";
import { COLOURS, type Colour } from "../../model/release";
import type { ServiceSettings } from "../../model/services";
import { NAMESPACE_LABEL, TO_DNS, TO_HTTPS, tcp } from "../cluster/networkRules";
import { commonLabels, selectorOf } from "./labels";
import { SERVICE_PORT } from "./workloadArgs";

type Spec = k8s.types.input.networking.v1.NetworkPolicySpec;
type Egress = k8s.types.input.networking.v1.NetworkPolicyEgressRule;

/** Ports of the backends. */
const POSTGRESQL = 5432;
const REDIS = 6379;
const QDRANT = [6333, 6334] as const;

/** Jobs that need the database and nothing else, by their `app.kubernetes.io/component`. */
const DATABASE_JOBS = ["migration", "rollback", "integrity-check", "database-users"] as const;

export interface NetworkPoliciesArgs {
  app: string;
  namespace: pulumi.Input<string>;
  /** Every service of the stack, whichever colour has it. */
  services: Readonly<Record<string, ServiceSettings>>;
  /** Where the database and the cache are. */
  vpcCidr: pulumi.Input<string>;
  /** Ranges of the load balancer's subnets. Default: `vpcCidr`, which has every pod in it too. */
  balancerCidrs?: pulumi.Input<string[]>;
  /** Namespace of the vector store. Default: `qdrant`. */
  vectorStoreNamespace?: pulumi.Input<string>;
}

/**
 * Who may talk to whom in the services' namespace: nobody, but for what is said here. Colours are apart: a service
 * is called by its own colour and, where it is public, by the load balancer. The kubelet's probes need no rule.
 *
 * A service has its policies in both colours whether or not both have it, so that a release changes none.
 */
export class NetworkPolicies extends pulumi.ComponentResource {
  readonly #args: NetworkPoliciesArgs;
  /** What lets something through. */
  readonly #permits: pulumi.Resource[] = [];

  constructor(name: string, args: NetworkPoliciesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("sluice:service:NetworkPolicies", name, {}, opts);
    this.#args = args;
    this.#permit("dns", { podSelector: {}, policyTypes: ["Egress"], egress: [TO_DNS] });
    this.#permit("jobs-to-database", {
      podSelector: {
        matchExpressions: [
          { key: "app.kubernetes.io/component", operator: "In", values: [...DATABASE_JOBS] },
        ],
      },
      policyTypes: ["Egress"],
      egress: [this.#inVpc([POSTGRESQL])],
    });
    const called = Object.entries(args.services).filter(([, { kind }]) => kind === "http");
    for (const colour of COLOURS) {
      this.#outOf(
        colour,
        called.map(([, { port }]) => port),
      );
      for (const [service, settings] of called) this.#into(service, colour, settings);
    }
    // Last, so that at its first appearance nothing is cut off that is permitted.
    const all: Spec = { podSelector: {}, policyTypes: ["Ingress", "Egress"] };
    this.#policy("default-deny", all, { dependsOn: this.#permits });
    this.registerOutputs({});
  }

  /** What a colour's pods may call: their own colour's services, the backends, and HTTPS in the world. */
  #outOf(colour: Colour, ports: number[]): void {
    this.#permit(`from-${colour}`, {
      podSelector: { matchLabels: { colour } },
      policyTypes: ["Egress"],
      egress: [
        // A Service's port counts as well as its pods': some network plug-ins look before the address is translated.
        {
          to: [{ podSelector: { matchLabels: { colour } } }],
          ports: tcp(...distinct([...ports, SERVICE_PORT])),
        },
        this.#inVpc([POSTGRESQL, REDIS]),
        {
          to: [
            {
              namespaceSelector: {
                matchLabels: { [NAMESPACE_LABEL]: this.#args.vectorStoreNamespace ?? "qdrant" },
              },
            },
          ],
          ports: tcp(...QDRANT),
        },
        TO_HTTPS,
      ],
    });
  }

  /** Who may call a colour's pods of one service. */
  #into(service: string, colour: Colour, { port, public: exposed }: ServiceSettings): void {
    const { vpcCidr, balancerCidrs = [vpcCidr] } = this.#args;
    const balancer = pulumi
      .output(balancerCidrs)
      .apply((cidrs) => cidrs.map((cidr) => ({ from: [{ ipBlock: { cidr } }], ports: tcp(port) })));
    const peers = { from: [{ podSelector: { matchLabels: { colour } } }], ports: tcp(port) };
    this.#permit(deploymentName(`to-${service}`, colour), {
      podSelector: { matchLabels: selectorOf(service, colour) },
      policyTypes: ["Ingress"],
      ingress: exposed ? balancer.apply((rules) => [peers, ...rules]) : [peers],
    });
  }

  #inVpc(ports: number[]): Egress {
    return { to: [{ ipBlock: { cidr: this.#args.vpcCidr } }], ports: tcp(...distinct(ports)) };
  }

  #permit(name: string, spec: pulumi.Input<Spec>): void {
    this.#permits.push(this.#policy(name, spec));
  }

  #policy(
    name: string,
    spec: pulumi.Input<Spec>,
    opts?: pulumi.CustomResourceOptions,
  ): k8s.networking.v1.NetworkPolicy {
    const { app, namespace } = this.#args;
    const labels = commonLabels(app, "network-policies", "network-policy");
    return new k8s.networking.v1.NetworkPolicy(
      name,
      { metadata: { name, namespace, labels }, spec },
      { ...opts, parent: this },
    );
  }
}

/** Each port once, in order: services may listen on the same one. */
const distinct = (ports: number[]): number[] => [...new Set(ports)].sort((one, other) => one - other);
