/** One role's effect, as `Microsoft.Authorization/permissions` lists it. */
export interface Permission {
  readonly actions: readonly string[];
  readonly notActions: readonly string[];
}

/** Which of the actions no role allows. A role's own exclusions bind that role only. */
export function missingActions(needed: readonly string[], permissions: readonly Permission[]): string[] {
  const allows = ({ actions, notActions }: Permission, action: string): boolean =>
    actions.some((pattern) => matches(pattern, action)) && !notActions.some((pattern) => matches(pattern, action));
  return needed.filter((action) => !permissions.some((permission) => allows(permission, action)));
}

/** `*` stands for any text, slashes included; letter case does not matter. */
function matches(pattern: string, action: string): boolean {
  const parts = pattern.split("*").map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`, "i").test(action);
}
