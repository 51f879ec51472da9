import { publicServices, type ServiceSettings } from "../services";
import { type SmokePath, VALIDATION, type ValidationSettings } from "../validation";
import { type Fault, type Path, format, isRecord, remove, suggestion } from "./faults";
import { type Fields, readField, readFields, readRecord, whole } from "./fields";
import { probePath } from "./forms";
import { readList } from "./lists";

const FIELDS: Fields<Omit<ValidationSettings, "paths">> = {
  requests: { schema: whole(0, 200), example: VALIDATION.requests },
  seconds: { schema: whole(1, 30), example: VALIDATION.seconds },
  successPercent: { schema: whole(0, 99), example: VALIDATION.successPercent },
};

const PATH = { required: true, schema: probePath, example: "/status" };

const SMOKE: Fields<SmokePath> = {
  path: PATH,
  status: { schema: whole(100, 599), example: 200 },
};

/** Reads `sluice:validation`; what it does not set is guide 003's. */
export function readValidation(
  raw: unknown,
  services: Readonly<Record<string, ServiceSettings>>,
  faults: Fault[],
): ValidationSettings {
  if (raw === undefined) return VALIDATION;
  const read = readFields(raw, ["validation"], FIELDS, faults, ["paths"]);
  const paths = isRecord(raw) ? readPaths(raw["paths"], publicServices(services), faults) : {};
  return { ...VALIDATION, ...read, paths };
}

function readPaths(
  raw: unknown,
  services: readonly string[],
  faults: Fault[],
): Record<string, readonly SmokePath[]> {
  if (raw === undefined) return {};
  const at: Path = ["validation", "paths"];
  const record = readRecord(raw, at, "lists of paths by public service", faults) ?? {};
  const own = Object.entries(record).map(([service, list]): [string, readonly SmokePath[]] => {
    const path: Path = [...at, service];
    if (services.includes(service)) {
      const what = 'a list of paths such as "/status", or of { path, status }';
      return [service, readList(list, path, what, readSmoke(faults), faults)];
    }
    const allowed = `no such public service${suggestion(service, services)}; there are ${services.join(", ") || "none"}`;
    faults.push({ path: format(path), found: list, allowed, remedy: remove(path) });
    return [service, []];
  });
  return Object.fromEntries(own);
}

/** A path alone, or with the status that it must answer. */
const readSmoke =
  (faults: Fault[]) =>
  (element: unknown, path: Path): SmokePath | undefined => {
    const before = faults.length;
    const read = isRecord(element)
      ? readFields(element, path, SMOKE, faults)
      : { path: readField(element, path, PATH, faults) };
    return faults.length > before ? undefined : (read as SmokePath);
  };
