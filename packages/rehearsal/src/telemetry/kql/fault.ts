/** What is wrong with a query, as the query services word it. */
export class KqlFault extends Error {
  /** `SyntaxError`: cannot be parsed; `SemanticError`: a name or a type does not fit, or is not offered here. */
  readonly kind: "SyntaxError" | "SemanticError";
  readonly position: number;
  constructor(kind: KqlFault["kind"], message: string, position = 0) {
    super(message);
    this.kind = kind;
    this.position = position;
  }
}

/** Valid Kusto that this cloud does not evaluate: said plainly, and never answered with a guess. */
export const notOffered = (what: string, position = 0): KqlFault =>
  new KqlFault("SemanticError", `The rehearsal cloud does not evaluate ${what}.`, position);
