import { type Cloud, type PostgresServer, pythonPath, startCloud, startPostgres } from "@augeo/rehearsal";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import pg from "pg";
import { runAction } from "../../support/run-action.ts";
import { type AlembicProject, alembicProject, chain, envPy } from "./alembic-project.ts";

let cloud: Cloud;
let server: PostgresServer;
let project: AlembicProject;
let url: string;

/** The role of a database that trusts Entra: here the server lets it in, and the project shows what it came with. */
const ROLE = "keyless";

beforeAll(async () => {
  [cloud, server] = await Promise.all([startCloud({ postgres: "none", blob: "none" }), startPostgres()]);
  cloud.trust();
  const own = await server.createDatabase();
  const client = new pg.Client({ connectionString: own });
  await client.connect();
  await client.query(`create role ${ROLE} superuser login`);
  const rule = `host all ${ROLE} 127.0.0.1/32 trust`;
  await client.query(`copy (select '${rule}') to program 'cat - pg_hba.conf > new.conf && mv new.conf pg_hba.conf'`);
  await client.query("select pg_reload_conf()");
  await client.end();
  url = own.replace(/\/\/[^@]*@/, `//${ROLE}@`).replace("postgresql:", "postgresql+psycopg:");
  const shows = `import base64, json
from sqlalchemy import make_url
claims = make_url(os.environ["DATABASE_URL"]).password.split(".")[1]
print("audience", json.loads(base64.urlsafe_b64decode(claims + "=="))["aud"])`;
  project = await alembicProject({ ...chain("a1"), "migrations/env.py": envPy({ before: shows }) });
});

afterAll(async () => {
  await Promise.all([cloud?.close(), server?.close(), project?.remove()]);
});

function apply(inputs: Record<string, string>) {
  const given = {
    mode: "apply",
    "github-token": "x",
    python: pythonPath(),
    "database-url": url,
    "database-auth": "entra",
    ...inputs,
  };
  return runAction("migration-gate", { inputs: given, workspace: project.folder, cloud });
}

describe("a database without a password", () => {
  test("is signed in to with an Entra token for PostgreSQL, which the project gets as its password", async () => {
    const run = await apply({ ...cloud.inputs });
    expect(run.stdout).toContain("audience https://ossrdbms-aad.database.windows.net");
    expect(run.outputs).toMatchObject({ reason: "migrated", to: "a1" });
    const shown = run.stdout.split("\n").filter((line) => !line.startsWith("::add-mask::"));
    expect(shown.join("\n")).not.toMatch(/eyJ[\w-]{20}/);
  });

  test("needs the identity's inputs, and says which", async () => {
    const run = await apply({ "tenant-id": cloud.inputs["tenant-id"] });
    expect(run.outputs.reason).toBe("usage-error");
    expect(run.annotations[0]?.message).toMatch(/inputs to sign in with are missing[\s\S]*client-id/);
  });
});
