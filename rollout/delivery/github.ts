import { GitHub } from "../../cloud/github";
import { UsageError } from "../failure";

/** GitHub, as the environment of a workflow's job describes it. @throws UsageError where it does not */
export function gitHub(env: NodeJS.ProcessEnv = process.env): GitHub {
  const repository = env["GITHUB_REPOSITORY"] ?? "";
  const token = env["GITHUB_TOKEN"] ?? "";
  if (!/^[\w.-]+\/[\w.-]+$/.test(repository) || token === "") {
    throw new UsageError(
      "found no GITHUB_REPOSITORY (owner/name) and GITHUB_TOKEN in the environment; a workflow's job has both: " +
        "give the step GITHUB_TOKEN from github.token",
    );
  }
  return new GitHub({ api: env["GITHUB_API_URL"] ?? "https://api.github.com", repository, token });
}
