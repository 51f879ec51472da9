import { setTimeout as pause } from "node:timers/promises";
import { nowIso } from "../../cloud/clock";
import { WeightedRules } from "../../cloud/weightedRules";
import type { Colour } from "../../model/release";
import { type Asked, type Sight, rollback } from "../../model/rollback";
import { reasonOf } from "../failure";
import type { Subject } from "../subject";
import type { Journal } from "./journal";
import { moveTraffic } from "./traffic";

/** Milliseconds between two looks at the rules while somebody else's update may still raise them. */
export const EVERY = 1_000;

/** How often they are looked at where nobody can tell when that update has ended. */
const LOOKS = 3;

/** What keeps traffic where it was moved to. */
export class Hold {
  /** @param asked with the colour that traffic went to */
  constructor(
    private readonly subject: Subject,
    private readonly asked: Asked & { readonly to: Colour },
    private readonly journal: Journal,
  ) {}

  /** Looks at the rules once, and moves back what somebody has raised. @returns whether all is as it was left */
  async reassert(): Promise<boolean> {
    const { app, environment, region } = this.subject;
    try {
      const rules = await new WeightedRules(region).of(app, environment);
      // Where traffic went was checked before; now it only has to stay there.
      const sight: Sight = { rules, targets: {}, now: nowIso() };
      const { moves } = rollback(sight, { ...this.asked, anyway: true });
      if (moves.length === 0) return true;
      this.journal.tell(`somebody else's update moved ${moves.map(({ rule }) => rule.service).join(", ")}`);
      return Object.keys(await moveTraffic(this.subject, moves, this.journal)).length === 0;
    } catch (error) {
      this.journal.tell(`the rules could not be observed: ${reasonOf(error)}`);
      return false;
    }
  }

  /** Looks a few times: an update that passed its guard before the fence stood has moved its rule by then. */
  async settle(): Promise<boolean> {
    let holds = true;
    for (let looks = 0; looks < LOOKS; looks += 1) {
      await pause(EVERY);
      holds = await this.reassert();
    }
    return holds;
  }
}
