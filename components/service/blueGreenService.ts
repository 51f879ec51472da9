import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Environment } from "../../model/environments";
import type { Limits } from "../../model/limits";
import { priorities } from "../../model/priorities";
import { capacityOf } from "../../model/capacity";
import { COLOURS, type Colour, type DeployedManifest, type Release } from "../../model/release";
import { type ServiceShares, hasService, sharesOf } from "../../model/serviceLists";
import { type Route, type ServiceSettings, imageOf } from "../../model/services";
import { type Exposed, binding, headerRule, targetGroup } from "./exposure";
import { colourAutoscaler, colourBudget } from "./scaling";
import { weightedRule } from "./weightedRule";
import { colourAccount, colourDeployment, colourService } from "./workload";
import type { WorkloadArgs } from "./workloadArgs";

/** What all services of a stack share. */
export interface StackContext {
  app: string;
  environment: Environment;
  /** Registry host of default images. */
  registry: string;
  release: Release;
  /** The former colour after its warm retention: its manifest stays, and all that makes pods goes. */
  cold?: Colour;
  limits: Limits;
  /** Services that others call, by name: those of kind http. */
  callable: string[];
  namespace: pulumi.Input<string>;
  vpcId: pulumi.Input<string>;
  listenerArn: pulumi.Input<string>;
  /** Address ranges from which a colour may be asked for by header, where there is no `previewSecret`. */
  previewSources: readonly string[];
  /** What the preview header's value ends in, so that it may be sent from anywhere. */
  previewSecret?: pulumi.Output<string> | undefined;
  /**
   * What fills the backends' Secrets, which pods mount and wait for. Absent: there are none, and pods start
   * without.
   */
  secrets?: pulumi.Resource[] | undefined;
  /** What a colour's pods wait for beside that, such as the migration of its version. */
  before?: Partial<Record<Colour, pulumi.Resource[]>> | undefined;
  /** What a colour's pods are told of the providers that it calls. Absent: nothing. */
  calls?: Partial<Record<Colour, Pick<WorkloadArgs, "keys" | "cachePrefix">>> | undefined;
}

export interface BlueGreenServiceArgs {
  context: StackContext;
  settings: ServiceSettings;
  /** Where the world reaches it. Absent: from inside the cluster only, without target groups and rules. */
  route?: Route;
  /** Must be there before a binding is: the controller that serves it. */
  controller: pulumi.Resource;
}

export interface SharingArgs {
  /** What must be there before the shares move. */
  after: pulumi.Input<pulumi.Resource[]>;
  guard: pulumi.ResourceHook;
}

/**
 * One service in two colours, each hermetic; where it is public, with what a share of its traffic needs.
 *
 * The order is the point: header rule, Service, binding, Deployment, autoscaler, and, once every service of a
 * rising colour has got so far, the weighted rule.
 */
export class BlueGreenService extends pulumi.ComponentResource {
  /** By colour; absent where the service is not public. */
  readonly targetGroupArns?: Record<Colour, pulumi.Output<string>>;
  /** By colour, what makes its pods: Deployment and autoscaler. A colour that does not run the service has none. */
  readonly deployments: Partial<Record<Colour, pulumi.CustomResource[]>> = {};
  readonly #service: string;
  readonly #context: StackContext;
  readonly #exposed?: Exposed;

  constructor(service: string, args: BlueGreenServiceArgs, opts?: pulumi.ComponentResourceOptions) {
    super("sluice:service:BlueGreenService", service, {}, opts);
    const { context, settings } = args;
    this.#service = service;
    this.#context = context;
    this.#exposed = args.route && exposureOf(service, args, args.route);
    const groups: Partial<Record<Colour, aws.lb.TargetGroup>> = {};
    for (const colour of COLOURS) {
      const entry = this.#exposed && this.#entry(colour, this.#exposed);
      groups[colour] = entry?.group;
      const manifest = this.#manifest(colour, settings);
      if (!manifest) continue;
      const permanent = { app: context.app, service, colour, namespace: context.namespace };
      const before: pulumi.Resource[] = [
        colourService(permanent, { parent: this }),
        colourAccount(permanent, { parent: this }),
      ];
      if (entry) {
        const bound = { ...permanent, targetGroupArn: entry.group.arn };
        const dependsOn = [...before, args.controller, entry.rule];
        before.push(binding(bound, { parent: this, dependsOn }));
      }
      // Cold, it keeps its way in; its pods come back as a creation, which whoever waits for it sees.
      if (colour === context.cold) continue;
      const dependsOn = [...before, ...(context.secrets ?? []), ...(context.before?.[colour] ?? [])];
      this.deployments[colour] = this.#workload(colour, manifest, settings, { parent: this, dependsOn });
    }
    if (groups.blue && groups.green)
      this.targetGroupArns = { blue: groups.blue.arn, green: groups.green.arn };
    this.registerOutputs({ targetGroupArns: this.targetGroupArns });
  }

