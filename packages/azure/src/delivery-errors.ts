/** How a delivery can fail, in words. */
import { ServiceError } from "@augeo/release";

export function deploymentFailed(id: string, statusText: string, lines: readonly string[]): ServiceError {
  const said = [statusText, ...lines]
    .map((line) => line.trim())
    .filter((line, index, all) => line !== "" && all.indexOf(line) === index);
  return new ServiceError({
    service: "Kudu",
    operation: "deploy the package",
    code: "DeploymentFailed",
    what: `The deployment ${id} failed.`,
    why:
      said.length === 0
        ? "The SCM site gives no reason."
        : `The SCM site says:\n${said
            .slice(-12)
            .map((line) => `  ${line}`)
            .join("\n")}`,
    fix: "Mend what the log shows (it is above, line by line). Production was not touched.",
  });
}

export function neverFree(uploads: number): ServiceError {
  return new ServiceError({
    service: "Kudu",
    operation: "deploy the package",
    status: 409,
    what: "Another deployment to this slot did not end in the time allowed.",
    why: `There is a deployment currently in progress, and the SCM site runs one at a time. The package was ${uploads === 0 ? "not sent" : "not accepted"}.`,
    fix: "Look at the app's Deployment Center for whose it is. A deployment that hangs is cleared by restarting the slot (az webapp restart); raise timeout when builds take this long. Give the workflow a concurrency group with cancel-in-progress: false.",
    retryable: true,
  });
}

export function outOfTime(uploads: number): ServiceError {
  return new ServiceError({
    service: "Kudu",
    operation: "deploy the package",
    what: "The time allowed ended before the package could be deployed.",
    why: uploads === 0 ? "It was not sent." : "The SCM site did not accept it.",
    fix: "Raise timeout, or run again.",
    retryable: true,
  });
}

export function vanished(): ServiceError {
  return new ServiceError({
    service: "Kudu",
    operation: "find the deployment",
    what: "The SCM site accepted the package and shows no deployment of it.",
    why: "No record appeared that was not there before.",
    fix: "Run again: the next run looks what the slot holds before it sends anything.",
    retryable: true,
  });
}
