import { type Routine, splitStatements } from "@augeo/migrations";
import { evaluateArray, evaluateText, UNKNOWN } from "./evaluate-text.ts";
import { at, firstStatement, listOf, type ParseSync, property, stringOf } from "./parse-sql.ts";

const NOTHING: Routine = { inner: [], hidden: 0 };

/** A body may have this many characters, and this many statements, before the rest of it is left unread. */
const MAX_BODY = 1_000_000;
const MAX_INNER = 1000;

/** What a DO block runs, or what CREATE FUNCTION makes to be run later; `undefined` for any other statement. */
export function readRoutine(ast: unknown, parse: ParseSync): Routine | undefined {
  const block = property(ast, "DoStmt");
  if (block !== undefined) {
    const options = listOf(property(block, "args"));
    const body = stringOf(at(option(options, "as"), "String", "sval"));
    return readBody(stringOf(at(option(options, "language"), "String", "sval")) ?? "plpgsql", body, parse);
  }
  const made = property(ast, "CreateFunctionStmt");
  if (made === undefined) return undefined;
  const options = listOf(property(made, "options"));
  const written = listOf(at(option(options, "as"), "List", "items"));
  const language = stringOf(at(option(options, "language"), "String", "sval")) ?? "sql";
  const standard = property(made, "sql_body");
  if (standard !== undefined) return { inner: standardBody(standard), hidden: 0 };
  return readBody(language, stringOf(at(written[0], "String", "sval")), parse);
}

const option = (options: readonly unknown[], name: string): unknown =>
  at(
    options.find((one) => at(one, "DefElem", "defname") === name),
    "DefElem",
    "arg",
  );

/** `RETURN expression`, or the statements between BEGIN ATOMIC and END. */
function standardBody(body: unknown): unknown[] {
  const returned = at(body, "ReturnStmt", "returnval");
  if (returned !== undefined) return [{ SelectStmt: { targetList: [{ ResTarget: { val: returned } }] } }];
  const lists = listOf(at(body, "List", "items"));
  return lists
    .flatMap((list) => listOf(at(list, "List", "items")))
    .flatMap((one) => {
      const result = at(one, "ReturnStmt", "returnval");
      return result === undefined ? [one] : [{ SelectStmt: { targetList: [{ ResTarget: { val: result } }] } }];
    });
}

/** Languages other than these two are programs that no parser here reads. */
function readBody(language: string, body: string | undefined, parse: ParseSync): Routine {
  if (body === undefined) return NOTHING;
  const name = language.toLowerCase();
  if (body.length > MAX_BODY || (name !== "plpgsql" && name !== "sql"))
    return name === "internal" || name === "c" ? NOTHING : { inner: [], hidden: 1 };
  return name === "sql" ? readSql(body, parse) : readProgram(body, parse);
}

function readSql(body: string, parse: ParseSync): Routine {
  const trees = splitStatements(body)
    .slice(0, MAX_INNER)
    .map(({ sql }) => parsed(sql, parse));
  return gathered(trees.map((tree) => ({ trees: [tree], isWhole: true })));
}

/** One step of a program: the statements it may run, and whether they are known to the last word. */
interface Part {
  readonly trees: readonly unknown[];
  readonly isWhole: boolean;
}

const gathered = (parts: readonly Part[]): Routine => ({
  inner: parts.flatMap(({ trees }) => trees).filter((tree) => tree !== undefined),
  hidden: parts.filter(({ trees, isWhole }) => !isWhole || trees.includes(undefined)).length,
});

// Where a step of PL/pgSQL begins: a statement of SQL, or one that gives a variable its value.
const STEP =
  /(?:^|\b(?:declare|begin|then|else|loop|do)\b|;)\s*(?:<<\w+>>\s*)?((?:alter|create|drop|update|delete|insert|merge|with|truncate|lock|refresh|reindex|cluster|comment|analyze|set|reset|perform|execute|call|select|copy|for|foreach|if|elsif|elseif|while)\b|return\s+query\b|(?!(?:begin|declare|then|else|loop|do|if|elsif|elseif|while|when|case|return|raise|exit|continue|assert|get|open|fetch|move|close|null|end|not|exception)\b)[a-z_]\w*\s+(?:constant\s+)?[a-z_][\w.%]*(?:\s*\([\d,\s]*\)|\s+varying|\s*\[\])*\s*(?:not\s+null\s*)?(?::=|=|\bdefault\b)|[a-z_]\w*\s*:?=)/gi;

/** The statements of PL/pgSQL, and those that EXECUTE is given as far as the text tells. */
function readProgram(body: string, parse: ParseSync): Routine {
  const blank = withoutTexts(body);
  const variables = new Map<string, readonly string[]>();
  const parts: Part[] = [];
  const steps = new RegExp(STEP);
  for (let match = steps.exec(blank); match !== null && parts.length < MAX_INNER; match = steps.exec(blank)) {
    const head = match[1] ?? "";
    const start = match.index + match[0].length - head.length;
    const written = splitStatements(body.slice(start, start + 20_000))[0]?.sql ?? "";
    const { part, length } = readStep(
      { head, text: written, blank: blank.slice(start, start + written.length) },
      variables,
      parse,
    );
    if (part !== undefined) parts.push(part);
    // What ends a step begins the next: its semicolon, THEN or LOOP.
    steps.lastIndex = Math.max(start + length, match.index + 1);
  }
  return gathered(parts);
}

interface StepText {
  /** The words that it was known by. */
  readonly head: string;
  readonly text: string;
  /** The same with blanks for strings and comments. */
  readonly blank: string;
}

