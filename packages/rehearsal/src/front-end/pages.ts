import type { Reply } from "../http.ts";

function page(status: number, title: string, text: string): Reply {
  const body = `<!DOCTYPE html>\n<html><head><title>${title}</title></head><body><h1>${title}</h1><p>${text}</p></body></html>\n`;
  return { status, headers: { "content-type": "text/html; charset=utf-8" }, body: Buffer.from(body) };
}

/** What the platform itself answers when no app does. */
export const pages = {
  default: () => page(200, "Your web app is running and waiting for your content", "Nothing is deployed here yet."),
  disabled: () =>
    page(
      403,
      "Error 403 - This web app is stopped.",
      "Site Disabled. The web app you have attempted to reach is stopped.",
    ),
  notFound: () => page(404, "404 Web Site not found.", "The slot this browser was routed to no longer exists."),
  starting: () => page(503, "503 Service Unavailable", "The container of this app is starting. Try again later."),
  failed: () => page(503, ":( Application Error", "The container of this app could not be started."),
  badGateway: () => page(502, "502 - Bad Gateway", "The app closed the connection before it answered."),
  timedOut: () =>
    page(500, "500 - The request timed out.", "The web server failed to respond within the specified time."),
  answered: (status: number) => page(status, `Error ${status}`, "The app was told to fail."),
};
