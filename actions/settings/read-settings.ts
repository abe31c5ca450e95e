import { closest, type InputSpec, type InputSpecs, readInput } from "@augeo/action-kit";
import { UsageError } from "@augeo/release";
import { isMap, isScalar, isSeq, LineCounter, parseDocument, type YAMLMap } from "yaml";
import { environmentKeys, environmentName, sharedKeys } from "./declaration.ts";
import { type EnvironmentSettings, environmentOf, type Settings } from "./settings.ts";

interface Fault {
  readonly line: number;
  readonly text: string;
}

/** Reads one file: what is wrong is gathered with its line, so that all of it can be said at once. */
class Reader {
  readonly faults: Fault[] = [];
  readonly #lines: LineCounter;

  constructor(lines: LineCounter) {
    this.#lines = lines;
  }

  fault(offset: number | undefined, text: string): void {
    this.faults.push({ line: this.#lines.linePos(offset ?? 0).line, text });
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
    const raw = rawOf(pair?.value);
    if (raw === "") {
      if (spec.required === true)
        this.fault(offsetOf(pair?.key) ?? map.range?.[0], `${name} is missing: ${spec.doc.replace(/\.$/, "")}`);
      const fallback = spec.default === undefined ? "" : String(spec.default);
      return fallback === "" ? undefined : this.#read(name, spec, fallback, undefined);
    }
    return this.#read(name, spec, raw, offsetOf(pair?.value));
  }

  #read(name: string, spec: InputSpec, raw: string, offset: number | undefined): unknown {
    const reading = readInput(spec, raw, "/");
    if ("value" in reading) return reading.value;
    this.fault(offset, `${name} is ${JSON.stringify(raw)}; allowed is ${reading.allowed}`);
    return undefined;
  }
}

/**
 * The settings in a file's text.
 * @throws UsageError that names every fault with its line, and for a mistyped key the one that was probably meant.
 */
export function readSettings(text: string, file?: string): Settings {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const reader = new Reader(lines);
  for (const { pos, message } of document.errors) reader.fault(pos[0], message);
  const root = document.contents;
  if (reader.faults.length > 0) throw refusal(file, reader.faults);
  if (!isMap(root)) throw refusal(file, [{ line: 1, text: "it is no mapping of keys to values" }]);
  const shared = reader.values(root, sharedKeys, ["environments"]);
  const environments = readEnvironments(reader, root);
  if (reader.faults.length > 0) throw refusal(file, reader.faults);
  // Every key was filled with the value that its own declaration describes.
  return { ...(shared as Omit<Settings, "environments">), environments };
}

function readEnvironments(reader: Reader, root: YAMLMap): EnvironmentSettings[] {
  const map = root.get("environments", true);
  if (!isMap(map) || map.items.length === 0) {
    reader.fault(offsetOf(map) ?? root.range?.[0], "environments is missing: name at least one, with its app");
    return [];
  }
  return map.items.flatMap(({ key, value }) => {
    const name = textOf(key);
    const reading = readInput(environmentName, name, "/");
    if (!("value" in reading))
      reader.fault(offsetOf(key), `the environment ${JSON.stringify(name)}: allowed are ${reading.allowed}`);
    if (isMap(value))
      return [environmentOf(name, reader.values(value, environmentKeys) as Parameters<typeof environmentOf>[1])];
    reader.fault(offsetOf(key), `the environment ${name} names no app`);
    return [];
  });
}

function unknownKey(name: string, known: readonly string[]): string {
  const meant = closest(name, known);
  return meant === undefined
    ? `${name} is no key; keys are ${known.join(", ")}`
    : `${name} is no key; did you mean ${meant}?`;
}

function rawOf(value: unknown): string {
  if (isScalar(value)) return value.value === null ? "" : String(value.value);
  if (isSeq(value)) return value.items.map(rawOf).join("\n");
  return value === undefined || value === null ? "" : String(value);
}

function textOf(key: unknown): string {
  return isScalar(key) ? String(key.value) : String(key);
}

function offsetOf(node: unknown): number | undefined {
  const range: unknown = typeof node === "object" && node !== null ? Reflect.get(node, "range") : undefined;
  return Array.isArray(range) && typeof range[0] === "number" ? range[0] : undefined;
}

/** Without a file the values came as flags or answers, where a line says nothing. */
function refusal(file: string | undefined, faults: readonly Fault[]): UsageError {
  const listed = [...faults]
    .sort((a, b) => a.line - b.line)
    .map(({ line, text }) => (file === undefined ? `${text}.` : `${file}:${line}: ${text}.`));
  const count = faults.length === 1 ? "one fault" : `${faults.length} faults`;
  return new UsageError({
    what: file === undefined ? `The settings have ${count}.` : `${file} cannot be used: ${count}.`,
    why: listed.join("\n"),
    fix:
      file === undefined
        ? "give each as a flag, such as --repository owner/name, or leave out --yes to be asked."
        : "mend what is named above; an editor with YAML support shows the same from the file's schema.",
  });
}
