import type { ActionContext, Outcome } from "@augeo/action-kit";
import { fieldsOf, openKudu, openSession, textOf } from "@augeo/azure";
import { type DeployResult, deployToSlot } from "./deploy-to-slot.ts";
import type { spec } from "./spec.ts";
import { summarise } from "./summary.ts";

const JOURNAL_KEY = "deployment";

type Context = ActionContext<typeof spec>;

export async function slotDeploy(context: Context): Promise<Outcome<typeof spec>> {
  const { inputs, journal, run } = context;
  const session = openSession(context, inputs);
  try {
    const record = (step: { readonly [key: string]: string | number | boolean }) => journal.record(JOURNAL_KEY, step);
    const result = await deployToSlot({ session, record }, optionsOf(inputs, run.sha));
    return outcomeOf(result, inputs);
  } finally {
    session.close();
  }
}

function optionsOf(inputs: Context["inputs"], commit: string) {
  return {
    slot: slotOf(inputs),
    package: inputs.package,
    release: inputs.release,
    commit,
    schemaHead: inputs["schema-head"] ?? null,
    createSlot: inputs["create-slot"],
    via: inputs.via,
    storage: inputs.ledger,
    timeout: inputs.timeout,
    startTimeout: inputs["start-timeout"],
  };
}

function slotOf(inputs: Context["inputs"]) {
  return { resourceGroup: inputs["resource-group"], app: inputs.app, slot: inputs.slot };
}

function outcomeOf(result: DeployResult, { app, slot }: Context["inputs"]): Outcome<typeof spec> {
  const { release, deployment, slotUrl, slotCreated } = result;
  return {
    reason: result.kind,
    outputs: {
      release: release.release,
      content: release.content,
      "deployment-id": deployment ?? "",
      "slot-url": slotUrl,
      "slot-created": slotCreated,
    },
    result: {
      release: release.release,
      commit: release.commit,
      content: release.content,
      "schema-head": release.schemaHead,
      "deployment-id": deployment ?? null,
      "slot-url": slotUrl,
      "slot-created": slotCreated,
      uploads: result.uploads,
      redeployed: result.redeployed,
      package: result.package,
      "duration-ms": Math.round(result.duration),
    },
    summary: summarise({ app, slot }, result),
    message: MESSAGES[result.kind](release.release, slot),
  };
}

const MESSAGES: Readonly<Record<DeployResult["kind"], (release: string, slot: string) => string>> = {
  deployed: (release, slot) => `${release} runs in the slot ${slot}.`,
  "already-deployed": (release, slot) => `The slot ${slot} holds ${release} already; nothing was sent.`,
  "not-started": (release, slot) => `${release} is in the slot ${slot}, but its app did not start in time.`,
};

/** A run that was cancelled or killed leaves a deployment behind that goes on: says how it stands. */
export async function reportLeftover(context: Context): Promise<void> {
  const { step, deployment, release } = fieldsOf(context.journal.read(JOURNAL_KEY));
  if (step !== "accepted" || textOf(deployment) === "") return;
  const session = openSession(context, context.inputs);
  try {
    const kudu = await openKudu(session, slotOf(context.inputs));
    const record = (await kudu.deployments()).find(({ id }) => id === deployment);
    const stands =
      record === undefined
        ? "is no longer shown"
        : record.status === 4
          ? "has succeeded"
          : record.status === 3
            ? "has failed"
            : "still runs";
    context.log.warning(
      `This run was ended while ${textOf(release)} was being deployed: the deployment ${textOf(deployment)} ${stands}. The next run looks before it sends anything.`,
    );
  } finally {
    session.close();
  }
}
