/** The grammar: a documented subset of Kusto, parsed for real. What is outside of it is refused by name. */
import { KqlFault, notOffered } from "./fault.ts";
import { type Token, tokensOf } from "./tokens.ts";

export type Expression = { position: number } & (
  | { is: "literal"; type: "long" | "real" | "string" | "timespan" | "bool"; value: number | string | boolean }
  | { is: "name"; name: string }
  | { is: "member"; of: Expression; key: string }
  | { is: "call"; name: string; args: Expression[] }
  | { is: "operation"; sign: string; args: Expression[] }
);

/** An expression with the name its column gets: the given one, or Kusto's own choice. */
export interface Named {
  name: string;
  expression: Expression;
}

export type Operator =
  | { is: "where"; condition: Expression }
  | { is: "extend"; columns: Named[] }
  | { is: "project"; columns: Named[] }
  | { is: "summarize"; columns: Named[]; by: Named[] }
  | { is: "sort"; by: { expression: Expression; descending: boolean }[] }
  | { is: "take"; count: number }
  | { is: "count" };

export interface Query {
  lets: Named[];
  table: string;
  position: number;
  operators: Operator[];
}

export function parseQuery(text: string): Query {
  return new Parser(tokensOf(text)).query();
}

/** Binary operators by how tightly they bind, loosest first. */
const LEVELS: readonly (readonly string[])[] = [
  ["or"],
  ["and"],
  ["==", "!=", "=~", "!~", "<", ">", "<=", ">=", "in", "between", "has", "contains", "startswith", "endswith"],
  ["+", "-"],
  ["*", "/", "%"],
];

