import type { LocalPod } from "../../cloud/cluster/local-pod";
import { sum } from "../../traffic/counts";
import type { RunEvent } from "../record";
import type { RunClock, Sample } from "../samples";
import { type Output, Screen, isScreen } from "./screen";
import { KEPT_SECONDS, branchesOf } from "./state";
import { type Awaited, treeLines } from "./tree";

/** A rehearsal's view, from its beginning to its end. */
export interface View {
  /** Prints a line that stays. */
  readonly print: (line: string) => void;
  /** What is waited for from now on. */
  readonly await: (awaited: Omit<Awaited, "since"> | undefined) => void;
  /** Takes in what users saw. */
  readonly sample: (sample: Sample) => void;
  /** Takes in what happened beside the steps. */
  readonly happened: (event: RunEvent) => void;
  /** Takes it off the screen; lines that are printed later are printed as ever. */
  readonly stop: () => void;
}

export interface ViewOptions {
  readonly stack: string;
  readonly scenario: string;
  readonly output: Output;
  /** What says whether it is a terminal for a person. Default: this process's. */
  readonly environment?: NodeJS.ProcessEnv;
  /** Prints a line where there is no view. */
  readonly print: (line: string) => void;
  readonly clock: () => Pick<RunClock, "seconds">;
  /** The pods that run now. Where it fails, those that were known stay. */
  readonly pods: () => Promise<readonly LocalPod[]>;
}

/** How often it is drawn, in milliseconds. */
const EVERY = 1_000;

/** Shows how a rehearsal goes, redrawn in place; where the output is no terminal there are printed lines alone. */
export function startView(options: ViewOptions): View {
  const { output, print, environment } = options;
  if (isScreen(output, environment)) return new LiveView(options);
  const nothing = () => undefined;
  return { print, await: nothing, sample: nothing, happened: nothing, stop: nothing };
}

class LiveView implements View {
  readonly #screen: Screen;
  readonly #timer: NodeJS.Timeout;
  readonly #options: ViewOptions;
  #samples: Sample[] = [];
  #pods: readonly LocalPod[] = [];
  #awaited: Awaited | undefined;
  #last: RunEvent | undefined;
  #requests = 0;
  #failed = 0;
  #stopped = false;

  constructor(options: ViewOptions) {
    this.#options = options;
    this.#screen = new Screen(options.output);
    this.#timer = setInterval(() => void this.#look(), EVERY).unref();
  }

  readonly print = (line: string): void => {
    if (this.#stopped) this.#options.print(line);
    else this.#draw(line.split("\n"));
  };

  readonly await = (awaited: Omit<Awaited, "since"> | undefined): void => {
    this.#awaited = awaited && { ...awaited, since: this.#options.clock().seconds() };
    this.#draw();
  };

  readonly sample = (sample: Sample): void => {
    this.#samples = [
      ...this.#samples.filter(({ seconds }) => seconds > sample.seconds - KEPT_SECONDS),
      sample,
    ];
    this.#requests += sum(sample.requests);
    this.#failed += sum(sample.failed);
  };

  readonly happened = (event: RunEvent): void => {
    this.#last = event;
    this.#draw();
  };

  readonly stop = (): void => {
    if (this.#stopped) return;
    this.#stopped = true;
    clearInterval(this.#timer);
    this.#screen.end();
  };

  async #look(): Promise<void> {
    this.#pods = await this.#options.pods().catch(() => this.#pods);
    this.#draw();
  }

  #draw(above: readonly string[] = []): void {
    if (this.#stopped) return;
    const { stack, scenario, clock } = this.#options;
    const tree = {
      ...{ stack, scenario, seconds: clock().seconds(), requests: this.#requests, failed: this.#failed },
      branches: branchesOf(this.#samples, this.#pods),
      ...(this.#awaited && { awaited: this.#awaited }),
      ...(this.#last && { last: this.#last }),
    };
    this.#screen.draw(treeLines(tree, this.#screen.width), above);
  }
}
