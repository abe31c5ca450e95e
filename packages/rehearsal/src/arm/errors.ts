import { type Reply, ReplyError } from "../http.ts";
import { ProviderError } from "../model.ts";

/** An error of ARM's own gateway, wrapped in `error`. */
export function gatewayReply(status: number, code: string, message: string, headers: Reply["headers"] = {}): Reply {
  return { status, headers: { ...headers, "x-ms-failure-cause": "gateway" }, body: { error: { code, message } } };
}

export function gatewayError(status: number, code: string, message: string): ReplyError {
  return new ReplyError(gatewayReply(status, code, message));
}

/** An error of the Microsoft.Web resource provider: PascalCase, unwrapped, the message said thrice. */
export function providerReply(error: ProviderError): Reply {
  const { code, message, extendedCode } = error;
  const entity = {
    ExtendedCode: extendedCode ?? "00000",
    MessageTemplate: message,
    Parameters: [],
    Code: code,
    Message: message,
  };
  return {
    status: error.status,
    headers: { "x-ms-failure-cause": "service" },
    body: {
      Code: code,
      Message: message,
      Target: null,
      Details: [{ Message: message }, { Code: code }, { ErrorEntity: entity }],
      Innererror: null,
    },
  };
}

/** The same error as providers with newer front ends word it. */
export function wrappedProviderReply(error: ProviderError): Reply {
  const body = { error: { code: error.code, message: error.message, details: [] } };
  return { status: error.status, headers: { "x-ms-failure-cause": "service" }, body };
}

export function resourceNotFound(type: string, name: string, group: string): ReplyError {
  const message = `The Resource '${type}/${name}' under resource group '${group}' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix`;
  return gatewayError(404, "ResourceNotFound", message);
}

export function cannotFind(kind: string, name: string): ProviderError {
  return new ProviderError(404, "NotFound", `Cannot find ${kind} with name ${name}.`, "51004");
}

export function badRequest(message: string, extendedCode?: string): ProviderError {
  return new ProviderError(400, "BadRequest", message, extendedCode);
}