function readStep(step: StepText, variables: Map<string, readonly string[]>, parse: ParseSync) {
  const { head, text, blank } = step;
  const [word = ""] = head.toLowerCase().split(/\s/);
  if (word === "for" || word === "foreach") return readLoop(step, variables, parse);
  if (word === "execute") return { part: readExecute(step, variables, parse), length: text.length };
  if (/^(?:if|elsif|elseif|while)$/.test(word)) return readCondition(step, parse);
  if (/=$|\bdefault$/i.test(head)) {
    const [name = ""] = head.toLowerCase().split(/[\s:=]/);
    const value = text.slice(head.length);
    variables.set(name, evaluateText(value, variables, parse));
    return { part: queryIn(value, parse), length: text.length };
  }
  forget(blank, variables);
  const statement = text.replace(/^perform\b/i, "select").replace(/^return\s+query\b/i, "");
  if (/^\s*execute\b/i.test(statement))
    return { part: readExecute({ ...step, text: statement.trim() }, variables, parse), length: text.length };
  return { part: { trees: [parsed(withoutInto(statement, word), parse)], isWhole: true }, length: text.length };
}

/** Variables that a statement fills from the database hold what only the server knows. */
function forget(blank: string, variables: Map<string, readonly string[]>): void {
  const filled = /\binto\s+(?:strict\s+)?([a-z_]\w*(?:\s*,\s*[a-z_]\w*)*)/gi;
  for (const [, names = ""] of blank.matchAll(filled))
    for (const name of names.toLowerCase().split(/\s*,\s*/)) variables.delete(name);
}

/** SELECT … INTO fills variables here; in SQL it would make a table. */
const withoutInto = (statement: string, word: string): string =>
  word === "select" || word === "with" || word === "perform" || word === "return"
    ? statement.replace(/\binto\s+(?:strict\s+)?[a-z_][\w.]*(?:\s*,\s*[a-z_][\w.]*)*/i, "")
    : statement.replace(
        /\breturning\b([\s\S]*?)\binto\s+(?:strict\s+)?[a-z_][\w.]*(?:\s*,\s*[a-z_][\w.]*)*/i,
        "returning$1",
      );

/** What IF and WHILE look at; what they do stands after THEN or LOOP. */
function readCondition({ head, text, blank }: StepText, parse: ParseSync) {
  const end = /\b(?:then|loop)\b/i.exec(blank)?.index ?? text.length;
  return { part: queryIn(text.slice(head.length, end), parse), length: end };
}

/** The tables that an expression reads, where it does. */
const queryIn = (expression: string, parse: ParseSync): Part | undefined =>
  /\bselect\b/i.test(expression) ? { trees: [parsed(`select ${expression}`, parse)], isWhole: true } : undefined;

/** FOREACH over written names, FOR over a query; what they do stands after LOOP. */
function readLoop({ text, blank }: StepText, variables: Map<string, readonly string[]>, parse: ParseSync) {
  const end = /\bloop\b/i.exec(blank)?.index ?? text.length;
  const found = /^(for|foreach)\s+([a-z_]\w*)(?:\s*,\s*[a-z_]\w*)*(?:\s+slice\s+\d+)?\s+in\s+(array\b)?/i.exec(blank);
  if (found === null) return { part: undefined, length: end };
  const [head, , name = "", array] = found;
  const rest = text.slice(head.length, end);
  if (array !== undefined) variables.set(name.toLowerCase(), evaluateArray(rest, variables, parse));
  else variables.delete(name.toLowerCase());
  const isQuery = array === undefined && /^\s*\(?\s*(select|with|insert|update|delete|execute)\b/i.test(rest);
  if (!isQuery) return { part: undefined, length: end };
  if (/^\s*execute\b/i.test(rest)) {
    const inside = rest.trim();
    return {
      part: readExecute({ head: "", text: inside, blank: withoutTexts(inside) }, variables, parse),
      length: end,
    };
  }
  return { part: { trees: [parsed(rest, parse)], isWhole: true }, length: end };
}

/** The statements that EXECUTE may be given. */
function readExecute({ text, blank }: StepText, variables: Map<string, readonly string[]>, parse: ParseSync): Part {
  const tail = /\b(?:into|using)\b/i.exec(atTopLevel(blank))?.index ?? text.length;
  const texts = evaluateText(text.slice("execute".length, tail), variables, parse);
  forget(blank, variables);
  const trees = texts.flatMap((one) => splitStatements(one).map(({ sql }) => parsed(sql, parse)));
  return { trees, isWhole: texts.every((one) => !one.includes(UNKNOWN)) };
}

/** Blanks for what stands in parentheses. */
function atTopLevel(text: string): string {
  let depth = 0;
  return text.replace(/[\s\S]/g, (letter) => {
    if (letter === ")") depth -= 1;
    const shown = depth > 0 ? " " : letter;
    if (letter === "(") depth += 1;
    return shown;
  });
}

/** The first statement of a text; `undefined` where there is none to read. */
function parsed(text: string, parse: ParseSync): unknown {
  const [first] = splitStatements(text);
  try {
    return first === undefined ? undefined : firstStatement(parse(first.sql));
  } catch {
    return undefined;
  }
}

/** The same text with blanks for strings and comments, so that no word in them is taken for one of the program. */
const withoutTexts = (body: string): string =>
  body.replace(/'(?:[^']|'')*'|--[^\n]*|\/\*[\s\S]*?\*\/|(\$\w*\$)[\s\S]*?\1/g, (match) => " ".repeat(match.length));
