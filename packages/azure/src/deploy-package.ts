/**
 * One package into one slot through its SCM site, never twice: what is there is looked at before anything is sent, and
 * again whenever a reply was lost.
 */
import type { ServiceError } from "@augeo/release";
import { deploymentFailed, neverFree, outOfTime, vanished } from "./delivery-errors.ts";
import { findOurs, recordsBefore } from "./find-deployment.ts";
import { type Followed, followDeployment } from "./follow-deployment.ts";
import { type HttpReply, TransportError, type Upload } from "./http.ts";
import type { Kudu } from "./kudu.ts";
import { kuduFailure, kuduNoReply } from "./kudu-errors.ts";
import type { ReleaseFile } from "./package/release-file.ts";
import { isThrottled, pauseBefore, pauseWithin, retryAfterOf, TRANSIENT_STATUSES } from "./retry.ts";
import { sendWatched } from "./send-watched.ts";
import { settle } from "./settle.ts";
import { type DeployedFile, isSameRelease, readDeployed } from "./verify-release.ts";

/** How far the package came; recorded before each act, so that a cancelled run can say what it leaves behind. */
export type DeliveryStep =
  | { step: "waiting-for-others" }
  | { step: "sending"; attempt: number }
  | { step: "accepted"; deployment: string }
  | { step: "ended"; deployment: string; succeeded: boolean };

export interface Delivery {
  upload: Upload;
  release: ReleaseFile;
  /** Milliseconds since 1970. */
  deadline: number;
  /** Resolves when the step is on record. */
  onStep(step: DeliveryStep): Promise<void>;
}

export type Delivered =
  | { kind: "deployed"; deployment: string; uploads: number; redeployed: boolean }
  /** Someone else's deployment brought the very same release meanwhile. */
  | { kind: "already-there"; uploads: number };

/** Uploads of one package at most, all but the last of which the site never received or refused. */
const MOST_UPLOADS = 4;
/** Conflicts in which nobody else was seen deploying. */
const MOST_UNEXPLAINED_CONFLICTS = 2;
/** Milliseconds of quiet after a lost reply until it counts as never received. */
const QUIET = 5_000;
const ACCEPTED_QUIET = 30_000;
/** What Kudu says when its container was restarted under a deployment. */
const RESTARTED = /SCM container restart/i;
const SETTLE = { answers: 3, interval: 1_000 };

export function deployPackage(kudu: Kudu, delivery: Delivery): Promise<Delivered> {
  return new Deliverer(kudu, delivery).run();
}

type Sent =
  | { kind: "accepted"; deployment: string; retryAfter: number | undefined }
  | { kind: "again" }
  | { kind: "busy"; failure: ServiceError };

class Deliverer {
  readonly #kudu: Kudu;
  readonly #delivery: Delivery;
  #uploads = 0;
  #conflicts = 0;
  #redeployed = false;

  constructor(kudu: Kudu, delivery: Delivery) {
    this.#kudu = kudu;
    this.#delivery = delivery;
  }

