/** Sign-in of a person at their own machine: the az command line holds it, and gives a token for each service. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { UsageError } from "@augeo/release";
import type { TokenCredential } from "@azure/identity";
import type { Cloud } from "./cloud.ts";
import type { AzureContext } from "./context.ts";
import { fieldsOf, jsonOf, numberOf, textOf } from "./decode.ts";
import type { TokenSource } from "./sign-in.ts";

interface AccessToken {
  readonly token: string;
  /** Milliseconds since 1970. */
  readonly expires: number;
}

const MARGIN = 300_000;
const PATIENCE = 60_000;

export class UserSignIn implements TokenSource {
  readonly cloud: Cloud;
  readonly #context: AzureContext;
  readonly #tenantId: string;
  readonly #tokens = new Map<string, Promise<AccessToken>>();

  constructor(context: AzureContext, cloud: Cloud, tenantId: string) {
    this.#context = context;
    this.cloud = cloud;
    this.#tenantId = tenantId;
  }

  async token(audience: string): Promise<string> {
    return (await this.#current(audience)).token;
  }

  forget(): void {
    this.#tokens.clear();
  }

  asCredential(): TokenCredential {
    return {
      getToken: async (scopes) => {
        const audience = String(Array.isArray(scopes) ? scopes[0] : scopes).replace(/\/+\.default$/, "");
        const { token, expires } = await this.#current(audience);
        return { token, expiresOnTimestamp: expires };
      },
    };
  }

  async #current(audience: string): Promise<AccessToken> {
    const known = await this.#tokens.get(audience);
    if (known !== undefined && known.expires - MARGIN > this.#context.clock.now()) return known;
    const asked = this.#ask(audience);
    this.#tokens.set(audience, asked);
    return asked;
  }

  async #ask(audience: string): Promise<AccessToken> {
    const args = [
      "account",
      "get-access-token",
      "--resource",
      audience,
      "--tenant",
      this.#tenantId,
      "--output",
      "json",
    ];
    const reply = fieldsOf(jsonOf(await azCommand(args, this.#context)));
    const token = textOf(reply.accessToken);
    if (token === "") throw notSignedIn("az account get-access-token printed no token", this.#tenantId);
    this.#context.log.mask(token);
    const seconds = numberOf(reply.expires_on);
    return { token, expires: seconds === undefined ? this.#context.clock.now() + 2 * MARGIN : seconds * 1_000 };
  }
}

/** What the az command line prints. Throws `UsageError` when it is missing or nobody is signed in. */
export async function azCommand(
  args: readonly string[],
  { env, signal }: Pick<AzureContext, "env" | "signal">,
): Promise<string> {
  try {
    const options = { env: { ...env }, signal, timeout: PATIENCE, maxBuffer: 4 * 1024 * 1024 };
    return (await promisify(execFile)("az", [...args], options)).stdout;
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    const { code, stderr } = fieldsOf(error);
    if (code === "ENOENT") {
      throw new UsageError({
        what: "The az command line is not installed, or not on PATH.",
        why: "It holds your sign-in to Azure, and gives a token for each service that is asked.",
        fix: "Install it (https://learn.microsoft.com/cli/azure/install-azure-cli), then: az login",
        cause: error,
      });
    }
    throw notSignedIn(textOf(stderr).trim() || String(error), args[args.indexOf("--tenant") + 1] ?? "");
  }
}

function notSignedIn(said: string, tenantId: string): UsageError {
  return new UsageError({
    what: "You are not signed in to Azure on this machine.",
    why: `az said: ${said.split("\n").slice(0, 3).join(" ").slice(0, 400)}`,
    fix: `az login --tenant ${tenantId}`,
  });
}
