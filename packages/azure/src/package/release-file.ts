/** The label of a release, a small file at the root of its package. */
import { fieldsOf, jsonOf, textOf } from "../decode.ts";
import { RELEASE_FILE } from "./manifest.ts";

export interface ReleaseFile {
  release: string;
  /** Full sha of the commit. */
  commit: string;
  /** `contentHash` of the package. */
  content: string;
  /** Head of the package's Alembic revisions, where it has any. */
  schemaHead: string | null;
}

export const RELEASE_FILE_SCHEMA = 1;

/** No time in it: the same release is the same bytes. */
export function encodeReleaseFile({ release, commit, content, schemaHead }: ReleaseFile): Buffer {
  return Buffer.from(
    `${JSON.stringify({ schema: RELEASE_FILE_SCHEMA, release, commit, content, "schema-head": schemaHead })}\n`,
  );
}

/** Undefined when the text is no release file that this version reads. */
export function decodeReleaseFile(text: string): ReleaseFile | undefined {
  const fields = fieldsOf(jsonOf(text));
  const release = textOf(fields.release);
  if (fields.schema !== RELEASE_FILE_SCHEMA || release === "") return undefined;
  const head = fields["schema-head"];
  return {
    release,
    commit: textOf(fields.commit),
    content: textOf(fields.content),
    schemaHead: typeof head === "string" ? head : null,
  };
}

export { RELEASE_FILE };
