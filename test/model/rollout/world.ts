import assert from "node:assert/strict";
import type { Judgement } from "../../../model/analysis/finding";
import type { Fence } from "../../../model/guard";
import { type Colour, type Recorded, type Release, type Shares, otherColour } from "../../../model/release";
import type { Action, Ask, Edit } from "../../../model/rollout/action";
import { decide } from "../../../model/rollout/decide";
import type { Situation } from "../../../model/rollout/situation";
import type { Move } from "../../../model/rollback";
import { areShares, sharesAt } from "../../../model/shares";
import { isTrusted, judge, next } from "../../../model/transition";
import { transition } from "../fixtures";
import { ASKING, analysed, asked, good, liveRule } from "./situations";

/** Where an effect ends a tick, as SIGKILL does. */
export class Killed extends Error {
  override readonly name = "Killed";
}

/** How the candidate does, and what of it can be seen. */
export type Health = (world: World) => Partial<Situation>;

const later = (now: string, seconds: number) => new Date(Date.parse(now) + seconds * 1000).toISOString();

/**
 * Configuration, state, load balancer, fence and clock, and a tick that changes them one effect after another. It is
 * as strict as the real ones: an update is refused by the rules, and a rise by the guard where load balancer and state
 * differ.
 */
export class World {
  configuration: Release;
  live: Record<string, Shares>;
  fence: Fence | undefined;
  /** Effects so far. */
  effects = 0;
  /** The number of the effect after which a tick is killed. */
  killAfter = Infinity;
  /** Services whose rule the next update does not reach. */
  failing: readonly string[] = [];
  /** What the tick before asked to be asked. */
  asks: readonly Ask[] = [];
  readonly actions: Action["kind"][] = [];

  constructor(
    public state: Recorded,
    public now: string,
    public health: Health = () => ({}),
  ) {
    this.configuration = state.release;
    this.live = { ...state.rules };
  }

  get candidate(): Colour {
    return otherColour(this.state.release.live);
  }

  situation(): Situation {
    const rules = Object.entries(this.live).map(([service, shares]) => liveRule(service, shares));
    const seen = {
      asked: asked(this.configuration),
      rules: { value: rules },
      fence: { value: this.fence },
    };
    return { ...good(this.state, this.now, seen), ...this.health(this) };
  }

  /** Observes, decides and acts once. */
  tick(): Action {
    const situation = this.situation();
    const action = decide(situation);
    this.actions.push(action.kind);
    if (action.kind === "hold" || action.kind === "done") return action;
    if ("moves" in action) {
      if (action.fence !== undefined)
        this.put({ version: action.fence, reason: "it fails", by: "tick", at: this.now });
      for (const move of action.moves) this.move(move);
    }
    this.write(action.edit);
    const isWanted =
      !("refused" in action) || (Object.keys(action.edit).length > 0 && action.refused.length === 0);
    if (isWanted) this.update();
    return action;
  }

  /** Ticks, and lets the time pass that each hold waits for. */
  run(ticks: number, seconds = 30): Action {
    let last = this.tick();
    for (let left = ticks; left > 0 && last.kind !== "done"; left -= 1) {
      this.now = later(this.now, seconds);
      last = this.tick();
    }
    return last;
  }

  private put(fence: Fence): void {
    this.fence = fence;
    this.effect();
  }

  private move({ rule, shares }: Move): void {
    assert.ok(areShares(shares), JSON.stringify(shares));
    this.live[rule.service] = shares;
    this.effect();
  }

  private write(edit: Edit): void {
    this.configuration = { ...this.configuration, ...edit };
    this.effect();
  }

  /** What `pulumi up` does: rules one by one, then the outputs. */
  private update(): void {
    const to = this.configuration;
    const asked = { ...transition(this.state, to, { limits: ASKING, now: this.now }), from: this.state };
    const refused = judge(asked);
    assert.deepEqual(
      refused.map(({ message }) => message),
      [],
    );
    const done = next(asked);
    for (const [service, shares] of Object.entries(done.rules)) {
      if (this.failing.includes(service)) continue;
      this.guard(service, shares);
      const before = this.live[service];
      this.live[service] = shares;
      if (JSON.stringify(before) !== JSON.stringify(shares)) this.effect();
      this.state = { ...this.state, rules: { ...this.state.rules, [service]: shares } };
    }
    if (this.failing.length === 0) this.state = done;
    this.failing = [];
    this.effect();
  }

  /** The load balancer must be where the state says before a version that is not trusted rises. */
  private guard(service: string, shares: Shares): void {
    const { candidate, state } = this;
    const before = sharesAt(state, service);
    const circumstances = { from: state, to: this.configuration, limits: ASKING, now: this.now };
    if (shares[candidate] <= before[candidate] || isTrusted(circumstances, candidate)) return;
    assert.deepEqual(this.live[service], before, `${service} was moved by hand`);
    assert.notEqual(this.fence?.version, state.release[candidate].version);
  }

  private effect(): void {
    this.effects += 1;
    if (this.effects === this.killAfter) throw new Killed();
  }
}

/** What an analysis says at the world's moment. */
export const saying =
  (verdict: Judgement["verdict"], urgency?: "retreat" | "hold"): Health =>
  (world) => ({ analysis: { value: analysed(world.state, world.now, verdict, urgency) } });

/** Where everything is: configuration, load balancer and state. */
export const whereabouts = ({ configuration, live, state }: World) => ({
  configuration,
  live,
  release: state.release,
  rules: state.rules,
});