class Parser {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  query(): Query {
    const lets: Named[] = [];
    while (this.#takeName("let")) {
      const name = this.#name();
      this.#expect("=");
      lets.push({ name, expression: this.#expression() });
      this.#expect(";");
    }
    const { position } = this.#next;
    const table = this.#name();
    const operators: Operator[] = [];
    while (this.#take("|")) operators.push(this.#operator());
    this.#take(";");
    if (this.#next.kind !== "end") throw this.#unexpected();
    return { lets, table, position, operators };
  }

  #operator(): Operator {
    const { position } = this.#next;
    const name = this.#name();
    switch (name) {
      case "where":
      case "filter":
        return { is: "where", condition: this.#expression() };
      case "extend":
      case "project":
        return { is: name, columns: this.#columns() };
      case "summarize":
        return this.#summarize();
      case "order":
      case "sort":
        return this.#sort();
      case "take":
      case "limit":
        return { is: "take", count: this.#number() };
      case "count":
        return { is: "count" };
      default:
        throw notOffered(`the operator '${name}'`, position);
    }
  }

  #summarize(): Operator {
    const columns = this.#next.kind === "name" && this.#next.text === "by" ? [] : this.#columns();
    const by = this.#takeName("by") ? this.#columns() : [];
    return { is: "summarize", columns, by };
  }

  #sort(): Operator {
    if (!this.#takeName("by")) throw this.#unexpected();
    const by: { expression: Expression; descending: boolean }[] = [];
    do {
      const expression = this.#expression();
      const descending = !this.#takeName("asc");
      if (descending) this.#takeName("desc");
      by.push({ expression, descending });
    } while (this.#take(","));
    return { is: "sort", by };
  }

  #columns(): Named[] {
    const columns: Named[] = [];
    do {
      const [name, sign] = [this.#next, this.#tokens[this.#at + 1]];
      const isNamed = name.kind === "name" && sign?.kind === "sign" && sign.text === "=";
      if (isNamed) this.#at += 2;
      const expression = this.#expression();
      columns.push({ name: isNamed ? name.text : defaultName(expression, columns.length), expression });
    } while (this.#take(","));
    return columns;
  }

  #expression(level = 0): Expression {
    const signs = LEVELS[level];
    if (!signs) return this.#unary();
    let left = this.#expression(level + 1);
    for (;;) {
      const { position } = this.#next;
      const sign = this.#binary(signs);
      if (sign === undefined) return left;
      const args = /^!?(in~?|between)$/.test(sign) ? this.#range(sign) : [this.#expression(level + 1)];
      left = { is: "operation", sign, args: [left, ...args], position };
    }
  }

  #binary(signs: readonly string[]): string | undefined {
    const negated = this.#next.text === "!" && this.#tokens[this.#at + 1]?.kind === "name";
    const { kind, text } = negated ? (this.#tokens[this.#at + 1] ?? this.#next) : this.#next;
    if ((kind !== "name" && kind !== "sign") || !signs.includes(text)) return undefined;
    this.#at += negated ? 2 : 1;
    return negated ? `!${text}` : text;
  }

  /** `(a, b, c)` of `in`, `(a .. b)` of `between`. */
  #range(sign: string): Expression[] {
    this.#expect("(");
    const args = [this.#expression()];
    while (this.#take(sign.endsWith("between") ? ".." : ",")) args.push(this.#expression());
    this.#expect(")");
    return args;
  }

  #unary(): Expression {
    const { position } = this.#next;
    if (this.#take("-")) return { is: "operation", sign: "negate", args: [this.#unary()], position };
    if (this.#takeName("not")) {
      this.#expect("(");
      const inner = this.#expression();
      this.#expect(")");
      return { is: "operation", sign: "not", args: [inner], position };
    }
    return this.#members(this.#primary());
  }

  #members(base: Expression): Expression {
    let of = base;
    for (;;) {
      const { position } = this.#next;
      if (this.#take(".")) of = { is: "member", of, key: this.#name(), position };
      else if (this.#take("[")) {
        const key = this.#advance();
        if (key.kind !== "string") throw notOffered("an index that is no text", key.position);
        this.#expect("]");
        of = { is: "member", of, key: key.text, position };
      } else return of;
    }
  }

  #primary(): Expression {
    const token = this.#advance();
    const { position, text, value } = token;
    if (token.kind === "string") return { is: "literal", type: "string", value: text, position };
    if (token.kind === "timespan") return { is: "literal", type: "timespan", value, position };
    if (token.kind === "number") return { is: "literal", type: /[.e]/.test(text) ? "real" : "long", value, position };
    if (text === "(") {
      const inner = this.#expression();
      this.#expect(")");
      return inner;
    }
    if (token.kind !== "name") throw this.#unexpected(token);
    if (text === "true" || text === "false") return { is: "literal", type: "bool", value: text === "true", position };
    return this.#take("(") ? this.#call(text, position) : { is: "name", name: text, position };
  }

  #call(name: string, position: number): Expression {
    if (name === "datetime") return this.#dateLiteral(position);
    const args: Expression[] = [];
    if (this.#take(")")) return { is: "call", name, args, position };
    do args.push(this.#expression());
    while (this.#take(","));
    this.#expect(")");
    return { is: "call", name, args, position };
  }

  /** `datetime(2026-11-26T16:00:00Z)`: what stands between the brackets is no expression. */
  #dateLiteral(position: number): Expression {
    let text = "";
    while (this.#next.kind !== "end" && this.#next.text !== ")") text += this.#advance().text;
    this.#expect(")");
    const args: Expression[] = [{ is: "literal", type: "string", value: text, position }];
    return { is: "call", name: "todatetime", args, position };
  }

  get #next(): Token {
    return this.#tokens[this.#at] as Token;
  }

  #advance(): Token {
    const token = this.#next;
    if (token.kind === "end") throw this.#unexpected(token);
    this.#at += 1;
    return token;
  }

  #take(sign: string): boolean {
    if (this.#next.kind !== "sign" || this.#next.text !== sign) return false;
    this.#at += 1;
    return true;
  }

  #takeName(name: string): boolean {
    if (this.#next.kind !== "name" || this.#next.text !== name) return false;
    this.#at += 1;
    return true;
  }

  #expect(sign: string): void {
    if (!this.#take(sign)) throw this.#unexpected();
  }

  #name(): string {
    if (this.#next.kind !== "name") throw this.#unexpected();
    return this.#advance().text;
  }

  #number(): number {
    if (this.#next.kind !== "number") throw this.#unexpected();
    return this.#advance().value;
  }

  #unexpected(token: Token = this.#next): KqlFault {
    const found = token.kind === "end" ? "the end of the query" : `'${token.text}'`;
    return new KqlFault("SyntaxError", `Query could not be parsed at ${found}.`, token.position);
  }
}

/** Kusto's names of columns that were given none: `count_`, `sum_itemCount`, `timestamp` of `bin(timestamp, 1m)`. */
function defaultName(expression: Expression, index: number): string {
  if (expression.is === "name") return expression.name;
  if (expression.is === "member") return expression.key;
  if (expression.is !== "call") return `Column${index + 1}`;
  const [first] = expression.args;
  if (expression.name === "bin" && first) return defaultName(first, index);
  return `${expression.name}_${first?.is === "name" ? first.name : ""}`;
}
