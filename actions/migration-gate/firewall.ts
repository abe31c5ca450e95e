import { randomBytes } from "node:crypto";
import { ServiceError, UsageError } from "@augeo/action-kit";
import { probeConnection } from "@augeo/alembic";
import type { AddressRange, AzureSession, OwnFirewallRule, RuleOwner, ServerRef } from "@augeo/azure";
import type { AccessContext, AccessInputs } from "./database-access.ts";

/** Key of the journal: the rules that this run opened and has not closed. */
const JOURNAL = "firewall";
const KNOCK_TIMEOUT = 5_000;
const BETWEEN_KNOCKS = 2_000;
const KNOCKS_IN_A_ROW = 3;
const CLOSING_TIMEOUT = 60_000;
/** A NAT that leaves by more addresses than this is better named by its range. */
const MOST_ADDRESSES = 5;

/** The firewall of one server, as far as this run has changed it. */
export class Firewall {
  readonly ref: ServerRef;
  readonly #context: AccessContext;
  readonly #inputs: AccessInputs;
  readonly #session: AzureSession;
  readonly #azure: typeof import("@augeo/azure");
  readonly #owner: RuleOwner;
  readonly #nonce = randomBytes(3).toString("hex");
  readonly #rules: string[];

  private constructor(
    context: AccessContext,
    inputs: AccessInputs,
    ref: ServerRef,
    rules: readonly string[],
    azure: typeof import("@augeo/azure"),
    session: AzureSession,
  ) {
    this.#context = context;
    this.#inputs = inputs;
    this.ref = ref;
    this.#rules = [...rules];
    this.#azure = azure;
    this.#session = session;
    this.#owner = ownerOf(context);
  }

  static async of(
    context: AccessContext,
    inputs: AccessInputs,
    ref: ServerRef,
    rules: readonly string[] = [],
  ): Promise<Firewall> {
    const identity = identityOf(inputs);
    const azure = await import("@augeo/azure");
    const { env, clock, log } = context;
    // A signal of its own: what was opened has to be closed after the run was cancelled, too.
    const session = azure.openSession({ env, clock, log, signal: new AbortController().signal }, identity);
    return new Firewall(context, inputs, ref, rules, azure, session);
  }

  /** Opens what it takes until the server speaks with this runner. */
  async open(databaseUrl: string): Promise<void> {
    const { clock, log } = this.#context;
    const deadline = clock.now() + this.#inputs["firewall-timeout"];
    const given = (this.#inputs["runner-address"] ?? []).map((text) => this.#azure.readAddressRange(text));
    await this.#lookAtServer();
    await this.#closeStrays();
    const ranges = given.length > 0 ? given : await this.#ownAddress(databaseUrl);
    if (ranges === undefined) return log.info("The server speaks with this runner already: no rule was opened.");
    for (const range of ranges) await this.#admit(range, deadline);
    const begun = clock.now();
    await this.#knock(databaseUrl, ranges, deadline);
    log.info(`It lets this runner in, ${seconds(clock.now() - begun)} after the rule.`);
  }

  /** Until it was let in several times in a row: a network may leave by another address with each connection. */
  async #knock(databaseUrl: string, ranges: AddressRange[], deadline: number): Promise<void> {
    const { clock, log, signal } = this.#context;
    let refusal = "it did not answer";
    for (let welcome = 0; clock.now() < deadline; ) {
      signal.throwIfAborted();
      const seen = await probeConnection(databaseUrl, Math.min(KNOCK_TIMEOUT, Math.max(1, deadline - clock.now())));
      if (seen.kind === "open") {
        welcome += 1;
        if (welcome === KNOCKS_IN_A_ROW) return;
        continue;
      }
      welcome = 0;
      refusal = seen.message;
      if (seen.kind === "refused" && !ranges.some((range) => holds(range, seen.address))) {
        if (ranges.length >= MOST_ADDRESSES) break;
        log.info(`This runner also leaves its network by ${seen.address}, says the server.`);
        ranges.push({ start: seen.address, end: seen.address });
        await this.#admit({ start: seen.address, end: seen.address }, deadline);
      }
      await clock.sleep(BETWEEN_KNOCKS, signal);
    }
    throw this.#notAdmitted(ranges, refusal);
  }

