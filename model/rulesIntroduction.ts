import { list } from "./rules/wording";

/** Rules of which `policies/config` and `policies/platform/config` make advice in dev; a test compares. */
export const LOOSE_IN_DEV = ["T1", "T5", "T6", "T10", "T11", "T12", "T13", "S3"] as const;

const loose = list(LOOSE_IN_DEV);

const TEXT = `Who edits a release is refused what could hurt it, as early as it can be known. Four layers judge:

1. **settings**: what can never be right is refused while configuration is read, before anything is registered.
2. **program**: the program compares what the state recorded with what configuration asks for, and refuses by the
   rules T1 to T15 and S6 before it registers anything, whether or not a policy pack was passed.
3. **policies**: \`policies\` judges by the same rules again, so that a program which skips its own check is caught;
   \`policies/platform\` judges what the stack consists of, by S1 to S5, whose controls are in
   [controls.md](controls.md). Levels and limits are the organisation's.
4. **guards**: in the moment before a share rises, hooks ask the world: enough healthy targets, no fence, nobody has
   moved traffic by hand, metrics good. What they cannot see they refuse at an update and tell in a preview.

Going back is not refused: a retreat is judged by the rules that say so below, and by no other.

What a first preview cannot know, because it is still to be made, is said there as advice, one line for each resource
and rule, and judged by the update.

## Answering for a change

An override lifts what one rule refuses, for one update. It is configuration, so it is reviewed like any other, and it
is recorded when it is used:

\`\`\`yaml
sluice:overrides:
  - rule: T5
    by: you@example.com
    reason: 2.4.1 mends what 2.4.0 broke
    expires: "2026-03-01T18:00:00Z" # at most seven days ahead
\`\`\`

## What an organisation sets

A policy takes its level, and its limits, from policy configuration: from a file, or from a policy group of Pulumi's
service, where the stack's owners cannot change it.

\`\`\`sh
pulumi up -s prod \\
  --policy-pack policies --policy-pack-config policies/config/prod.json \\
  --policy-pack policies/platform --policy-pack-config policies/platform/config/prod.json
\`\`\`

\`\`\`json
{
  "all": "mandatory",
  "T1": { "environment": "prod", "step": 10 },
  "T5": { "environment": "prod", "overrides": false },
  "T10": {
    "freezes": [{ "reason": "weekend", "days": ["saturday", "sunday"], "from": "00:00", "until": "24:00" }]
  }
}
\`\`\`

- \`enforcementLevel\` (or the level alone) is Pulumi's: \`mandatory\`, \`advisory\` or \`disabled\`; \`all\` sets it for every
  policy. It is the pack's: the program refuses by the stack's own limits at any level.
- A limit counts where it is stricter than the stack's own; it can relax nothing. \`environment\` demands at least that
  environment's defaults, so that no number is written twice.
- \`overrides: false\` accepts no override of that rule. One that lifts only what an organisation's limit refuses is not
  used up, because the program knows nothing of that limit: it ends when it expires.
- Of \`policies/platform\`, \`environment\` says as what a stack is judged, whatever its name, and \`except\` names controls
  that are accepted as they are.

\`policies/config\` and \`policies/platform/config\` have a file for each environment. In staging and prod every rule is
mandatory, with that environment's defaults as the least. In dev ${loose} are advice: they ask for small steps, for time,
for a word of intent or for what a pod needs to survive a busy day, and in dev there are no users to whom that matters.
The others say what cannot work, or what loses data, and that is refused everywhere.

For Pulumi's service, \`npm run policies\` builds both packs into folders that need nothing of this project;
\`pulumi policy publish\` is run in each of them.`;

/** What the page of rules says before its tables: who judges, how one answers for a change, what an organisation sets. */
export const RULES_INTRODUCTION = TEXT.split("\n\n")
  .map((block) => (block.startsWith("```") ? block : block.replace(/\n(?!- |\d\. ) */g, " ")))
  .join("\n\n");
