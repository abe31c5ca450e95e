import { traceStatements } from "@augeo/alembic";
import type { Trace } from "@augeo/migrations";
import { describe, expect, test } from "@jest/globals";
import { announcedServers } from "../../../packages/rehearsal/src/servers.ts";

const PREAMBLE = `
create table parent (id int primary key);
create table t (id int primary key, v varchar(10), n int, at timestamp);
create index t_v on t (v);
create table parts (id int) partition by range (id);
create table part1 partition of parts for values from (0) to (10);
`;

async function trace(sql: string, inTransaction = true, preamble = PREAMBLE): Promise<Trace[]> {
  const servers = announcedServers();
  if (servers === undefined) throw new Error("the test run has not started PostgreSQL");
  return traceStatements({ url: servers.postgresUrl }, { preamble, sql, inTransaction });
}

/** `lock on table`, then what work was done. */
function told({ locks, rewrites, scans, indexBuilds, error }: Trace): string {
  const mine = locks.filter(({ preexisting, relation }) => preexisting && /^(t|parent|parts|part1)$/.test(relation));
  const parts = [
    mine
      .map(({ mode, relation }) => `${mode.replace(/Lock$/, "")} ${relation}`)
      .sort()
      .join(" + "),
    rewrites.length > 0 ? `rewrites ${rewrites}` : "",
    scans.length > 0 ? `scans ${scans}` : "",
    indexBuilds.map(({ relation }) => `builds on ${relation}`).join(" + "),
    error === undefined ? "" : error.slice(0, 5),
  ];
  return parts.filter((part) => part !== "").join(", ");
}

describe("in a transaction, what one statement does to what was there before", () => {
  test.each([
    ["alter table t alter v type varchar(20)", "AccessExclusive t"],
    ["alter table t alter v type varchar(5)", "AccessExclusive t, rewrites t, scans t"],
    ["alter table t alter n set not null", "AccessExclusive t, scans t"],
    ["alter table t add c int default 1", "AccessExclusive t"],
    ["alter table t add c float default random()", "AccessExclusive t, rewrites t, scans t"],
    ["alter table t add check (n > 0)", "AccessExclusive t, scans t"],
    ["alter table t add check (n > 0) not valid", "AccessExclusive t"],
    ["alter table t add foreign key (n) references parent not valid", "ShareRowExclusive parent + ShareRowExclusive t"],
    ["create index on t (n)", "Share t, scans t, builds on t"],
    ["alter table t add unique (n)", "AccessExclusive t, scans t, builds on t"],
    ["create index on parts (id)", "Share part1 + Share parts, scans part1,parts, builds on part1 + builds on parts"],
    ["create table fresh (id int references parent)", "ShareRowExclusive parent"],
    ["truncate t", "AccessExclusive t"],
    ["drop table t", "AccessExclusive t"],
    ["create index concurrently on t (n)", "25001"],
    ["alter tabel t", "42601"],
  ])("%s", async (sql, expected) => {
    const [first] = await trace(sql);
    expect(first === undefined ? undefined : told(first)).toBe(expected);
  });

  test("what the script made itself is not what others wait for", async () => {
    const [, second] = await trace("create table fresh (id int); create index on fresh (id)");
    expect(second?.indexBuilds).toEqual([]);
    expect(second?.locks.every(({ preexisting }) => !preexisting)).toBe(true);
  });

  test("a unique index that is adopted is not built again", async () => {
    const script = "alter table t add constraint u unique using index i";
    const [only] = await trace(script, true, `${PREAMBLE} create unique index i on t (n);`);
    expect(only === undefined ? undefined : told(only)).toBe("AccessExclusive t");
  });

  test("a statement that fails is told and hides no other", async () => {
    const traces = await trace("alter table nowhere add x int; alter table t alter n set not null");
    expect(traces.map(told)).toEqual(["42P01", "AccessExclusive t, scans t"]);
  });

  test("a lock is told once, by the statement that took it", async () => {
    const traces = await trace("alter table t add x int; alter table t add y int");
    expect(traces.map(told)).toEqual(["AccessExclusive t", ""]);
  });
});

describe("outside a transaction, seen from a second session", () => {
  test.each([
    ["create index concurrently on t (n)", "ShareUpdateExclusive t"],
    ["drop index concurrently t_v", "ShareUpdateExclusive t"],
    ["reindex table concurrently t", "ShareUpdateExclusive t"],
    ["vacuum full t", "AccessExclusive t"],
    ["create index on t (n)", "Share t"],
  ])("%s", async (sql, lock) => {
    const [first] = await trace(sql, false);
    expect(first?.error).toBeUndefined();
    expect(first === undefined ? undefined : told(first).split(", ")[0]).toBe(lock);
  });

  test("one that fails is told as well", async () => {
    const [first] = await trace("create unique index concurrently on t (nowhere)", false);
    expect(first?.error).toMatch(/^42703/);
  });
});

test("a scene that cannot be set is an error", async () => {
  await expect(trace("select 1", true, "create table a (b nosuchtype)")).rejects.toThrow(/nosuchtype/);
});
