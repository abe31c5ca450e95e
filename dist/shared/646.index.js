export const id = 646;
export const ids = [646];
export const modules = {

/***/ 8265:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  loadSqlParser: () => (/* reexport */ loadSqlParser)
});

// UNUSED EXPORTS: MAX_STATEMENTS, MAX_STATEMENT_LENGTH, splitStatements

// EXTERNAL MODULE: ./packages/migrations/src/index.ts + 74 modules
var src = __webpack_require__(9626);
;// CONCATENATED MODULE: ./packages/sql-parser/src/parse-sql.ts
const property = (value, key) => typeof value === "object" && value !== null ? Object.entries(value).find(([name]) => name === key)?.[1] : undefined;
/** The value under a path of keys. */
const at = (value, ...path) => path.reduce(property, value);
const listOf = (value) => (Array.isArray(value) ? value : []);
/** The tree of the first statement in what the parser answered. */
const firstStatement = (result) => property(listOf(property(result, "stmts"))[0], "stmt");
const stringOf = (value) => (typeof value === "string" ? value : undefined);

;// CONCATENATED MODULE: ./packages/sql-parser/src/evaluate-text.ts

/** Stands in a text for what only the server will know. PostgreSQL reads it as a name, so that the rest can be parsed. */
const UNKNOWN = "…";
/** Texts that one expression may stand for at most: a loop over names, within a loop over names. */
const MAX_TEXTS = 50;
/** The texts that an expression may evaluate to, with `UNKNOWN` where the text alone does not tell. */
function evaluateText(expression, variables, parse) {
    try {
        const target = listOf(at(firstStatement(parse(`SELECT ${expression}`)), "SelectStmt", "targetList"))[0];
        return valuesOf(at(target, "ResTarget", "val"), variables);
    }
    catch {
        return [UNKNOWN];
    }
}
/** The texts of an array's elements, such as FOREACH walks over. */
function evaluateArray(expression, variables, parse) {
    try {
        const target = listOf(at(firstStatement(parse(`SELECT ${expression}`)), "SelectStmt", "targetList"))[0];
        const elements = elementsOf(at(target, "ResTarget", "val"));
        return elements === undefined ? [UNKNOWN] : elements.flatMap((one) => valuesOf(one, variables)).slice(0, MAX_TEXTS);
    }
    catch {
        return [UNKNOWN];
    }
}
/** `ARRAY['a', 'b']` or `'{a,b}'`, cast or not. */
function elementsOf(node) {
    const cast = property(node, "TypeCast");
    if (cast !== undefined)
        return elementsOf(property(cast, "arg"));
    const array = property(node, "A_ArrayExpr");
    if (array !== undefined)
        return listOf(property(array, "elements"));
    const text = stringOf(at(node, "A_Const", "sval", "sval"));
    const inside = /^\{([\w,\s]*)\}$/.exec(text ?? "")?.[1];
    return inside?.split(",").map((name) => ({ A_Const: { sval: { sval: name.trim() } } }));
}
function valuesOf(node, variables) {
    const constant = property(node, "A_Const");
    if (constant !== undefined)
        return [constantText(constant)];
    const cast = property(node, "TypeCast");
    if (cast !== undefined)
        return valuesOf(property(cast, "arg"), variables);
    const operation = property(node, "A_Expr");
    if (operation !== undefined && namesIn(property(operation, "name")).at(-1) === "||")
        return joined([
            valuesOf(property(operation, "lexpr"), variables),
            valuesOf(property(operation, "rexpr"), variables),
        ]);
    const column = namesIn(at(node, "ColumnRef", "fields"));
    if (column.length === 1)
        return variables.get(column[0] ?? "") ?? [UNKNOWN];
    const call = property(node, "FuncCall");
    if (call === undefined)
        return [UNKNOWN];
    const given = listOf(property(call, "args")).map((argument) => valuesOf(argument, variables));
    return FUNCTIONS[namesIn(property(call, "funcname")).at(-1) ?? ""]?.(given) ?? [UNKNOWN];
}
const namesIn = (list) => listOf(list).flatMap((item) => stringOf(at(item, "String", "sval")) ?? []);
function constantText(constant) {
    const text = stringOf(at(constant, "sval", "sval")) ?? stringOf(at(constant, "fval", "fval"));
    if (text !== undefined)
        return text;
    const number = property(constant, "ival");
    // PostgreSQL's JSON leaves out the number zero.
    return number === undefined ? UNKNOWN : String(property(number, "ival") ?? 0);
}
/** Every combination of one text of each, written one after the other. */
const joined = (parts) => parts.reduce((before, part) => before.flatMap((head) => part.map((tail) => head + tail)).slice(0, MAX_TEXTS), [""]);
const quoteName = (name) => (name.includes(UNKNOWN) ? UNKNOWN : `"${name.replaceAll('"', '""')}"`);
const quoteText = (text) => `'${text.replaceAll("'", "''")}'`;
const FUNCTIONS = {
    format: ([pattern, ...given]) => pattern?.flatMap((one) => formatted(one, given)).slice(0, MAX_TEXTS),
    concat: joined,
    concat_ws: ([separator = [UNKNOWN], ...given]) => joined(given.flatMap((part, position) => (position === 0 ? [part] : [separator, part]))),
    quote_ident: ([name]) => name?.map(quoteName),
    quote_literal: ([text]) => text?.map(quoteText),
    lower: ([text]) => text?.map((one) => one.toLowerCase()),
    btrim: ([text]) => text?.map((one) => one.trim()),
    current_schema: () => ["public"],
};
/** `format()` of PostgreSQL: `%s`, `%I` and `%L`, with a position or without, and `%%`. */
function formatted(pattern, given) {
    let next = 0;
    const parts = pattern.split(/(%(?:\d+\$)?-?\d*[sIL%])/).map((part) => {
        const found = /^%(?:(\d+)\$)?-?\d*([sIL%])$/.exec(part);
        if (found === null)
            return [part];
        if (found[2] === "%")
            return ["%"];
        next = found[1] === undefined ? next + 1 : Number(found[1]);
        const values = given[next - 1] ?? [UNKNOWN];
        if (found[2] === "I")
            return values.map(quoteName);
        return found[2] === "L" ? values.map(quoteText) : values;
    });
    return joined(parts);
}

