/** Decoders for what GitHub sends. */

export function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  // Any object may be read by its keys; each value stays unknown.
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

export function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** @throws TypeError when GitHub's answer has no such number: its API has changed. */
export function idOf(value: unknown): number {
  const { id } = fieldsOf(value);
  if (typeof id !== "number") throw new TypeError("GitHub's answer carries no id");
  return id;
}

/** GitHub refuses longer texts; cut at whole characters, with an ellipsis. */
export function cutText(text: string, limit: number): string {
  const characters = [...text];
  return characters.length <= limit ? text : `${characters.slice(0, limit - 1).join("")}…`;
}
