import { type Readable, Transform } from "node:stream";

/** The content of the first part of a `multipart/form-data` body, as a stream. */
export function filePart(body: Readable, boundary: string): Readable {
  return body.pipe(new PartOf(boundary)).on("error", () => body.destroy());
}

class PartOf extends Transform {
  readonly #end: Buffer;
  #held: Buffer = Buffer.alloc(0);
  #place: "headers" | "content" | "after" = "headers";

  constructor(boundary: string) {
    super();
    this.#end = Buffer.from(`\r\n--${boundary}`);
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    if (this.#place !== "after") this.#held = Buffer.concat([this.#held, chunk]);
    if (this.#place === "headers") this.#skipHeaders();
    if (this.#place === "content") this.#passContent();
    done();
  }

  override _flush(done: (error?: Error) => void): void {
    done(this.#place === "after" ? undefined : new Error("The multipart body ended too early."));
  }

  #skipHeaders(): void {
    const at = this.#held.indexOf("\r\n\r\n");
    if (at < 0) return;
    this.#held = this.#held.subarray(at + 4);
    this.#place = "content";
  }

  /** Holds back as many bytes as the closing boundary has: they may be its beginning. */
  #passContent(): void {
    const at = this.#held.indexOf(this.#end);
    const upTo = at < 0 ? Math.max(0, this.#held.length - this.#end.length) : at;
    if (upTo > 0) this.push(this.#held.subarray(0, upTo));
    this.#held = this.#held.subarray(upTo);
    if (at >= 0) this.#place = "after";
  }
}
