import { request } from "node:https";
import type { Application } from "./arm/index.ts";
import type { BlobHost } from "./blob-host.ts";
import type { Entra } from "./entra.ts";

export interface ContainerMaker {
  blob: Pick<BlobHost, "accountUrl">;
  ca: string;
  entra: Entra;
  application: Application;
}

/** Makes an empty container, as the application, and resolves to its URL. */
export async function createContainer({ blob, ca, entra, application }: ContainerMaker, name: string): Promise<string> {
  const url = `${blob.accountUrl}/${name}`;
  const token = await entra.mint(application, "https://storage.azure.com");
  const headers = { authorization: `Bearer ${token}`, "x-ms-version": "2024-11-04", "content-length": 0 };
  const status = await new Promise<number>((resolve, reject) => {
    const sent = request(`${url}?restype=container`, { method: "PUT", ca, headers, agent: false }, (response) => {
      response.resume().on("end", () => resolve(response.statusCode ?? 0));
    });
    sent.on("error", reject).end();
  });
  // Several clouds may share one Azurite: a container that is there already is another's, of the same name.
  if (status !== 201 && status !== 409)
    throw new Error(`The container ${name} was not made: Azurite answered ${status}.`);
  return url;
}