  async run(): Promise<Delivered> {
    for (;;) {
      if ((await this.#waitForOthers()) && (await this.#isThere()))
        return { kind: "already-there", uploads: this.#uploads };
      const sent = await this.#send();
      if (sent.kind === "busy") this.#countConflict(sent.failure);
      if (sent.kind !== "accepted") continue;
      const { deployment } = sent;
      await this.#delivery.onStep({ step: "accepted", deployment });
      const followed = await followDeployment(this.#kudu, deployment, {
        deadline: this.#delivery.deadline,
        retryAfter: sent.retryAfter,
      });
      await this.#delivery.onStep({ step: "ended", deployment, succeeded: followed.kind === "succeeded" });
      if (followed.kind === "succeeded")
        return { kind: "deployed", deployment, uploads: this.#uploads, redeployed: this.#redeployed };
      await this.#redeployOrFail(followed);
    }
  }

  /** Waits while another deployment runs, before a byte is sent. True when one was seen. */
  async #waitForOthers(): Promise<boolean> {
    const { clock, log, signal } = this.#kudu.context;
    let seen = false;
    for (let attempt = 1; await this.#kudu.isDeploying(); attempt++) {
      if (!seen) {
        await this.#delivery.onStep({ step: "waiting-for-others" });
        log.info(`Another deployment to this slot is in progress${await this.#whose()}; waiting for it to end.`);
      }
      seen = true;
      this.#conflicts = 0;
      if (!(await pauseWithin(clock, Math.min(5_000, 500 * attempt), this.#delivery.deadline, signal)))
        throw neverFree(this.#uploads);
    }
    return seen;
  }

  async #whose(): Promise<string> {
    const running = (await this.#kudu.deployments()).find(({ complete, status }) => !complete && status < 3);
    if (running === undefined) return "";
    const since =
      running.receivedTime === undefined ? "" : `, received ${new Date(running.receivedTime).toISOString()}`;
    return ` (${running.id}${running.deployer === "" ? "" : ` by ${running.deployer}`}${since})`;
  }

  async #isThere(): Promise<boolean> {
    const there: DeployedFile = await readDeployed(this.#kudu);
    return isSameRelease(there, this.#delivery.release);
  }

  async #send(): Promise<Sent> {
    const { clock, log } = this.#kudu.context;
    const { upload, release, deadline } = this.#delivery;
    const before = await recordsBefore(this.#kudu, markerOf(release));
    if (clock.now() > deadline) throw outOfTime(this.#uploads);
    this.#uploads += 1;
    await this.#delivery.onStep({ step: "sending", attempt: this.#uploads });
    log.info(
      `Sending the package (${release.release})${upload.length === undefined ? "" : `, ${megabytes(upload.length)}`}.`,
    );
    const reply = await sendWatched(this.#kudu, upload, `${markerOf(release)} commit ${release.commit}`, before);
    if ("deployment" in reply) return { kind: "accepted", deployment: reply.deployment, retryAfter: undefined };
    if (!(reply instanceof Error) && (reply.status === 200 || reply.status === 202)) {
      return {
        kind: "accepted",
        deployment: await this.#identify(reply, before),
        retryAfter: retryAfterOf(reply.headers, clock.now()),
      };
    }
    if (!(reply instanceof Error) && !TRANSIENT_STATUSES.has(reply.status)) return this.#refused(reply);
    return this.#lostReply(reply, before);
  }

  /** Our deployment's id: told by the reply, else the record that is new. `Location` is never followed. */
  async #identify(reply: HttpReply, before: Awaited<ReturnType<typeof recordsBefore>>): Promise<string> {
    this.#warnOfForeignLocation(reply);
    const told = reply.headers["scm-deployment-id"];
    if (told !== undefined && /^[\w-]{1,64}$/.test(told)) return told;
    const ours = await findOurs(this.#kudu, before, { deadline: this.#delivery.deadline, quiet: ACCEPTED_QUIET });
    if (ours === undefined) throw vanished();
    return ours.id;
  }

  #warnOfForeignLocation({ headers: { location } }: HttpReply): void {
    if (location === undefined || new URL(location, this.#kudu.origin).origin === this.#kudu.origin) return;
    const { host } = new URL(location, this.#kudu.origin);
    this.#kudu.context.log.warning(
      `The SCM site named an address on another host (${host}); it was refused: nothing, and no credential, was sent there. The deployment is followed on ${this.#kudu.origin}.`,
    );
  }

  /** A clear no: the package did not go in. */
  async #refused(reply: HttpReply): Promise<Sent> {
    const { clock, log, signal } = this.#kudu.context;
    const failure = kuduFailure("deploy the package", reply);
    if (reply.status === 409 && !/Run-From-Zip|WEBSITE_RUN_FROM_PACKAGE/i.test(reply.text))
      return { kind: "busy", failure };
    if (!isThrottled(reply.status, reply.text) || this.#uploads >= MOST_UPLOADS) throw failure;
    const pause = pauseBefore(this.#uploads, retryAfterOf(reply.headers, clock.now()));
    log.info(`The SCM site throttles uploads; waiting ${seconds(pause)}.`);
    if (!(await pauseWithin(clock, pause, this.#delivery.deadline, signal))) throw failure;
    return { kind: "again" };
  }

  #countConflict(failure: ServiceError): void {
    this.#conflicts += 1;
    this.#kudu.context.log.info("The slot is taken by another deployment; this package was not accepted.");
    if (this.#conflicts >= MOST_UNEXPLAINED_CONFLICTS || this.#uploads >= MOST_UPLOADS) throw failure;
  }

  /** No reply, or one that does not tell whether the work goes on: looks whether our deployment exists. */
  async #lostReply(
    reply: HttpReply | TransportError,
    before: Awaited<ReturnType<typeof recordsBefore>>,
  ): Promise<Sent> {
    const { clock, log, signal } = this.#kudu.context;
    const failure =
      reply instanceof Error
        ? kuduNoReply("deploy the package", reply, this.#kudu.origin)
        : kuduFailure("deploy the package", reply);
    const arrived = !(reply instanceof TransportError) || reply.phase === "waiting";
    log.info(
      `${failure.why} ${arrived ? "Looking whether the package was accepted." : "The package had not been sent completely."}`,
    );
    const ours = arrived
      ? await findOurs(this.#kudu, before, { deadline: this.#delivery.deadline, quiet: QUIET })
      : undefined;
    if (ours !== undefined) {
      log.info(`It was: deployment ${ours.id}.`);
      return { kind: "accepted", deployment: ours.id, retryAfter: undefined };
    }
    const wished = reply instanceof Error ? undefined : retryAfterOf(reply.headers, clock.now());
    if (
      this.#uploads >= MOST_UPLOADS ||
      !(await pauseWithin(clock, pauseBefore(this.#uploads, wished), this.#delivery.deadline, signal))
    )
      throw failure;
    log.info("It was not; sending it again.");
    return { kind: "again" };
  }

  /** A restart of the SCM container under the deployment earns one more; every other failure is final. */
  async #redeployOrFail({ record, lines }: Extract<Followed, { kind: "failed" }>): Promise<void> {
    if (this.#redeployed || !RESTARTED.test(record.statusText))
      throw deploymentFailed(record.id, record.statusText, lines);
    this.#redeployed = true;
    this.#kudu.context.log.warning(
      "The SCM site was restarted during the deployment (a setting was changed shortly before); deploying once more when it stands still.",
    );
    await settle(this.#kudu, { ...SETTLE, deadline: this.#delivery.deadline });
  }
}

/** In our record's message, where the site keeps it. */
function markerOf({ release, content }: ReleaseFile): string {
  return `augeo:${release}:${content.slice(0, 12)}`;
}

function megabytes(bytes: number): string {
  return `${(bytes / (1024 * 1024)).toFixed(1)} MB`;
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1_000).toFixed(1)} s`;
}
