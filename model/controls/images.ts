import { type Control, type Judged, at, controlsOf, isTrue, listAt, put } from "./control";
import { PODS, containersOf, containersThat, withContainer } from "./pods";

const { each } = controlsOf("Sluice", "S1");
const cis = controlsOf("CIS EKS", "S1");

/** A tag that says a version, or a digest; `latest` moves. */
const isFixed = (image: string): boolean =>
  /@sha256:[0-9a-f]{64}$/.test(image) ||
  (/:[\w][\w.-]*$/.test(image) && !/:(latest|stable|main)$/.test(image));

/** Registries that images may come from: the account's, and AWS's public one. */
const APPROVED = /^(\d{12}\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com|public\.ecr\.aws)\//;

const imagesThat = (is: (image: string) => boolean) => (container: unknown) =>
  is(String(at(container, "image")));

/** Images: S1, and what CIS says of registries. */
export const IMAGES: readonly Control[] = [
  each({
    id: "S1",
    title: "Images should be named by a tag that does not move, or by digest",
    severity: "high",
    types: PODS,
    fault: (inputs) => {
      const found = containersOf(inputs)
        .map((container) => String(at(container, "image")))
        .filter((image) => !isFixed(image));
      return found.length === 0
        ? undefined
        : `found ${found.join(", ")}; allowed: a version as tag, or a digest`;
    },
    flip: (inputs) =>
      withContainer(inputs, "image", "123456789012.dkr.ecr.us-east-1.amazonaws.com/api-gateway:latest"),
  }),
  cis.each({
    id: "CIS 5.1.4",
    title: "Minimize container registries to only those approved",
    severity: "medium",
    types: PODS,
    fault: (inputs) => {
      const found = containersThat(
        inputs,
        imagesThat((image) => !APPROVED.test(image)),
      );
      return found === ""
        ? undefined
        : `found images of other registries in ${found}; allowed: ECR, by sluice:registry`;
    },
    flip: (inputs) => withContainer(inputs, "image", "docker.io/library/api-gateway:2.3.1"),
  }),
];

const routing = controlsOf("Sluice", "S2");

/** The longest that a client may stay with a colour, in seconds: a colour is warm that long in any environment. */
const LONGEST_STICKINESS = 600;

const stickiness = (rule: unknown): unknown =>
  listAt(rule, "actions").map((one) => at(one, "forward.stickiness"))[0];

/** Stickiness: S2. */
export const ROUTING: readonly Control[] = [
  routing.each({
    id: "S2",
    title: "Stickiness should end before the colour that it leads to goes cold",
    severity: "high",
    types: ["aws:lb/listenerRule:ListenerRule"],
    applies: ({ inputs }: Judged) => stickiness(inputs) !== undefined,
    fault: (inputs) => {
      const found = stickiness(inputs);
      const seconds = Number(at(found, "duration"));
      return !isTrue(at(found, "enabled")) || seconds <= LONGEST_STICKINESS
        ? undefined
        : `found a stickiness of ${seconds} s; allowed: ${LONGEST_STICKINESS} s at most`;
    },
    flip: (inputs) =>
      put(inputs, "actions.0.forward.stickiness", { enabled: true, duration: LONGEST_STICKINESS + 1 }),
  }),
  routing.property({
    id: "S2 targets",
    title: "Target groups should have no stickiness of their own",
    severity: "high",
    types: ["aws:lb/targetGroup:TargetGroup"],
    at: "stickiness.enabled",
    allowed: "false",
    ok: (value) => !isTrue(value),
    broken: true,
  }),
];
