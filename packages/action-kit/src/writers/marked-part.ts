/**
 * Replaces what stands between `<!-- begin name -->` and `<!-- end name -->`.
 * @throws RangeError when the markers are missing.
 */
export function replaceMarked(text: string, name: string, content: string): string {
  const begin = `<!-- begin ${name} -->`;
  const end = `<!-- end ${name} -->`;
  const from = text.indexOf(begin);
  const to = text.indexOf(end);
  if (from < 0 || to < from) throw new RangeError(`the markers ${begin} and ${end} are missing`);
  return `${text.slice(0, from + begin.length)}\n\n${content}\n\n${text.slice(to)}`;
}
