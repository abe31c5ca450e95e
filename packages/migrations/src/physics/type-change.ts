import { domainsOf, isConstrained, type Schema } from "../schema/schema.ts";
import { isBuiltIn, sameType, type TypeName } from "../sql/type-name.ts";

export interface TypeSettings {
  readonly schema: Schema;
  readonly isUtc: boolean;
  /** Major version of the server. */
  readonly version: number;
}

/** True when stored values stay valid as they are, so that changing from one type to the other writes nothing. */
export function keepsStorage(from: TypeName, to: TypeName, settings: TypeSettings): boolean {
  if (sameType(from, to)) return true;
  const source = baseOf(from, settings.schema);
  const targets = domainsOf(settings.schema, to);
  const [last] = targets.slice(-1);
  if (last !== undefined) return !targets.some(isConstrained) && keepsStorage(source, last.base, settings);
  if (source.isArray || to.isArray)
    return source.isArray && to.isArray && source.name === to.name && to.modifiers.length === 0;
  return source.name === to.name ? keepsModifiers(source, to) : isRelabelled(source, to, settings);
}

/** A domain's length or precision is not known to the cast that leaves it. */
const baseOf = (type: TypeName, schema: Schema): TypeName => {
  const [last] = domainsOf(schema, type).slice(-1);
  return last === undefined ? type : { ...last.base, modifiers: [] };
};

/** Microseconds: what a time type without a precision has. */
const FULL_PRECISION = 6;
/** INTERVAL_FULL_RANGE of PostgreSQL's timestamp.h: an interval without `YEAR TO MONTH` and the like. */
const FULL_RANGE = 32767;

function keepsModifiers(from: TypeName, to: TypeName): boolean {
  switch (from.name) {
    case "varchar":
    case "varbit":
      return isWider(from.modifiers[0], to.modifiers[0]);
    case "numeric":
      return to.modifiers.length === 0 || keepsNumeric(from, to);
    case "timestamp":
    case "timestamptz":
    case "time":
    case "timetz":
      return (to.modifiers[0] ?? FULL_PRECISION) >= Math.min(from.modifiers[0] ?? FULL_PRECISION, FULL_PRECISION);
    case "interval":
      return keepsInterval(from, to);
    case "bpchar":
    case "bit":
      return to.modifiers.length === 0;
    default:
      return to.modifiers.length === 0 && isBuiltIn(to);
  }
}

const isWider = (from: number | undefined, to: number | undefined): boolean =>
  to === undefined || (from !== undefined && to >= from);

function keepsNumeric(from: TypeName, to: TypeName): boolean {
  const [oldPrecision, oldScale = 0] = from.modifiers;
  const [precision = 0, scale = 0] = to.modifiers;
  return oldPrecision !== undefined && precision >= oldPrecision && scale === oldScale;
}

function keepsInterval(from: TypeName, to: TypeName): boolean {
  const [oldRange = FULL_RANGE, oldPrecision = FULL_PRECISION] = from.modifiers;
  const [range = FULL_RANGE, precision = FULL_PRECISION] = to.modifiers;
  return finestField(range) <= finestField(oldRange) && precision >= oldPrecision;
}

/** Bits that stand for the fields of an interval (datetime.h), from the finest to the coarsest. */
const INTERVAL_FIELDS = [12, 11, 10, 3, 1, 2];

const finestField = (range: number): number => INTERVAL_FIELDS.findIndex((bit) => (range & (1 << bit)) !== 0);

const TEXTS = new Set(["text", "varchar", "citext"]);
const OBJECT_IDS = new Set([
  "oid",
  "regclass",
  "regproc",
  "regprocedure",
  "regtype",
  "regoper",
  "regrole",
  "regnamespace",
]);

/** Casts that pg_cast marks as binary-coercible, and the two that only look at the time zone. */
function isRelabelled(from: TypeName, to: TypeName, settings: TypeSettings): boolean {
  if (TEXTS.has(from.name) && TEXTS.has(to.name)) return to.modifiers.length === 0 || keepsVarchar(from, to);
  if (from.name === "xml") return (to.name === "text" || to.name === "varchar") && to.modifiers.length === 0;
  if (TEXTS.has(from.name) && to.name === "bpchar") return from.name !== "citext" && to.modifiers.length === 0;
  if (from.name === "cidr") return to.name === "inet";
  if (from.name === "bit") return to.name === "varbit" && to.modifiers.length === 0;
  if (from.name === "int4" || OBJECT_IDS.has(from.name))
    return OBJECT_IDS.has(to.name) || (to.name === "int4" && from.name !== "int4");
  if (isZonePair(from, to))
    return settings.isUtc && settings.version >= 12 && (to.modifiers[0] ?? FULL_PRECISION) >= FULL_PRECISION;
  return false;
}

const keepsVarchar = (from: TypeName, to: TypeName): boolean =>
  from.name === "varchar" && isWider(from.modifiers[0], to.modifiers[0]);

/** timestamp and timestamptz, either way round: the bytes are equal when the session's time zone is UTC. */
export const isZonePair = (from: TypeName | undefined, to: TypeName | undefined): boolean => {
  const names = [from?.name, to?.name].sort();
  return names[0] === "timestamp" && names[1] === "timestamptz";
};

const OPERATOR_CLASS: Readonly<Record<string, string>> = { varchar: "text", cidr: "inet" };

/** An index survives a type change that writes nothing if its values still sort alike. */
export const sortsAlike = (from: TypeName, to: TypeName, schema: Schema): boolean =>
  classOf(from, schema) === classOf(to, schema);

const classOf = (type: TypeName, schema: Schema): string => {
  const { name } = baseOf(type, schema);
  return OPERATOR_CLASS[name] ?? name;
};
