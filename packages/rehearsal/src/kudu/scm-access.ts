import type { Call, Reply } from "../http.ts";
import type { Slot } from "../model.ts";

/** What a bearer token may do at a slot's SCM site: publish (as whom), nothing, or it is no good token at all. */
export type PublishVerdict = { principal: string } | "forbidden" | "unauthorized";

/** Judges an ARM token: audience, expiry, and a role with `microsoft.web/sites(/slots)/publish/action`. */
export type TokenVerifier = (token: string, slot: Slot) => PublishVerdict | Promise<PublishVerdict>;

/** Signs a request in: with an ARM token, or with the publishing credentials where the slot allows them. */
export async function signIn(call: Call, slot: Slot, verify: TokenVerifier): Promise<Reply | undefined> {
  const token = call.bearer();
  const verdict = token === undefined ? withPassword(call, slot) : await verify(token, slot);
  if (verdict === "unauthorized") return unauthorized();
  if (verdict === "forbidden")
    return { status: 403, body: "The client does not have authorization to publish to this site." };
  call.log.principal = verdict.principal;
  return undefined;
}

function withPassword(call: Call, slot: Slot): PublishVerdict {
  const basic = call.basic();
  if (basic === undefined || !slot.basicPublishing.scm) return "unauthorized";
  const good = basic.user === slot.publishingUserName && basic.password === slot.publishingPassword;
  return good ? { principal: basic.user } : "unauthorized";
}

function unauthorized(): Reply {
  return {
    status: 401,
    headers: { "www-authenticate": 'Basic realm="site"', "content-type": "text/html" },
    body: "<html><head><title>401 Unauthorized</title></head><body>401 - Unauthorized: Access is denied due to invalid credentials.</body></html>",
  };
}
