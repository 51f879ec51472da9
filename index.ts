import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { Cluster } from "./components/cluster/cluster";
import { LoadBalancerController } from "./components/cluster/loadBalancerController";
import { namespace } from "./components/cluster/namespace";
import { readSettings } from "./components/configuration";
import { LoadBalancer } from "./components/edge/loadBalancer";
import { Network, VPC_CIDR } from "./components/network/network";
import { orRefuse, refuseViolations } from "./components/refusal";
import { releaseGuard } from "./components/release/guard";
import { readRecorded } from "./components/release/state";
import { Transition } from "./components/release/transition";
import { BlueGreenService } from "./components/service/blueGreenService";
import { processorsNeeded } from "./model/capacity";
import { clusterName, loadBalancerName, namespaceName } from "./model/names";
import { releaseOutput } from "./model/recorded";
import { COLOURS, type Colour } from "./model/release";
import { portsOfPublic, routeOf, urlOf } from "./model/services";
import { footprints } from "./model/settings";
import { coldColour, next, rises } from "./model/transition";

/** The program, from top to bottom. Nothing is registered before settings and transition are permitted. */
export = async () => {
  const settings = orRefuse(readSettings);
  const { app, environment, release, limits, services, domain } = settings;
  const intent = {
    from: await readRecorded(),
    to: release,
    services: footprints(settings),
    limits,
    now: new Date().toISOString(),
  };
  refuseViolations(intent);

  const region = new pulumi.Config("aws").require<aws.Region>("region");
  const name = loadBalancerName(app, environment);
  const provider = new aws.Provider("aws", {
    region,
    defaultTags: { tags: { "sluice:app": app, "sluice:environment": environment } },
  });
  const inAws = { providers: [provider] };

  const network = new Network("network", { name: `${app}-${environment}`, environment }, inAws);
  const cluster = new Cluster(
    "cluster",
    {
      name: clusterName(app, environment),
      environment,
      network,
      processors: processorsNeeded(services),
      apiSources: settings.apiSources,
    },
    inAws,
  );
  const inCluster = { providers: [provider, cluster.provider] };
  const controller = new LoadBalancerController(
    "load-balancer-controller",
    { cluster, region, vpcId: network.vpcId },
    inCluster,
  );
  const home = namespace(namespaceName(app), { provider: cluster.provider });

  const loadBalancer = new LoadBalancer(
    "load-balancer",
    {
      name,
      environment,
      network,
      certificateArn: settings.certificateArn,
      podSecurityGroupId: cluster.securityGroupId,
      podPorts: portsOfPublic(services),
    },
    inAws,
  );

  const transition = new Transition("release", intent);
  const guard = releaseGuard(settings, intent, region);
  const context = {
    app,
    environment,
    registry: settings.registry,
    release,
    cold: coldColour(intent),
    limits,
    callable: Object.keys(services).filter((service) => services[service]?.kind === "http"),
    namespace: home.metadata.name,
    vpcId: network.vpcId,
    listenerArn: loadBalancer.listenerArn,
    previewSources: settings.previewSources ?? [VPC_CIDR],
  };
  const built = Object.entries(services).map(([service, settings]) => {
    const route = settings.public && routeOf(settings.public, domain);
    const args = { context, settings, route, controller };
    return { service, address: settings.public, component: new BlueGreenService(service, args, inCluster) };
  });
  const pods = (colour: Colour) => built.flatMap(({ component }) => component.deployments[colour] ?? []);

  // A share rises when all of its colour runs, internal services too, and falls whatever runs or does not.
  // The transition has no children to wait for, so the rules wait for its URN: until policies have passed it.
  const risen = rises(intent);
  const rising = COLOURS.filter((colour) => risen.some((rise) => rise.colour === colour));
  const after = transition.urn.apply(() => rising.flatMap(pods));
  const publicOnes = built.flatMap(({ service, address, component }) => {
    const rule = component.share({ after, guard });
    const { targetGroupArns } = component;
    return address && rule && targetGroupArns ? [{ service, address, rule, targetGroupArns }] : [];
  });
  const reached = [...publicOnes.map(({ rule }) => rule), ...COLOURS.flatMap(pods)].map(({ id }) => id);
  const byService = <T>(value: (one: (typeof publicOnes)[number]) => T): Record<string, T> =>
    Object.fromEntries(publicOnes.map((one) => [one.service, value(one)]));
  return {
    // It waits for everything: a release that was not reached is not recorded, and bakes from then on.
    release: pulumi
      .all([transition.urn, ...reached])
      .apply(() => releaseOutput(next({ ...intent, now: new Date().toISOString() }))),
    rules: byService(({ rule }) => rule.arn),
    targetGroups: byService(({ targetGroupArns }) => targetGroupArns),
    urls: byService(({ address }) => loadBalancer.dnsName.apply((name) => urlOf(address, settings, name))),
    cluster: cluster.name,
    kubeconfig: cluster.kubeconfig,
  };
};