  /**
   * Shares the service's traffic as the release asks.
   *
   * @returns undefined where the service is not public, and where no colour that serves the world has it
   */
  share({ after, guard }: SharingArgs): aws.lb.ListenerRule | undefined {
    const shared = sharesOf(this.#context.release, this.#service);
    if (!this.#exposed || !this.targetGroupArns || !shared) return undefined;
    return weightedRule(
      {
        ...this.#exposed,
        traffic: shared.shares,
        sole: shared.sole !== undefined,
        targetGroupArns: this.targetGroupArns,
        stickinessSeconds: this.#context.limits.stickinessSeconds,
      },
      {
        parent: this,
        dependsOn: pulumi.output(after).apply((resources) => [...resources, ...this.#arriving(shared)]),
        hooks: { beforeCreate: [guard], beforeUpdate: [guard] },
      },
    );
  }

  /**
   * What may be as new as the rule: the pods of a service that a candidate with a share, or under rolling the live
   * colour, was given. No retreat makes such a rule, so none waits for them.
   */
  #arriving({ shares, sole }: ServiceShares): pulumi.CustomResource[] {
    const { live, strategy } = this.#context.release;
    return COLOURS.filter((colour) => shares[colour] > 0)
      .filter((colour) => (colour === live ? strategy === "rolling" : colour === sole))
      .flatMap((colour) => this.deployments[colour] ?? []);
  }

  /** A colour's way in, which is there whether or not the colour runs anything. */
  #entry(colour: Colour, exposed: Exposed) {
    const { vpcId, limits, previewSources: sources, previewSecret: secret } = this.#context;
    const { deregistrationSeconds } = limits;
    const group = targetGroup({ ...exposed, colour, vpcId, deregistrationSeconds }, { parent: this });
    const args = { ...exposed, colour, targetGroupArn: group.arn, sources, secret };
    return { group, rule: headerRule(args, { parent: this }) };
  }

  /** What a colour runs of the service, if anything: what must not run twice follows the live colour. */
  #manifest(colour: Colour, { kind }: ServiceSettings): DeployedManifest | undefined {
    const { release } = this.#context;
    const { version, ...manifest } = release[colour];
    if (version === undefined || !hasService(release[colour], this.#service)) return undefined;
    return kind === "http" || colour === release.live ? { ...manifest, version } : undefined;
  }

  /** What makes a colour's pods, and keeps enough of them. */
  #workload(
    colour: Colour,
    manifest: DeployedManifest,
    settings: ServiceSettings,
    opts: pulumi.CustomResourceOptions,
  ): pulumi.CustomResource[] {
    const context = this.#context;
    const service = this.#service;
    const args: WorkloadArgs = {
      app: context.app,
      service,
      colour,
      settings,
      manifest,
      image: imageOf(context.registry, service, settings, manifest),
      namespace: context.namespace,
      peers: context.callable.filter((peer) => hasService(manifest, peer)),
      drainSeconds: context.limits.deregistrationSeconds,
      capacity: capacityOf(context.release, colour),
      credentials: context.secrets !== undefined,
      ...context.calls?.[colour],
    };
    const deployment = colourDeployment(args, opts);
    const ofDeployment = { parent: this, dependsOn: deployment };
    colourBudget(args, ofDeployment);
    return [deployment, ...(settings.kind === "singleton" ? [] : [colourAutoscaler(args, ofDeployment)])];
  }
}

function exposureOf(service: string, { context, settings }: BlueGreenServiceArgs, route: Route): Exposed {
  return {
    app: context.app,
    environment: context.environment,
    service,
    settings,
    priorities: priorities(service, settings.public?.slot),
    listenerArn: context.listenerArn,
    conditions: [
      "host" in route
        ? { hostHeader: { values: [route.host] } }
        : { pathPattern: { values: [route.path, `${route.path}/*`] } },
    ],
  };
}
