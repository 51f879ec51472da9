import { DiffResponse, PropertyDiff } from "@pulumi/pulumi/proto/provider_pb";
import type { Change, DiffResult } from "./behaviour";

const { Kind } = PropertyDiff;

const KINDS = {
  add: [Kind.ADD, Kind.ADD_REPLACE],
  delete: [Kind.DELETE, Kind.DELETE_REPLACE],
  update: [Kind.UPDATE, Kind.UPDATE_REPLACE],
} as const;

/** A diff as the engine reads it: property by property, compared by inputs. */
export function toDiffResponse({ changes, deleteBeforeReplace = false }: DiffResult): DiffResponse {
  const response = new DiffResponse();
  const { DIFF_NONE, DIFF_SOME } = DiffResponse.DiffChanges;
  response.setChanges(changes.length > 0 ? DIFF_SOME : DIFF_NONE);
  response.setDiffsList(unique(changes.map(topLevel)));
  response.setReplacesList(unique(changes.filter((c) => c.replace).map(topLevel)));
  response.setDeletebeforereplace(deleteBeforeReplace && changes.some((c) => c.replace));
  response.setHasdetaileddiff(true);
  for (const change of changes) {
    const detail = new PropertyDiff();
    detail.setKind(KINDS[change.kind][change.replace ? 1 : 0]);
    detail.setInputdiff(true);
    response.getDetaileddiffMap().set(change.path, detail);
  }
  return response;
}

/** The engine names changed and replacing properties by the first part of the path. */
const topLevel = ({ path }: Change): string => /^[^.[]+/.exec(path)?.[0] ?? path;

const unique = (names: string[]): string[] => [...new Set(names)];
