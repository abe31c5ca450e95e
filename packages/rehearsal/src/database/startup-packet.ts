/** The first packets of PostgreSQL's protocol 3.0, as far as a door has to read them. */
import type { Socket } from "node:net";

const SSL_REQUEST = 80877103;
const LONGEST = 10_000;

export interface Startup {
  readonly kind: "ssl-request" | "startup" | "other";
  /** As received, to be passed on. */
  readonly bytes: Buffer;
  readonly user: string;
  readonly database: string;
}

/** Reads one packet that begins with its length; rejects when the client goes away or sends something else. */
export async function readPacket(socket: Socket): Promise<Startup> {
  const length = (await take(socket, 4)).readInt32BE();
  if (length < 8 || length > LONGEST) throw new Error("This is no PostgreSQL client.");
  const rest = await take(socket, length - 4);
  const head = Buffer.alloc(4);
  head.writeInt32BE(length);
  const code = rest.readInt32BE();
  const bytes = Buffer.concat([head, rest]);
  if (code === SSL_REQUEST) return { kind: "ssl-request", bytes, user: "", database: "" };
  if (code >> 16 !== 3) return { kind: "other", bytes, user: "", database: "" };
  const words = rest.subarray(4).toString("utf8").split("\0");
  const value = (name: string) => words[words.indexOf(name) + 1] ?? "";
  const user = value("user");
  return { kind: "startup", bytes, user, database: words.includes("database") ? value("database") : user };
}

async function take(socket: Socket, count: number): Promise<Buffer> {
  for (;;) {
    const chunk: unknown = socket.read(count);
    if (Buffer.isBuffer(chunk)) return chunk;
    if (socket.readableEnded || socket.destroyed) throw new Error("The client went away.");
    await new Promise<void>((resolve) => {
      const done = () => {
        for (const event of ["readable", "end", "close", "error"]) socket.off(event, done);
        resolve();
      };
      for (const event of ["readable", "end", "close", "error"]) socket.once(event, done);
    });
  }
}

/** An ErrorResponse that ends the connection: severity, SQLSTATE and message. */
export function fatal(sqlstate: string, message: string): Buffer {
  const fields = `SFATAL\0VFATAL\0C${sqlstate}\0M${message}\0Fauth.c\0L543\0RClientAuthentication\0\0`;
  const body = Buffer.from(fields, "utf8");
  const head = Buffer.alloc(5);
  head.write("E");
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}
