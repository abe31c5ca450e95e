import type { ActionSpec, InputSpec } from "../spec.ts";

/** The tables of an action's README and reference page, from its spec. */
export function inputsTable({ inputs }: ActionSpec): string {
  const rows = Object.entries(inputs).map(([name, input]) => [
    code(name),
    kindWords(input),
    fallbackWords(input),
    input.doc,
  ]);
  return rows.length === 0 ? "None." : table(["input", "kind", "default", "what it is"], rows);
}

export function outputsTable({ allOutputs }: ActionSpec): string {
  const rows = Object.entries(allOutputs).map(([name, { doc }]) => [code(name), doc]);
  return table(["output", "what it is"], rows);
}

/** @param anchors whether each code gets an anchor of its own to link to. */
export function reasonsTable({ allReasons }: ActionSpec, { anchors = false } = {}): string {
  const rows = Object.entries(allReasons).map(([name, reason]) => [
    `${anchors ? `<a id="${name}"></a>` : ""}${code(name)}`,
    code(reason.decision),
    reason.fails === true ? "red" : "green",
    reason.doc,
    reason.fix ?? "",
  ]);
  return table(["reason", "decision", "step", "what it means", "what to do"], rows);
}

export function permissionsTable({ permissions }: ActionSpec): string {
  const rows = Object.entries(permissions).map(([name, { level, why, optional }]) => [
    code(`${name}: ${level}`),
    optional === true ? `${why.replace(/\.$/, "")}; not needed otherwise` : why,
  ]);
  return rows.length === 0 ? "None: `permissions: {}` is enough." : table(["permission", "why"], rows);
}

function kindWords(input: InputSpec): string {
  switch (input.kind) {
    case "choice":
      return input.options.map(code).join(", ");
    case "integer":
    case "number":
    case "duration":
      return [input.kind, range(input.min, input.max)].filter(Boolean).join(", ");
    default:
      return input.kind;
  }
}

function range(min: number | string | undefined, max: number | string | undefined): string {
  if (min !== undefined && max !== undefined) return `${min} to ${max}`;
  if (min !== undefined) return `at least ${min}`;
  return max === undefined ? "" : `at most ${max}`;
}

function fallbackWords({ required, default: fallback }: InputSpec): string {
  if (required === true) return "**required**";
  return fallback === undefined || fallback === "" ? "" : code(String(fallback));
}

function code(text: string): string {
  return `\`${text}\``;
}

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(" | ")} |`;
  return [line(heads), `| ${heads.map(() => "---").join(" | ")} |`, ...rows.map(line)].join("\n");
}

function cell(text: string): string {
  return text.replace(/\s+/g, " ").replaceAll("|", "\\|");
}