;// CONCATENATED MODULE: ./packages/sql-parser/src/read-routine.ts



const NOTHING = { inner: [], hidden: 0 };
/** A body may have this many characters, and this many statements, before the rest of it is left unread. */
const MAX_BODY = 1_000_000;
const MAX_INNER = 1000;
/** What a DO block runs, or what CREATE FUNCTION makes to be run later; `undefined` for any other statement. */
function readRoutine(ast, parse) {
    const block = property(ast, "DoStmt");
    if (block !== undefined) {
        const options = listOf(property(block, "args"));
        const body = stringOf(at(read_routine_option(options, "as"), "String", "sval"));
        return readBody(stringOf(at(read_routine_option(options, "language"), "String", "sval")) ?? "plpgsql", body, parse);
    }
    const made = property(ast, "CreateFunctionStmt");
    if (made === undefined)
        return undefined;
    const options = listOf(property(made, "options"));
    const written = listOf(at(read_routine_option(options, "as"), "List", "items"));
    const language = stringOf(at(read_routine_option(options, "language"), "String", "sval")) ?? "sql";
    const standard = property(made, "sql_body");
    if (standard !== undefined)
        return { inner: standardBody(standard), hidden: 0 };
    return readBody(language, stringOf(at(written[0], "String", "sval")), parse);
}
const read_routine_option = (options, name) => at(options.find((one) => at(one, "DefElem", "defname") === name), "DefElem", "arg");
/** `RETURN expression`, or the statements between BEGIN ATOMIC and END. */
function standardBody(body) {
    const returned = at(body, "ReturnStmt", "returnval");
    if (returned !== undefined)
        return [{ SelectStmt: { targetList: [{ ResTarget: { val: returned } }] } }];
    const lists = listOf(at(body, "List", "items"));
    return lists
        .flatMap((list) => listOf(at(list, "List", "items")))
        .flatMap((one) => {
        const result = at(one, "ReturnStmt", "returnval");
        return result === undefined ? [one] : [{ SelectStmt: { targetList: [{ ResTarget: { val: result } }] } }];
    });
}
/** Languages other than these two are programs that no parser here reads. */
function readBody(language, body, parse) {
    if (body === undefined)
        return NOTHING;
    const name = language.toLowerCase();
    if (body.length > MAX_BODY || (name !== "plpgsql" && name !== "sql"))
        return name === "internal" || name === "c" ? NOTHING : { inner: [], hidden: 1 };
    return name === "sql" ? readSql(body, parse) : readProgram(body, parse);
}
function readSql(body, parse) {
    const trees = (0,src/* splitStatements */.Xd)(body)
        .slice(0, MAX_INNER)
        .map(({ sql }) => parsed(sql, parse));
    return gathered(trees.map((tree) => ({ trees: [tree], isWhole: true })));
}
const gathered = (parts) => ({
    inner: parts.flatMap(({ trees }) => trees).filter((tree) => tree !== undefined),
    hidden: parts.filter(({ trees, isWhole }) => !isWhole || trees.includes(undefined)).length,
});
// Where a step of PL/pgSQL begins: a statement of SQL, or one that gives a variable its value.
const STEP = /(?:^|\b(?:declare|begin|then|else|loop|do)\b|;)\s*(?:<<\w+>>\s*)?((?:alter|create|drop|update|delete|insert|merge|with|truncate|lock|refresh|reindex|cluster|comment|analyze|set|reset|perform|execute|call|select|copy|for|foreach|if|elsif|elseif|while)\b|return\s+query\b|(?!(?:begin|declare|then|else|loop|do|if|elsif|elseif|while|when|case|return|raise|exit|continue|assert|get|open|fetch|move|close|null|end|not|exception)\b)[a-z_]\w*\s+(?:constant\s+)?[a-z_][\w.%]*(?:\s*\([\d,\s]*\)|\s+varying|\s*\[\])*\s*(?:not\s+null\s*)?(?::=|=|\bdefault\b)|[a-z_]\w*\s*:?=)/gi;
/** The statements of PL/pgSQL, and those that EXECUTE is given as far as the text tells. */
function readProgram(body, parse) {
    const blank = withoutTexts(body);
    const variables = new Map();
    const parts = [];
    const steps = new RegExp(STEP);
    for (let match = steps.exec(blank); match !== null && parts.length < MAX_INNER; match = steps.exec(blank)) {
        const head = match[1] ?? "";
        const start = match.index + match[0].length - head.length;
        const written = (0,src/* splitStatements */.Xd)(body.slice(start, start + 20_000))[0]?.sql ?? "";
        const { part, length } = readStep({ head, text: written, blank: blank.slice(start, start + written.length) }, variables, parse);
        if (part !== undefined)
            parts.push(part);
        // What ends a step begins the next: its semicolon, THEN or LOOP.
        steps.lastIndex = Math.max(start + length, match.index + 1);
    }
    return gathered(parts);
}
function readStep(step, variables, parse) {
    const { head, text, blank } = step;
    const [word = ""] = head.toLowerCase().split(/\s/);
    if (word === "for" || word === "foreach")
        return readLoop(step, variables, parse);
    if (word === "execute")
        return { part: readExecute(step, variables, parse), length: text.length };
    if (/^(?:if|elsif|elseif|while)$/.test(word))
        return readCondition(step, parse);
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
function forget(blank, variables) {
    const filled = /\binto\s+(?:strict\s+)?([a-z_]\w*(?:\s*,\s*[a-z_]\w*)*)/gi;
    for (const [, names = ""] of blank.matchAll(filled))
        for (const name of names.toLowerCase().split(/\s*,\s*/))
            variables.delete(name);
}
/** SELECT … INTO fills variables here; in SQL it would make a table. */
const withoutInto = (statement, word) => word === "select" || word === "with" || word === "perform" || word === "return"
    ? statement.replace(/\binto\s+(?:strict\s+)?[a-z_][\w.]*(?:\s*,\s*[a-z_][\w.]*)*/i, "")
    : statement.replace(/\breturning\b([\s\S]*?)\binto\s+(?:strict\s+)?[a-z_][\w.]*(?:\s*,\s*[a-z_][\w.]*)*/i, "returning$1");
/** What IF and WHILE look at; what they do stands after THEN or LOOP. */
function readCondition({ head, text, blank }, parse) {
    const end = /\b(?:then|loop)\b/i.exec(blank)?.index ?? text.length;
    return { part: queryIn(text.slice(head.length, end), parse), length: end };
}
/** The tables that an expression reads, where it does. */
const queryIn = (expression, parse) => /\bselect\b/i.test(expression) ? { trees: [parsed(`select ${expression}`, parse)], isWhole: true } : undefined;
/** FOREACH over written names, FOR over a query; what they do stands after LOOP. */
function readLoop({ text, blank }, variables, parse) {
    const end = /\bloop\b/i.exec(blank)?.index ?? text.length;
    const found = /^(for|foreach)\s+([a-z_]\w*)(?:\s*,\s*[a-z_]\w*)*(?:\s+slice\s+\d+)?\s+in\s+(array\b)?/i.exec(blank);
    if (found === null)
        return { part: undefined, length: end };
    const [head, , name = "", array] = found;
    const rest = text.slice(head.length, end);
    if (array !== undefined)
        variables.set(name.toLowerCase(), evaluateArray(rest, variables, parse));
    else
        variables.delete(name.toLowerCase());
    const isQuery = array === undefined && /^\s*\(?\s*(select|with|insert|update|delete|execute)\b/i.test(rest);
    if (!isQuery)
        return { part: undefined, length: end };
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
function readExecute({ text, blank }, variables, parse) {
    const tail = /\b(?:into|using)\b/i.exec(atTopLevel(blank))?.index ?? text.length;
    const texts = evaluateText(text.slice("execute".length, tail), variables, parse);
    forget(blank, variables);
    const trees = texts.flatMap((one) => (0,src/* splitStatements */.Xd)(one).map(({ sql }) => parsed(sql, parse)));
    return { trees, isWhole: texts.every((one) => !one.includes(UNKNOWN)) };
}
/** Blanks for what stands in parentheses. */
function atTopLevel(text) {
    let depth = 0;
    return text.replace(/[\s\S]/g, (letter) => {
        if (letter === ")")
            depth -= 1;
        const shown = depth > 0 ? " " : letter;
        if (letter === "(")
            depth += 1;
        return shown;
    });
}
/** The first statement of a text; `undefined` where there is none to read. */
function parsed(text, parse) {
    const [first] = (0,src/* splitStatements */.Xd)(text);
    try {
        return first === undefined ? undefined : firstStatement(parse(first.sql));
    }
    catch {
        return undefined;
    }
}
/** The same text with blanks for strings and comments, so that no word in them is taken for one of the program. */
const withoutTexts = (body) => body.replace(/'(?:[^']|'')*'|--[^\n]*|\/\*[\s\S]*?\*\/|(\$\w*\$)[\s\S]*?\1/g, (match) => " ".repeat(match.length));

;// CONCATENATED MODULE: ./packages/sql-parser/src/load-sql-parser.ts



/** One statement may have this many characters before only its head is read: an AST weighs about ten times its text. */
const MAX_STATEMENT_LENGTH = 1_000_000;
/** Loads the WASM module (about 60 ms, 1.7 MB). Call it once and share the result. */
async function loadSqlParser() {
    const { loadModule, parseSync } = await __webpack_require__.e(/* import() */ 627).then(__webpack_require__.t.bind(__webpack_require__, 2627, 23));
    await loadModule();
    return { statements: (script) => readScript(script, parseSync) };
}
/**
 * A script's further statements are not read: no migration is this long, and judging must end. Repeats of one that was
 * read, as dumps of rows have them, do not count, so that what follows them is read; as many again are kept.
 */
const MAX_STATEMENTS = 10_000;
function readScript(script, parse) {
    const found = [];
    const seen = new Set();
    let repeats = 0;
    for (const [position, piece] of (0,src/* splitStatements */.Xd)(script).entries()) {
        const rows = rowsOf(piece.sql);
        const isRepeat = rows !== undefined && seen.has(rows);
        if (isRepeat && repeats >= MAX_STATEMENTS)
            continue;
        if (isRepeat)
            repeats += 1;
        if (rows !== undefined)
            seen.add(rows);
        for (const statement of readPiece(piece, parse)) {
            const placed = { ...statement, index: found.length, piece: position };
            if (!isRepeat && found.length - repeats >= MAX_STATEMENTS)
                return [...found, unread(placed)];
            found.push(placed);
        }
    }
    return found;
}
const ROWS = /^insert\s+into\s+[^\s(]+\s*(?:\([^()]*\)\s*)?values\b|^select\b[^;]{0,200}$/i;
/** What statements share that do the same to the same table: rows written into it, or a query to the letter. */
const rowsOf = (sql) => ROWS.exec(sql.slice(0, 2_000))?.[0].toLowerCase();
function unread(statement) {
    const { ast: _, ...rest } = statement;
    const message = `the script has more than ${MAX_STATEMENTS} statements; those from here on were not read`;
    return { ...rest, fault: { message, line: statement.line } };
}
function readPiece(piece, parse) {
    const whole = readStatement(piece, parse);
    if (whole.fault === undefined)
        return [whole];
    // An unterminated quote swallows what follows it; cutting at line ends brings the statements after it back.
    const parts = cutAtLineEnds(piece);
    if (parts.length < 2)
        return [whole];
    const read = parts.map((part) => readStatement(part, parse));
    return read.some((statement) => statement.fault === undefined) ? read : [whole];
}
function readStatement(piece, parse) {
    const base = { ...piece, index: 0, piece: 0 };
    if (piece.sql.includes("\0"))
        return { ...base, fault: { message: "the statement holds a NUL byte", line: piece.line } };
    if (piece.sql.startsWith("\\"))
        return {
            ...base,
            fault: { message: "a command to psql, which is not SQL: what it runs is not seen", line: piece.line },
        };
    const sql = piece.sql.length > MAX_STATEMENT_LENGTH ? headOf(piece.sql) : piece.sql;
    if (sql === undefined)
        return { ...base, fault: { message: "the statement is too long to be read", line: piece.line } };
    try {
        const ast = firstStatement(parse(sql));
        const routine = readRoutine(ast, parse);
        return { ...base, ast, ...(routine && { routine }) };
    }
    catch (error) {
        return { ...base, fault: faultOf(error, piece) };
    }
}
function faultOf(error, piece) {
    const message = error instanceof RangeError ? "the statement is nested too deeply" : messageOf(error);
    const position = at(error, "sqlDetails", "cursorPosition");
    const before = typeof position === "number" ? piece.sql.slice(0, position) : "";
    return { message, line: piece.line + (before.match(/\n/g)?.length ?? 0) };
}
const messageOf = (error) => (error instanceof Error ? error.message : String(error));
/** A long INSERT … VALUES says all that matters in its first row. */
function headOf(sql) {
    if (!/^\s*insert\b/i.test(sql))
        return undefined;
    const values = /\bvalues\s*\(/i.exec(sql.slice(0, 100_000));
    if (values === null)
        return undefined;
    const columns = sql.slice(0, values.index);
    return `${columns} VALUES (NULL)`;
}
function cutAtLineEnds(piece) {
    const parts = [];
    let offset = piece.offset;
    let line = piece.line;
    for (const text of piece.sql.split(/(?<=;[ \t]*\n)/)) {
        if (parts.length > MAX_STATEMENTS)
            break;
        for (const part of (0,src/* splitStatements */.Xd)(text)) {
            parts.push({
                ...part,
                offset: offset + part.offset,
                line: line + part.line - 1,
                endLine: line + part.endLine - 1,
            });
        }
        offset += text.length;
        line += text.split("\n").length - 1;
    }
    return parts;
}

;// CONCATENATED MODULE: ./packages/sql-parser/src/index.ts




/***/ })

};
