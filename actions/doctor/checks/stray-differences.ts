/** Names that differ between two sets of settings and are not kept in place by `sticky`, sorted. */
export function strayDifferences(
  here: Readonly<Record<string, unknown>>,
  there: Readonly<Record<string, unknown>>,
  sticky: readonly string[],
): string[] {
  const names = new Set([...Object.keys(here), ...Object.keys(there)]);
  const differ = (name: string): boolean => JSON.stringify(here[name]) !== JSON.stringify(there[name]);
  return [...names].filter((name) => differ(name) && !sticky.includes(name)).sort();
}