  /** Closes all of its rules; never throws. What stays open is said, kept in the journal for `post`, and returned. */
  async close(): Promise<Error | undefined> {
    const { clock, log, remaining, journal } = this.#context;
    const time = Math.min(CLOSING_TIMEOUT, remaining());
    const patience = { deadline: clock.now() + time, settle: remaining() === Infinity };
    let failure: Error | undefined;
    for (const rule of [...this.#rules]) {
      try {
        const how = await this.#azure.deleteFirewallRule(this.#session.arm, this.ref, rule, patience);
        this.#rules.splice(this.#rules.indexOf(rule), 1);
        log.info(closedWords(rule, how));
      } catch (error) {
        failure = error instanceof Error ? error : new Error(String(error));
        const why = error instanceof ServiceError ? `${error.what} ${error.why}` : failure.message;
        log.warning(`The firewall rule ${rule} on ${this.ref.server} is still open. ${why}`);
      }
    }
    await journal.record(JOURNAL, this.#rules.length === 0 ? null : { ...this.ref, rules: [...this.#rules] });
    return failure;
  }

  end(): void {
    this.#session.close();
  }

  async #admit(range: AddressRange, deadline: number): Promise<void> {
    const { log, signal, journal } = this.#context;
    const rule = this.#azure.firewallRuleName(this.#owner, `${this.#nonce}${this.#rules.length}`);
    this.#rules.push(rule);
    // Written before it is opened: a run that is killed in between leaves nothing that `post` does not know of.
    await journal.record(JOURNAL, { ...this.ref, rules: [...this.#rules] });
    await this.#azure.openFirewallRule(this.#session.arm, this.ref, rule, range, { deadline, signal });
    log.info(`Opened to ${range.start}${range.end === range.start ? "" : ` to ${range.end}`} by the rule ${rule}.`);
  }

  /** A rule cannot help where the server has no public endpoint, or is stopped. */
  async #lookAtServer(): Promise<void> {
    const server = await this.#azure.readDatabaseServer(this.#session.arm, this.ref, this.#context.signal);
    const name = this.ref.server;
    if (server?.isPublic === false) {
      throw new UsageError({
        what: `The server ${name} has private access alone: no firewall rule lets a runner in.`,
        why: "Its publicNetworkAccess is Disabled.",
        fix: "Apply migrations from inside its network: a self-hosted runner there with connect: direct, or augeo-gate apply in a job of Azure's; see docs/how-to/reach-a-private-database.md.",
      });
    }
    if (server !== undefined && /^stopp/i.test(server.state)) {
      throw new UsageError({
        what: `The server ${name} does not run.`,
        why: `Its state is ${server.state}.`,
        fix: `Start it: az postgres flexible-server start -g ${this.ref.resourceGroup} --name ${name}`,
      });
    }
  }

  /** As the server sees it, else as a service on the Internet does; undefined when the server lets it in already. */
  async #ownAddress(databaseUrl: string): Promise<AddressRange[] | undefined> {
    const { log, signal } = this.#context;
    const seen = await probeConnection(databaseUrl, KNOCK_TIMEOUT);
    if (seen.kind === "open") return undefined;
    if (seen.kind === "refused") {
      log.info(`The server turns this runner away as ${seen.address}.`);
      return [{ start: seen.address, end: seen.address }];
    }
    const url = this.#inputs["runner-address-url"];
    const range = await this.#azure.askOwnAddress(this.#session.http, url, signal);
    log.info(`The server does not answer; ${new URL(url).host} sees this runner as ${range.start}.`);
    return [range];
  }

  /** Rules of runs that are over. That they cannot be looked for or closed is no reason not to migrate. */
  async #closeStrays(): Promise<void> {
    const { log, clock, signal } = this.#context;
    const { arm } = this.#session;
    try {
      for (const rule of await this.#azure.listOwnFirewallRules(arm, this.ref, signal)) {
        if (!rule.admits || !(await this.#isStray(rule))) continue;
        const how = await this.#azure.deleteFirewallRule(arm, this.ref, rule.name, {
          deadline: clock.now() + CLOSING_TIMEOUT,
          signal,
        });
        log.info(
          `Run ${rule.runId} (attempt ${rule.attempt}) is over and had left its rule open. ${closedWords(rule.name, how)}`,
        );
      }
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      log.info(`Rules that earlier runs left could not be looked after: ${error.what} ${error.why}`);
    }
  }

  async #isStray(rule: OwnFirewallRule): Promise<boolean> {
    const { run, clock, signal } = this.#context;
    const known = this.#azure.isStrayRule(rule, this.#owner, clock.now());
    const token = this.#inputs["github-token"];
    if (known !== undefined || token === "") return known === true;
    const { GitHubClient, readRunLiveness } = await import("@augeo/github");
    const { apiUrl, repository } = run;
    const client = new GitHubClient({ apiUrl, repository, token, clock, signal, patience: 5_000 });
    const { kind } = await readRunLiveness(client, rule.runId, rule.attempt);
    return kind === "ended" || kind === "gone";
  }

