import { formatDuration } from "@augeo/action-kit";
import { GitHubClient, readCommitAuthor } from "@augeo/github";
import {
  type Approval,
  explainRejected,
  explainWaiting,
  gateOf,
  type Head,
  type ReleaseRecord,
  requestApproval,
  ServiceError,
  UsageError,
  type Wanted,
} from "@augeo/release";
import type { ApprovalReason } from "./approval-inputs.ts";
import type { RunContext } from "./connection.ts";
import { wordsOf } from "./ending.ts";
import { endWith, giveBack, type Session, type SessionContext } from "./session.ts";
import { summarise } from "./summary.ts";

export interface ApprovalInputs {
  readonly approval: "none" | "required";
  readonly "approval-wait": number;
  readonly "github-token": string;
  readonly ledger?: string | undefined;
}

/** What is to go out. `packed`: its zip, where it is not in the slot already; stored before anybody is asked. */
export interface Candidate {
  readonly record: Pick<ReleaseRecord, "release" | "artifact" | "commit">;
  readonly packed?: string;
}

/** A release that is not approved; nothing of it was begun, and the lock is free. */
export interface HeldBack {
  readonly reason: ApprovalReason;
  readonly message: string;
  readonly fix: string;
  readonly approval: Approval;
}

/** Asks for the approval of one release, and waits for it as long as this job may. */
export class ApprovalGate {
  readonly #context: SessionContext;
  readonly #inputs: ApprovalInputs;
  readonly #until: number;
  #authors: Promise<string[]> | undefined;

  /** Throws `UsageError` where there is no ledger to ask in. */
  constructor(context: SessionContext, inputs: ApprovalInputs) {
    if (inputs.approval === "required" && inputs.ledger === undefined) throw noLedger();
    this.#context = context;
    this.#inputs = inputs;
    this.#until = context.clock.now() + inputs["approval-wait"];
  }

  /**
   * `open`: the lock is still held, go on. `again`: it was approved while this job waited without the lock, so
   * everything has to be looked at anew.
   */
  async pass(session: Session, candidate: Candidate): Promise<"open" | "again" | HeldBack> {
    if (this.#inputs.approval === "none") return "open";
    const { log, clock } = this.#context;
    const wanted = await this.#wanted(candidate);
    const gate = gateOf(session.held.head, wanted);
    if (gate.kind === "open") {
      const { by, why } = gate.approval.decision ?? { by: "", why: "" };
      log.notice(`${wanted.release} is approved by ${by}${why === "" ? "" : `: ${why}`}.`);
      return "open";
    }
    if (gate.kind === "rejected") {
      await giveBack(this.#context, session);
      return { reason: "rejected", ...wordsOf(explainRejected(gate.approval)), approval: gate.approval };
    }
    if (gate.kind === "waiting") await giveBack(this.#context, session);
    else await this.#request(session, candidate, wanted);
    const decided = await this.#wait(session, wanted);
    const { head } = session.held;
    const approval = head.approvals.find(({ release }) => release === wanted.release);
    if (decided || !approval) return "again";
    return { reason: "awaiting-approval", ...wordsOf(explainWaiting(head, approval, clock.now())), approval };
  }

  /** The package is stored first: what is approved is what is kept. */
  async #request(session: Session, { record, packed }: Candidate, wanted: Wanted): Promise<void> {
    if (record.artifact !== null && packed !== undefined)
      await session.connection.ledger?.storeArtifact(record.artifact, packed);
    const { clock, run } = this.#context;
    await endWith(this.#context, session, (head: Head) => requestApproval(head, wanted, run.runUrl, clock.now()));
  }

  /** Looks at the ledger from time to time, without the lock. True once somebody decided. */
  async #wait(session: Session, wanted: Wanted): Promise<boolean> {
    const { clock, signal, log } = this.#context;
    const { ledger } = session.connection;
    const whole = this.#inputs["approval-wait"];
    if (clock.now() >= this.#until || !ledger) return false;
    log.notice(`${wanted.release} waits for an approval, here for up to ${formatDuration(this.#until - clock.now())}.`);
    while (clock.now() < this.#until) {
      await clock.sleep(Math.min(15_000, Math.max(250, whole / 20), this.#until - clock.now()), signal);
      const read = await ledger.read();
      // Whatever else is found is for the next look under the lock to explain.
      if (read.kind !== "head" || gateOf(read.head, wanted).kind !== "waiting") return true;
    }
    return false;
  }

  async #wanted({ record }: Candidate): Promise<Wanted> {
    this.#authors ??= authorsOf(this.#context, record.commit ?? "", this.#inputs["github-token"]);
    return { release: record.release, artifact: record.artifact, authors: await this.#authors };
  }
}

/** Who started the run, and who wrote the commit where GitHub says it. */
async function authorsOf(context: RunContext, commit: string, token: string): Promise<string[]> {
  const { run, clock, signal, log } = context;
  const { apiUrl, repository, actor } = run;
  try {
    const client = new GitHubClient({ apiUrl, token, repository, clock, signal, patience: 15_000 });
    const author = token === "" || commit === "" ? undefined : await readCommitAuthor(client, commit);
    return [...new Set([actor, ...(author === undefined ? [] : [author])])];
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    log.warning(
      `Who wrote the commit could not be asked, so only ${actor} may not approve. ${error.why} Fix: ${error.fix}`,
    );
    return [actor];
  }
}

/** What a release that is held back says; what a person needs to decide on is on the summary. */
export function heldBackReport(now: number, { record }: Candidate, { approval, ...held }: HeldBack) {
  const { release, artifact, commit } = record;
  const isRejected = held.reason === "rejected";
  const { message, fix } = held;
  return {
    ...held,
    result: { release, approval: { ...approval, decision: approval.decision && { ...approval.decision } } },
    summary: summarise({
      heading: isRejected ? "Rejected: not released" : "Waiting for an approval",
      icon: isRejected ? "⛔" : "⏸️",
      isGood: false,
      message,
      fix,
      facts: [
        ["Release", release],
        ["Package", artifact ?? ""],
        ["Commit", (commit ?? "").slice(0, 12)],
        ["Replaces", approval.replaces ?? ""],
        ["May not approve", approval.authors.join(", ")],
      ],
      moments: [],
      end: now,
      sessions: [],
      parts: [],
    }),
  };
}

const noLedger = (): UsageError =>
  new UsageError({
    what: "approval: required needs a ledger.",
    why: "An approval is asked for, given and read there.",
    fix: "set ledger to the address of a blob container, or leave approval out.",
  });
