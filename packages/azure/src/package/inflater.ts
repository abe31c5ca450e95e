/** Decompresses one entry after the other with one decompressor, so that thousands of entries leave no state behind. */
import zlib from "node:zlib";

/** Bytes of an output buffer. */
const OUTPUT_CHUNK = 64 * 1024;

export class Inflater {
  readonly #stream = zlib.createInflateRaw({ chunkSize: OUTPUT_CHUNK });
  #take: (chunk: Buffer) => void = () => undefined;
  #failed: Error | undefined;

  constructor() {
    this.#stream.on("data", (chunk: Buffer) => {
      this.#take(chunk);
      release(chunk);
    });
    // Said by the write that it belongs to.
    this.#stream.on("error", (error) => {
      this.#failed = error;
    });
  }

  /** Hands the content on piece by piece. An input piece may be overwritten once the next is asked for. Rejects for what is no deflate data. */
  async inflate(pieces: Iterable<Buffer>, take: (chunk: Buffer) => void): Promise<void> {
    this.#take = take;
    for (const piece of pieces) await this.#write(piece);
    this.#stream.reset();
  }

  #write(piece: Buffer): Promise<void> {
    return new Promise((resolve, reject) => {
      // With more input than the data has, the stream ends without calling back.
      const onEnd = () => reject(new Error("data after its end"));
      this.#stream.once("end", onEnd);
      this.#stream.write(piece, (error) => {
        this.#stream.off("end", onEnd);
        if (error ?? this.#failed) reject(error ?? this.#failed);
        else resolve();
      });
    });
  }

  close(): void {
    this.#stream.destroy();
  }
}

/**
 * Gives an output buffer back at once when its end was reached, as the stream then takes a new one: left to the
 * collector, some 40 MB of them would lie about.
 */
function release({ buffer, byteOffset, length }: Buffer): void {
  const isFull = buffer.byteLength === OUTPUT_CHUNK && byteOffset + length === OUTPUT_CHUNK;
  if (isFull && buffer instanceof ArrayBuffer) buffer.transfer(0);
}
