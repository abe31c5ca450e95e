import { bodyOf, isNode, items, type Node, node, qualified, strings } from "./ast.ts";

/** A column's type: the catalog's name (`int4`, `varchar`, `timestamptz`, `my_schema.status`) and its modifiers. */
export interface TypeName {
  readonly name: string;
  /** `varchar(20)` → [20], `numeric(10,2)` → [10, 2]; empty without modifiers. */
  readonly modifiers: readonly number[];
  readonly isArray: boolean;
}

export function decodeType(raw: Node | undefined): TypeName {
  const parts = strings(items(raw, "names"));
  const modifiers = items(raw, "typmods").map((modifier) => numberOf(modifier));
  const name = qualified(parts.at(-2), parts.at(-1) ?? "");
  return { name, modifiers, isArray: items(raw, "arrayBounds").length > 0 };
}

function numberOf(raw: unknown): number {
  const value = node(bodyOf(raw, "A_Const"), "ival");
  const number = isNode(value) ? value.ival : undefined;
  return typeof number === "number" ? number : 0;
}

const SPELLING: Readonly<Record<string, string>> = {
  int2: "smallint",
  int4: "integer",
  int8: "bigint",
  bool: "boolean",
  float4: "real",
  float8: "double precision",
  bpchar: "char",
};

/** The type as people write it. */
export function spellType(type: TypeName): string {
  const name = SPELLING[type.name] ?? type.name;
  const modifiers = type.modifiers.length > 0 && type.name !== "interval" ? `(${type.modifiers.join(", ")})` : "";
  return `${name}${modifiers}${type.isArray ? "[]" : ""}`;
}

/** SERIAL and its sizes: not types but a sequence, a default and NOT NULL. */
export const isSerial = (type: TypeName): boolean => /^(small|big)?serial[248]?$/.test(type.name);

const BUILT_IN = new Set(
  `bool bytea char name int8 int2 int4 regproc text oid xml json jsonb point lseg path box polygon line float4 float8
   money macaddr macaddr8 inet cidr bpchar varchar date time timestamp timestamptz interval timetz bit varbit numeric uuid
   tsvector tsquery int4range int8range numrange tsrange tstzrange daterange int4multirange int8multirange nummultirange
   tsmultirange tstzmultirange datemultirange pg_lsn citext hstore ltree vector regclass`.split(/\s+/),
);

export const isBuiltIn = (type: TypeName): boolean => BUILT_IN.has(type.name) || isSerial(type);

export const sameType = (a: TypeName, b: TypeName): boolean =>
  a.name === b.name && a.isArray === b.isArray && a.modifiers.join() === b.modifiers.join();
