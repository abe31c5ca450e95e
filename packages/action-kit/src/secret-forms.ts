/**
 * Every form in which a secret may show up in a log. The runner masks exact matches only, so each form has to be
 * registered by itself. Forms shorter than four characters would blank out half the log and are left out.
 */
export function secretForms(secret: string): string[] {
  const escaped = JSON.stringify(secret).slice(1, -1);
  const lines = secret.includes("\n") ? secret.split(/\r?\n/) : [];
  const forms = [
    secret,
    ...lines,
    escaped,
    encodeURIComponent(secret),
    formEncoded(secret),
    ...base64Forms(secret),
    ...passwordForms(secret),
  ];
  return [...new Set(forms.map((form) => form.trim()))].filter((form) => form.length >= 4);
}

function formEncoded(secret: string): string {
  return new URLSearchParams({ v: secret }).toString().slice(2);
}

function base64Forms(secret: string): string[] {
  const bytes = Buffer.from(secret, "utf8");
  return [bytes.toString("base64"), bytes.toString("base64").replace(/=+$/, ""), bytes.toString("base64url")];
}

/** The password inside an address is a secret of its own: clients print it without the rest. */
function passwordForms(secret: string): string[] {
  const password = URL.canParse(secret) ? new URL(secret).password : "";
  return password === "" ? [] : [password, decoded(password)];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
