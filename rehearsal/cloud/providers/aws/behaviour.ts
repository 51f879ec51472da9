import { machineTime } from "../../../../cloud/clock";
import { AWS, type TypeFacts } from "../../facts/facts";
import { CloudError, type Action, type Faults } from "../../faults";
import type { Held, World } from "../../world";
import type * as api from "../behaviour";
import { containsUnknown, equal, UNKNOWN, type Value, type Values } from "../behaviour";
import { collides, factsOf, recipeOf, refuseDuplicate } from "./catalogue";
import { checkProperties } from "./check";
import { withDefaults, withOutputs } from "./complete";
import { parseConfig, scopeOf, tagsAll } from "./config";
import { diffProperties } from "./diff";
import { apiError } from "./errors";
import { invoke } from "./invokes";
import { autoName } from "./naming";
import { hex, making, type Recipe } from "./recipe";
import { inputsFrom } from "./project";
import { semanticFailures } from "./semantics";

const PROVIDER = "pulumi:providers:aws";

/** What the engine adds to the configuration of every provider. */
const ENGINE_OPTIONS = ["version", "pluginDownloadURL", "__internal"];

/** AWS as Pulumi's provider shows it, over the world instead of AWS. */
export class AwsBehaviour implements api.Behaviour {
  readonly package = "aws";
  readonly version = AWS.sources["@pulumi/aws"]!;

  constructor(
    readonly world: World,
    readonly faults: Faults,
  ) {}

  checkConfig({ news }: api.CheckRequest): api.CheckResult {
    const config = Object.fromEntries(
      Object.entries(parseConfig(news)).filter(([name]) => !ENGINE_OPTIONS.includes(name)),
    );
    return { inputs: news, failures: checkProperties(AWS.types[PROVIDER]!.inputs, config) };
  }

  diffConfig({ oldInputs, news }: api.DiffRequest): api.DiffResult {
    const changes = diffProperties({}, parseConfig(oldInputs), parseConfig(news));
    return { changes: changes.map((change) => ({ ...change, replace: change.path === "region" })) };
  }

  check(request: api.CheckRequest): api.CheckResult {
    const { type, news } = request;
    const facts = factsOf(type);
    const failures = [...checkProperties(facts.inputs, news), ...semanticFailures(type, news)];
    const named = autoName(facts, request);
    const inputs = withDefaults(facts.inputs, { ...jsonAsText(facts, news), ...named.values });
    return { inputs, failures: [...failures, ...named.failures] };
  }

  diff({ type, name, oldInputs, olds, news, provider }: api.DiffRequest): api.DiffResult {
    const facts = factsOf(type);
    const changes = [
      ...diffProperties(facts.inputs, oldInputs, news),
      ...this.#diffRegion(olds, news, provider),
      ...this.#diffInheritedTags(facts, olds, oldInputs, news, provider),
    ];
    const replace = changes.some((change) => change.replace);
    return { changes, deleteBeforeReplace: replace && collides(type, name, oldInputs, news) };
  }

