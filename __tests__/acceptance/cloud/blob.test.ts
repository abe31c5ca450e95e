import { type Cloud, startCloud } from "@augeo/rehearsal";
import { ClientAssertionCredential } from "@azure/identity";
import {
  BlobSASPermissions,
  BlobServiceClient,
  ContainerClient,
  generateBlobSASQueryParameters,
  type RestError,
} from "@azure/storage-blob";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";

let cloud: Cloud;
let container: ContainerClient;
let service: BlobServiceClient;

function credential(): ClientAssertionCredential {
  const options = {
    authorityHost: cloud.endpoints.authority,
    disableInstanceDiscovery: true,
    tlsOptions: { ca: cloud.tls.ca },
  };
  const assertion = () => cloud.oidc.mint("api://AzureADTokenExchange");
  return new ClientAssertionCredential(cloud.tenantId, cloud.application.clientId, assertion, options);
}

/** The SDK hands `tlsOptions` on to its pipeline, though its types do not say so. */
function client() {
  return { tlsOptions: { ca: cloud.tls.ca }, retryOptions: { maxTries: 1 } };
}

beforeAll(async () => {
  cloud = await startCloud({ postgres: "none" });
  cloud.trust();
  service = new BlobServiceClient(String(cloud.endpoints.blob), credential(), client());
  const url = new URL(await cloud.newContainer());
  container = service.getContainerClient(url.pathname.split("/").at(-1) ?? "");
});

afterAll(() => cloud.close());

/** What a call was refused with. */
async function refusal(call: Promise<unknown>): Promise<{ status: number | undefined; code: string | undefined }> {
  const error = await call.then(
    () => undefined,
    (reason: RestError) => reason,
  );
  return { status: error?.statusCode, code: error?.code };
}

const textOf = async (name: string): Promise<string> =>
  (await container.getBlockBlobClient(name).downloadToBuffer()).toString();

describe("Blob Storage, by Microsoft's own client with a token of the cloud", () => {
  test("writes only over the version that was read", async () => {
    const blob = container.getBlockBlobClient("head.json");
    const { etag = "" } = await blob.upload("1", 1, { conditions: { ifNoneMatch: "*" } });
    expect(await refusal(blob.upload("x", 1, { conditions: { ifNoneMatch: "*" } }))).toEqual({
      status: 409,
      code: "BlobAlreadyExists",
    });
    await blob.upload("2", 1, { conditions: { ifMatch: etag } });
    expect(await refusal(blob.upload("x", 1, { conditions: { ifMatch: etag } }))).toEqual({
      status: 412,
      code: "ConditionNotMet",
    });
    expect(await textOf("head.json")).toBe("2");
  });

  test("a leased blob is written by the lease's holder alone", async () => {
    const blob = container.getBlockBlobClient("leased");
    await blob.upload("1", 1);
    const lease = blob.getBlobLeaseClient();
    const { leaseId = "" } = await lease.acquireLease(15);
    expect(await refusal(blob.getBlobLeaseClient().acquireLease(15))).toEqual({
      status: 409,
      code: "LeaseAlreadyPresent",
    });
    expect(await refusal(blob.upload("x", 1))).toEqual({ status: 412, code: "LeaseIdMissing" });
    await blob.upload("2", 1, { conditions: { leaseId } });
    await lease.releaseLease();
    await blob.upload("3", 1);
    expect(await textOf("leased")).toBe("3");
  });

  test("what the identity may read, it can delegate by a SAS", async () => {
    const blob = container.getBlockBlobClient("package.zip");
    await blob.upload("zip", 3);
    const [startsOn, expiresOn] = [new Date(Date.now() - 60_000), new Date(Date.now() + 600_000)];
    const key = await service.getUserDelegationKey(startsOn, expiresOn);
    const permissions = BlobSASPermissions.parse("r");
    const values = {
      containerName: container.containerName,
      blobName: "package.zip",
      permissions,
      startsOn,
      expiresOn,
    };
    const sas = generateBlobSASQueryParameters(values, key, "augeo").toString();
    const anonymous = new ContainerClient(container.url, undefined, client());
    expect(await refusal(anonymous.getBlobClient("package.zip").download())).toMatchObject({
      status: expect.any(Number),
    });
    const allowed = new ContainerClient(`${container.url}?${sas}`, undefined, client());
    expect((await allowed.getBlobClient("package.zip").downloadToBuffer()).toString()).toBe("zip");
  });

  test("an expired token and a missing role are refused, told apart", async () => {
    cloud.entra.expireTokens();
    expect(await refusal(container.getBlobClient("head.json").getProperties())).toMatchObject({ status: 401 });
    const renewed = new ContainerClient(container.url, credential(), client());
    const roles = cloud.world.roleAssignments.splice(1);
    expect(await refusal(renewed.getBlockBlobClient("head.json").upload("x", 1))).toEqual({
      status: 403,
      code: "AuthorizationPermissionMismatch",
    });
    cloud.world.roleAssignments.push(...roles);
    expect((await renewed.getBlobClient("head.json").getProperties()).contentLength).toBe(1);
  });

  test("its requests are in the cloud's log, and faults strike them", async () => {
    const fresh = new ContainerClient(container.url, credential(), client());
    const fault = cloud.faults.add({
      match: { host: "blob", method: "PUT", path: /struck/ },
      times: 1,
      action: { kind: "status", status: 503, body: "" },
    });
    expect(await refusal(fresh.getBlockBlobClient("struck").upload("1", 1))).toMatchObject({ status: 503 });
    expect(fault.struck).toBe(1);
    await fresh.getBlockBlobClient("struck").upload("12", 2);
    const seen = cloud.requests.of({ host: "blob", path: /struck/ });
    expect(seen.map(({ status }) => status)).toEqual([503, 201]);
    expect(seen[1]?.requestBytes).toBe(2);
  });
});
