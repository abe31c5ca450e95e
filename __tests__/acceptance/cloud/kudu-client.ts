import { type Answer, type Asking, ask, type HostedSite, until, zipOf } from "./hosted-site.ts";

export interface SeenRecord {
  id: string;
  status: number;
  status_text: string;
  complete: boolean;
  active: boolean;
  is_temp: boolean;
  log_url: string;
}

export function recordOf(answer: Answer): SeenRecord {
  return answer.json() as SeenRecord;
}

export function recordsOf(answer: Answer): SeenRecord[] {
  return answer.json() as SeenRecord[];
}

/** Requests to the SCM site of a hosted site's staging slot. */
export class KuduClient {
  readonly #site: HostedSite;
  constructor(site: HostedSite) {
    this.#site = site;
  }

  scm(path: string, asking?: Asking): Promise<Answer> {
    return ask(this.#site.ca, this.#site.staging.scmHostName, path, asking);
  }

  async publish(files: Record<string, string>, query = "type=zip"): Promise<Answer> {
    return this.scm(`/api/publish?${query}`, { method: "POST", body: await zipOf(files) });
  }

  /** The latest record, once it has ended. */
  async latest(): Promise<SeenRecord> {
    let answer = await this.scm("/api/deployments/latest");
    await until("the latest deployment ends", async () => {
      answer = await this.scm("/api/deployments/latest");
      return answer.status === 200;
    });
    return recordOf(answer);
  }

  /** A file of wwwroot, if it is there. */
  async file(path: string): Promise<string | undefined> {
    const answer = await this.scm(`/api/vfs/site/wwwroot/${path}`);
    return answer.status === 200 ? answer.text : undefined;
  }

  /** Every line of a deployment's log, details included. */
  async logText(record: SeenRecord): Promise<string> {
    const texts: string[] = [];
    for (const { message, details_url } of await this.#lines(record.log_url)) {
      texts.push(message);
      if (details_url !== null) for (const line of await this.#lines(details_url)) texts.push(line.message);
    }
    return texts.join("\n");
  }

  async #lines(url: string): Promise<{ message: string; details_url: string | null }[]> {
    return (await this.scm(new URL(url).pathname)).json() as { message: string; details_url: string | null }[];
  }
}
