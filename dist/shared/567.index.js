export const id = 567;
export const ids = [567];
export const modules = {

/***/ 567:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  loadSqlParser: () => (/* reexport */ loadSqlParser)
});

// UNUSED EXPORTS: MAX_STATEMENTS, MAX_STATEMENT_LENGTH, splitStatements

// EXTERNAL MODULE: ./packages/migrations/src/index.ts + 59 modules
var src = __webpack_require__(8580);
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
        const inner = innerStatements(ast, parse);
        const seen = inner.filter((statement) => statement !== undefined);
        const hidden = inner.length - seen.length;
        return { ...base, ast, ...(seen.length === 0 ? {} : { inner: seen }), ...(hidden === 0 ? {} : { hidden }) };
    }
    catch (error) {
        return { ...base, fault: faultOf(error, piece) };
    }
}
function firstStatement(result) {
    const statements = property(result, "stmts");
    return Array.isArray(statements) ? property(statements[0], "stmt") : undefined;
}
const INNER_START = /(?:^|\b(?:begin|then|else|loop|do)\b|;)\s*((?:alter|create|drop|update|delete|insert|merge|with|truncate|lock|refresh|reindex|cluster|comment|analyze|set|reset|perform|execute)\b)/gi;
const LITERAL = /\s*(?:[eE]?'((?:[^']|'')*)'|(\$\w*\$)([\s\S]*?)\2)\s*(\|\||;|$|into\b|using\b)/iy;
/** The plain statements of a DO block, and those that EXECUTE is given as they stand; `undefined` for what is out of sight. */
function innerStatements(ast, parse) {
    const body = listOf(property(property(ast, "DoStmt"), "args"))
        .map((option) => property(option, "DefElem"))
        .filter((option) => property(option, "defname") === "as")
        .map((option) => property(property(property(option, "arg"), "String"), "sval"))[0];
    if (typeof body !== "string" || body.length > MAX_STATEMENT_LENGTH)
        return [];
    const starts = [...withoutTexts(body).matchAll(INNER_START)].map((match) => match.index + match[0].length - (match[1]?.length ?? 0));
    let end = 0;
    return starts.slice(0, 1000).flatMap((start) => {
        // THEN UPDATE of a MERGE and DO UPDATE of an INSERT are parts of the statement before them.
        if (start < end)
            return [];
        const rest = body.slice(start, start + 20_000);
        const [written] = (0,src/* splitStatements */.Xd)(rest);
        end = start + (written === undefined ? 0 : written.offset + written.sql.length);
        return [
            parsed((/^execute\b/i.test(rest) ? executed(rest) : undefined) ?? written?.sql.replace(/^perform\b/i, "select"), parse),
        ];
    });
}
/** The first statement of a text; `undefined` where there is none to read. */
function parsed(text, parse) {
    const [first] = (0,src/* splitStatements */.Xd)(text ?? "");
    try {
        return first === undefined ? undefined : firstStatement(parse(first.sql));
    }
    catch {
        return undefined;
    }
}
/** The statement that EXECUTE is given, where it is written out. */
function executed(statement) {
    const next = new RegExp(LITERAL);
    next.lastIndex = "execute".length;
    let text = "";
    for (let found = next.exec(statement); found !== null; found = next.exec(statement)) {
        text += found[3] ?? found[1]?.replaceAll("''", "'") ?? "";
        if (found[4] !== "||")
            return text;
    }
    return undefined;
}
/** The same text with blanks for strings and comments, so that no word in them is taken for one of the program. */
const withoutTexts = (body) => body.replace(/'(?:[^']|'')*'|--[^\n]*|\/\*[\s\S]*?\*\/|(\$\w*\$)[\s\S]*?\1/g, (match) => " ".repeat(match.length));
const listOf = (value) => (Array.isArray(value) ? value : []);
const property = (value, key) => typeof value === "object" && value !== null ? Object.entries(value).find(([name]) => name === key)?.[1] : undefined;
function faultOf(error, piece) {
    const message = error instanceof RangeError ? "the statement is nested too deeply" : messageOf(error);
    const position = property(property(error, "sqlDetails"), "cursorPosition");
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
