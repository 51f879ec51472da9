import assert from "node:assert/strict";
import { UNKNOWN, type Values } from "../../rehearsal/cloud/providers/behaviour";
import {
  Cloud,
  edge,
  LISTENER,
  LOAD_BALANCER,
  rule,
  RULE,
  targetGroup,
  text,
  TARGET_GROUP,
  VPC,
  weighted,
} from "./providers-fixture";

const refusal = (code: string, operation: string) => ({
  code,
  message: new RegExp(`operation error .*: ${operation}, .*StatusCode: \\d+.*api error ${code}: `),
});

describe("AWS resources in the world", () => {
  let cloud: Cloud;
  beforeEach(() => {
    cloud = new Cloud();
  });

  it("are not known in the preview of their creation, but for what the inputs tell", async () => {
    const { properties } = await cloud.create(
      LOAD_BALANCER,
      { name: "edge", subnets: [UNKNOWN, UNKNOWN] },
      { preview: true },
    );
    for (const output of ["arn", "dnsName", "arnSuffix", "zoneId"])
      assert.equal(properties[output], UNKNOWN, output);
    assert.deepEqual([properties.name, properties.region, properties.idleTimeout], ["edge", "us-east-1", 60]);
    assert.deepEqual(cloud.world.all(LOAD_BALANCER), []);
  });

  it("have ids and outputs in AWS's formats", async () => {
    const { vpc, subnets, balancer, listener, groups } = await edge(cloud);
    assert.match(vpc.id, /^vpc-0[0-9a-f]{16}$/);
    assert.match(subnets[0]!, /^subnet-0[0-9a-f]{16}$/);
    const account = "arn:aws:elasticloadbalancing:us-east-1:123456789012";
    assert.match(balancer.id, new RegExp(`^${account}:loadbalancer/app/edge/[0-9a-f]{16}$`));
    assert.match(text(balancer.properties, "dnsName"), /^edge-\d{9}\.us-east-1\.elb\.amazonaws\.com$/);
    assert.equal(`${account}:loadbalancer/${text(balancer.properties, "arnSuffix")}`, balancer.id);
    assert.match(listener.id, new RegExp(`^${account}:listener/app/edge/[0-9a-f]{16}/[0-9a-f]{16}$`));
    assert.match(groups[0]!, new RegExp(`^${account}:targetgroup/api-blue/[0-9a-f]{16}$`));
    const { id } = await cloud.create(RULE, rule(weighted(90, 10, groups), { listenerArn: listener.id }));
    assert.ok(id.startsWith(listener.id.replace(":listener/", ":listener-rule/")), id);
  });

  it("hold health check and stickiness of a target group with AWS's defaults", async () => {
    const { properties } = await cloud.create(
      TARGET_GROUP,
      targetGroup({ vpcId: (await edge(cloud)).vpc.id, name: "x" }),
    );
    const { path, interval, timeout, matcher } = properties.healthCheck as Values;
    assert.deepEqual([path, interval, timeout, matcher], ["/", 30, 6, "200"]);
    assert.equal((properties.stickiness as Values).enabled, false);
  });

  it("keep their outputs when they are updated in place", async () => {
    const { listener, groups } = await edge(cloud);
    const { id } = await cloud.create(RULE, rule(weighted(90, 10, groups), { listenerArn: listener.id }));
    const news = rule(weighted(80, 20, groups), { listenerArn: listener.id });
    assert.deepEqual((await cloud.update(RULE, id, news, { preview: true })).arn, id);
    assert.deepEqual(cloud.world.get(RULE, id)?.properties.actions, [
      { ...weighted(90, 10, groups), order: 1 },
    ]);
    assert.deepEqual((await cloud.update(RULE, id, news)).arn, id);
    assert.deepEqual(cloud.world.get(RULE, id)?.properties.actions, [
      { ...weighted(80, 20, groups), order: 1 },
    ]);
  });

  it("do not know in the preview of an update what that update changes", async () => {
    const parameter = "aws:ssm/parameter:Parameter";
    const { id, properties } = await cloud.create(parameter, { name: "/x", type: "String", value: "1" });
    const news = { name: "/x", type: "String", value: "2" };
    const preview = await cloud.update(parameter, id, news, { preview: true });
    assert.deepEqual([preview.version, preview.arn], [UNKNOWN, properties.arn]);
    assert.equal((await cloud.update(parameter, id, news)).version, 2);
  });

  it("show in a refresh what was changed behind the program's back, and nothing else", async () => {
    const { listener, groups } = await edge(cloud);
    const news = rule(weighted(90, 10, groups), { listenerArn: listener.id });
    const { inputs } = cloud.check(RULE, news);
    const { id, properties } = await cloud.create(RULE, news);
    const recorded = structuredClone(properties);
    assert.deepEqual((await cloud.read(RULE, id, inputs, recorded))?.inputs, inputs);
    const held = cloud.world.get(RULE, id)!;
    held.properties = { ...held.properties, actions: [weighted(0, 100, groups)] };
    const read = await cloud.read(RULE, id, inputs, recorded);
    assert.deepEqual(
      cloud
        .diff(RULE, read!.inputs, inputs)
        .changes.map(({ path }) => path)
        .sort(),
      [
        "actions[0].forward.stickiness.enabled",
        "actions[0].forward.targetGroups[0].weight",
        "actions[0].forward.targetGroups[1].weight",
      ],
    );
  });

  it("are gone for a refresh when the world does not hold them", async () => {
    assert.equal(await cloud.read(VPC, "vpc-0a", {}, {}), undefined);
  });

  it("may be many of what has no name: an account has more than one distribution", async () => {
    const type = "aws:cloudfront/distribution:Distribution";
    const ids = [await cloud.create(type, {}), await cloud.create(type, {})].map(({ id }) => id);
    assert.notEqual(ids[0], ids[1]);
  });

  it("refuse a second one of the same name, port or priority", async () => {
    const { vpc, listener, groups, balancer } = await edge(cloud);
    await assert.rejects(
      cloud.create(TARGET_GROUP, targetGroup({ vpcId: vpc.id })),
      refusal("DuplicateTargetGroupName", "CreateTargetGroup"),
    );
    const again = { ...(cloud.world.get(LISTENER, listener.id)?.properties as Values) };
    await assert.rejects(
      cloud.create(LISTENER, {
        loadBalancerArn: balancer.id,
        port: 80,
        protocol: "HTTP",
        defaultActions: again.defaultActions!,
      }),
      refusal("DuplicateListener", "CreateListener"),
    );
    const news = rule(weighted(90, 10, groups), { listenerArn: listener.id });
    await cloud.create(RULE, news);
    await assert.rejects(cloud.create(RULE, news), refusal("PriorityInUse", "CreateRule"));
  });

  it("take the next free priority when a rule states none", async () => {
    const { listener, groups } = await edge(cloud);
    const { priority: _, ...news } = rule(weighted(90, 10, groups), { listenerArn: listener.id });
    const priorities = [await cloud.create(RULE, news), await cloud.create(RULE, news)].map(
      (r) => r.properties.priority,
    );
    assert.deepEqual(priorities, [1, 2]);
  });

  it("refuse to forward to a target group that is not there", async () => {
    const { listener } = await edge(cloud);
    await assert.rejects(
      cloud.create(RULE, rule(weighted(90, 10), { listenerArn: listener.id })),
      refusal("TargetGroupNotFound", "CreateRule"),
    );
  });

  it("refuse the deletion of a target group that a rule uses, until the rule is gone", async () => {
    const { listener, groups } = await edge(cloud);
    const { id } = await cloud.create(RULE, rule(weighted(90, 10, groups), { listenerArn: listener.id }));
    await assert.rejects(
      cloud.delete(TARGET_GROUP, groups[1]!),
      refusal("ResourceInUse", "DeleteTargetGroup"),
    );
    await cloud.delete(RULE, id);
    await cloud.delete(TARGET_GROUP, groups[1]!);
    assert.equal(cloud.world.get(TARGET_GROUP, groups[1]!), undefined);
  });

  it("refuse the 101st rule of a load balancer", async () => {
    const { listener, groups } = await edge(cloud);
    const news = (priority: number) => rule(weighted(90, 10, groups), { listenerArn: listener.id, priority });
    for (let priority = 1; priority <= 100; priority++) await cloud.create(RULE, news(priority));
    await assert.rejects(cloud.create(RULE, news(101)), refusal("TooManyRules", "CreateRule"));
  });

  it("refuse the 101st target group of a load balancer", async () => {
    const { vpc, listener } = await edge(cloud);
    for (let i = 0; i <= 100; i += 2) {
      const pair = [`g-${i}`, `g-${i + 1}`].map((name) =>
        cloud.create(TARGET_GROUP, targetGroup({ name, vpcId: vpc.id })),
      );
      const arns = (await Promise.all(pair)).map(({ id }) => id);
      const created = cloud.create(
        RULE,
        rule(weighted(1, 0, arns), { listenerArn: listener.id, priority: i + 1 }),
      );
      if (i < 100) await created;
      else await assert.rejects(created, refusal("TooManyUniqueTargetGroupsPerLoadBalancer", "CreateRule"));
    }
  });

  it("refuse a read replica of a database whose password AWS manages", async () => {
    const type = "aws:rds/instance:Instance";
    const database = { instanceClass: "db.t4g.micro", engine: "postgres", skipFinalSnapshot: true };
    const primary = { ...database, username: "master", backupRetentionPeriod: 1 };
    await cloud.create(type, { ...primary, identifier: "managed", manageMasterUserPassword: true });
    await cloud.create(type, { ...primary, identifier: "own", password: "of-a-length" });
    await cloud.create(type, { ...database, identifier: "copy-1", replicateSourceDb: "own" });
    await assert.rejects(
      cloud.create(type, { ...database, identifier: "copy-2", replicateSourceDb: "managed" }),
      refusal("InvalidDBInstanceState", "CreateDBInstance"),
    );
  });

  it("refuse a security group that is not there, and know a VPC's default one", async () => {
    const { vpc, subnets } = await edge(cloud);
    const guarded = (name: string, group: string) =>
      cloud.create(LOAD_BALANCER, { name, subnets, securityGroups: [group] });
    await guarded("default", text(vpc.properties, "defaultSecurityGroupId"));
    await assert.rejects(guarded("none", "sg-0a"), refusal("InvalidSecurityGroup", "CreateLoadBalancer"));
  });

  it("refuse an update of what is gone, and accept its deletion", async () => {
    const { listener, groups } = await edge(cloud);
    const news = rule(weighted(90, 10, groups), { listenerArn: listener.id });
    await assert.rejects(cloud.update(RULE, "arn:gone", news), refusal("RuleNotFound", "ModifyRule"));
    await assert.doesNotReject(cloud.delete(RULE, "arn:gone"));
  });

  it("refuse the deletion of a protected load balancer and of a VPC that is not empty", async () => {
    const { vpc, subnets } = await edge(cloud);
    const kept = await cloud.create(LOAD_BALANCER, { name: "kept", subnets, enableDeletionProtection: true });
    await assert.rejects(
      cloud.delete(LOAD_BALANCER, kept.id),
      refusal("OperationNotPermitted", "DeleteLoadBalancer"),
    );
    await assert.rejects(cloud.delete(VPC, vpc.id), refusal("DependencyViolation", "DeleteVpc"));
  });

  it("meet injected faults in AWS's words, and are then as they were", async () => {
    const { listener, groups } = await edge(cloud);
    const { id } = await cloud.create(RULE, rule(weighted(90, 10, groups), { listenerArn: listener.id }));
    const error = { code: "Throttling", message: "Rate exceeded" };
    cloud.faults.add({ action: "update", type: RULE, name: "^api$", error, times: 1 });
    const news = rule(weighted(80, 20, groups), { listenerArn: listener.id });
    await assert.rejects(cloud.update(RULE, id, news), refusal("Throttling", "ModifyRule"));
    assert.deepEqual(cloud.world.get(RULE, id)?.properties.actions, [
      { ...weighted(90, 10, groups), order: 1 },
    ]);
    await cloud.update(RULE, id, news);
  });

  it("have the provider's default tags below their own", async () => {
    const tagged = new Cloud({ region: "eu-west-1", defaultTags: '{"tags":{"team":"x","env":"dev"}}' });
    const { properties } = await tagged.create(VPC, { cidrBlock: "10.0.0.0/16", tags: { env: "prod" } });
    assert.deepEqual(properties.tags, { env: "prod" });
    assert.deepEqual(properties.tagsAll, { team: "x", env: "prod" });
    assert.match(text(properties, "arn"), /^arn:aws:ec2:eu-west-1:/);
  });

  it("register and deregister the targets that a program attaches by hand", async () => {
    const { groups } = await edge(cloud);
    const attachment = "aws:lb/targetGroupAttachment:TargetGroupAttachment";
    const { id } = await cloud.create(attachment, { targetGroupArn: groups[0]!, targetId: "127.0.0.1" });
    assert.deepEqual(
      cloud.world.targets(groups[0]!).map((t) => [t.id, t.port, t.state]),
      [["127.0.0.1", 8080, "initial"]],
    );
    await cloud.delete(attachment, id);
    assert.equal(cloud.world.targets(groups[0]!)[0]?.state, "draining");
  });
});