  /** A resource without a region of its own has that of its provider. */
  #diffRegion(olds: Values, news: Values, provider: Values): api.Change[] {
    const region = scopeOf(provider, news.region).region;
    if (news.region !== undefined || typeof olds.region !== "string" || olds.region === region) return [];
    return [{ path: "region", kind: "update", replace: true }];
  }

  /** The provider's default tags changed. */
  #diffInheritedTags(
    facts: TypeFacts,
    olds: Values,
    oldInputs: Values,
    news: Values,
    provider: Values,
  ): api.Change[] {
    if (!("tagsAll" in facts.outputs) || !equal(oldInputs.tags ?? {}, news.tags ?? {})) return [];
    const all = tagsAll(news.tags, scopeOf(provider, news.region));
    return diffProperties({}, { tagsAll: olds.tagsAll ?? {} }, { tagsAll: all });
  }

  create(request: api.CreateRequest): Promise<api.Created> {
    return promised(() => this.#create(request));
  }

  read(request: api.ReadRequest): Promise<api.ReadResult | undefined> {
    return promised(() => this.#read(request));
  }

  update(request: api.UpdateRequest): Promise<Values> {
    return promised(() => this.#update(request));
  }

  delete(request: api.DeleteRequest): Promise<void> {
    return promised(() => this.#delete(request));
  }

  invoke(request: api.InvokeRequest): Promise<api.InvokeResult> {
    return promised(() => invoke(request, this.world));
  }

  #create(request: api.CreateRequest): api.Created {
    const { type, name, inputs } = request;
    const facts = factsOf(type);
    const told = this.#inherited(facts, inputs, request.provider);
    if (request.preview) return { id: "", properties: withOutputs(facts, inputs, told, {}, true) };
    const recipe = recipeOf(type);
    const named = { ...inputs, ...nameFromPrefix(inputs) };
    const m = making(named, name, scopeOf(request.provider, inputs.region), this.world);
    return this.#call(recipe, "create", type, name, () => {
      recipe.refuseWrite?.(m, undefined);
      const { id, outputs = {} } = recipe.make(m);
      const properties = withOutputs(facts, named, { ...outputs, ...told }, {}, false);
      refuseDuplicate(this.world, type, properties, undefined);
      const held: Held = { type, id, properties };
      this.world.put(held);
      recipe.made?.(held, this.world);
      return { id, properties };
    });
  }

  #read({ type, id, inputs, properties }: api.ReadRequest): api.ReadResult | undefined {
    const facts = factsOf(type);
    const held = this.world.get(type, id);
    if (!held) return undefined;
    const now = held.properties as Values;
    return { id, properties: now, inputs: inputsFrom(facts, inputs, properties, now) };
  }

  #update(request: api.UpdateRequest): Values {
    const { type, id, name, news } = request;
    const facts = factsOf(type);
    const recipe = recipeOf(type);
    const inherited = this.#inherited(facts, news, request.provider);
    if (request.preview) {
      const volatile: Values = Object.fromEntries((recipe.volatile ?? []).map((output) => [output, UNKNOWN]));
      return withOutputs(facts, news, { ...inherited, ...volatile }, request.olds, false);
    }
    return this.#call(recipe, "update", type, name, () => {
      const held = this.#mustBeThere(recipe, type, id);
      const before = held.properties as Values;
      const m = making(
        { ...nameOfBefore(before), ...news },
        name,
        scopeOf(request.provider, news.region),
        this.world,
      );
      recipe.refuseWrite?.(m, id);
      const told = { ...recipe.changed?.(m, before), ...inherited };
      const properties = withOutputs(facts, news, told, before, false);
      refuseDuplicate(this.world, type, properties, id);
      held.properties = properties;
      this.world.put(held);
      return properties;
    });
  }

  #delete({ type, id, name }: api.DeleteRequest): void {
    const recipe = recipeOf(type);
    this.#call(recipe, "delete", type, name, () => {
      const held = this.world.get(type, id);
      if (!held) return;
      recipe.refuseDelete?.(held, this.world);
      this.world.remove(type, id);
      recipe.removed?.(held, this.world);
    });
  }

  /** Makes a call of AWS's API: it may meet a fault, and its refusals are worded as AWS's. */
  #call<T>(recipe: Recipe, action: Exclude<Action, "api">, type: string, name: string, work: () => T): T {
    try {
      this.faults.check({ action, type, name });
      return work();
    } catch (error) {
      if (!(error instanceof CloudError)) throw error;
      throw apiError(
        recipe,
        recipe.operations[{ create: 0, update: 1, delete: 2 }[action] as 0 | 1 | 2],
        error,
      );
    }
  }

  /** What a resource has from its provider. */
  #inherited(facts: TypeFacts, inputs: Values, provider: Values): Values {
    const scope = scopeOf(provider, inputs.region);
    return {
      ...("tagsAll" in facts.outputs && { tagsAll: tagsAll(inputs.tags, scope) }),
      ...("region" in facts.inputs && { region: scope.region }),
    };
  }

  #mustBeThere({ notFound = "NotFound" }: Recipe, type: string, id: string): Held {
    const held = this.world.get(type, id);
    if (!held) throw new CloudError(notFound, `'${id}' does not exist`);
    return held;
  }
}

/** The world answers at once; the interface is for clouds that do not. */
const promised = <T>(work: () => T): Promise<T> =>
  new Promise((resolve) => {
    resolve(work());
  });

/** Policies that programs write as objects reach AWS as text. */
function jsonAsText(facts: TypeFacts, values: Values): Values {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]): [string, Value] => {
      const text = facts.inputs[name]?.type !== "json" || typeof value === "string" || containsUnknown(value);
      return [name, text ? value : JSON.stringify(value)];
    }),
  );
}

function nameFromPrefix(inputs: Values): Values {
  const prefix = inputs.namePrefix;
  if (inputs.name !== undefined || typeof prefix !== "string") return {};
  return { name: `${prefix}${machineTime().getTime()}${hex(8)}` };
}

const nameOfBefore = ({ name }: Values): Values => (name === undefined ? {} : { name });
