/** The blocks of a page that a reader runs, in order. */
import { readFileSync } from "node:fs";

export interface Block {
  /** Line of the page that the block begins at. */
  readonly line: number;
  readonly heading: string;
  readonly language: string;
  readonly text: string;
  /** Why it is not run: said in a comment right above it. */
  readonly notRun: string | undefined;
}

const PARTS =
  /^(?<hashes>#+) (?<heading>.+)$|(?:<!-- not run: (?<why>[^\n]*?) -->\n\n)?^```(?<language>\w*)\n(?<text>[\s\S]*?)^```$/gm;

export function blocksOf(path: string): Block[] {
  const page = readFileSync(path, "utf8");
  const blocks: Block[] = [];
  let heading = "";
  for (const match of page.matchAll(PARTS)) {
    const { heading: title, why, language, text } = match.groups ?? {};
    if (title !== undefined) heading = title;
    if (text === undefined) continue;
    const line = page.slice(0, match.index).split("\n").length;
    blocks.push({ line, heading, language: language ?? "", text, notRun: why });
  }
  return blocks;
}
