import { closest, type InputSpec, type InputSpecs, readInput } from "@augeo/action-kit";
import { UsageError } from "@augeo/release";
import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, type YAMLMap } from "yaml";
import { environmentKeys, environmentName, sharedKeys } from "./declaration.ts";
import { type EnvironmentSettings, environmentOf, type Settings } from "./settings.ts";

interface Fault {
  readonly line: number;
  readonly text: string;
}

/** Reads one file: what is wrong is gathered with its line, so that all of it can be said at once. */
class Reader {
  readonly faults: Fault[] = [];
  readonly #document: Document;
  readonly #lines: LineCounter;

  constructor(document: Document, lines: LineCounter) {
    this.#document = document;
    this.#lines = lines;
  }

  fault(offset: number | undefined, text: string): void {
    this.faults.push({ line: this.#lines.linePos(offset ?? 0).line, text });
  }

  /** What a node stands for: an alias (`*name`) for what its anchor holds. */
  resolve(node: unknown): unknown {
    return isAlias(node) ? node.resolve(this.#document) : node;
  }

  /** The values of a mapping's declared keys; `further` names keys that are read elsewhere. */
  values(map: YAMLMap, keys: InputSpecs, further: readonly string[] = []): Record<string, unknown> {
    const values: Record<string, unknown> = {};
    const known = [...Object.keys(keys), ...further];
    for (const { key } of map.items) {
      const name = textOf(key);
      if (!known.includes(name)) this.fault(offsetOf(key), unknownKey(name, known));
    }
    for (const [name, spec] of Object.entries(keys)) values[name] = this.#value(map, name, spec);
    return values;
  }

  #value(map: YAMLMap, name: string, spec: InputSpec): unknown {
    const pair = map.items.find(({ key }) => textOf(key) === name);
    const node = this.resolve(pair?.value);
    const isEmpty = isScalar(node) && (node.value === null || node.value === "");
    if (spec.required === true && (pair === undefined || isEmpty)) {
      this.fault(offsetOf(pair?.key) ?? map.range?.[0], `${name} is missing: ${spec.doc.replace(/\.$/, "")}`);
      return undefined;
    }
    if (pair === undefined) return defaultOf(spec);
    const isList = spec.kind === "lines" && isSeq(node) && node.items.length > 0;
    const items = isList
      ? node.items.map((item) => this.#text(name, spec, item))
      : [this.#text(name, spec, pair.value)];
    return spec.kind === "lines" ? items : items[0];
  }

  /** One text, by the same rules as the schema's: a value of another type is named, not turned into text. */
  #text(name: string, spec: InputSpec, at: unknown): unknown {
    const node = this.resolve(at);
    const value = isScalar(node) ? node.value : undefined;
    const refuse = (what: string) => this.fault(offsetOf(at), `${name} ${what}`);
    if (typeof value !== "string" || value === "") return refuse(notText(node, spec));
    const reading = readInput(spec.kind === "lines" ? { ...spec, kind: "string" } : spec, value, "/");
    // An input takes a choice in any letter case; an editor that completes from the schema does not.
    if ("value" in reading && (spec.kind !== "choice" || reading.value === value)) return reading.value;
    const allowed = "allowed" in reading ? reading.allowed : `${reading.value}`;
    return refuse(`is ${JSON.stringify(value)}; allowed is ${allowed}`);
  }
}

function defaultOf(spec: InputSpec): unknown {
  if (spec.default === undefined) return undefined;
  const reading = readInput(spec, String(spec.default), "/");
  return "value" in reading ? reading.value : undefined;
}

function notText(node: unknown, spec: InputSpec): string {
  const value = isScalar(node) ? node.value : undefined;
  if (typeof value === "number" || typeof value === "boolean")
    return `is the ${typeof value} ${value}; allowed is a text, which quotes make of it: "${value}"`;
  if (isMap(node)) return "is a mapping of keys to values; allowed is one value";
  if (isSeq(node)) return `is a list${node.items.length === 0 ? " of nothing" : ""}; allowed is one value`;
  return spec.default === undefined
    ? "is empty; leave it out"
    : `is empty; leave it out for ${String(spec.default).replaceAll("\n", " and ")}`;
}

/**
 * The settings in a file's text.
 * @throws UsageError that names every fault with its line, and for a mistyped key the one that was probably meant.
 */
export function readSettings(text: string, file?: string): Settings {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const reader = new Reader(document, lines);
  for (const { pos, message } of document.errors) reader.fault(pos[0], message);
  const root = document.contents;
  if (reader.faults.length > 0) throw refusal(file, reader.faults);
  if (!isMap(root))
    throw refusal(file, [
      { line: 1, text: "it is no mapping of keys to values, as npx @augeo/deploy init writes one" },
    ]);
  const shared = reader.values(root, sharedKeys, ["environments"]);
  const environments = readEnvironments(reader, root);
  for (const text of sharedApps(environments)) reader.fault(root.range?.[0], text);
  if (reader.faults.length > 0) throw refusal(file, reader.faults);
  // Every key was filled with the value that its own declaration describes.
  return { ...(shared as Omit<Settings, "environments">), environments };
}

function readEnvironments(reader: Reader, root: YAMLMap): EnvironmentSettings[] {
  const map = reader.resolve(root.get("environments", true));
  if (!isMap(map) || map.items.length === 0) {
    reader.fault(offsetOf(map) ?? root.range?.[0], "environments is missing: name at least one, with its app");
    return [];
  }
  return map.items.flatMap(({ key, value: at }) => {
    const name = textOf(key);
    const value = reader.resolve(at);
    const reading = readInput(environmentName, name, "/");
    if (!("value" in reading))
      reader.fault(offsetOf(key), `the environment ${JSON.stringify(name)}: allowed are ${reading.allowed}`);
    if (isMap(value))
      return [environmentOf(name, reader.values(value, environmentKeys) as Parameters<typeof environmentOf>[1])];
    reader.fault(offsetOf(key), `the environment ${name} names no app`);
    return [];
  });
}

/** Locks are held for an app and environment: two environments of one app would swap it at once. */
function sharedApps(environments: readonly EnvironmentSettings[]): string[] {
  const first = new Map<string, string>();
  return environments.flatMap(({ name, app }) => {
    if (app === undefined) return [];
    const other = first.get(app.toLowerCase());
    first.set(app.toLowerCase(), other ?? name);
    return other === undefined ? [] : [`${other} and ${name} have one app, ${app}: each environment needs its own`];
  });
}

function unknownKey(name: string, known: readonly string[]): string {
  const meant = closest(name, known);
  return meant === undefined
    ? `${name} is no key; keys are ${known.join(", ")}`
    : `${name} is no key; did you mean ${meant}?`;
}

/** A key as it is written: the environment `1.10` is not `1.1`. */
function textOf(key: unknown): string {
  return isScalar(key) ? (key.source ?? String(key.value)) : String(key);
}

function offsetOf(node: unknown): number | undefined {
  const range: unknown = typeof node === "object" && node !== null ? Reflect.get(node, "range") : undefined;
  return Array.isArray(range) && typeof range[0] === "number" ? range[0] : undefined;
}

/** Without a file the values came as flags or answers, where a line says nothing. */
function refusal(file: string | undefined, faults: readonly Fault[]): UsageError {
  const listed = [...faults]
    .sort((a, b) => a.line - b.line)
    .map(({ line, text }) => ({ at: file === undefined ? "" : `${file}:${line}: `, text }))
    .map(({ at, text }) => (text.endsWith("?") ? `${at}${text}` : `${at}${text}.`));
  const count = faults.length === 1 ? "one fault" : `${faults.length} faults`;
  return new UsageError({
    what: file === undefined ? `The settings have ${count}.` : `${file} cannot be used: ${count}.`,
    why: listed.join("\n"),
    fix:
      file === undefined
        ? "give each as a flag, such as --repository owner/name, or be asked: at a terminal, without --yes."
        : "mend what is named above; an editor with YAML support shows the same from the file's schema.",
  });
}
