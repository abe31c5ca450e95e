import { request } from "node:http";

/** What a ping met: a status, no answer in time, or no connection. */
export type Ping = { kind: "status"; status: number } | { kind: "timeout" } | { kind: "refused" };

export interface PingOptions {
  port: number;
  path: string;
  timeout: number;
  /** Of App Service's own agents: `HealthCheck/1.0`, `AlwaysOn`, `SiteWarmup`. */
  userAgent: string;
}

/** One plain HTTP GET inside the platform: no public host name, no redirects followed, no cookies. Never rejects. */
export function ping(options: PingOptions): Promise<Ping> {
  return new Promise((resolve) => {
    const outgoing = request({
      host: "127.0.0.1",
      port: options.port,
      path: options.path,
      agent: false,
      headers: { host: `127.0.0.1:${options.port}`, "user-agent": options.userAgent },
    });
    const timer = setTimeout(() => finish({ kind: "timeout" }), options.timeout);
    const finish = (outcome: Ping): void => {
      clearTimeout(timer);
      outgoing.destroy();
      resolve(outcome);
    };
    outgoing.once("response", (response) => finish({ kind: "status", status: response.statusCode ?? 0 }));
    outgoing.on("error", () => finish({ kind: "refused" }));
    outgoing.end();
  });
}

/** Reads `WEBSITE_WARMUP_STATUSES` and `WEBSITE_SWAP_WARMUP_PING_STATUSES`: `200,202`; unset means any status. */
export function allowsStatus(setting: string | undefined, status: number): boolean {
  if (setting === undefined || setting.trim() === "") return true;
  return setting.split(",").some((one) => Number(one.trim()) === status);
}