  #notAdmitted(ranges: readonly AddressRange[], refusal: string): ServiceError {
    const opened = ranges.map(({ start, end }) => (start === end ? start : `${start} to ${end}`)).join(", ");
    return new ServiceError({
      service: "PostgreSQL",
      operation: "connect",
      what: `The server ${this.ref.server} does not let this runner in, though its firewall was opened to ${opened}.`,
      why: `Its last word: ${refusal}. A network that leaves by several addresses, or a proxy that only HTTP takes, lets the database see another address than was opened.`,
      fix: "Set runner-address to the range that this runner's network leaves by; raise firewall-timeout if the server is only slow to heed its rules.",
      retryable: true,
    });
  }
}

/** What `main` opened and did not close, for its post step. */
export function leftOpen({ journal }: AccessContext): { ref: ServerRef; rules: string[] } | undefined {
  const entry = journal.read(JOURNAL);
  if (typeof entry !== "object" || entry === null || !("rules" in entry)) return undefined;
  const { server, resourceGroup, rules } = entry;
  if (typeof server !== "string" || typeof resourceGroup !== "string" || !Array.isArray(rules)) return undefined;
  return { ref: { server, resourceGroup }, rules: rules.map(String) };
}

function ownerOf({ env, run, clock }: AccessContext): RuleOwner {
  const repositoryId = env.GITHUB_REPOSITORY_ID ?? "0";
  return { repositoryId, runId: run.runId || "0", attempt: run.attempt, openedAt: clock.now() };
}

function identityOf(inputs: AccessInputs) {
  const { "client-id": client, "tenant-id": tenant, "subscription-id": subscription, cloud } = inputs;
  if (client !== undefined && tenant !== undefined && subscription !== undefined) {
    return { "client-id": client, "tenant-id": tenant, "subscription-id": subscription, cloud };
  }
  const missing = (["client-id", "tenant-id", "subscription-id"] as const).filter((name) => inputs[name] === undefined);
  throw new UsageError({
    what: "connect: firewall-rule needs an identity that may open the firewall.",
    why: `Missing: ${missing.join(", ")}.`,
    fix: "Give client-id, tenant-id and subscription-id of an identity with Contributor on the server, and id-token: write under permissions: of the job.",
  });
}

function holds({ start, end }: AddressRange, address: string): boolean {
  const number = (text: string) => text.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
  return number(address) >= number(start) && number(address) <= number(end);
}

const closedWords = (rule: string, how: "deleted" | "emptied"): string =>
  how === "deleted"
    ? `Closed again: the rule ${rule} is gone.`
    : `Closed again: a lock on the server forbids deleting the rule ${rule}, so it was emptied and admits nobody.`;

const seconds = (milliseconds: number): string => `${(milliseconds / 1_000).toFixed(1)} s`;
