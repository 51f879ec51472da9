import { type Scenario, begin } from "../script";
import { replaced } from "./acts";

/** The next version takes the old one's place pod by pod, with no other colour beside it. */
export const rolling: Scenario = {
  summary: "a rolling update in place, and another one back",
  about: "The way back is another rolling update: not immediate, and nothing to wait for.",
  steps: (cast) => [begin(cast, { strategy: "rolling" }), ...replaced(cast)],
};
