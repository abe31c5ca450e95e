import {
  type Catalog,
  type CatalogColumn,
  type CatalogRelation,
  type CatalogRoutine,
  diffCatalogs,
  differences,
  EMPTY_CATALOG,
  isWider,
  phaseOfChanges,
} from "@augeo/migrations";
import { describe, expect, test } from "@jest/globals";

const column = (number: number, more: Partial<CatalogColumn> = {}): CatalogColumn => ({
  number,
  type: "integer",
  notNull: false,
  default: null,
  fills: "",
  ...more,
});

const table = (oid: number, columns: Record<string, CatalogColumn>, kind = "r"): CatalogRelation => ({
  oid,
  kind,
  columns,
  definition: "",
});

const catalog = (more: Partial<Catalog>): Catalog => ({ ...EMPTY_CATALOG, schemas: ["public"], ...more });

const before = catalog({
  relations: {
    account: table(1, { id: column(1, { notNull: true }), name: column(2, { type: "character varying(10)" }) }),
  },
});

const account = (columns: Record<string, CatalogColumn>): Catalog =>
  catalog({ relations: { account: table(1, columns) } });
const id = column(1, { notNull: true });
const name = column(2, { type: "character varying(10)" });

describe("what the running code would notice", () => {
  test.each([
    ["a new table", catalog({ relations: { ...before.relations, other: table(2, {}) } }), []],
    ["a new nullable column", account({ id, name, x: column(3) }), []],
    ["a new NOT NULL column with a default", account({ id, name, x: column(3, { notNull: true, default: "0" }) }), []],
    ["a new identity column", account({ id, name, x: column(3, { notNull: true, fills: "identity" }) }), []],
    [
      "a new NOT NULL column without one",
      account({ id, name, x: column(3, { notNull: true }) }),
      ["column-required x"],
    ],
    ["a column gone", account({ id }), ["column-dropped name"]],
    ["a column under another name", account({ id, title: name }), ["column-renamed name"]],
    ["a column dropped and made again", account({ id, name: { ...name, number: 3 } }), []],
    ["a column that takes no NULL", account({ id, name: { ...name, notNull: true } }), ["not-null-added name"]],
    ["a column that takes NULL", account({ id: column(1), name }), ["not-null-dropped id"]],
    ["a longer text", account({ id, name: { ...name, type: "character varying(20)" } }), []],
    ["a shorter text", account({ id, name: { ...name, type: "character varying(5)" } }), ["type-changed name"]],
    ["another type", account({ id: { ...id, type: "bigint" }, name }), ["type-changed id"]],
    ["the table gone", catalog({}), ["table-dropped undefined"]],
    [
      "the table under another name",
      catalog({ relations: { person: table(1, { id, name }) } }),
      ["table-renamed undefined"],
    ],
    [
      "the table under another name, with a view in its place",
      catalog({ relations: { person: table(1, { id, name }), account: table(9, { id, name }, "v") } }),
      [],
    ],
    [
      "a view in its place that lacks a column",
      catalog({ relations: { person: table(1, { id, name }), account: table(9, { id }, "v") } }),
      ["view-column-dropped name"],
    ],
  ])("%s", (_, after, expected) => {
    expect(diffCatalogs(before, after).map(({ kind, object }) => `${kind} ${object}`)).toEqual(expected);
  });

  test("a default that goes: from a NOT NULL column old inserts fail, from a nullable one they write NULL", () => {
    const filled = account({ id: { ...id, default: "1" }, name: { ...name, default: "'x'" } });
    const kinds = diffCatalogs(filled, account({ id, name })).map(({ kind }) => kind);
    expect(kinds).toEqual(["default-dropped", "default-changed"]);
  });

  test("new rules for rows, and not those that are only made again under the same text", () => {
    const check = { oid: 5, table: "account", name: "c", kind: "c", definition: "CHECK (id > 0)" };
    const added = { ...before, constraints: [check, { ...check, name: "f", kind: "f", definition: "FOREIGN KEY …" }] };
    expect(diffCatalogs(before, added).map(({ kind }) => kind)).toEqual(["check-added", "foreign-key-added"]);
    const renamed = { ...before, constraints: [{ ...check, oid: 6, name: "c2" }] };
    expect(diffCatalogs({ ...before, constraints: [check] }, renamed)).toEqual([]);
  });

  test("a constraint that names what was renamed is as old as before; one that begins to be enforced is not", () => {
    const key = {
      oid: 5,
      table: "account",
      name: "f",
      kind: "f",
      definition: "FOREIGN KEY (id) REFERENCES person(id)",
    };
    const kinds = (definition: string, now: string) =>
      diffCatalogs(
        { ...before, constraints: [{ ...key, definition }] },
        { ...before, constraints: [{ ...key, definition: now }] },
      ).map(({ kind }) => kind);
    expect(kinds(key.definition, "FOREIGN KEY (id) REFERENCES people(id)")).toEqual([]);
    expect(kinds(`${key.definition} NOT ENFORCED`, key.definition)).toEqual(["foreign-key-added"]);
  });

  test("a unique index rejects writes as a constraint does", () => {
    const index = { table: "account", unique: true, valid: true, definition: "CREATE UNIQUE INDEX i ON account (id)" };
    expect(diffCatalogs(before, { ...before, indexes: { i: index } }).map(({ kind }) => kind)).toEqual([
      "unique-added",
    ]);
    expect(diffCatalogs(before, { ...before, indexes: { i: { ...index, unique: false } } })).toEqual([]);
  });

  test("a view made again: its columns count, not its text", () => {
    const view = (columns: Record<string, CatalogColumn>, definition: string, oid = 7) =>
      catalog({ relations: { people: { ...table(oid, columns, "v"), definition } } });
    const old = view({ id, name }, "SELECT id, name");
    const kinds = (after: Catalog) => diffCatalogs(old, after).map(({ kind, object }) => `${kind} ${object}`);
    expect(kinds(view({ id, name, x: column(3) }, "SELECT id, name, x", 8))).toEqual(["view-changed undefined"]);
    expect(kinds(view({ id }, "SELECT id", 8))).toEqual(["view-column-dropped name"]);
    expect(kinds(view({ id: { ...id, type: "text" }, name }, "SELECT id::text, name", 8))).toEqual([
      "view-type-changed id",
    ]);
    expect(kinds(view({ id, name }, "SELECT id, name", 8))).toEqual([]);
    expect(phaseOfChanges(diffCatalogs(old, view({ id }, "SELECT id", 8)))).toBe("contract");
  });

  describe("a routine", () => {
    const routine = (given: string[], more: Partial<CatalogRoutine> = {}) => ({
      [`price(${given.join(",")})`]: {
        name: "price",
        arguments: given,
        defaults: 0,
        result: "integer",
        definition: "a",
        ...more,
      },
    });
    const [old, rows] = [routine(["integer"]), routine([], { result: "TABLE(id integer, tax numeric)" })];
    test.each([
      ["gone", old, {}, ["function-dropped"]],
      ["with another text", old, routine(["integer"], { definition: "b" }), ["function-changed"]],
      ["that returns something else", old, routine(["integer"], { result: "text" }), ["function-result-changed"]],
      ["with another argument", old, routine(["text"]), ["function-dropped"]],
      ["with one more argument", old, routine(["integer", "text"]), ["function-dropped"]],
      ["with one more that may be left out", old, routine(["integer", "text"], { defaults: 1 }), []],
      ["beside another", old, { ...old, ...routine(["text"]) }, []],
      ["whose argument may be left out no more", routine(["integer"], { defaults: 1 }), old, ["function-dropped"]],
      ["of a trigger gone", routine([], { result: "trigger" }), {}, ["function-changed"]],
      ["with one more column", rows, routine([], { result: "TABLE(id integer, tax numeric, x text)" }), []],
      ["with one column less", rows, routine([], { result: "TABLE(id integer)" }), ["function-result-changed"]],
    ])("%s", (_, functions, others, expected) => {
      const [was, is] = [catalog({ functions }), catalog({ functions: others })];
      expect(diffCatalogs(was, is).map(({ kind }) => kind)).toEqual(expected);
    });
  });

  test("what a role may no longer do", () => {
    const held = (privileges: Record<string, string[]>): Catalog => catalog({ privileges });
    const lost = (was: Record<string, string[]>, is: Record<string, string[]>) =>
      diffCatalogs(held(was), held(is)).map(({ relation, on, object, before: what, after }) =>
        [`${object}: ${what} on ${on} ${relation}`, ...(after === undefined ? [] : [after])].join(", "),
      );
    const account = "table account";
    expect(lost({ [account]: ["app INSERT", "app SELECT", "bob SELECT"] }, { [account]: ["bob SELECT"] })).toEqual([
      "app: INSERT, SELECT on table account",
    ]);
    expect(lost({ [account]: ["app SELECT"] }, { [account]: ["app SELECT", "app INSERT"] })).toEqual([]);
    // A table that is gone is told as that; and with a privilege on all of it, none on its columns is missed.
    expect(lost({ [account]: ["app SELECT"] }, {})).toEqual([]);
    expect(lost({ [account]: ["app SELECT (id)"] }, { [account]: ["app SELECT"] })).toEqual([]);
    expect(lost({ [account]: ["app SELECT", "bob SELECT"] }, { [account]: ["public SELECT"] })).toEqual([]);
    expect(lost({ [account]: ["app SELECT"] }, { [account]: [] })).toHaveLength(1);
    // What everybody loses, a role loses with them; and overloads go by one name.
    const price = "function price(integer)";
    expect(lost({ [price]: ["app EXECUTE", "public EXECUTE"] }, { [price]: [] })).toEqual([
      "public: EXECUTE on function price",
    ]);
    const table = (columns: Catalog["relations"][string]["columns"], what: string[]): Catalog =>
      catalog({
        relations: { account: { oid: 1, kind: "r", columns, definition: "" } },
        privileges: { [account]: what },
      });
    const email = { number: 1, type: "text", notNull: false, default: null, fills: "" } as const;
    const gone = diffCatalogs(table({ email }, ["app SELECT (email)"]), table({}, []));
    expect(gone.map(({ kind }) => kind)).toEqual(["column-dropped"]);
    const all = Object.fromEntries(["a", "b", "c", "d"].map((name) => [`table ${name}`, ["app SELECT"]]));
    const none = Object.fromEntries(Object.keys(all).map((name) => [name, []]));
    expect(lost(all, none)).toEqual(["app: SELECT on table a, and on 3 objects more"]);
  });

  test("labels of an enum: added, renamed, gone", () => {
    const enums = (labels: [number, string][]) =>
      catalog({ enums: { mood: labels.map(([oid, label]) => ({ oid, label })) } });
    const old = enums([
      [1, "sad"],
      [2, "glad"],
    ]);
    const kinds = (after: Catalog) => diffCatalogs(old, after).map(({ kind, object }) => `${kind} ${object}`);
    expect(
      kinds(
        enums([
          [1, "sad"],
          [2, "glad"],
          [3, "mad"],
        ]),
      ),
    ).toEqual(["enum-value-added mad"]);
    expect(
      kinds(
        enums([
          [1, "low"],
          [2, "glad"],
        ]),
      ),
    ).toEqual(["enum-value-renamed sad"]);
    expect(kinds(enums([[2, "glad"]]))).toEqual(["enum-value-removed sad"]);
    // A type made anew has new ids; the code only sees the labels.
    expect(
      kinds(
        enums([
          [8, "sad"],
          [9, "glad"],
        ]),
      ),
    ).toEqual([]);
  });

  test("decides the phase", () => {
    expect(phaseOfChanges(diffCatalogs(before, account({ id, name, x: column(3) })))).toBe("expand");
    expect(phaseOfChanges(diffCatalogs(before, account({ id })))).toBe("contract");
  });
});

