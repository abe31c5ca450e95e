/** Reads GITHUB_OUTPUT and GITHUB_STATE as the runner does: `name=value` and `name<<delimiter` blocks; the last one wins. */
export function readKeyValues(text: string): Record<string, string> {
  const values: Record<string, string> = {};
  const lines = text.split("\n");
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index] ?? "";
    const block = /^([^=]+?)<<(.+)$/.exec(line);
    if (block === null) {
      const [name, ...rest] = line.split("=");
      if (line !== "" && name !== undefined) values[name] = rest.join("=");
      continue;
    }
    const [, name = "", delimiter = ""] = block;
    const end = lines.indexOf(delimiter, index + 1);
    if (end < 0) throw new Error(`no end of the block ${name}`);
    values[name] = lines.slice(index + 1, end).join("\n");
    index = end;
  }
  return values;
}
