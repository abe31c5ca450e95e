/** Small strict decoders: from unknown to ours, or an error that names the place and what was there instead. */

/** Thrown by decoders; `path` is where in the document, `rollout.intent.op`. */
export class Undecodable extends Error {
  override readonly name = "Undecodable";
  readonly path: string;
  constructor(path: string, expected: string, found: unknown) {
    super(`${path === "" ? "the document" : path} should be ${expected}, and is ${describe(found)}`);
    this.path = path;
  }
}

export type Decoder<T> = (value: unknown, path: string) => T;

function describe(value: unknown): string {
  if (value === undefined) return "missing";
  if (value === null) return "null";
  const text = JSON.stringify(value) ?? typeof value;
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}

export const text: Decoder<string> = (value, path) => {
  if (typeof value !== "string") throw new Undecodable(path, "text", value);
  return value;
};

export const flag: Decoder<boolean> = (value, path) => {
  if (typeof value !== "boolean") throw new Undecodable(path, "true or false", value);
  return value;
};

export const finite: Decoder<number> = (value, path) => {
  if (typeof value !== "number" || !Number.isFinite(value)) throw new Undecodable(path, "a number", value);
  return value;
};

/** A whole number from 0. */
export const count: Decoder<number> = (value, path) => {
  if (typeof value !== "number" || !Number.isSafeInteger(value) || value < 0)
    throw new Undecodable(path, "a whole number from 0", value);
  return value;
};

export const nullable =
  <T>(decoder: Decoder<T>): Decoder<T | null> =>
  (value, path) =>
    value === null ? null : decoder(value, path);

/** For a field that ledgers of earlier versions do not have. */
export const withDefault =
  <T>(decoder: Decoder<T>, fallback: T): Decoder<T> =>
  (value, path) =>
    value === undefined ? fallback : decoder(value, path);

export const oneOf =
  <const T extends string>(options: readonly T[]): Decoder<T> =>
  (value, path) => {
    const found = options.find((option) => option === value);
    if (found === undefined) throw new Undecodable(path, `one of ${options.join(", ")}`, value);
    return found;
  };

export const list =
  <T>(decoder: Decoder<T>): Decoder<T[]> =>
  (value, path) => {
    if (!Array.isArray(value)) throw new Undecodable(path, "a list", value);
    return value.map((item: unknown, index) => decoder(item, `${path}[${index}]`));
  };

/** Every field is required, none besides them is allowed: what is not understood must not be thrown away by the next write. */
export const record =
  <T extends object>(fields: { [K in keyof T]-?: Decoder<T[K]> }): Decoder<T> =>
  (value, path) => {
    const source = asObject(value, path);
    const unknown = Object.keys(source).find((key) => !Object.hasOwn(fields, key));
    if (unknown !== undefined) throw new Undecodable(join(path, unknown), "absent", source[unknown]);
    const decoded: Partial<T> = {};
    for (const key of Object.keys(fields) as (keyof T & string)[])
      decoded[key] = fields[key](source[key], join(path, key));
    return decoded as T;
  };

export const dictionary =
  <T>(decoder: Decoder<T>): Decoder<Record<string, T>> =>
  (value, path) =>
    Object.fromEntries(
      Object.entries(asObject(value, path)).map(([key, item]) => [key, decoder(item, join(path, key))]),
    );

export function asObject(value: unknown, path: string): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new Undecodable(path, "an object", value);
  return value as Record<string, unknown>;
}

const join = (path: string, key: string) => (path === "" ? key : `${path}.${key}`);
