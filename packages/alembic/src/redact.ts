/**
 * Hides secrets in text from outside before it is printed or thrown. The runner masks what was registered with it, but
 * only in its own log; an error in a result, a summary or a local run must be clean by itself.
 */
export function redactor(secrets: readonly string[]): (text: string) => string {
  const forms = [...new Set(secrets.flatMap(formsOf))].filter((form) => form.length >= 4);
  forms.sort((a, b) => b.length - a.length);
  return (text) => forms.reduce((clean, form) => clean.replaceAll(form, "***"), text);
}

function formsOf(secret: string): string[] {
  const base64 = Buffer.from(secret, "utf8").toString("base64");
  return [
    secret,
    encodeURIComponent(secret),
    encodeURIComponent(secret).replaceAll("%20", "+"),
    JSON.stringify(secret).slice(1, -1),
    secret.replaceAll("'", "''"),
    secret.replaceAll("%", "%%"),
    secret.replaceAll("'", "\\'"),
    base64,
    base64.replace(/=+$/, ""),
  ];
}