describe("types that hold what the others held", () => {
  test.each([
    ["character varying(10)", "text", true],
    ["character varying", "character varying(10)", false],
    ["text", "character varying(10)", false],
    ["numeric(10,2)", "numeric(12,2)", true],
    ["numeric(10,2)", "numeric(12,4)", false],
    ["numeric(10,2)", "numeric", true],
    ["timestamp(3) without time zone", "timestamp(6) without time zone", true],
    ["timestamp without time zone", "timestamp with time zone", false],
    ["integer", "text", false],
    ["integer[]", "bigint[]", false],
  ])("%s → %s: %s", (from, to, expected) => {
    expect(isWider(from, to)).toBe(expected);
  });
});

describe("there and back", () => {
  test("the same schema under other object ids and in another order of columns is the same", () => {
    const again = catalog({ relations: { account: table(77, { name: column(5, name), id: column(9, id) }) } });
    expect(differences(before, { ...again })).toEqual([]);
  });

  test("what is missing, left over or changed is told", () => {
    const other = catalog({ relations: { account: table(1, { id: column(1), extra: column(3) }), t2: table(2, {}) } });
    expect(differences(before, other)).toEqual([
      "column account.name is missing",
      "column account.extra is left over",
      "table t2 is left over",
      "column account.id is integer, not integer not null",
    ]);
  });
});
