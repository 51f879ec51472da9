/** A comment or an issue. */
export interface Post {
  /** Of a comment its id, of an issue its number. */
  readonly id: number;
  readonly body: string;
  /** An issue's; absent of a comment. */
  readonly title?: string;
  /** Whether an app wrote it, as a workflow's token does, and not a person. */
  readonly byApp: boolean;
}

/** Where GitHub's API is, and as whom it is asked; a workflow's job has all of it in its environment. */
export interface GitHubAccess {
  /** `https://api.github.com`. */
  readonly api: string;
  /** `owner/name`. */
  readonly repository: string;
  readonly token: string;
}

/** An environment that jobs may name, with what keeps it. */
export interface JobEnvironment {
  readonly name: string;
  /** Whether somebody must approve each job. */
  readonly reviewed: boolean;
  /** Branches whose jobs may name it, as patterns, a tag as `tag NAME`; or every one, or whichever GitHub protects. */
  readonly branches: "every" | "protected" | readonly string[];
}

/** How much is read at a time, and for how many pages. */
const PAGE = 100;
const MOST_PAGES = 30;

/** Milliseconds. */
const PATIENCE = 20_000;

interface Raw {
  readonly id: number;
  readonly number?: number;
  readonly title?: string;
  readonly body?: string | null;
  readonly user?: { readonly type?: string } | null;
  readonly pull_request?: unknown;
}

interface RawEnvironment {
  readonly name: string;
  readonly protection_rules?: readonly { readonly type: string }[];
  readonly deployment_branch_policy?: { readonly custom_branch_policies?: boolean } | null;
}

interface RawPolicy {
  readonly name: string;
  readonly type?: string;
}

/** Comments, issues and environments of one repository, by GitHub's REST API. */
export class GitHub {
  constructor(private readonly access: GitHubAccess) {}

  /** Comments of a pull request, the oldest first. @throws Error with what GitHub answered */
  async comments(pull: number): Promise<readonly Post[]> {
    return (await this.#pages(`issues/${pull}/comments?`)).map((raw) => postOf(raw, raw.id));
  }

  /** @throws Error with what GitHub answered */
  async addComment(pull: number, body: string): Promise<void> {
    await this.#call("POST", `issues/${pull}/comments`, { body });
  }

  /** @throws Error with what GitHub answered */
  async changeComment(id: number, body: string): Promise<void> {
    await this.#call("PATCH", `issues/comments/${id}`, { body });
  }

  /** Issues that are open, without pull requests. @throws Error with what GitHub answered */
  async openIssues(): Promise<readonly Post[]> {
    const found = await this.#pages("issues?state=open&");
    return found
      .filter((raw) => raw.pull_request === undefined)
      .map((raw) => postOf(raw, raw.number ?? raw.id));
  }

  /** @throws Error with what GitHub answered */
  async openIssue(title: string, body: string): Promise<void> {
    await this.#call("POST", "issues", { title, body });
  }

  /** @throws Error with what GitHub answered */
  async changeIssue(
    number: number,
    change: { readonly body?: string; readonly state?: "closed" },
  ): Promise<void> {
    await this.#call("PATCH", `issues/${number}`, change);
  }

  /**
   * Environments of the repository with these names, of a hundred at most.
   *
   * @throws Error with what GitHub answered
   */
  async environments(names: readonly string[]): Promise<readonly JobEnvironment[]> {
    const answer = await this.#call("GET", `environments?per_page=${PAGE}`);
    const all = (answer as { environments: RawEnvironment[] }).environments;
    return Promise.all(
      all
        .filter(({ name }) => names.includes(name))
        .map(async (raw) => ({
          name: raw.name,
          reviewed: raw.protection_rules?.some(({ type }) => type === "required_reviewers") ?? false,
          branches: await this.#branches(raw),
        })),
    );
  }

  async #branches({
    name,
    deployment_branch_policy: policy,
  }: RawEnvironment): Promise<JobEnvironment["branches"]> {
    if (!policy) return "every";
    if (!policy.custom_branch_policies) return "protected";
    const path = `environments/${encodeURIComponent(name)}/deployment-branch-policies?per_page=${PAGE}`;
    const answer = (await this.#call("GET", path)) as { branch_policies: RawPolicy[] };
    return answer.branch_policies.map((one) => (one.type === "tag" ? `tag ${one.name}` : one.name));
  }

  async #pages(path: string): Promise<Raw[]> {
    const all: Raw[] = [];
    for (let page = 1; page <= MOST_PAGES; page += 1) {
      const found = (await this.#call("GET", `${path}per_page=${PAGE}&page=${page}`)) as Raw[];
      all.push(...found);
      if (found.length < PAGE) break;
    }
    return all;
  }

  async #call(method: string, path: string, body?: unknown): Promise<unknown> {
    const { api, repository, token } = this.access;
    const answer = await fetch(`${api}/repos/${repository}/${path}`, {
      method,
      headers: {
        accept: "application/vnd.github+json",
        authorization: `Bearer ${token}`,
        "x-github-api-version": "2022-11-28",
      },
      signal: AbortSignal.timeout(PATIENCE),
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    if (!answer.ok) {
      const said = (await answer.text()).slice(0, 300);
      throw new Error(`GitHub answered ${method} ${path} with ${answer.status}: ${said}`);
    }
    return answer.json();
  }
}

const postOf = ({ body, title, user }: Raw, id: number): Post => ({
  id,
  body: body ?? "",
  ...(title !== undefined && { title }),
  byApp: user?.type === "Bot",
});
