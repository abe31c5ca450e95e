export const id = 626;
export const ids = [626];
export const modules = {

/***/ 9626:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  zj: () => (/* reexport */ DEFAULT_POLICY),
  jD: () => (/* reexport */ DEFAULT_VERSION),
  K8: () => (/* reexport */ schema_EMPTY_SCHEMA),
  Sr: () => (/* reexport */ FIRST_TRANSACTION),
  bx: () => (/* reexport */ LOCK_MODES),
  hh: () => (/* reexport */ NO_EFFECTS),
  mP: () => (/* reexport */ UNREADABLE),
  T1: () => (/* reexport */ ancestors),
  VC: () => (/* reexport */ applyPolicy),
  px: () => (/* reexport */ applySuppressions),
  gz: () => (/* reexport */ behindBase),
  ZG: () => (/* reexport */ buildGraph),
  UA: () => (/* reexport */ diffCatalogs),
  tX: () => (/* reexport */ differences),
  wd: () => (/* reexport */ markdown_factsTable),
  p0: () => (/* reexport */ findingsJson),
  e6: () => (/* reexport */ foldStatements),
  du: () => (/* reexport */ isAtLeast),
  tV: () => (/* reexport */ judgeAlembic),
  al: () => (/* reexport */ judgeContract),
  Ko: () => (/* reexport */ judgeGraph),
  fH: () => (/* reexport */ judgeRevision),
  wb: () => (/* reexport */ lockRank),
  e9: () => (/* reexport */ needsMending),
  yV: () => (/* reexport */ pathBetween),
  hU: () => (/* reexport */ phaseOf),
  vc: () => (/* reexport */ phaseOfFindings),
  pj: () => (/* reexport */ markdown_plain),
  it: () => (/* reexport */ planPhases),
  Kp: () => (/* reexport */ planUpgrade),
  T4: () => (/* reexport */ readPolicy),
  Hl: () => (/* reexport */ readSuppressions),
  wQ: () => (/* reexport */ renderComment),
  WH: () => (/* reexport */ renderSarif),
  l4: () => (/* reexport */ reportJson),
  u1: () => (/* reexport */ resolveTarget),
  aU: () => (/* reexport */ sizedRelation),
  Xd: () => (/* reexport */ splitStatements),
  _o: () => (/* reexport */ topologicalOrder),
  Fw: () => (/* reexport */ unexpectedHeads)
});

// UNUSED EXPORTS: BREAKS, EMPTY_CATALOG, MAX_COMMENT, RULES, SMALL_TABLE_ROWS, blocksOf, code, commentMarker, decodeStatement, fingerprint, isLongBlocking, isWider, judge, phaseOfChanges, ruleById, ruleIndexPage, rulePage, strongest, suppressionLine, unknownRevisions, worse

;// CONCATENATED MODULE: ./packages/migrations/src/revision-graph.ts
/**
 * Alembic's revision graph as the files declare it: nodes are revisions, edges point from a revision to its parents
 * (`down_revision`) and to what it depends on (`depends_on`). Nothing here runs Alembic, so a pull request's graph can
 * be judged before any of its code is trusted.
 */
function buildGraph(revisions) {
    const nodes = firstById(revisions);
    const labels = new Map([...nodes.values()].flatMap((node) => node.branchLabels.map((label) => [label, node.id])));
    const children = new Map();
    const parents = new Map();
    for (const node of nodes.values()) {
        const known = node.downRevisions.filter((id) => nodes.has(id));
        for (const parent of known)
            children.set(parent, [...(children.get(parent) ?? []), node.id]);
        const depended = node.dependsOn.flatMap((name) => resolveId(nodes, labels, name) ?? []);
        parents.set(node.id, [...new Set([...known, ...depended])]);
    }
    const ids = [...nodes.keys()].sort();
    return {
        nodes,
        parents,
        children,
        heads: ids.filter((id) => !children.has(id)),
        roots: ids.filter((id) => nodes.get(id)?.downRevisions.length === 0),
        merges: ids.filter((id) => (nodes.get(id)?.downRevisions.length ?? 0) > 1),
        branchPoints: ids.filter((id) => (children.get(id)?.length ?? 0) > 1),
        faults: [...duplicates(revisions), ...duplicateLabels(nodes), ...missing(nodes, labels), ...cycles(ids, parents)],
    };
}
function firstById(revisions) {
    const nodes = new Map();
    for (const revision of revisions)
        if (!nodes.has(revision.id))
            nodes.set(revision.id, revision);
    return nodes;
}
function duplicates(revisions) {
    const files = new Map();
    for (const { id, file } of revisions)
        files.set(id, [...(files.get(id) ?? []), file]);
    return [...files].flatMap(([id, named]) => named.length > 1 ? [{ kind: "duplicate", id, files: named }] : []);
}
function duplicateLabels(nodes) {
    const owners = new Map();
    for (const node of nodes.values()) {
        for (const label of new Set(node.branchLabels))
            owners.set(label, [...(owners.get(label) ?? []), node.id]);
    }
    return [...owners].flatMap(([label, ids]) => ids.length > 1 ? [{ kind: "duplicate-label", label, ids: ids.sort() }] : []);
}
function missing(nodes, labels) {
    return [...nodes.values()].flatMap(({ id, file, downRevisions, dependsOn }) => [
        ...downRevisions
            .filter((parent) => !nodes.has(parent))
            .map((parent) => ({ kind: "missing-parent", id, file, parent })),
        ...dependsOn
            .filter((name) => resolveId(nodes, labels, name) === undefined)
            .map((dependency) => ({ kind: "missing-dependency", id, file, dependency })),
    ]);
}
/** Alembic lets a dependency be an id, an unambiguous start of one, or a branch label. */
function resolveId(nodes, labels, name) {
    if (nodes.has(name))
        return name;
    const labelled = labels.get(name);
    if (labelled !== undefined)
        return labelled;
    if (name.length < 4)
        return undefined;
    const started = [...nodes.keys()].filter((id) => id.startsWith(name));
    return started.length === 1 ? started[0] : undefined;
}
/** What is left once every revision whose parents are gone was taken away holds the cycles and what hangs on them. */
function cycles(ids, parents) {
    const order = new Set(topologicalOrder(ids, parents));
    const stuck = new Set(ids.filter((id) => !order.has(id)));
    const faults = [];
    for (const id of [...stuck].sort()) {
        const cycle = stuck.has(id) ? walkCycle(id, parents, stuck) : [];
        if (cycle.length > 0)
            faults.push({ kind: "cycle", ids: cycle });
        for (const member of cycle)
            stuck.delete(member);
    }
    return faults;
}
function walkCycle(start, parents, stuck) {
    const path = [];
    for (let id = start; id !== undefined;) {
        const seenAt = path.indexOf(id);
        if (seenAt >= 0)
            return path.slice(seenAt).sort();
        path.push(id);
        id = parents.get(id)?.find((parent) => stuck.has(parent));
    }
    return [];
}
/** Parents before children, ties by id; members of cycles are left out. */
function topologicalOrder(ids, parents) {
    const wanted = new Set(ids);
    const waiting = new Map([...wanted].map((id) => [id, (parents.get(id) ?? []).filter((p) => wanted.has(p)).length]));
    const followers = new Map();
    for (const id of wanted) {
        for (const parent of parents.get(id) ?? [])
            followers.set(parent, [...(followers.get(parent) ?? []), id]);
    }
    const ready = [...waiting].filter(([, count]) => count === 0).map(([id]) => id);
    ready.sort();
    const order = [];
    for (let id = ready.shift(); id !== undefined; id = ready.shift()) {
        order.push(id);
        const freed = (followers.get(id) ?? []).filter((child) => countDown(waiting, child) === 0);
        if (freed.length > 0)
            ready.unshift(...freed.sort());
    }
    return order;
}
function countDown(waiting, id) {
    const left = waiting.get(id);
    if (left === undefined)
        return undefined;
    waiting.set(id, left - 1);
    return left - 1;
}
/** The given ids and everything before them, through parents and dependencies. Unknown ids are left out. */
function ancestors(graph, ids) {
    const found = new Set();
    const open = [...ids];
    for (let id = open.pop(); id !== undefined; id = open.pop()) {
        if (found.has(id) || !graph.nodes.has(id))
            continue;
        found.add(id);
        open.push(...(graph.parents.get(id) ?? []));
    }
    return found;
}
/** What an upgrade from the database's current revisions to the targets has to run, in an order that works. */
function pathBetween(graph, from, to) {
    const applied = ancestors(graph, from);
    return topologicalOrder([...ancestors(graph, to)].filter((id) => !applied.has(id)), graph.parents);
}
/** Revisions the database is at that no file declares: it was migrated by newer, or by other, code. */
function unknownRevisions(graph, current) {
    return current.filter((id) => !graph.nodes.has(id)).sort();
}
/**
 * Heads that nobody meant: all of several, but for one of each of the given branch labels. A head belongs to the nearest
 * revision before it that carries one of them; where a branch has two heads, both are told.
 */
function unexpectedHeads(graph, branches) {
    if (graph.heads.length <= 1)
        return [];
    const owners = new Map(graph.heads.map((head) => [head, branchOf(graph, head, branches)]));
    const taken = [...owners.values()];
    return graph.heads.filter((head) => {
        const branch = owners.get(head);
        return branch === undefined || taken.indexOf(branch) !== taken.lastIndexOf(branch);
    });
}
/** Breadth first, along `down_revision` alone: to depend on a branch is not to be of it. */
function branchOf({ nodes }, head, branches) {
    const seen = new Set([head]);
    for (const id of seen) {
        const label = nodes.get(id)?.branchLabels.find((name) => branches.includes(name));
        if (label !== undefined)
            return label;
        for (const parent of nodes.get(id)?.downRevisions ?? [])
            seen.add(parent);
    }
    return undefined;
}
/** Alembic's words for a target: `head`, `heads`, `label@head`, a label, a revision id or an unambiguous start of one. */
function resolveTarget(graph, target) {
    if (target === "heads")
        return { kind: "revisions", ids: graph.heads };
    if (target === "head")
        return oneHead(graph.heads);
    const [label, rest] = target.split("@");
    if (label !== undefined && (rest === "head" || rest === "heads"))
        return labelledHead(graph, label);
    const labels = new Map([...graph.nodes.values()].flatMap((node) => node.branchLabels.map((name) => [name, node.id])));
    const id = resolveId(graph.nodes, labels, target);
    return id === undefined
        ? { kind: "unresolved", why: `No revision is called ${target}.` }
        : { kind: "revisions", ids: [id] };
}
function oneHead(heads) {
    if (heads.length <= 1)
        return { kind: "revisions", ids: heads };
    return { kind: "unresolved", why: `There are ${heads.length} heads: ${heads.join(", ")}.` };
}
function labelledHead(graph, label) {
    const labelled = [...graph.nodes.values()].filter((node) => node.branchLabels.includes(label)).map((node) => node.id);
    if (labelled.length === 0)
        return { kind: "unresolved", why: `No revision carries the branch label ${label}.` };
    const heads = graph.heads.filter((head) => labelled.some((id) => ancestors(graph, [head]).has(id)));
    return oneHead(heads);
}

;// CONCATENATED MODULE: ./packages/migrations/src/behind-base.ts

/**
 * @param added the revisions that are new
 * @param tip the revisions on the base branch as it stands now
 */
function behindBase(added, tip) {
    const base = buildGraph(tip);
    const isMerged = new Set(added.flatMap(({ downRevisions }) => downRevisions));
    return added.flatMap(({ id, file, downRevisions }) => downRevisions.flatMap((parent) => {
        const heads = base.heads.filter((head) => head !== parent && ancestors(base, [head]).has(parent));
        // A revision that joins the base's head already is what would be asked for.
        const open = heads.filter((head) => !isMerged.has(head));
        return open.length === 0 || base.nodes.has(id) ? [] : [{ revision: id, file, parent, heads: open }];
    }));
}

;// CONCATENATED MODULE: ./packages/migrations/src/contract-privileges.ts
/** A role that loses something on more objects than this is told once. */
const MAX_OBJECTS = 3;
/** What roles may no longer do with objects that are still there. What everybody loses is told of PUBLIC alone. */
function lostPrivileges(before, after) {
    const byRole = new Map();
    for (const [key, old] of Object.entries(before.privileges)) {
        const now = after.privileges[key];
        if (now === undefined)
            continue;
        const isLost = (one) => !isHeld(one, now) && !isOfGoneColumn(key, one, after);
        for (const one of old.filter((privilege) => isLost(privilege) && !isEverybodys(privilege, old))) {
            const at = one.indexOf(" ");
            const objects = byRole.get(one.slice(0, at)) ?? new Map();
            objects.set(key, [...(objects.get(key) ?? []), one.slice(at + 1)]);
            byRole.set(one.slice(0, at), objects);
        }
    }
    return [...byRole].flatMap(([role, objects]) => changesOf(role, [...objects]));
}
/** With the privilege on the whole table, those on its columns are had too; and what everybody may, a role may. */
const isHeld = (privilege, now) => [privilege, privilege.replace(/ \(.*/, "")].some((one) => now.includes(one) || now.includes(one.replace(/^\S+/, "public")));
const isEverybodys = (privilege, old) => !privilege.startsWith("public ") && old.includes(privilege.replace(/^\S+/, "public"));
/** The column itself is told of. */
function isOfGoneColumn(key, privilege, { relations }) {
    const column = / \((.*)\)$/.exec(privilege)?.[1];
    const table = relations[nameIn(key)];
    return column !== undefined && table !== undefined && table.columns[column] === undefined;
}
/** Without its kind, and without the arguments of a routine. */
const nameIn = (key) => {
    const name = key.slice(key.indexOf(" ") + 1);
    return kindIn(key) === "function" ? name.replace(/\(.*/, "") : name;
};
const kindIn = (key) => key.slice(0, key.indexOf(" "));
function changesOf(object, lost) {
    const told = lost.map(([key, privileges]) => {
        return { kind: "privilege-lost", relation: nameIn(key), on: kindIn(key), object, before: privileges.join(", ") };
    });
    const [first, ...more] = told;
    if (first === undefined || told.length <= MAX_OBJECTS)
        return told;
    return [{ ...first, after: `and on ${more.length} objects more` }];
}

;// CONCATENATED MODULE: ./packages/migrations/src/contract-routines.ts
/** What becomes of the routines that the running code may call. */
function diffRoutines(before, after) {
    return Object.entries(before).flatMap(([object, old]) => {
        const now = after[object] ?? Object.values(after).find((other) => accepts(other, old));
        const isTriggers = /^(event_)?trigger$/.test(old.result ?? "");
        const note = (kind, texts = {}) => [
            { kind, relation: old.name, object, ...texts },
        ];
        // No code calls what a trigger calls.
        if (isTriggers)
            return now?.definition === old.definition ? [] : note("function-changed");
        if (now === undefined || !accepts(now, old))
            return note("function-dropped");
        if (!gives(now.result, old.result))
            return note("function-result-changed", { before: old.result ?? "nothing", after: now.result ?? "nothing" });
        return now.definition === old.definition ? [] : note("function-changed");
    });
}
/** Whether a routine takes every call that another takes. */
function accepts(now, old) {
    const needed = (routine) => routine.arguments.length - routine.defaults;
    const isSame = old.arguments.every((type, index) => now.arguments[index] === type);
    return now.name === old.name && isSame && needed(now) <= needed(old);
}
/** Whether a result holds all that another did: a table may have further columns. */
function gives(now, old) {
    const [had, has] = [old, now].map((result) => /^TABLE\((.*)\)$/.exec(result ?? "")?.[1]);
    return now === old || (had !== undefined && has?.startsWith(`${had}, `) === true);
}

;// CONCATENATED MODULE: ./packages/migrations/src/contract-diff.ts


const EMPTY_CATALOG = {
    schemas: [],
    relations: {},
    constraints: [],
    indexes: {},
    enums: {},
    functions: {},
    triggers: {},
    privileges: {},
};
/** How much a change hurts the code of the release that is still live. */
const BREAKS = {
    "table-dropped": "block",
    "table-renamed": "block",
    "view-dropped": "block",
    "view-column-dropped": "block",
    "view-type-changed": "block",
    "column-dropped": "block",
    "column-renamed": "block",
    "column-required": "block",
    "not-null-added": "block",
    "default-dropped": "block",
    "type-changed": "block",
    "enum-value-removed": "block",
    "enum-value-renamed": "block",
    "sequence-dropped": "block",
    "function-dropped": "block",
    "function-result-changed": "block",
    "schema-dropped": "block",
    "privilege-lost": "block",
    "check-added": "warn",
    "unique-added": "warn",
    "foreign-key-added": "warn",
    "exclusion-added": "warn",
    "enum-value-added": "warn",
    "not-null-dropped": "warn",
    "default-changed": "info",
    "function-changed": "info",
    "trigger-changed": "info",
    "view-changed": "info",
};
/** A revision is a contract one when the code before it cannot live with what it leaves. */
function phaseOfChanges(changes) {
    return changes.some(({ kind }) => BREAKS[kind] === "block") ? "contract" : "expand";
}
/** What would break, hinder or surprise the code that was written for `before`, once the database is at `after`. */
function diffCatalogs(before, after) {
    return [
        ...goneSchemas(before, after),
        ...Object.entries(before.relations).flatMap(([name, relation]) => diffRelation(name, relation, before, after)),
        ...newConstraints(before, after),
        ...newUniqueIndexes(before, after),
        ...Object.entries(before.enums).flatMap(([name, labels]) => diffEnum(name, labels, after.enums[name] ?? [])),
        ...diffRoutines(before.functions, after.functions),
        ...triggerChanges(before, after),
        ...lostPrivileges(before, after),
    ];
}
function goneSchemas(before, after) {
    return before.schemas
        .filter((schema) => !after.schemas.includes(schema))
        .map((relation) => ({ kind: "schema-dropped", relation }));
}
function diffRelation(name, old, before, after) {
    const same = after.relations[name];
    if (same === undefined)
        return [goneRelation(name, old, after)];
    const columns = diffColumns(name, old, same);
    const isView = old.kind === "v" || old.kind === "m";
    const asView = isView || isStandIn(same) ? columns.map(ofView) : columns;
    if (!isView || !isStandIn(same) || same.definition === old.definition || columns.length > 0)
        return asView;
    return before.relations[name] === same ? [] : [{ kind: "view-changed", relation: name }];
}
/** A view is mended otherwise than a table. */
function ofView(change) {
    if (change.kind === "column-dropped")
        return { ...change, kind: "view-column-dropped" };
    return change.kind === "type-changed" ? { ...change, kind: "view-type-changed" } : change;
}
const isStandIn = ({ kind }) => kind === "v" || kind === "m";
function goneRelation(name, { oid, kind }, after) {
    const renamed = Object.entries(after.relations).find(([, relation]) => relation.oid === oid)?.[0];
    if (renamed !== undefined)
        return { kind: "table-renamed", relation: name, after: renamed };
    if (kind === "S")
        return { kind: "sequence-dropped", relation: name };
    return { kind: kind === "v" || kind === "m" ? "view-dropped" : "table-dropped", relation: name };
}
/** A relation that took over the name (a view over a renamed table) has to offer the same columns. */
function diffColumns(relation, old, now) {
    const sameRelation = old.oid === now.oid;
    const changed = Object.entries(old.columns).flatMap(([object, column]) => {
        const other = now.columns[object];
        if (other !== undefined)
            return diffColumn(relation, object, column, other, now.kind);
        const renamed = sameRelation
            ? Object.entries(now.columns).find(([name, { number }]) => number === column.number && !(name in old.columns))?.[0]
            : undefined;
        return renamed === undefined
            ? [{ kind: "column-dropped", relation, object }]
            : [{ kind: "column-renamed", relation, object, after: renamed }];
    });
    const numbers = new Set(Object.values(old.columns).map(({ number }) => number));
    const added = Object.entries(now.columns).filter(([name, { number }]) => !(name in old.columns) && !numbers.has(number));
    const required = added.filter(([, column]) => column.notNull && !isFilled(column));
    return [...changed, ...required.map(([object]) => ({ kind: "column-required", relation, object }))];
}
const isFilled = (column) => column.default !== null || column.fills !== "";
function diffColumn(relation, object, old, now, kind) {
    const changes = [];
    const note = (change, before, after) => {
        const texts = { ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) };
        changes.push({ kind: change, relation, object, ...texts });
    };
    if (old.type !== now.type && !isWider(old.type, now.type))
        note("type-changed", old.type, now.type);
    // A view's columns have neither; its table still has.
    if (kind === "v")
        return changes;
    if (!old.notNull && now.notNull)
        note("not-null-added");
    if (old.notNull && !now.notNull)
        note("not-null-dropped");
    if (isFilled(old) && !isFilled(now)) {
        if (now.notNull)
            note("default-dropped", old.default ?? old.fills);
        else
            note("default-changed", old.default ?? old.fills);
    }
    else if (old.default !== null && now.default !== null && old.default !== now.default) {
        note("default-changed", old.default, now.default);
    }
    return changes;
}
/** Types whose every value the old code can still read, and that still take every value it writes. */
function isWider(before, after) {
    const [from, to] = [sized(before), sized(after)];
    if (from === undefined || to === undefined)
        return false;
    if (from.base === "numeric" && to.base === "numeric") {
        if (to.sizes.length === 0)
            return true;
        return (from.sizes.length > 0 && (to.sizes[1] ?? 0) === (from.sizes[1] ?? 0) && (to.sizes[0] ?? 0) >= (from.sizes[0] ?? 0));
    }
    if (!TEXTS.has(from.base) || !TEXTS.has(to.base))
        return from.base === to.base && grows(from, to);
    return to.base === "text" || (to.base === "character varying" && grows(from, to));
}
const TEXTS = new Set(["character varying", "text", "citext"]);
const SIZED = /^([a-z ]+?)(?:\((\d+)(?:,(-?\d+))?\))?( with(?:out)? time zone)?$/;
function sized(type) {
    const found = SIZED.exec(type);
    if (found === null)
        return undefined;
    const sizes = [found[2], found[3]].filter((size) => size !== undefined).map(Number);
    return { base: `${found[1] ?? ""}${found[4] ?? ""}`, sizes };
}
/** Without a size there is no limit. */
function grows(from, to) {
    if (to.sizes.length === 0)
        return true;
    return from.base !== "text" && from.sizes.length > 0 && (to.sizes[0] ?? 0) >= (from.sizes[0] ?? 0);
}
const CONSTRAINT_CHANGES = {
    c: "check-added",
    u: "unique-added",
    p: "unique-added",
    f: "foreign-key-added",
    x: "exclusion-added",
};
const isEnforced = ({ definition }) => !/ NOT ENFORCED$/.test(definition);
/**
 * New rules for rows that the running code writes. One that is made again under the same text is none, and neither is
 * one that has another text because what it names was renamed.
 */
function newConstraints(before, after) {
    const texts = new Set(before.constraints.map(({ table, definition }) => `${table} ${definition}`));
    const enforced = new Set(before.constraints.filter(isEnforced).map(({ oid }) => oid));
    return after.constraints.flatMap(({ oid, table, name, kind, definition }) => {
        const change = CONSTRAINT_CHANGES[kind];
        if (change === undefined || before.relations[table] === undefined)
            return [];
        if (enforced.has(oid) || texts.has(`${table} ${definition}`))
            return [];
        return [{ kind: change, relation: table, object: name, after: definition }];
    });
}
/** A unique index that belongs to a constraint is told with it. */
function newUniqueIndexes(before, after) {
    const constraints = new Set(after.constraints.map(({ name }) => name));
    const known = new Set(Object.values(before.indexes).map(({ table, definition }) => `${table} ${afterOn(definition)}`));
    return Object.entries(after.indexes).flatMap(([name, { table, unique, definition }]) => {
        const isOld = before.indexes[name]?.unique === true || known.has(`${table} ${afterOn(definition)}`);
        if (!unique || isOld || constraints.has(bare(name)) || before.relations[table] === undefined)
            return [];
        return [{ kind: "unique-added", relation: table, object: name, after: definition }];
    });
}
const bare = (name) => name.slice(name.lastIndexOf(".") + 1);
const afterOn = (definition) => definition.replace(/^CREATE (UNIQUE )?INDEX .*? ON /, "$1");
function diffEnum(relation, old, now) {
    const byOid = new Map(now.map(({ oid, label }) => [oid, label]));
    const labels = new Set(now.map(({ label }) => label));
    const gone = old.filter(({ label }) => !labels.has(label));
    const changes = gone.map(({ oid, label }) => {
        const renamed = byOid.get(oid);
        if (renamed === undefined)
            return { kind: "enum-value-removed", relation, object: label };
        return { kind: "enum-value-renamed", relation, object: label, after: renamed };
    });
    const known = new Set(old.map(({ oid }) => oid));
    const names = new Set(old.map(({ label }) => label));
    const added = now.filter(({ oid, label }) => !known.has(oid) && !names.has(label));
    return [
        ...changes,
        ...added.map(({ label }) => ({ kind: "enum-value-added", relation, object: label })),
    ];
}
function triggerChanges(before, after) {
    const names = new Set([...Object.keys(before.triggers), ...Object.keys(after.triggers)]);
    return [...names].flatMap((name) => {
        const table = name.slice(0, name.lastIndexOf("."));
        if (before.triggers[name] === after.triggers[name] || before.relations[table] === undefined)
            return [];
        if (after.relations[table] === undefined)
            return [];
        return [{ kind: "trigger-changed", relation: table, object: name.slice(table.length + 1) }];
    });
}
/**
 * Where two catalogs differ, told in sentences: after an upgrade, a downgrade and an upgrade they should not. Object
 * ids, column numbers and the order of columns may differ.
 */
function differences(expected, found) {
    const [old, now] = [flatten(expected), flatten(found)];
    const lost = [...old].filter(([name]) => !now.has(name)).map(([name]) => `${name} is missing`);
    const extra = [...now].filter(([name]) => !old.has(name)).map(([name]) => `${name} is left over`);
    const changed = [...old].filter(([name, text]) => now.has(name) && now.get(name) !== text);
    return [...lost, ...extra, ...changed.map(([name, text]) => `${name} is ${now.get(name)}, not ${text}`)];
}
function flatten(catalog) {
    const lines = new Map();
    for (const schema of catalog.schemas)
        lines.set(`schema ${schema}`, "there");
    for (const [name, { kind, columns, definition }] of Object.entries(catalog.relations)) {
        lines.set(`${RELATION_WORDS[kind] ?? "relation"} ${name}`, definition || "there");
        for (const [column, { type, notNull, default: value, fills }] of Object.entries(columns)) {
            const parts = [type, notNull ? "not null" : "", value === null ? "" : `default ${value}`, fills];
            lines.set(`column ${name}.${column}`, parts.filter((part) => part !== "").join(" "));
        }
    }
    for (const { table, name, definition } of catalog.constraints)
        lines.set(`constraint ${table}.${name}`, definition);
    for (const [name, { definition, valid }] of Object.entries(catalog.indexes)) {
        lines.set(`index ${name}`, `${definition}${valid ? "" : " INVALID"}`);
    }
    for (const [name, labels] of Object.entries(catalog.enums)) {
        lines.set(`enum ${name}`, labels.map(({ label }) => label).join(", "));
    }
    for (const [name, { result, defaults, definition }] of Object.entries(catalog.functions))
        lines.set(`function ${name}`, `${result ?? ""} ${defaults} ${definition}`.trim());
    for (const [name, text] of Object.entries(catalog.triggers))
        lines.set(`trigger ${name}`, text);
    return lines;
}
const RELATION_WORDS = {
    r: "table",
    p: "table",
    f: "table",
    v: "view",
    m: "materialized view",
    S: "sequence",
};

;// CONCATENATED MODULE: ./packages/migrations/src/gate-verdict.ts

/**
 * Whether the files alone make one chain that Alembic can walk. Several heads are refused unless the target names
 * every one of them (`heads`) or one of them (`label@head`, an id), or the project declares its branches: then each may
 * have one head, and no other is let pass, whatever the target.
 */
function judgeGraph(revisions, faults, target = "head", branches = []) {
    const graph = buildGraph(revisions);
    const broken = [...faults.map(explainReading), ...graph.faults.map((fault) => explainFault(fault, graph))];
    if (broken.length > 0)
        return { kind: "refused", reason: "broken-chain", graph, objections: broken };
    const unexpected = unexpectedHeads(graph, branches);
    if (unexpected.length > 0 && (target === "head" || branches.length > 0)) {
        return { kind: "refused", reason: "several-heads", graph, objections: [explainHeads(graph, unexpected, branches)] };
    }
    return { kind: "sound", graph, target: target === "head" && graph.heads.length > 1 ? "heads" : target };
}
function explainHeads(graph, unexpected, branches) {
    const named = (ids) => ids.map((id) => `${id} (${graph.nodes.get(id)?.file ?? "?"})`).join(", ");
    const last = graph.nodes.get(unexpected.at(-1) ?? "")?.file;
    const place = last === undefined ? {} : { file: last, line: 1 };
    if (branches.length > 0)
        return {
            ...place,
            what: `The migrations have heads beside the one that each branch (${branches.join(", ")}) may have: ${named(unexpected)}.`,
            fix: "Join heads of one branch (alembic merge with their ids, or rebase the newer one); add the label of a new branch to branches in .augeo/migrations.yml.",
        };
    return {
        ...place,
        what: `The migrations have ${unexpected.length} heads: ${named(unexpected)}.`,
        fix: `Two changes were built on the same revision. Rebase the newer one (set its down_revision to the other head), or join them: alembic merge -m "merge heads" ${graph.heads.join(" ")}. Where they are meant to stay apart, name their branch labels: branches in .augeo/migrations.yml`,
    };
}
function explainReading({ kind, file, line, message }) {
    const texts = {
        syntax: [
            `${file} is not valid Python: ${message}.`,
            "Mend the file; Alembic cannot load any revision while it is there.",
        ],
        "no-revision-id": [
            `${file} stands among the revisions and declares no revision id.`,
            'Add revision = "…" and down_revision = "…", or move the file out of the versions folder.',
        ],
        "no-down-revision": [
            `Revision ${message} (${file}) declares no down_revision.`,
            "Add down_revision = the id of the revision it comes after (None for the first).",
        ],
        "not-literal": [
            `${file}:${line} computes what must be written out: ${message}.`,
            "Write the ids as plain strings, so that the chain can be read without running the file.",
        ],
        "no-folder": [
            `The versions folder ${file} does not exist.`,
            "Correct version_locations in the configuration, or add the folder.",
        ],
    };
    const [what, fix] = texts[kind];
    return kind === "no-folder" ? { what, fix } : { file, line, what, fix };
}
function explainFault(fault, graph) {
    switch (fault.kind) {
        case "duplicate":
            return {
                file: fault.files[1] ?? fault.files[0] ?? "",
                line: 1,
                what: `Revision id ${fault.id} is used by ${fault.files.length} files: ${fault.files.join(", ")}.`,
                fix: "Give the newer file an id of its own, and correct what names it as down_revision.",
            };
        case "missing-parent":
            return {
                file: fault.file,
                line: 1,
                what: `Revision ${fault.id} (${fault.file}) comes after ${fault.parent}, which no file declares.`,
                fix: `Add the missing revision file, or set down_revision to a revision that exists (${someIds(graph)}).`,
            };
        case "missing-dependency":
            return {
                file: fault.file,
                line: 1,
                what: `Revision ${fault.id} (${fault.file}) depends on ${fault.dependency}, which no file declares.`,
                fix: "Correct depends_on: a revision id, an unambiguous start of one, or a branch label.",
            };
        case "duplicate-label":
            return {
                what: `Branch label ${fault.label} is used by ${fault.ids.join(" and ")}.`,
                fix: "A branch label may stand in one revision only: remove or rename the others.",
            };
        case "cycle":
            return {
                file: graph.nodes.get(fault.ids[0] ?? "")?.file ?? "",
                line: 1,
                what: `Revisions ${fault.ids.join(", ")} come after one another in a circle.`,
                fix: "Correct the down_revision that points the wrong way.",
            };
    }
}
function someIds(graph) {
    const ids = graph.heads.length > 0 ? graph.heads : [...graph.nodes.keys()];
    return ids.slice(0, 3).join(", ");
}
/** Calls that take something away from the code that is still running, or tighten what it may write. */
const contractCalls = new Set(["drop_column", "drop_table", "rename_table"]);
const contractSql = /^\s*(?:drop\s+(?:table|column|view|type|schema)|truncate|alter\s+table\s[\s\S]*?\b(?:drop\s+column|rename\b|drop\s+default|set\s+not\s+null|(?:set\s+data\s+)?type\s))/i;
const backfillSql = /^\s*(?:update|insert|delete|with\b[\s\S]*\b(?:update|insert|delete))\b/i;
/** A revision's phase as its calls show it; the trace and the contract diff know better where they ran. */
function phaseOf(revision) {
    const calls = revision.operations.filter((call) => call.function !== "downgrade");
    if (calls.some(isContract))
        return "contract";
    const working = calls.filter(({ receiver }) => receiver !== "autocommit" && receiver !== "context");
    return working.length > 0 && working.every(isBackfill) ? "backfill" : "expand";
}
function isContract(call) {
    if (contractCalls.has(call.name))
        return true;
    if (call.name === "alter_column")
        return tightens(call);
    return contractSql.test(sqlOf(call));
}
function tightens({ keywords }) {
    const nullable = keywords.nullable;
    const notNull = nullable !== undefined && "value" in nullable && nullable.value === false;
    return notNull || "new_column_name" in keywords || narrows(keywords);
}
/** A longer text, or one without a limit, holds and gives what the shorter one did; of other types nothing is known. */
function narrows({ type_: to, existing_type: from }) {
    if (to === undefined)
        return false;
    const [before, after] = [textLength(from), textLength(to)];
    return before === undefined || after === undefined || after < before;
}
function textLength(type) {
    if (type === undefined || !("expression" in type))
        return undefined;
    if (/^(?:\w+\.)*(?:Text|TEXT|String|VARCHAR)(?:\(\))?$/.test(type.expression))
        return Number.POSITIVE_INFINITY;
    const length = /^(?:\w+\.)*(?:String|VARCHAR)\((?:length=)?(\d+)\)$/.exec(type.expression)?.[1];
    return length === undefined ? undefined : Number(length);
}
function isBackfill(call) {
    return call.name === "bulk_insert" || (call.name.startsWith("exec") && backfillSql.test(sqlOf(call)));
}
/** The statement of an `execute` call, where it is written out: as a text, or inside `sa.text("…")`. */
function sqlOf({ name, arguments: [first] }) {
    if (!name.startsWith("exec") || first === undefined)
        return "";
    if ("value" in first)
        return typeof first.value === "string" ? first.value : "";
    return /^(?:\w+\.)?text\(\s*[rfu]?(?:'''|"""|'|")([\s\S]*)$/.exec(first.expression)?.[1] ?? "";
}
/**
 * What an upgrade has to run, given where the database is. With `expandOnly` the plan ends before the first contract
 * revision, and everything from there on is held for a release of its own. `beyond` names known revisions the
 * database is at that come after the target.
 */
function planUpgrade(graph, current, target, expandOnly = false) {
    const unknown = unknownRevisions(graph, current);
    if (unknown.length > 0)
        return { kind: "ahead", unknown, beyond: [] };
    const resolved = resolveTarget(graph, target);
    if (resolved.kind === "unresolved")
        return resolved;
    const revisions = pathBetween(graph, current, resolved.ids).flatMap((id) => planned(graph, id));
    if (revisions.length === 0)
        return nothingOrAhead(graph, current, resolved.ids);
    const first = expandOnly ? revisions.findIndex(({ phase }) => phase === "contract") : -1;
    if (first < 0)
        return { kind: "run", targets: [target], revisions, held: [] };
    const held = revisions.slice(first);
    if (first === 0)
        return { kind: "contract-only", held };
    const now = revisions.slice(0, first);
    const inner = new Set(now.flatMap(({ revision }) => graph.parents.get(revision.id) ?? []));
    const targets = now.map(({ revision }) => revision.id).filter((id) => !inner.has(id));
    return { kind: "run", targets, revisions: now, held };
}
function planned(graph, id) {
    const revision = graph.nodes.get(id);
    return revision === undefined ? [] : [{ revision, phase: phaseOf(revision) }];
}
function nothingOrAhead(graph, current, target) {
    const wanted = ancestors(graph, target);
    const beyond = current.filter((id) => !wanted.has(id) && target.some((goal) => ancestors(graph, [id]).has(goal)));
    return beyond.length > 0 && wanted.size > 0 ? { kind: "ahead", unknown: [], beyond } : { kind: "nothing" };
}

;// CONCATENATED MODULE: ./packages/migrations/src/sql/ast.ts
const isNode = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
const node = (parent, key) => {
    const value = parent?.[key];
    return isNode(value) ? value : undefined;
};
const items = (parent, key) => {
    const value = parent?.[key];
    return Array.isArray(value) ? value : [];
};
const ast_text = (parent, key) => {
    const value = parent?.[key];
    return typeof value === "string" ? value : undefined;
};
const flag = (parent, key) => parent?.[key] === true;
/** `{"SelectStmt": {…}}` as its tag and its body. */
function tagged(value) {
    if (!isNode(value))
        return undefined;
    for (const [tag, body] of Object.entries(value)) {
        if (/^[A-Z]/.test(tag) && isNode(body))
            return [tag, body];
    }
    return undefined;
}
/** The body of a value if it carries this tag. */
const bodyOf = (value, tag) => {
    const found = tagged(value);
    return found?.[0] === tag ? found[1] : undefined;
};
/** The bodies of the values in a list that carry this tag. */
const bodies = (values, tag) => values.map((value) => bodyOf(value, tag)).filter((body) => body !== undefined);
/** The strings of a list of String nodes. */
const strings = (values) => values.flatMap((value) => ast_text(bodyOf(value, "String"), "sval") ?? []);
/** Visits every tagged node under a value, parents first. Own stack: trees come as deep as the parser allows. */
function walk(root, visit) {
    const pending = [root];
    while (pending.length > 0) {
        const value = pending.pop();
        if (Array.isArray(value)) {
            for (let index = value.length - 1; index >= 0; index -= 1)
                pending.push(value[index]);
        }
        else if (isNode(value)) {
            for (const [tag, body] of Object.entries(value).reverse()) {
                if (typeof body === "object" && body !== null)
                    pending.push(body);
                if (/^[A-Z]/.test(tag) && isNode(body))
                    visit(tag, body);
            }
        }
    }
}
/** `schema.name` without the default schema: what every relation is called in findings and traces. */
const qualified = (schema, name) => schema === undefined || schema === "public" || schema === "pg_catalog" ? name : `${schema}.${name}`;
const relationName = (rangeVar) => qualified(ast_text(rangeVar, "schemaname"), ast_text(rangeVar, "relname") ?? "");
/** A name given as a list of strings: the last part is the name, the one before it the schema. */
const nameOfParts = (parts) => qualified(parts.at(-2), parts.at(-1) ?? "");

;// CONCATENATED MODULE: ./packages/migrations/src/sql/type-name.ts

function decodeType(raw) {
    const parts = strings(items(raw, "names"));
    const modifiers = items(raw, "typmods").map((modifier) => numberOf(modifier));
    const name = qualified(parts.at(-2), parts.at(-1) ?? "");
    return { name, modifiers, isArray: items(raw, "arrayBounds").length > 0 };
}
function numberOf(raw) {
    const value = node(bodyOf(raw, "A_Const"), "ival");
    const number = isNode(value) ? value.ival : undefined;
    return typeof number === "number" ? number : 0;
}
const SPELLING = {
    int2: "smallint",
    int4: "integer",
    int8: "bigint",
    bool: "boolean",
    float4: "real",
    float8: "double precision",
    bpchar: "char",
};
/** The type as people write it. */
function spellType(type) {
    const name = SPELLING[type.name] ?? type.name;
    const modifiers = type.modifiers.length > 0 && type.name !== "interval" ? `(${type.modifiers.join(", ")})` : "";
    return `${name}${modifiers}${type.isArray ? "[]" : ""}`;
}
/** SERIAL and its sizes: not types but a sequence, a default and NOT NULL. */
const isSerial = (type) => /^(small|big)?serial[248]?$/.test(type.name);
const BUILT_IN = new Set(`bool bytea char name int8 int2 int4 regproc text oid xml json jsonb point lseg path box polygon line float4 float8
   money macaddr macaddr8 inet cidr bpchar varchar date time timestamp timestamptz interval timetz bit varbit numeric uuid
   tsvector tsquery int4range int8range numrange tsrange tstzrange daterange int4multirange int8multirange nummultirange
   tsmultirange tstzmultirange datemultirange pg_lsn citext hstore ltree vector regclass`.split(/\s+/));
const isBuiltIn = (type) => BUILT_IN.has(type.name) || isSerial(type);
const sameType = (a, b) => a.name === b.name && a.isArray === b.isArray && a.modifiers.join() === b.modifiers.join();

;// CONCATENATED MODULE: ./packages/migrations/src/schema/schema.ts
const schema_EMPTY_SCHEMA = {
    tables: new Map(),
    enums: new Map(),
    domains: new Map(),
    functions: new Map(),
    roles: new Set(),
    grants: new Map(),
    prepared: new Map(),
};
const unknownTable = (name) => ({
    name,
    kind: "table",
    complete: false,
    columns: new Map(),
    constraints: [],
    indexes: [],
    logged: undefined,
    partitioned: false,
    partitionKey: [],
    partitionOf: undefined,
    isDefaultPartition: false,
    inherits: [],
    reads: [],
});
const UNKNOWN_COLUMN = {
    type: undefined,
    notNull: false,
    hasDefault: false,
    identity: false,
    generated: undefined,
    collation: undefined,
};
/** The domain that a type is, and those that it stands on. An array is none, whatever its elements are. */
function domainsOf({ domains }, type) {
    const found = [];
    const next = ({ name, isArray }) => (isArray ? undefined : domains.get(name));
    for (let domain = next(type); domain !== undefined; domain = next(domain.base))
        found.push(domain);
    return found;
}
/** A value of it must hold to some rule, so that no old row can be taken for one unseen. */
const isConstrained = ({ checks, notNull }) => notNull || checks.length > 0;
/** Whether a column's type is the domain, or stands on it. */
function isOfDomain(schema, type, domain) {
    if (type === undefined || type.isArray)
        return false;
    return type.name === domain || domainsOf(schema, type).some(({ base }) => base.name === domain);
}
/** The table that an index belongs to, if it was seen. */
function tableOfIndex(schema, index) {
    for (const table of schema.tables.values()) {
        if (table.indexes.some((known) => known.name === index))
            return table;
    }
    return undefined;
}
/** ALTER TABLE … RENAME takes the names of indexes too. */
const isIndexName = (schema, name) => !schema.tables.has(name) && tableOfIndex(schema, name) !== undefined;
const partitionsOf = (schema, parent) => [...schema.tables.values()].filter((table) => table.partitionOf === parent);
/** Partitions and inheriting tables, and theirs: what a statement on the parent reaches too unless it says ONLY. */
function heirsOf(schema, parent) {
    const found = new Map();
    const pending = [parent];
    for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
        for (const table of schema.tables.values()) {
            const isHeir = table.partitionOf === name || table.inherits.includes(name);
            if (!isHeir || found.has(table.name) || table.name === parent)
                continue;
            found.set(table.name, table);
            pending.push(table.name);
        }
    }
    return [...found.values()];
}
/** Keys stay with their table, except that a partition takes on those of its parent; all else is inherited as well. */
const reaches = (action, heir) => heir.partitionOf !== undefined ||
    action.kind !== "add-constraint" ||
    action.constraint.kind === "check" ||
    action.constraint.kind === "not-null";
/** Foreign keys that point to a column of a table (or to any), and the tables that have them. */
function referencing(schema, table, column) {
    const primary = schema.tables.get(table)?.constraints.find(({ kind }) => kind === "primary")?.columns;
    return [...schema.tables.values()].flatMap((other) => other.constraints
        .filter((key) => key.references === table && (column === undefined || pointsTo(key, column, primary)))
        .map((key) => ({ table: other.name, key })));
}
/** A key that names no columns points to the primary key; one that was not seen may be any. */
const pointsTo = ({ referencedColumns }, column, primary) => (referencedColumns.length > 0 ? referencedColumns.includes(column) : (primary?.includes(column) ?? true));
/** A valid CHECK (or the primary key) already proves the column not null, so PostgreSQL 12 need not look. */
const provesNotNull = (table, column) => table?.constraints.some((constraint) => constraint.valid && proves(constraint, column)) ?? false;
function proves({ kind, columns, provesNotNull: proven, isUnseen, name }, column) {
    if (isUnseen === true)
        return `_${name}_`.includes(`_${column}_`) && /null|present|required/i.test(name);
    return proven.includes(column) || (kind === "primary" && columns.includes(column));
}

;// CONCATENATED MODULE: ./packages/migrations/src/schema/fold-create-table.ts


function foldCreateTable(draft, operation) {
    if (operation.ifNotExists && draft.tables.has(operation.table))
        return;
    const parents = operation.parents.map((name) => draft.tables.get(name));
    const models = [...parents, ...operation.likes.map((like) => copied(draft.tables.get(like.table), like))];
    const columns = new Map(models.flatMap((model) => [...(model?.columns ?? [])]));
    for (const column of operation.columns)
        columns.set(column.name, toColumn(column));
    const bare = {
        ...unknownTable(operation.table),
        complete: models.every((model) => model?.complete === true),
        columns,
        constraints: models.flatMap((model) => model?.constraints.filter(({ kind }) => kind !== "foreign") ?? []),
        indexes: models.flatMap((model) => model?.indexes.map((index) => ownIndex(operation.table, index)) ?? []),
        logged: !operation.unlogged,
        partitioned: operation.partitioned,
        partitionKey: operation.partitionKey,
        partitionOf: operation.isPartition ? operation.parents[0] : undefined,
        isDefaultPartition: operation.isDefaultPartition,
        inherits: operation.isPartition ? [] : operation.parents,
    };
    const own = operation.columns.flatMap((column) => column.constraints);
    const table = [...own, ...operation.constraints].map(born).reduce(addConstraint, bare);
    draft.tables.set(table.name, table);
}
/** An empty table has no row to doubt: PostgreSQL takes NOT VALID there for valid (parse_utilcmd.c, transformCheckConstraints). */
const born = (constraint) => ({
    ...constraint,
    notValid: !constraint.enforced,
});
/** What LIKE takes from a table. */
function copied(table, { constraints, defaults, indexes }) {
    if (table === undefined)
        return undefined;
    const bare = (column) => ({ ...column, hasDefault: column.hasDefault && defaults });
    return {
        ...table,
        columns: new Map([...table.columns].map(([name, column]) => [name, bare(column)])),
        constraints: table.constraints.filter(({ kind }) => (kind === "check" ? constraints : indexes)),
        indexes: indexes ? table.indexes : [],
    };
}
/** An index like another, under the name that PostgreSQL makes up for it. */
const ownIndex = (table, index) => ({ ...index, name: indexName(table, index.columns) });
const SERIAL_BASES = {
    smallserial: "int2",
    serial2: "int2",
    bigserial: "int8",
    serial8: "int8",
};
/** SERIAL leaves an integer behind. */
const storedType = (type) => isSerial(type) ? { ...type, name: SERIAL_BASES[type.name] ?? "int4" } : type;
const toColumn = (column) => ({
    type: storedType(column.type),
    notNull: column.notNull,
    hasDefault: (column.default !== undefined && !column.default.isNull) || isSerial(column.type) || column.identity,
    identity: column.identity,
    generated: column.generated,
    collation: column.collation,
});
const SUFFIX = {
    unique: "key",
    primary: "pkey",
    exclusion: "excl",
    foreign: "fkey",
    check: "check",
    "not-null": "not_null",
};
/** The name PostgreSQL gives a constraint that has none. */
function constraintName(table, constraint) {
    if (constraint.name !== undefined)
        return constraint.name;
    const base = table.slice(table.lastIndexOf(".") + 1);
    const columns = constraint.kind === "primary" ? [] : constraint.columns;
    return [base, ...columns, SUFFIX[constraint.kind]].join("_");
}
/** More than any table has; beyond it a hostile script would make folding slow. */
const MAX_CONSTRAINTS = 2000;
/** A table with one more constraint, and with the index that it brings. */
function addConstraint(table, definition) {
    if (table.constraints.length >= MAX_CONSTRAINTS)
        return table;
    const name = constraintName(table.name, definition);
    const adopted = definition.usingIndex && besides(table.name, definition.usingIndex);
    const indexed = table.indexes.find((index) => index.name === adopted)?.columns;
    const constraint = {
        name,
        kind: definition.kind,
        columns: indexed ?? definition.columns,
        valid: !definition.notValid,
        provesNotNull: definition.kind === "not-null" ? definition.columns : (definition.expression?.provesNotNull ?? []),
        references: definition.references,
        referencedColumns: definition.referencedColumns,
    };
    const constrained = { ...table, constraints: [...table.constraints, constraint] };
    return withIndex(withNotNull(constrained, constraint), constraint, adopted);
}
function withNotNull(table, constraint) {
    const required = constraint.kind === "primary" || (constraint.kind === "not-null" && constraint.valid);
    if (!required)
        return table;
    const columns = new Map(table.columns);
    for (const name of constraint.columns) {
        const column = columns.get(name);
        if (column !== undefined)
            columns.set(name, { ...column, notNull: true });
    }
    return { ...table, columns };
}
function withIndex(table, constraint, usingIndex) {
    if (usingIndex !== undefined) {
        const indexes = table.indexes.map((index) => index.name === usingIndex ? { ...index, name: besides(table.name, constraint.name) } : index);
        return { ...table, indexes };
    }
    if (constraint.kind !== "unique" && constraint.kind !== "primary" && constraint.kind !== "exclusion")
        return table;
    const { columns } = constraint;
    const name = besides(table.name, constraint.name);
    const index = { name, columns, mentions: columns, computed: false, unique: constraint.kind !== "exclusion" };
    return { ...table, indexes: [...table.indexes, index] };
}
/** A name in the schema of a table: where PostgreSQL puts what belongs to it. */
const besides = (table, name) => table.includes(".") ? `${table.slice(0, table.lastIndexOf("."))}.${name}` : name;
function toIndex(operation) {
    const { columns, mentions, computed, unique } = operation;
    const { index, table } = operation;
    const name = index === undefined ? indexName(table, columns) : besides(table, index);
    return { name, columns, mentions, computed, unique };
}
function indexName(table, columns) {
    const base = table.slice(table.lastIndexOf(".") + 1);
    return besides(table, [base, ...(columns.length > 0 ? columns : ["expr"]), "idx"].join("_"));
}

;// CONCATENATED MODULE: ./packages/migrations/src/sql/operation.ts
/** What stands for the tables of a database where a statement names none. */
const EVERY_TABLE = "every table";
const RECURSING = new Set([
    "add-column",
    "drop-column",
    "alter-type",
    "set-not-null",
    "drop-not-null",
    "set-default",
    "drop-default",
    "add-constraint",
    "drop-constraint",
    "validate-constraint",
]);
/** ALTER TABLE passes these on to partitions and to tables that inherit (tablecmds.c, ATPrepCmd). */
const recurses = ({ kind }) => RECURSING.has(kind);

;// CONCATENATED MODULE: ./packages/migrations/src/trace.ts
/** Table lock modes by strength, as `pg_locks.mode` names them. */
const LOCK_MODES = [
    "AccessShareLock",
    "RowShareLock",
    "RowExclusiveLock",
    "ShareUpdateExclusiveLock",
    "ShareLock",
    "ShareRowExclusiveLock",
    "ExclusiveLock",
    "AccessExclusiveLock",
];
/** 1 for ACCESS SHARE to 8 for ACCESS EXCLUSIVE. */
const lockRank = (mode) => LOCK_MODES.indexOf(mode) + 1;
const NO_EFFECTS = { locks: [], rewrites: [], scans: [], indexBuilds: [] };
function trace_blocksOf(mode) {
    if (mode === undefined || lockRank(mode) < lockRank("ShareUpdateExclusiveLock"))
        return "nothing";
    if (mode === "AccessExclusiveLock")
        return "reads and writes";
    return mode === "ShareUpdateExclusiveLock" ? "schema changes" : "writes";
}
/** The strongest of some locks, `undefined` for none. */
function strongest(locks) {
    return locks.reduce((best, lock) => (best && lockRank(best.mode) >= lockRank(lock.mode) ? best : lock), undefined);
}

;// CONCATENATED MODULE: ./packages/migrations/src/physics/recorder.ts

function recorder(existed) {
    const locks = new Map();
    const rewrites = new Set();
    const scans = new Set();
    const builds = [];
    return {
        lock(relation, mode) {
            const held = locks.get(relation);
            if (!existed(relation) || (held !== undefined && lockRank(held.mode) >= lockRank(mode)))
                return;
            locks.set(relation, { relation, mode, preexisting: true });
        },
        rewrite: (relation) => existed(relation) && rewrites.add(relation),
        scan: (relation) => existed(relation) && scans.add(relation),
        build: (relation, index) => {
            if (existed(relation))
                builds.push({ index, relation });
        },
        effects: () => ({
            locks: [...locks.values()],
            rewrites: [...rewrites],
            scans: [...scans],
            // A rewrite brings all indexes of its table with it.
            indexBuilds: builds.filter(({ relation }) => !rewrites.has(relation)),
        }),
    };
}

;// CONCATENATED MODULE: ./packages/migrations/src/physics/predict.ts






/** What PostgreSQL will do for one operation, told from its source and measured on version 15. */
function predict(operation, situation) {
    const record = recorder(situation.existed);
    const predictor = PREDICTORS[operation.kind];
    if (predictor !== undefined)
        predictor(operation, record, situation);
    return record.effects();
}
function on(kind, predictor) {
    const isMine = (operation) => operation.kind === kind;
    return (operation, record, situation) => {
        if (isMine(operation))
            predictor(operation, record, situation);
    };
}
const PREDICTORS = {
    "alter-table": on("alter-table", predictAlterTable),
    "create-table": on("create-table", predictCreateTable),
    "create-table-as": on("create-table-as", (operation, record, { schema }) => {
        if (operation.withData)
            readKeyed(operation, record, schema);
    }),
    "create-index": on("create-index", predictCreateIndex),
    drop: on("drop", predictDrop),
    rename: on("rename", predictRename),
    reindex: on("reindex", predictReindex),
    "alter-domain": on("alter-domain", predictAlterDomain),
    vacuum: on("vacuum", (operation, record) => {
        for (const table of operation.tables.length > 0 ? operation.tables : [EVERY_TABLE]) {
            if (operation.full)
                rewriteTable(table, record);
            else
                record.lock(table, "ShareUpdateExclusiveLock");
        }
    }),
    cluster: on("cluster", (operation, record) => {
        rewriteTable(operation.table ?? EVERY_TABLE, record);
    }),
    "refresh-view": on("refresh-view", (operation, record, { schema }) => {
        record.lock(operation.view, operation.concurrently ? "ExclusiveLock" : "AccessExclusiveLock");
        if (operation.concurrently)
            record.scan(operation.view);
        else
            rewriteTable(operation.view, record);
        if (operation.withData)
            readAll(schema.tables.get(operation.view)?.reads ?? [], record, schema);
    }),
    truncate: on("truncate", (operation, record, { schema }) => {
        for (const table of operation.tables) {
            if (operation.alone.includes(table))
                record.lock(table, "AccessExclusiveLock");
            else
                lockTruncated(table, operation.cascade, record, schema);
        }
    }),
    touch: on("touch", (operation, record) => {
        for (const table of operation.tables)
            record.lock(table, operation.mode ?? "ShareUpdateExclusiveLock");
    }),
    "change-rows": on("change-rows", predictRowChange),
    select: on("select", (operation, record, { schema }) => readKeyed(operation, record, schema)),
    "lock-table": on("lock-table", (operation, record, { schema }) => {
        const mode = LOCK_MODES[operation.mode - 1];
        if (mode === undefined)
            return;
        for (const table of operation.tables)
            for (const name of [table, ...namesOf(heirsOf(schema, table))])
                record.lock(name, mode);
    }),
    "create-trigger": on("create-trigger", (operation, record) => record.lock(operation.table, "ShareRowExclusiveLock")),
    "create-rule": on("create-rule", (operation, record) => record.lock(operation.table, "AccessExclusiveLock")),
    "create-policy": on("create-policy", (operation, record) => record.lock(operation.table, "AccessExclusiveLock")),
    "create-view": on("create-view", (operation, record) => {
        if (operation.replace)
            record.lock(operation.view, "AccessExclusiveLock");
    }),
};
function rewriteTable(table, record) {
    record.lock(table, "AccessExclusiveLock");
    record.rewrite(table);
    record.scan(table);
}
const namesOf = (tables) => tables.map(({ name }) => name);
/** Reads relations from end to end: the partitions of one, and what a view stands on. */
function readAll(reads, record, schema, seen = new Set()) {
    for (const name of reads) {
        if (seen.has(name))
            continue;
        seen.add(name);
        record.lock(name, "AccessShareLock");
        const relation = schema.tables.get(name);
        if (relation?.kind === "view")
            readAll(relation.reads, record, schema, seen);
        else {
            record.scan(name);
            readAll(namesOf(heirsOf(schema, name)), record, schema, seen);
        }
    }
}
function readKeyed(query, record, schema) {
    for (const table of query.reads) {
        record.lock(table, "AccessShareLock");
        const known = schema.tables.get(table);
        const isFound = query.lookups.get(table)?.every((keys) => isKeyed(known, keys)) ?? false;
        if (!isFound)
            readAll([table], record, schema);
    }
}
function lockTruncated(table, cascade, record, schema) {
    const pending = [table];
    const seen = new Set();
    for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
        if (seen.has(name))
            continue;
        seen.add(name);
        record.lock(name, "AccessExclusiveLock");
        pending.push(...namesOf(heirsOf(schema, name)));
        if (cascade)
            pending.push(...referencing(schema, name).map((child) => child.table));
    }
}
function predictCreateTable(operation, record, { schema }) {
    if (operation.ifNotExists && schema.tables.has(operation.table))
        return;
    const constraints = [...operation.columns.flatMap((column) => column.constraints), ...operation.constraints];
    for (const { references } of constraints) {
        if (references !== undefined && references !== operation.table)
            record.lock(references, "ShareRowExclusiveLock");
    }
    for (const parent of operation.parents) {
        record.lock(parent, operation.isPartition ? "AccessExclusiveLock" : "ShareUpdateExclusiveLock");
        if (operation.isPartition)
            scanDefaultPartition(parent, record, schema);
    }
}
/** A new partition may not hold rows that the default partition already has, so that one is read. */
function scanDefaultPartition(parent, record, schema) {
    const fallback = lockDefaultPartition(parent, record, schema);
    if (fallback === undefined)
        return;
    record.scan(fallback);
    record.scan(parent);
}
/** The bounds of the default partition change whenever a partition comes or goes. */
function lockDefaultPartition(parent, record, schema) {
    const fallback = partitionsOf(schema, parent).find((partition) => partition.isDefaultPartition)?.name;
    if (fallback !== undefined)
        record.lock(fallback, "AccessExclusiveLock");
    return fallback;
}
function predictCreateIndex(operation, record, { schema }) {
    const table = schema.tables.get(operation.table);
    const index = operation.index ?? "";
    record.lock(operation.table, operation.concurrently ? "ShareUpdateExclusiveLock" : "ShareLock");
    if (operation.ifNotExists && table?.indexes.some((known) => known.name === besides(operation.table, index)))
        return;
    // ONLY has no use on a table without partitions, so one that was never seen is taken to have some.
    if (operation.only && (table === undefined || table.partitioned))
        return;
    const partitions = table?.partitioned ? namesOf(heirsOf(schema, operation.table)) : [];
    // The parent stands for its partitions in findings; one whose partitions were never seen has some all the same.
    const heaps = [operation.table, ...partitions];
    for (const heap of heaps) {
        record.lock(heap, operation.concurrently ? "ShareUpdateExclusiveLock" : "ShareLock");
        record.build(heap, index);
        record.scan(heap);
    }
}
function predictDrop(operation, record, { schema }) {
    if (operation.on !== undefined)
        record.lock(operation.on, "AccessExclusiveLock");
    for (const name of operation.names) {
        if (operation.object === "index") {
            // As with REINDEX, the index stands for a table that was never seen.
            const table = tableOfIndex(schema, name)?.name ?? name;
            const partitions = operation.concurrently ? [] : namesOf(heirsOf(schema, table));
            for (const owner of [table, ...partitions])
                record.lock(owner, operation.concurrently ? "ShareUpdateExclusiveLock" : "AccessExclusiveLock");
        }
        else if (/^(table|view|materialized-view)$/.test(operation.object))
            lockDroppedTable(name, record, schema);
        else if (operation.cascade)
            lockDependents(operation.object, name, record, schema);
    }
}
/** With CASCADE the columns of a type go too, and everything in a schema. */
function lockDependents(object, name, record, schema) {
    for (const table of schema.tables.values()) {
        const isInside = object === "schema" && table.name.startsWith(`${name}.`);
        const isTyped = (object === "type" || object === "domain") && [...table.columns.values()].some(({ type }) => type?.name === name);
        if (isInside)
            lockDroppedTable(table.name, record, schema);
        else if (isTyped)
            record.lock(table.name, "AccessExclusiveLock");
    }
}
function lockDroppedTable(name, record, schema) {
    record.lock(name, "AccessExclusiveLock");
    for (const constraint of schema.tables.get(name)?.constraints ?? []) {
        if (constraint.references !== undefined)
            record.lock(constraint.references, "AccessExclusiveLock");
    }
    const parent = schema.tables.get(name)?.partitionOf;
    if (parent !== undefined) {
        record.lock(parent, "AccessExclusiveLock");
        lockDefaultPartition(parent, record, schema);
    }
    const children = referencing(schema, name).map(({ table }) => table);
    for (const table of [...namesOf(heirsOf(schema, name)), ...children])
        record.lock(table, "AccessExclusiveLock");
}
function predictRename(operation, record, { schema }) {
    if (operation.object === "index" || (operation.object === "table" && isIndexName(schema, operation.name)))
        record.lock(operation.name, "ShareUpdateExclusiveLock");
    else if (/^(table|column|view|constraint|trigger)$/.test(operation.object)) {
        record.lock(operation.name, "AccessExclusiveLock");
        const heirs = operation.object === "column" ? heirsOf(schema, operation.name) : [];
        for (const heir of heirs)
            record.lock(heir.name, "AccessExclusiveLock");
    }
}
function predictReindex(operation, record, { schema }) {
    if (operation.object === "system")
        return;
    // The table of an index that was never seen is unknown: the index's own name stands for it.
    const owner = operation.object === "index" ? tableOfIndex(schema, operation.name)?.name : undefined;
    const table = owner ?? operation.name;
    record.lock(table, operation.concurrently ? "ShareUpdateExclusiveLock" : "ShareLock");
    const indexes = operation.object === "index"
        ? [operation.name]
        : (schema.tables.get(table)?.indexes.map((index) => index.name) ?? []);
    for (const index of indexes)
        record.build(table, index);
    if (!operation.concurrently || indexes.length > 0)
        record.scan(table);
}
/** Changes of a domain for which every value that is stored must be looked at. */
const validatesDomain = (change) => change === "add-constraint" || change === "set-not-null" || change === "validate";
function predictAlterDomain(operation, record, { schema }) {
    if (!validatesDomain(operation.change) || operation.notValid)
        return;
    for (const table of schema.tables.values()) {
        if (![...table.columns.values()].some(({ type }) => isOfDomain(schema, type, operation.type)))
            continue;
        record.lock(table.name, "ShareLock");
        record.scan(table.name);
    }
}
function predictRowChange(operation, record, { schema }) {
    record.lock(operation.table, "RowExclusiveLock");
    const readsTarget = operation.verb === "update" || operation.verb === "delete" || operation.verb === "merge";
    if (readsTarget && !isKeyed(schema.tables.get(operation.table), operation.keys))
        if (operation.only)
            record.scan(operation.table);
        else
            readAll([operation.table], record, schema);
    const reads = operation.reads.filter((table) => table !== operation.table || !readsTarget);
    const { lookups } = operation;
    readKeyed({ reads, lookups }, record, schema);
}
/** A condition on the leading column of an index spares the scan; a primary key called `id` is a safe guess. */
function isKeyed(table, keys) {
    const isIndexed = table?.indexes.some((index) => !index.computed && keys.includes(index.columns[0] ?? "")) ?? false;
    return isIndexed || (table?.complete !== true && keys.includes("id"));
}

;// CONCATENATED MODULE: ./packages/migrations/src/physics/type-change.ts


/** True when stored values stay valid as they are, so that changing from one type to the other writes nothing. */
function keepsStorage(from, to, settings) {
    if (sameType(from, to))
        return true;
    const source = baseOf(from, settings.schema);
    const targets = domainsOf(settings.schema, to);
    const [last] = targets.slice(-1);
    if (last !== undefined)
        return !targets.some(isConstrained) && keepsStorage(source, last.base, settings);
    if (source.isArray || to.isArray)
        return source.isArray && to.isArray && source.name === to.name && to.modifiers.length === 0;
    return source.name === to.name ? keepsModifiers(source, to) : isRelabelled(source, to, settings);
}
/** A domain's length or precision is not known to the cast that leaves it. */
const baseOf = (type, schema) => {
    const [last] = domainsOf(schema, type).slice(-1);
    return last === undefined ? type : { ...last.base, modifiers: [] };
};
/** Microseconds: what a time type without a precision has. */
const FULL_PRECISION = 6;
/** INTERVAL_FULL_RANGE of PostgreSQL's timestamp.h: an interval without `YEAR TO MONTH` and the like. */
const FULL_RANGE = 32767;
function keepsModifiers(from, to) {
    switch (from.name) {
        case "varchar":
        case "varbit":
            return type_change_isWider(from.modifiers[0], to.modifiers[0]);
        case "numeric":
            return to.modifiers.length === 0 || keepsNumeric(from, to);
        case "timestamp":
        case "timestamptz":
        case "time":
        case "timetz":
            return (to.modifiers[0] ?? FULL_PRECISION) >= Math.min(from.modifiers[0] ?? FULL_PRECISION, FULL_PRECISION);
        case "interval":
            return keepsInterval(from, to);
        case "bpchar":
        case "bit":
            return to.modifiers.length === 0;
        default:
            return to.modifiers.length === 0 && isBuiltIn(to);
    }
}
const type_change_isWider = (from, to) => to === undefined || (from !== undefined && to >= from);
function keepsNumeric(from, to) {
    const [oldPrecision, oldScale = 0] = from.modifiers;
    const [precision = 0, scale = 0] = to.modifiers;
    return oldPrecision !== undefined && precision >= oldPrecision && scale === oldScale;
}
function keepsInterval(from, to) {
    const [oldRange = FULL_RANGE, oldPrecision = FULL_PRECISION] = from.modifiers;
    const [range = FULL_RANGE, precision = FULL_PRECISION] = to.modifiers;
    return finestField(range) <= finestField(oldRange) && precision >= oldPrecision;
}
/** Bits that stand for the fields of an interval (datetime.h), from the finest to the coarsest. */
const INTERVAL_FIELDS = [12, 11, 10, 3, 1, 2];
const finestField = (range) => INTERVAL_FIELDS.findIndex((bit) => (range & (1 << bit)) !== 0);
const type_change_TEXTS = new Set(["text", "varchar", "citext"]);
const OBJECT_IDS = new Set([
    "oid",
    "regclass",
    "regproc",
    "regprocedure",
    "regtype",
    "regoper",
    "regrole",
    "regnamespace",
]);
/** Casts that pg_cast marks as binary-coercible, and the two that only look at the time zone. */
function isRelabelled(from, to, settings) {
    if (type_change_TEXTS.has(from.name) && type_change_TEXTS.has(to.name))
        return to.modifiers.length === 0 || keepsVarchar(from, to);
    if (from.name === "xml")
        return (to.name === "text" || to.name === "varchar") && to.modifiers.length === 0;
    if (type_change_TEXTS.has(from.name) && to.name === "bpchar")
        return from.name !== "citext" && to.modifiers.length === 0;
    if (from.name === "cidr")
        return to.name === "inet";
    if (from.name === "bit")
        return to.name === "varbit" && to.modifiers.length === 0;
    if (from.name === "int4" || OBJECT_IDS.has(from.name))
        return OBJECT_IDS.has(to.name) || (to.name === "int4" && from.name !== "int4");
    if (isZonePair(from, to))
        return settings.isUtc && settings.version >= 12 && (to.modifiers[0] ?? FULL_PRECISION) >= FULL_PRECISION;
    return false;
}
const keepsVarchar = (from, to) => from.name === "varchar" && type_change_isWider(from.modifiers[0], to.modifiers[0]);
/** timestamp and timestamptz, either way round: the bytes are equal when the session's time zone is UTC. */
const isZonePair = (from, to) => {
    const names = [from?.name, to?.name].sort();
    return names[0] === "timestamp" && names[1] === "timestamptz";
};
const OPERATOR_CLASS = { varchar: "text", cidr: "inet" };
/** An index survives a type change that writes nothing if its values still sort alike. */
const sortsAlike = (from, to, schema) => classOf(from, schema) === classOf(to, schema);
const classOf = (type, schema) => {
    const { name } = baseOf(type, schema);
    return OPERATOR_CLASS[name] ?? name;
};

;// CONCATENATED MODULE: ./packages/migrations/src/physics/volatility.ts
// Functions that are not volatile: those of pg_catalog that people write in expressions (every one of the name is stable
// or immutable there, up to PostgreSQL 18) and those of common extensions. Any other function is taken for volatile, as
// CREATE FUNCTION does.
const STEADY = new Set(`abbrev abs acos acosd acosh age area array_append array_cat array_dims array_fill array_length array_lower
   array_ndims array_position array_positions array_prepend array_remove array_replace array_reverse array_sort
   array_to_json array_to_string array_to_tsvector array_upper ascii asin asind asinh atan atan2 atan2d atand atanh bit
   bit_count bit_length bool box bpchar broadcast btrim bytea cardinality casefold cbrt ceil ceiling center char
   char_length character_length chr cidr circle coalesce concat concat_ws convert convert_from convert_to cos cosd cosh
   cot cotd crc32 crc32c current_database current_date current_schema current_schemas current_setting current_time
   current_timestamp current_user date date_add date_bin date_part date_subtract date_trunc datemultirange daterange
   decode degrees div encode enum_first enum_last enum_range erf erfc exp extract factorial family float4 float8 floor
   format format_type gamma gcd get_bit get_byte get_current_ts_config greatest hashtext host hostmask inet_client_addr
   inet_client_port inet_server_addr inet_server_port initcap int2 int4 int4multirange int4range int8 int8multirange
   int8range interval isfinite json_array_length json_build_array json_build_object json_extract_path
   json_extract_path_text json_object json_populate_record json_strip_nulls json_to_tsvector json_typeof
   jsonb_array_length jsonb_build_array jsonb_build_object jsonb_extract_path jsonb_extract_path_text jsonb_insert
   jsonb_object jsonb_path_exists jsonb_path_exists_tz jsonb_path_match jsonb_path_match_tz jsonb_path_query_array
   jsonb_path_query_array_tz jsonb_path_query_first jsonb_path_query_first_tz jsonb_populate_record
   jsonb_populate_record_valid jsonb_pretty jsonb_set jsonb_set_lax jsonb_strip_nulls jsonb_to_tsvector jsonb_typeof
   justify_days justify_hours justify_interval lcm least left length lgamma ln localtimestamp log log10 lower lower_inf
   lpad lseg ltrim macaddr macaddr8 macaddr8_set7bit make_date make_interval make_time make_timestamp make_timestamptz
   masklen md5 min_scale mod money multirange netmask network normalize now nullif num_nonnulls num_nulls numeric
   nummultirange numrange octet_length oid overlaps overlay parse_ident path pg_backend_pid pg_client_encoding
   pg_column_size pg_current_snapshot pg_current_xact_id pg_get_serial_sequence pg_postmaster_start_time pg_size_pretty
   pg_typeof pi point polygon position pow power quote_ident quote_literal quote_nullable radians regclass regexp_count
   regexp_instr regexp_like regexp_match regexp_replace regexp_split_to_array regexp_substr repeat replace reverse
   right round row_to_json rpad rtrim scale session_user set_bit set_byte set_masklen setweight sha224 sha256 sha384
   sha512 sign sin sind sinh split_part sqrt starts_with statement_timestamp string_to_array strip strpos substr
   substring system_user tan tand tanh text time timestamp timestamptz timetz timezone to_ascii to_bin to_char to_date
   to_hex to_json to_jsonb to_number to_oct to_regclass to_regcollation to_regnamespace to_regoper to_regoperator
   to_regproc to_regprocedure to_regrole to_regtype to_timestamp to_tsquery to_tsvector transaction_timestamp translate
   trim trim_array trim_scale trunc ts_delete ts_filter ts_headline ts_rank ts_rank_cd tsmultirange tsrange
   tstzmultirange tstzrange tsvector_to_array txid_current txid_current_if_assigned txid_current_snapshot
   txid_snapshot_xmax txid_snapshot_xmin txid_visible_in_snapshot unicode_assigned unicode_version unistr unnest upper
   upper_inf user uuid_extract_timestamp uuid_extract_version varbit varchar version width_bucket xid xml
   xml_is_well_formed xml_is_well_formed_content xml_is_well_formed_document xmlcomment xmlexists xmltext xmlvalidate
   xpath
   decrypt digest encrypt hmac hstore ltree2text nlevel show_trgm similarity st_geogfromtext st_geomfromtext
   st_makeenvelope st_makepoint st_point st_setsrid text2ltree unaccent uuid_generate_v3 uuid_generate_v5 uuid_nil
   uuid_ns_dns uuid_ns_oid uuid_ns_url uuid_ns_x500 word_similarity`.split(/\s+/));
/** PostgreSQL must evaluate a volatile default row by row, which rewrites the table. */
function isVolatile(expression, schema, within = []) {
    return expression.functions.some((name) => {
        const routine = schema.functions.get(name);
        // Extensions may live in a schema of their own.
        if (routine === undefined)
            return !STEADY.has(name.replace(/^.*\./, ""));
        if (!routine.volatile)
            return false;
        const isKnown = routine.result !== undefined && !within.includes(name);
        return !isKnown || isVolatile(routine.result, schema, [...within, name]);
    });
}
/** Functions that do something and yet touch no table, or are no function of the migration's making at all. */
const HARMLESS_CALL = /^(pg_|lo_|has_|txid_|ts_|json|xml|st_|uuid|gen_|gin_|brin_|col_|obj_|shobj_|inet_|row_|array_|string_|generate_)|^(nextval|currval|lastval|setval|setseed|random|random_normal|clock_timestamp|timeofday|set_config|count|sum|max|min|avg|every|bool_and|bool_or|crypt)$/;
/** A function of PostgreSQL's own, or of an extension that is known, that changes no table when it is called. */
const isHarmlessCall = (name) => {
    const bare = name.replace(/^.*\./, "");
    return STEADY.has(bare) || HARMLESS_CALL.test(bare);
};

;// CONCATENATED MODULE: ./packages/migrations/src/physics/alter-table.ts







function predictAlterTable(operation, record, situation) {
    const { table, action, target } = operation;
    if (target === "index" || target === "other")
        return;
    for (const one of operation.together)
        record.lock(table, target === "view" ? "AccessExclusiveLock" : lockOf(one, situation));
    predictAction(table, action, record, situation, operation.only);
    const heirs = operation.only || !recurses(action) ? [] : heirsOf(situation.schema, table);
    for (const heir of heirs.filter((one) => reaches(action, one))) {
        record.lock(heir.name, alter_table_isKeyed(action) && situation.version < 18 ? "ShareLock" : lockOf(action, situation));
        predictAction(heir.name, action, record, situation);
    }
}
/** The parent of partitions has no rows to index: each partition's index is built as by CREATE INDEX. */
const alter_table_isKeyed = (action) => action.kind === "add-constraint" && /^(unique|primary|exclusion)$/.test(action.constraint.kind);
function predictAction(table, action, record, situation, only = false) {
    switch (action.kind) {
        case "add-column":
            addColumn(table, action, record, situation);
            return;
        case "drop-column":
            lockReferenced(table, action.column, record, situation.schema);
            if (action.cascade)
                lockReferencing(table, [action.column], record, situation.schema);
            return;
        case "drop-constraint":
            lockReferenced(table, action.constraint, record, situation.schema);
            if (action.cascade)
                lockReferencing(table, keyColumns(table, action.constraint, situation.schema), record, situation.schema);
            return;
        case "alter-type":
            alterType(table, action, record, situation);
            return;
        case "set-not-null":
            if (!isKnownNotNull(table, action.column, situation))
                record.scan(table);
            return;
        case "add-constraint":
            // The parent of partitions has no rows of its own: its key stays invalid until each partition's is attached.
            if (only && alter_table_isKeyed(action) && situation.schema.tables.get(table)?.partitioned === true)
                return;
            alter_table_addConstraint(table, action.constraint, record, situation);
            return;
        case "validate-constraint":
            validate(table, action.constraint, record, situation.schema);
            return;
        case "set-persistence":
            if (situation.schema.tables.get(table)?.logged !== action.logged)
                rewriteTable(table, record);
            return;
        case "set-tablespace":
            if (action.tablespace !== "pg_default" || situation.schema.tables.get(table)?.complete !== true)
                rewriteTable(table, record);
            return;
        case "set-access-method":
            if (action.method !== "heap")
                rewriteTable(table, record);
            return;
        case "set-expression":
            rewriteTable(table, record);
            return;
        case "attach-partition":
            attach(table, action, record, situation);
            return;
        case "detach-partition":
            record.lock(action.partition, action.concurrently ? "ShareUpdateExclusiveLock" : "AccessExclusiveLock");
            if (!action.concurrently)
                lockDefaultPartition(table, record, situation.schema);
            return;
        default:
            return;
    }
}
/** AlterTableGetLockLevel of tablecmds.c. */
function lockOf(action, { version }) {
    switch (action.kind) {
        case "light":
        case "validate-constraint":
            return "ShareUpdateExclusiveLock";
        case "attach-partition":
            return version >= 12 ? "ShareUpdateExclusiveLock" : "AccessExclusiveLock";
        case "detach-partition":
            return action.concurrently || action.finalize ? "ShareUpdateExclusiveLock" : "AccessExclusiveLock";
        case "trigger-state":
            return "ShareRowExclusiveLock";
        case "add-constraint":
            return action.constraint.kind === "foreign" ? "ShareRowExclusiveLock" : "AccessExclusiveLock";
        default:
            return "AccessExclusiveLock";
    }
}
function addColumn(table, action, record, situation) {
    const { column, ifNotExists } = action;
    if (ifNotExists && situation.schema.tables.get(table)?.columns.has(column.name))
        return;
    if (columnRewrites(action, situation))
        rewriteTable(table, record);
    else if (column.notNull && defaultOf(column, situation.schema) === undefined)
        record.scan(table);
    const isEmpty = column.default === undefined && !isSerial(column.type) && !column.identity;
    for (const constraint of column.constraints) {
        // A reference from a column of NULLs needs no look at the rows (parse_utilcmd.c, skip_validation).
        const definition = constraint.kind === "foreign" && isEmpty ? { ...constraint, notValid: true } : constraint;
        alter_table_addConstraint(table, definition, record, situation);
    }
}
/** Whether every row must be written anew to hold the column. */
function columnRewrites({ column }, { schema, version }) {
    if (isSerial(column.type) || column.identity || column.generated === "stored")
        return true;
    const domains = domainsOf(schema, column.type);
    if (domains.some(isConstrained))
        return true;
    const value = defaultOf(column, schema);
    return value !== undefined && (version < 11 || isVolatile(value, schema));
}
/** The value that old rows get, written on the column or else on its domain. */
function defaultOf(column, schema) {
    const value = column.default ?? domainsOf(schema, column.type).find((domain) => domain.default !== undefined)?.default;
    return value === undefined || value.isNull ? undefined : value;
}
const isKnownNotNull = (table, column, { schema, version }) => {
    const known = schema.tables.get(table);
    return known?.columns.get(column)?.notNull === true || (version >= 12 && provesNotNull(known, column));
};
/** Dropping a foreign key, or the column that carries it, takes the table it points to as well. */
function lockReferenced(table, name, record, schema) {
    for (const constraint of schema.tables.get(table)?.constraints ?? []) {
        const isMeant = constraint.name === name || constraint.columns.includes(name);
        if (isMeant && constraint.references !== undefined)
            record.lock(constraint.references, "AccessExclusiveLock");
    }
}
const keyColumns = (table, name, schema) => schema.tables.get(table)?.constraints.find((constraint) => constraint.name === name)?.columns ?? [];
/** With CASCADE the foreign keys that stand on the columns go too, and their tables are locked for it. */
function lockReferencing(table, columns, record, schema) {
    for (const column of columns)
        for (const child of referencing(schema, table, column))
            record.lock(child.table, "AccessExclusiveLock");
}
function alter_table_addConstraint(table, definition, record, situation) {
    if (definition.references !== undefined)
        record.lock(definition.references, "ShareRowExclusiveLock");
    const buildsIndex = definition.kind === "unique" || definition.kind === "primary" || definition.kind === "exclusion";
    if (definition.usingIndex !== undefined) {
        if (definition.kind === "primary" && isNullable(table, definition.usingIndex, situation))
            record.scan(table);
    }
    else if (buildsIndex) {
        record.build(table, constraintName(table, definition));
        record.scan(table);
    }
    else if (!definition.notValid && !isProven(table, definition, situation))
        record.scan(table);
}
const isProven = (table, definition, situation) => definition.kind === "not-null" && definition.columns.every((column) => isKnownNotNull(table, column, situation));
/** Whether a column of the index is known to allow NULLs; what is unknown gets the benefit of the doubt. */
function isNullable(table, index, situation) {
    const known = situation.schema.tables.get(table);
    const columns = known?.indexes.find((candidate) => candidate.name === besides(table, index))?.columns ?? [];
    return columns.some((column) => known?.columns.has(column) === true && !isKnownNotNull(table, column, situation));
}
function validate(table, name, record, schema) {
    const constraint = schema.tables.get(table)?.constraints.find((known) => known.name === name);
    if (constraint?.valid === true)
        return;
    record.scan(table);
    if (constraint?.references !== undefined)
        record.lock(constraint.references, "RowShareLock");
}
function attach(parent, action, record, { schema }) {
    record.lock(action.partition, "AccessExclusiveLock");
    const child = schema.tables.get(action.partition);
    const known = schema.tables.get(parent);
    const key = known?.partitionKey ?? [];
    const isChecked = child?.constraints.some((constraint) => constraint.kind === "check" && constraint.valid && key.some((column) => constraint.columns.includes(column)));
    if (isChecked !== true)
        record.scan(action.partition);
    for (const index of known?.indexes ?? []) {
        const matches = child?.indexes.some((candidate) => candidate.columns.join() === index.columns.join());
        if (matches === false)
            record.build(action.partition, index.name);
    }
    if (!action.isDefault)
        scanDefaultPartition(parent, record, schema);
}
function alterType(table, action, record, situation) {
    const known = situation.schema.tables.get(table);
    const column = known?.columns.get(action.column);
    for (const constraint of known?.constraints ?? []) {
        const isCarrier = constraint.references !== undefined && constraint.columns.includes(action.column);
        if (isCarrier && constraint.references !== undefined)
            record.lock(constraint.references, "AccessExclusiveLock");
    }
    const rewrites = typeRewrites(column, action, situation);
    for (const child of referencing(situation.schema, table, action.column)) {
        record.lock(child.table, "AccessExclusiveLock");
        if (rewrites)
            record.scan(child.table);
    }
    if (rewrites) {
        rewriteTable(table, record);
        return;
    }
    for (const index of rebuiltIndexes(known, column, action, situation.schema)) {
        record.build(table, index);
        record.scan(table);
    }
    if (hasCheckOn(known, action.column))
        record.scan(table);
}
/** A type that is not known is taken to need the rewrite. */
function typeRewrites(column, action, situation) {
    if (column?.type === undefined || action.using === "computed")
        return true;
    const path = [column.type, ...(action.using ?? []), action.type];
    return path.some((type, step) => {
        const next = path[step + 1];
        return next !== undefined && !keepsStorage(type, next, situation);
    });
}
function rebuiltIndexes(table, column, action, schema) {
    const sameOrder = column?.type !== undefined && sortsAlike(column.type, action.type, schema) && column.collation === action.collation;
    const touched = table?.indexes.filter((index) => index.mentions.includes(action.column)) ?? [];
    return touched
        .filter((index) => index.computed || (!sameOrder && index.columns.includes(action.column)))
        .map((index) => index.name);
}
const hasCheckOn = (table, column) => table?.constraints.some((constraint) => constraint.kind === "check" && constraint.valid && constraint.columns.includes(column)) ?? false;

;// CONCATENATED MODULE: ./packages/migrations/src/rules/recipe-text.ts
/** A Python string literal. */
const py = (value, placeholder = "…") => JSON.stringify(value ?? placeholder);
const pyList = (values) => `[${(values !== undefined && values.length > 0 ? values : ["…"]).map((value) => py(value)).join(", ")}]`;
/** A table as the positional name and, outside the default schema, its keyword. */
function tableArgument(relation) {
    const dot = relation.lastIndexOf(".");
    return dot < 0 ? py(relation) : `${py(relation.slice(dot + 1))}, schema=${py(relation.slice(0, dot))}`;
}
/** A foreign key that is not checked yet, between tables of any schema. */
function uncheckedKey(name, table, references, columns) {
    const [from, to] = [schemaOf(table), schemaOf(references ?? "")];
    const schemas = [
        ...(from === undefined ? [] : [`source_schema=${py(from)}`]),
        ...(to === undefined ? [] : [`referent_schema=${py(to)}`]),
    ];
    const tables = [table, references].map((relation) => py(relation?.slice(relation.lastIndexOf(".") + 1)));
    const options = [...schemas, "postgresql_not_valid=True"].join(", ");
    return `op.create_foreign_key(${py(name)}, ${tables.join(", ")}, ${pyList(columns)}, ["id"], ${options})`;
}
const schemaOf = (relation) => relation.includes(".") ? relation.slice(0, relation.lastIndexOf(".")) : undefined;
const SA_TYPES = {
    int2: "sa.SmallInteger()",
    smallint: "sa.SmallInteger()",
    int4: "sa.Integer()",
    integer: "sa.Integer()",
    int8: "sa.BigInteger()",
    bigint: "sa.BigInteger()",
    text: "sa.Text()",
    varchar: "sa.String()",
    bool: "sa.Boolean()",
    boolean: "sa.Boolean()",
    float8: "sa.Float()",
    "double precision": "sa.Float()",
    date: "sa.Date()",
    timestamp: "sa.DateTime()",
    timestamptz: "sa.DateTime(timezone=True)",
    uuid: "sa.Uuid()",
    bytea: "sa.LargeBinary()",
    json: "sa.JSON()",
    jsonb: "postgresql.JSONB()",
};
/** A type of SQL as SQLAlchemy spells it; `…` where that is for the reader to say. */
function saType(type) {
    const sized = /^(?:varchar|numeric)\(([\d, ]+)\)$/.exec(type ?? "");
    if (sized !== null)
        return `sa.${type?.startsWith("varchar") ? "String" : "Numeric"}(${sized[1] ?? ""})`;
    return SA_TYPES[type ?? ""] ?? "…";
}
/** An identifier as SQL must spell it; `…` where none is known. */
const sqlName = (name) => name === undefined
    ? "…"
    : name
        .split(".")
        .map((part) => (/^[a-z_][a-z0-9_$]*$/.test(part) ? part : `"${part.replace(/"/g, '""')}"`))
        .join(".");
/** Statements outside the migration's transaction. */
const autocommit = (...lines) => ["with op.get_context().autocommit_block():", ...lines.map((line) => `    ${line}`)].join("\n");
const execute = (sql) => `op.execute(${JSON.stringify(sql)})`;
const recipe = (...lines) => lines.join("\n");
/** How a column changes its type without holding anyone up. */
const newColumnRecipe = (relation, column, type) => recipe(`# 1. this release: a second column, filled by the new code on every write`, `op.add_column(${tableArgument(relation)}, sa.Column(${py(`${column ?? "column"}_new`)}, ${saType(type)}))  # ${type ?? "the new type"}`, `# 2. a job outside the migration fills old rows in batches, committing each`, `# 3. next release: read from the new column; the release after it drops the old one`);
/** VALIDATE CONSTRAINT, in its own revision. */
const validateLater = (relation, name) => [
    "# a later revision, in a transaction of its own (transaction_per_migration=True)",
    execute(`ALTER TABLE ${sqlName(relation)} VALIDATE CONSTRAINT ${sqlName(name)}`),
];
/** An index built outside the transaction. */
const concurrentIndex = (subject, extra = "") => autocommit(`op.create_index(${py(subject.name)}, ${tableArgument(subject.relation)}, ${pyList(subject.columns)}, ${extra}postgresql_concurrently=True, if_not_exists=True)`);

;// CONCATENATED MODULE: ./packages/migrations/src/rules/rule.ts
const NONE = [];
/** Narrows a detector to one kind of operation. */
function rule_on(kind, detect) {
    const isMine = (operation) => operation.kind === kind;
    return (step, run) => (isMine(step.operation) ? detect(step.operation, step, run) : NONE);
}
/** Narrows a detector to one action of ALTER TABLE on a table that existed before the revision. */
function onAction(kind, detect) {
    return rule_on("alter-table", ({ action, table, target }, step, run) => {
        const isMine = (candidate) => candidate.kind === kind;
        return target === "table" && isMine(action) && step.situation.existed(table)
            ? detect(action, table, step, run)
            : [];
    });
}
/** Asks several detectors. */
const any = (...detectors) => (step, run) => detectors.flatMap((detect) => detect(step, run));
const hit = (relation, subject = {}, note) => [
    { subject: { relation, ...subject }, note },
];

;// CONCATENATED MODULE: ./packages/migrations/src/rules/columns.ts






const addInSteps = ({ relation, column, type }, value) => recipe("# this release: nullable, and a default for new rows only", `op.add_column(${tableArgument(relation)}, sa.Column(${py(column)}, ${saType(type)}, nullable=True))`, `op.alter_column(${tableArgument(relation)}, ${py(column)}, server_default=sa.text(${py(value)}))`, "# a job outside the migration fills old rows in batches, committing each");
/** The default that is most often meant for a type. */
const VOLATILE = {
    uuid: "gen_random_uuid()",
    timestamptz: "clock_timestamp()",
    float8: "random()",
};
const addNumbered = ({ relation, column }) => recipe(execute(`CREATE SEQUENCE ${sqlName(`${relation}_${column ?? "id"}_seq`)}`), `op.add_column(${tableArgument(relation)}, sa.Column(${py(column)}, sa.BigInteger(), nullable=True))`, `op.alter_column(${tableArgument(relation)}, ${py(column)}, server_default=sa.text("nextval('${relation}_${column ?? "id"}_seq')"))`, "# a job outside the migration numbers old rows in batches; NOT NULL and uniqueness come later, each online");
const whenAdded = (isMine) => onAction("add-column", ({ column, ifNotExists }, table, step) => {
    const isThere = ifNotExists && step.situation.schema.tables.get(table)?.columns.has(column.name);
    return !isThere && isMine(column, step) ? hit(table, { column: column.name, type: column.type.name }) : [];
});
const rewriting = {
    scope: "lock",
    lock: "AccessExclusiveLock",
    severity: { lock: "block", oldCode: "none" },
    physical: true,
};
const COLUMN_RULES = [
    {
        id: "volatile-default",
        rows: [16],
        title: "Volatile default rewrites the table",
        hazard: "add_column_rewrite",
        ...rewriting,
        why: "A default such as random() or gen_random_uuid() must be computed for every row, so PostgreSQL writes the whole table and all its indexes anew under ACCESS EXCLUSIVE. Constants and now() do not (since 11).",
        recipe: (subject) => addInSteps(subject, VOLATILE[subject.type ?? ""] ?? "…"),
        detect: whenAdded((column, { situation, source }) => {
            const { type } = column;
            const value = defaultOf(column, situation.schema);
            if (value === undefined || isSerial(type) || column.generated !== undefined)
                return false;
            const isUnexplained = source === "trace" && situation.version >= 11 && !situation.schema.domains.has(type.name);
            return isVolatile(value, situation.schema) || (isUnexplained && value.functions.length > 0);
        }),
        examples: {
            fires: [{ sql: "ALTER TABLE account ADD COLUMN token uuid DEFAULT gen_random_uuid();" }],
            passes: [
                { sql: "ALTER TABLE account ADD COLUMN since timestamptz DEFAULT now();" },
                { sql: "ALTER TABLE account ADD COLUMN hint text DEFAULT 'random()';" },
            ],
        },
    },
    {
        id: "default-before-11",
        rows: [17],
        title: "Any default rewrites the table before PostgreSQL 11",
        hazard: "add_column_rewrite",
        ...rewriting,
        until: 10,
        why: "Until PostgreSQL 10 even a constant default is written into every row under ACCESS EXCLUSIVE.",
        recipe: (subject) => addInSteps(subject, "0"),
        detect: whenAdded((column) => column.default !== undefined && !column.default.isNull),
        examples: {
            fires: [{ sql: "ALTER TABLE account ADD COLUMN points integer DEFAULT 0;", version: 10 }],
            passes: [{ sql: "ALTER TABLE account ADD COLUMN points integer DEFAULT 0;", version: 11 }],
        },
    },
    {
        id: "serial-column",
        rows: [18],
        title: "SERIAL column rewrites the table",
        hazard: "add_column_rewrite",
        ...rewriting,
        why: "serial and bigserial mean a default of nextval(), which is volatile: every row is numbered while ACCESS EXCLUSIVE is held.",
        recipe: addNumbered,
        detect: whenAdded((column) => isSerial(column.type)),
        examples: {
            fires: [{ sql: "ALTER TABLE account ADD COLUMN number bigserial;" }],
            passes: [{ sql: "CREATE TABLE note (id bigserial PRIMARY KEY);" }],
        },
    },
    {
        id: "identity-column",
        rows: [19],
        title: "Identity column rewrites the table",
        hazard: "add_identity_column",
        ...rewriting,
        why: "GENERATED … AS IDENTITY numbers every existing row while ACCESS EXCLUSIVE is held.",
        recipe: addNumbered,
        detect: whenAdded((column) => column.identity),
        examples: {
            fires: [{ sql: "ALTER TABLE account ADD COLUMN number bigint GENERATED ALWAYS AS IDENTITY;" }],
            passes: [{ sql: "CREATE TABLE note (id bigint GENERATED ALWAYS AS IDENTITY);" }],
        },
    },
    {
        id: "stored-generated-column",
        rows: [20],
        title: "Stored generated column rewrites the table",
        hazard: "add_column_rewrite",
        ...rewriting,
        why: "GENERATED … STORED computes and writes every row under ACCESS EXCLUSIVE. A VIRTUAL column (PostgreSQL 18) writes nothing.",
        recipe: ({ relation, column }) => recipe(`# PostgreSQL 18: sa.Column(${py(column)}, …, sa.Computed("…", persisted=False))`, `# before: a plain column of ${relation}, a trigger that fills it, and a batched job for old rows`),
        detect: whenAdded((column) => column.generated === "stored"),
        examples: {
            fires: [{ sql: "ALTER TABLE account ADD COLUMN next_age integer GENERATED ALWAYS AS (age + 1) STORED;" }],
            passes: [
                { sql: "ALTER TABLE account ADD COLUMN next_age integer GENERATED ALWAYS AS (age + 1) VIRTUAL;", version: 18 },
            ],
        },
    },
    {
        id: "constrained-domain-column",
        rows: [21],
        title: "Column of a constrained domain rewrites the table",
        hazard: "add_column_rewrite",
        ...rewriting,
        why: "A column whose domain has a CHECK or NOT NULL is checked row by row: the table is rewritten even without a default (measured on PostgreSQL 15).",
        recipe: ({ relation, column }) => recipe(`op.add_column(${tableArgument(relation)}, sa.Column(${py(column)}, …))  # the domain's base type`, `op.create_check_constraint("…", ${tableArgument(relation)}, "…", postgresql_not_valid=True)`),
        detect: whenAdded((column, { situation }) => domainsOf(situation.schema, column.type).some(isConstrained)),
        examples: {
            fires: [
                {
                    preamble: "CREATE DOMAIN percent AS integer CHECK (VALUE <= 100); CREATE TABLE account (id bigint);",
                    sql: "ALTER TABLE account ADD COLUMN share percent;",
                },
            ],
            passes: [
                {
                    preamble: "CREATE DOMAIN note AS text; CREATE TABLE account (id bigint);",
                    sql: "ALTER TABLE account ADD COLUMN remark note;",
                },
            ],
        },
    },
    {
        id: "required-column",
        rows: [52],
        title: "Required column without a default",
        hazard: "add_required_column",
        scope: "compat",
        lock: "AccessExclusiveLock",
        severity: { lock: "block", oldCode: "block" },
        why: "A NOT NULL column without server_default fails at once if the table has rows, and it makes every INSERT of the old code fail, since that code does not know the column. default= in Python does not help the old code.",
        recipe: ({ relation, column, type }) => `op.add_column(${tableArgument(relation)}, sa.Column(${py(column)}, ${saType(type)}, nullable=False, server_default=sa.text("…")))`,
        detect: whenAdded((column, { situation }) => (column.notNull || domainsOf(situation.schema, column.type).some(({ notNull }) => notNull)) &&
            defaultOf(column, situation.schema) === undefined &&
            !isSerial(column.type) &&
            !column.identity &&
            column.generated === undefined),
        examples: {
            fires: [{ sql: "ALTER TABLE account ADD COLUMN country text NOT NULL;" }],
            passes: [
                { sql: "ALTER TABLE account ADD COLUMN country text NOT NULL DEFAULT 'unknown';" },
                { sql: "ALTER TABLE account ADD COLUMN country text;" },
            ],
        },
    },
    {
        id: "json-column",
        rows: [65],
        title: "json has no equality",
        hazard: "json_column",
        scope: "compat",
        severity: { lock: "none", oldCode: "info" },
        why: "A json column makes SELECT DISTINCT, UNION and GROUP BY over the row fail. jsonb compares.",
        recipe: ({ relation, column }) => `op.add_column(${tableArgument(relation)}, sa.Column(${py(column)}, postgresql.JSONB()))`,
        detect: whenAdded((column) => column.type.name === "json"),
        examples: {
            fires: [{ sql: "ALTER TABLE account ADD COLUMN extra json;" }],
            passes: [{ sql: "ALTER TABLE account ADD COLUMN extra jsonb;" }],
        },
    },
];

;// CONCATENATED MODULE: ./packages/migrations/src/rules/conditions.ts

const later = (...lines) => recipe("# this release: ship code that no longer uses it; the release after:", ...lines);
/** The revision makes a relation of this name again after dropping it. */
const isMadeAgain = (name, { operations }) => operations.some((other) => (other.kind === "create-view" && other.view === name) ||
    (other.kind === "create-table-as" && other.relation === name));
const isTableMadeAgain = (name, { operations }) => operations.some((other) => (other.kind === "create-table" && other.table === name) ||
    (other.kind === "create-table-as" && !other.view && other.relation === name));
/** The view that the revision puts under a name, if any. */
const viewNamed = (name, { operations }) => operations.find((other) => other.kind === "create-view" && other.view === name);
/** An earlier statement of this revision gave the relation of this name another one. */
const isRenamedAway = (name, { steps }) => steps.some(({ operation }) => operation.kind === "rename" && /^(table|view)$/.test(operation.object) && operation.name === name);
const isNewTable = (step, table) => !step.situation.existed(table);
const alterations = ({ operations }, table, column) => operations.flatMap((operation) => operation.kind === "alter-table" &&
    operation.table === table &&
    "column" in operation.action &&
    operation.action.column === column
    ? [operation.action]
    : []);
/** Names that conventions give to primary keys, for tables that were not seen being created. */
const PRIMARY_KEY_NAME = /(^|_)(pkey|pk|primary_?key)(_|$)/i;
const droppedKey = (step, table, name) => {
    const known = step.situation.schema.tables.get(table)?.constraints.find((constraint) => constraint.name === name);
    return known === undefined ? PRIMARY_KEY_NAME.test(name) : known.kind === "primary";
};
const breaking = {
    scope: "compat",
    lock: "AccessExclusiveLock",
    severity: { lock: "warn", oldCode: "block" },
};
/** The column was added by an earlier statement of this revision. */
function addedHere({ situation }, table, column) {
    return situation.addedColumns.has(`${table}.${column}`);
}
/** An earlier statement of this revision made it, so that no old code knows it. */
const isMadeHere = (object, name, { steps }) => steps.some(({ operation }) => {
    if (operation.kind === "create-object")
        return operation.object === object && operation.name === name;
    if (operation.kind === "create-enum")
        return object === "type" && operation.type === name;
    if (operation.kind === "create-domain")
        return object === "domain" && operation.type === name;
    return operation.kind === "create-function" && object === "function" && operation.name === name;
});
const isTypeNew = (type, operations) => operations.some((operation) => operation.kind === "create-enum" && operation.type === type);
const literalsIn = (expressions) => expressions.flatMap((expression) => expression?.literals ?? []);
function literalsOf(operation) {
    if ("literals" in operation)
        return operation.literals;
    if (operation.kind === "create-table")
        return literalsIn([
            ...operation.columns.map((column) => column.default),
            ...operation.columns.flatMap(({ constraints }) => constraints).map(({ expression }) => expression),
            ...operation.constraints.map(({ expression }) => expression),
        ]);
    if (operation.kind !== "alter-table")
        return [];
    if (operation.action.kind === "set-default")
        return operation.action.default.literals;
    if (operation.action.kind === "add-column")
        return operation.action.column.default?.literals ?? [];
    return operation.action.kind === "add-constraint" ? (operation.action.constraint.expression?.literals ?? []) : [];
}

;// CONCATENATED MODULE: ./packages/migrations/src/rules/compat.ts




/**
 * Whether rows that old code writes may violate a key for the first time. They leave NULL in a new column without a
 * default, which equals nothing; and where fewer columns are or were unique, all of them are unique anyhow.
 */
function rejectsMore(step, table, columns) {
    const { schema, formerKeys } = step.situation;
    const known = schema.tables.get(table);
    // A query fills it, and no code writes to it.
    if (known?.kind === "materialized-view")
        return false;
    const isLeftNull = (column) => addedHere(step, table, column) && known?.columns.get(column)?.hasDefault !== true;
    const keys = [
        ...formerKeys.filter((key) => key.table === table),
        ...(known?.indexes ?? []).filter(({ unique, computed }) => unique && !computed),
    ];
    const wasUnique = keys.some((key) => key.columns.every((column) => columns.includes(column)));
    return !wasUnique && !columns.some(isLeftNull);
}
const COMPAT_RULES = [
    {
        id: "default-dropped-again",
        rows: [53],
        title: "Default added for the migration and dropped in it",
        hazard: "not_null_compat",
        scope: "compat",
        severity: { lock: "none", oldCode: "block" },
        why: "The default fills old rows, but once it is gone the old code's INSERT, which does not name the column, violates NOT NULL. Frameworks do this by habit.",
        recipe: ({ relation, column }) => later(`op.alter_column(${tableArgument(relation)}, ${py(column)}, server_default=None)`),
        detect: onAction("drop-default", ({ column }, table, step, run) => {
            const actions = alterations(run, table, column);
            const isSetHere = actions.some(({ kind }) => kind === "set-default") || addedHere(step, table, column);
            const isRequired = step.situation.schema.tables.get(table)?.columns.get(column)?.notNull === true ||
                actions.some(({ kind }) => kind === "set-not-null");
            const isSetAgain = actions.at(-1)?.kind === "set-default";
            return isSetHere && isRequired && !isSetAgain ? hit(table, { column }) : [];
        }),
        examples: {
            fires: [
                {
                    sql: "ALTER TABLE account ADD COLUMN country text DEFAULT 'x' NOT NULL; ALTER TABLE account ALTER COLUMN country DROP DEFAULT;",
                },
            ],
            passes: [{ sql: "ALTER TABLE account ADD COLUMN country text DEFAULT 'x' NOT NULL;" }],
        },
    },
    {
        id: "column-becomes-required",
        rows: [54],
        title: "Column no longer takes NULL",
        hazard: "not_null_compat",
        scope: "compat",
        lock: "AccessExclusiveLock",
        severity: { lock: "none", oldCode: "block" },
        why: "Old code may still write NULL, or leave the column out, and fails on it. A default covers the second case only.",
        recipe: ({ relation, column }) => later(column === undefined
            ? execute(`ALTER DOMAIN ${sqlName(relation)} SET NOT NULL`)
            : `op.alter_column(${tableArgument(relation)}, ${py(column)}, nullable=False)`),
        detect: any(onAction("add-constraint", ({ constraint }, table, step) => {
            const columns = step.situation.schema.tables.get(table)?.columns;
            const nullable = constraint.columns.filter((column) => columns?.get(column)?.notNull === false);
            return constraint.kind === "primary" || (constraint.kind === "not-null" && !constraint.notValid)
                ? nullable.filter((column) => !addedHere(step, table, column)).flatMap((column) => hit(table, { column }))
                : [];
        }), onAction("set-not-null", ({ column }, table, step, run) => {
            const known = step.situation.schema.tables.get(table)?.columns.get(column);
            const isCovered = known?.hasDefault === true && alterations(run, table, column).at(-1)?.kind !== "drop-default";
            if (known?.notNull === true || (isCovered && addedHere(step, table, column)))
                return [];
            return [{ subject: { relation: table, column }, severity: isCovered ? { oldCode: "warn" } : undefined }];
        }), rule_on("alter-domain", ({ type, change }) => (change === "set-not-null" ? hit(type) : []))),
        examples: {
            fires: [{ sql: "ALTER TABLE account ALTER COLUMN email SET NOT NULL;" }],
            passes: [
                {
                    preamble: "CREATE TABLE account (email text NOT NULL);",
                    sql: "ALTER TABLE account ALTER COLUMN email SET NOT NULL;",
                },
                {
                    sql: "ALTER TABLE account ADD COLUMN score int DEFAULT 0; ALTER TABLE account ALTER COLUMN score SET NOT NULL;",
                },
            ],
        },
    },
    {
        id: "drop-default",
        rows: [55],
        title: "Default dropped from a required column",
        hazard: "drop_default",
        scope: "compat",
        severity: { lock: "none", oldCode: "block" },
        why: "Old code that leaves the column out relied on the default or identity: its INSERT now violates NOT NULL.",
        recipe: ({ relation, column }) => later(`op.alter_column(${tableArgument(relation)}, ${py(column)}, server_default=None)`),
        detect: any(onAction("drop-default", ({ column }, table, step) => {
            const known = step.situation.schema.tables.get(table)?.columns.get(column);
            if (known?.hasDefault === false || addedHere(step, table, column))
                return [];
            const severity = known?.notNull === true ? undefined : { oldCode: known === undefined ? "warn" : "info" };
            return [{ subject: { relation: table, column }, severity }];
        }), onAction("drop-identity", ({ column }, table) => hit(table, { column })), onAction("drop-expression", ({ column }, table) => [
            {
                subject: { relation: table, column },
                note: "rows that old code writes have no value in it from now on",
                severity: { oldCode: "warn" },
            },
        ]), rule_on("alter-domain", ({ type, change }) => change === "drop-default" ? [{ subject: { relation: type }, severity: { oldCode: "warn" } }] : [])),
        examples: {
            fires: [
                {
                    preamble: "CREATE TABLE account (age int NOT NULL DEFAULT 0);",
                    sql: "ALTER TABLE account ALTER COLUMN age DROP DEFAULT;",
                },
            ],
            passes: [
                { preamble: "CREATE TABLE account (age int);", sql: "ALTER TABLE account ALTER COLUMN age DROP DEFAULT;" },
            ],
        },
    },
    {
        id: "new-constraint-rejects-writes",
        rows: [57],
        title: "New constraint may reject what old code writes",
        hazard: "new_constraint",
        scope: "compat",
        severity: { lock: "none", oldCode: "warn" },
        why: "A CHECK, foreign key or exclusion constraint applies to new rows at once, NOT VALID or not. The old code was not written for it.",
        recipe: () => "# ship code that keeps the rule first; add the constraint a release later",
        detect: any(onAction("add-constraint", ({ constraint }, table) => constraint.kind === "check" || constraint.kind === "foreign" || constraint.kind === "exclusion"
            ? hit(table, { name: constraintName(table, constraint) })
            : []), rule_on("alter-domain", ({ type, change }) => (change === "add-constraint" ? hit(type) : []))),
        examples: {
            fires: [{ sql: "ALTER TABLE account ADD CONSTRAINT adult CHECK (age > 17) NOT VALID;" }],
            passes: [{ sql: "CREATE TABLE note (id int CHECK (id > 0));" }],
        },
    },
    {
        id: "new-unique-rejects-writes",
        rows: [57],
        title: "New uniqueness may reject what old code writes",
        hazard: "unique_index_on_existing",
        scope: "compat",
        severity: { lock: "none", oldCode: "warn" },
        why: "Duplicates that the old code still writes fail from now on, and duplicates that exist make the migration itself fail.",
        recipe: () => "# find duplicates first (GROUP BY … HAVING count(*) > 1), ship code that makes none, then add the index",
        detect: any(rule_on("create-index", ({ unique, table, index, columns, computed }, step) => unique && !isNewTable(step, table) && (computed || rejectsMore(step, table, columns))
            ? hit(table, { name: index })
            : []), onAction("add-constraint", ({ constraint }, table, step) => (constraint.kind === "unique" || constraint.kind === "primary") &&
            constraint.usingIndex === undefined &&
            rejectsMore(step, table, constraint.columns)
            ? hit(table, { name: constraintName(table, constraint) })
            : []), 
        // Every row that old code writes gets the same value.
        onAction("add-column", ({ column }, table) => {
            const key = column.constraints.find(({ kind }) => kind === "unique" || kind === "primary");
            const isConstant = column.default?.isNull === false && column.default.functions.length === 0;
            return key !== undefined && isConstant ? hit(table, { name: constraintName(table, key) }) : [];
        })),
        examples: {
            fires: [
                { sql: "CREATE UNIQUE INDEX CONCURRENTLY account_email ON account (email);" },
                {
                    sql: "ALTER TABLE account ADD COLUMN kind text DEFAULT 'x'; CREATE UNIQUE INDEX CONCURRENTLY a ON account (kind);",
                },
                { sql: "ALTER TABLE account ADD COLUMN kind text DEFAULT 'x' UNIQUE;" },
            ],
            passes: [
                { sql: "CREATE INDEX CONCURRENTLY account_email ON account (email);" },
                { sql: "ALTER TABLE account ADD COLUMN nick text; ALTER TABLE account ADD UNIQUE (nick);" },
                { sql: "ALTER TABLE account ADD COLUMN token uuid DEFAULT gen_random_uuid() UNIQUE;" },
                { sql: "CREATE UNIQUE INDEX CONCURRENTLY i ON account (id, email);" },
                { sql: "CREATE UNIQUE INDEX CONCURRENTLY i ON totals (one);" },
                {
                    preamble: "CREATE TABLE account (email text CONSTRAINT one_email UNIQUE, age int);",
                    sql: "ALTER TABLE account DROP CONSTRAINT one_email; ALTER TABLE account RENAME email TO mail; ALTER TABLE account ADD UNIQUE (mail, age);",
                },
            ],
        },
    },
    {
        id: "drop-not-null",
        rows: [62],
        title: "Column may now be NULL",
        hazard: "drop_not_null",
        scope: "compat",
        lock: "AccessExclusiveLock",
        severity: { lock: "none", oldCode: "warn" },
        why: "New code may write NULL, and old code that reads it gets None where it never did.",
        recipe: () => "# ship code that bears NULL first; the new code writes NULL a release later",
        detect: onAction("drop-not-null", ({ column }, table, step) => addedHere(step, table, column) || step.situation.schema.tables.get(table)?.columns.get(column)?.notNull === false
            ? []
            : hit(table, { column })),
        examples: {
            fires: [
                {
                    preamble: "CREATE TABLE account (email text NOT NULL);",
                    sql: "ALTER TABLE account ALTER COLUMN email DROP NOT NULL;",
                },
            ],
            passes: [
                { sql: "ALTER TABLE account ALTER COLUMN email DROP NOT NULL;" },
                {
                    sql: "ALTER TABLE account ADD COLUMN score int NOT NULL DEFAULT 0; ALTER TABLE account ALTER COLUMN score DROP NOT NULL;",
                },
            ],
        },
    },
    {
        id: "default-changed",
        rows: [63],
        title: "Default changed",
        hazard: "change_default",
        scope: "compat",
        severity: { lock: "none", oldCode: "info" },
        why: "Rows that old code inserts get the new default, which it does not expect; SQLAlchemy versions with partial inserts may send the old one.",
        recipe: () => "# ship code that bears both values first",
        detect: any(onAction("set-default", ({ column }, table, step) => addedHere(step, table, column) ? [] : hit(table, { column })), rule_on("alter-domain", ({ type, change }) => (change === "set-default" ? hit(type) : []))),
        examples: {
            fires: [{ sql: "ALTER TABLE account ALTER COLUMN age SET DEFAULT 18;" }],
            passes: [
                { sql: "ALTER TABLE account ADD COLUMN score int; ALTER TABLE account ALTER COLUMN score SET DEFAULT 1;" },
            ],
        },
    },
];

;// CONCATENATED MODULE: ./packages/migrations/src/engine/step.ts

/** Number of the transaction that is open when a revision begins. */
const FIRST_TRANSACTION = 0;
/** Relations that a statement reads or writes from end to end. */
const workOf = ({ rewrites, scans, indexBuilds }) => [
    ...new Set([...rewrites, ...scans, ...indexBuilds.map((build) => build.relation)]),
];
const SHARE = lockRank("ShareLock");
/** The lock that makes a step's work a wait for others: its own, or one held since an earlier statement. */
function blockingLock(step) {
    const work = workOf(step.effects);
    if (work.length === 0)
        return undefined;
    const own = strongest(step.effects.locks.filter((lock) => lock.preexisting));
    const lock = strongest([...(own === undefined ? [] : [own]), ...step.held]);
    return lock !== undefined && lockRank(lock.mode) >= SHARE ? lock : undefined;
}

;// CONCATENATED MODULE: ./packages/migrations/src/rules/constraints.ts






const CONSTRAINT_RULES = [
    {
        id: "check-validates",
        rows: [13],
        title: "Check constraint reads every row under an exclusive lock",
        hazard: "constraint_validating",
        scope: "lock",
        lock: "AccessExclusiveLock",
        severity: { lock: "block", oldCode: "warn" },
        why: "ADD CHECK reads the whole table while it holds ACCESS EXCLUSIVE. Added as NOT VALID it applies to new rows at once, and VALIDATE CONSTRAINT reads the old ones later under a lock that lets reads and writes pass.",
        physical: true,
        recipe: ({ relation, name }) => recipe(`op.create_check_constraint(${py(name)}, ${tableArgument(relation)}, "…", postgresql_not_valid=True)`, ...validateLater(relation, name)),
        detect: any(onAction("add-constraint", ({ constraint }, table) => (constraint.kind === "check" || constraint.kind === "not-null") && !constraint.notValid
            ? hit(table, { name: constraintName(table, constraint) })
            : []), onAction("add-column", ({ column }, table) => {
            const check = column.constraints.find(({ kind }) => kind === "check");
            return check === undefined || check.notValid
                ? []
                : hit(table, { name: constraintName(table, check), column: column.name });
        })),
        examples: {
            fires: [
                { sql: "ALTER TABLE account ADD CONSTRAINT adult CHECK (age > 17);" },
                { sql: "ALTER TABLE account ADD COLUMN score integer CHECK (score > 0);" },
            ],
            passes: [{ sql: "ALTER TABLE account ADD CONSTRAINT adult CHECK (age > 17) NOT VALID;" }],
        },
    },
    {
        id: "validate-in-same-transaction",
        rows: [14],
        title: "NOT VALID and VALIDATE in one transaction gain nothing",
        hazard: "constraint_validating",
        scope: "lock",
        lock: "AccessExclusiveLock",
        severity: { lock: "block", oldCode: "none" },
        why: "The lock of ADD CONSTRAINT … NOT VALID is held until commit. A VALIDATE in the same transaction reads the table under it, so the two steps block as long as one; two revisions gain nothing either where they share one.",
        physical: true,
        recipe: ({ relation, name }) => recipe("# leave the constraint NOT VALID here", ...validateLater(relation, name)),
        detect: onAction("validate-constraint", ({ constraint }, table, step, { steps, options }) => {
            const earlier = step.transaction === FIRST_TRANSACTION ? (options.earlier ?? []) : [];
            const isTogether = (other) => other.statement === step.statement ||
                (step.transaction !== undefined && other.transaction === step.transaction);
            const isFresh = [...earlier, ...steps.filter(isTogether)].some((other) => other.operation.kind === "alter-table" &&
                other.operation.table === table &&
                other.operation.action.kind === "add-constraint" &&
                constraintName(table, other.operation.action.constraint) === constraint);
            return isFresh ? hit(table, { name: constraint }) : [];
        }),
        examples: {
            fires: [
                {
                    transaction: true,
                    sql: "ALTER TABLE account ADD CONSTRAINT adult CHECK (age > 17) NOT VALID; ALTER TABLE account VALIDATE CONSTRAINT adult;",
                },
            ],
            passes: [
                {
                    sql: "ALTER TABLE account ADD CONSTRAINT adult CHECK (age > 17) NOT VALID; ALTER TABLE account VALIDATE CONSTRAINT adult;",
                },
            ],
        },
    },
    {
        id: "set-not-null-scans",
        rows: [15],
        title: "SET NOT NULL reads every row under an exclusive lock",
        hazard: "set_not_null_scan",
        scope: "lock",
        lock: "AccessExclusiveLock",
        severity: { lock: "block", oldCode: "block" },
        why: "SET NOT NULL reads the whole table under ACCESS EXCLUSIVE, unless (since PostgreSQL 12) a valid CHECK already proves that no row is NULL. PostgreSQL 18 can add NOT NULL as NOT VALID.",
        physical: true,
        recipe: ({ relation, column }) => recipe("# revision 1", `op.create_check_constraint(${py(`${column ?? "column"}_present`)}, ${tableArgument(relation)}, ${py(`${sqlName(column ?? "column")} IS NOT NULL`)}, postgresql_not_valid=True)`, "# revision 2", execute(`ALTER TABLE ${sqlName(relation)} VALIDATE CONSTRAINT ${sqlName(`${column ?? "column"}_present`)}`), "# revision 3", `op.alter_column(${tableArgument(relation)}, ${py(column)}, nullable=False)`, `op.drop_constraint(${py(`${column ?? "column"}_present`)}, ${tableArgument(relation)})`),
        detect: onAction("set-not-null", ({ column }, table) => hit(table, { column })),
        examples: {
            fires: [{ sql: "ALTER TABLE account ALTER COLUMN email SET NOT NULL;" }],
            passes: [
                {
                    preamble: "CREATE TABLE account (email text CONSTRAINT present CHECK (email IS NOT NULL));",
                    sql: "ALTER TABLE account ALTER COLUMN email SET NOT NULL;",
                },
            ],
        },
    },
    {
        id: "domain-check-validates",
        rows: [42],
        title: "Domain constraint reads every table that uses the domain",
        hazard: "domain_constraint",
        scope: "lock",
        lock: "ShareLock",
        severity: { lock: "warn", oldCode: "warn" },
        why: "ALTER DOMAIN ADD CONSTRAINT takes SHARE on each table with a column of the domain and reads them all, and VALIDATE CONSTRAINT does the same. NOT VALID reads none.",
        physical: true,
        recipe: ({ relation, name }) => recipe(execute(`ALTER DOMAIN ${sqlName(relation)} ADD CONSTRAINT ${sqlName(name)} CHECK (…) NOT VALID`), "# it holds for new values at once; VALIDATE CONSTRAINT would read the old ones under the same lock, so leave that for a", "# quiet hour, outside any release"),
        detect: rule_on("alter-domain", (operation, step) => {
            if (operation.notValid || !validatesDomain(operation.change))
                return [];
            const isKnown = step.situation.schema.domains.has(operation.type);
            return isKnown && step.effects.scans.length === 0 ? [] : hit(operation.type);
        }),
        examples: {
            fires: [{ sql: "ALTER DOMAIN percent ADD CONSTRAINT whole CHECK (VALUE <= 100);" }],
            passes: [{ sql: "ALTER DOMAIN percent ADD CONSTRAINT whole CHECK (VALUE <= 100) NOT VALID;" }],
        },
    },
    {
        id: "rename-constraint-or-index",
        rows: [46],
        title: "Renaming a constraint or index takes a lock",
        hazard: "rename_constraint",
        scope: "lock",
        lock: "AccessExclusiveLock",
        severity: { lock: "info", oldCode: "none" },
        why: "RENAME CONSTRAINT takes ACCESS EXCLUSIVE for a moment, ALTER INDEX RENAME only SHARE UPDATE EXCLUSIVE. Both wait behind long queries.",
        recipe: () => execute("SET LOCAL lock_timeout = '2s'"),
        detect: rule_on("rename", ({ object, name, from, to }, { situation }) => {
            const table = object === "index" ? tableOfIndex(situation.schema, name)?.name : name;
            const isOld = table === undefined || situation.existed(table);
            return isOld && (object === "constraint" || object === "index") ? hit(name, { name: from, to }) : [];
        }),
        examples: {
            fires: [{ sql: "ALTER TABLE account RENAME CONSTRAINT a TO b;" }],
            passes: [
                { sql: "CREATE TABLE note (id int CONSTRAINT a CHECK (id > 0)); ALTER TABLE note RENAME CONSTRAINT a TO b;" },
            ],
        },
    },
];

;// CONCATENATED MODULE: ./packages/migrations/src/rules/enums.ts



/** Whether the table of a statement may have a column of the type: a table of which every column is known has it or not. */
function mayHold(type, { operation, situation }) {
    const table = "table" in operation && operation.table !== undefined ? situation.schema.tables.get(operation.table) : undefined;
    const isKnown = table?.complete === true && (operation.kind === "change-rows" || operation.kind === "alter-table");
    return (!isKnown || [...table.columns.values()].some((column) => column.type === undefined || column.type.name === type));
}
const ENUM_RULES = [
    {
        id: "enum-value-added",
        rows: [58],
        title: "Enum value that old code does not know",
        hazard: "enum_value_added",
        scope: "compat",
        severity: { lock: "none", oldCode: "warn" },
        why: "Once new code writes the value, SQLAlchemy's Enum in the old release raises LookupError on reading such a row, before the swap and after a rollback.",
        recipe: ({ relation, name }) => recipe("# ship code that reads the value before any code writes it", autocommit(execute(`ALTER TYPE ${sqlName(relation)} ADD VALUE IF NOT EXISTS '${sqlName(name)}'`))),
        detect: rule_on("add-enum-value", ({ type, value }, _, run) => isTypeNew(type, run.operations) ? [] : hit(type, { name: value })),
        examples: {
            fires: [{ sql: "ALTER TYPE mood ADD VALUE 'calm';" }],
            passes: [{ sql: "CREATE TYPE weather AS ENUM ('rain'); ALTER TYPE weather ADD VALUE 'sun';" }],
        },
    },
    {
        id: "enum-value-renamed",
        rows: [59],
        title: "Enum value renamed",
        hazard: "enum_value_renamed",
        scope: "compat",
        severity: { lock: "none", oldCode: "block" },
        why: "The old code can neither read rows with the new name nor write the old one.",
        recipe: ({ relation, to }) => recipe(autocommit(execute(`ALTER TYPE ${sqlName(relation)} ADD VALUE '${sqlName(to)}'`)), "# move rows in batches, stop writing the old value, leave it in the type"),
        detect: rule_on("rename-enum-value", ({ type, to }, _, run) => (isMadeHere("type", type, run) ? [] : hit(type, { to }))),
        examples: {
            fires: [{ sql: "ALTER TYPE mood RENAME VALUE 'ok' TO 'fine';" }],
            passes: [{ sql: "ALTER TYPE mood ADD VALUE 'fine';" }],
        },
    },
    {
        id: "enum-value-used-early",
        rows: [60],
        title: "Enum value used in the transaction that adds it",
        hazard: "enum_value_used_early",
        scope: "txn",
        severity: { lock: "block", oldCode: "none" },
        since: 12,
        why: `PostgreSQL refuses to use a value before the transaction that added it is committed ("unsafe use of new value"), since 17 unless the type is of that transaction too. Before PostgreSQL 12 ADD VALUE itself is refused in a transaction.`,
        recipe: ({ relation, name }) => autocommit(execute(`ALTER TYPE ${sqlName(relation)} ADD VALUE IF NOT EXISTS '${sqlName(name)}'`)),
        detect: (step, run) => {
            const used = literalsOf(step.operation);
            if (step.transaction === undefined || used.length === 0)
                return [];
            return run.enumAdditions.flatMap(({ operation, transaction }) => operation.kind === "add-enum-value" &&
                transaction === step.transaction &&
                used.includes(operation.value) &&
                !(step.situation.version >= 17 && isMadeHere("type", operation.type, run)) &&
                mayHold(operation.type, step)
                ? hit(operation.type, { name: operation.value })
                : []);
        },
        examples: {
            fires: [
                {
                    transaction: true,
                    sql: "ALTER TYPE mood ADD VALUE 'calm'; UPDATE account SET feeling = 'calm' WHERE id = 1;",
                },
            ],
            passes: [{ sql: "ALTER TYPE mood ADD VALUE 'calm'; UPDATE account SET feeling = 'calm' WHERE id = 1;" }],
        },
    },
    {
        id: "enum-value-irreversible",
        rows: [61],
        title: "Enum value that cannot be taken back",
        hazard: "enum_value_irreversible",
        scope: "compat",
        severity: { lock: "none", oldCode: "info" },
        why: "There is no ALTER TYPE … DROP VALUE: a downgrade must make a new type and rewrite every column of the old one.",
        recipe: () => `# def downgrade(): raise NotImplementedError("an enum value cannot be dropped")`,
        detect: rule_on("add-enum-value", ({ type, value }, _, run) => isTypeNew(type, run.operations) ? [] : hit(type, { name: value })),
        examples: {
            fires: [{ sql: "ALTER TYPE mood ADD VALUE 'calm';" }],
            passes: [{ sql: "CREATE TYPE weather AS ENUM ('rain');" }],
        },
    },
];

;// CONCATENATED MODULE: ./packages/migrations/src/rules/foreign-keys.ts



/** Foreign keys that a CREATE TABLE declares. */
const declaredKeys = (operation) => [...operation.columns.flatMap((column) => column.constraints), ...operation.constraints].filter(({ kind }) => kind === "foreign");
const FOREIGN_KEY_RULES = [
    {
        id: "foreign-key-validates",
        rows: [9],
        title: "Foreign key checks every row under locks on two tables",
        hazard: "fk_validating",
        scope: "lock",
        lock: "ShareRowExclusiveLock",
        severity: { lock: "block", oldCode: "warn" },
        why: "ADD FOREIGN KEY holds SHARE ROW EXCLUSIVE on both tables, which stops writes on both, while it reads the whole child table. On partitioned tables NOT VALID is allowed since PostgreSQL 18.",
        physical: true,
        recipe: ({ relation, name, columns, references }) => recipe(uncheckedKey(name, relation, references, columns), ...validateLater(relation, name)),
        detect: any(onAction("add-constraint", ({ constraint }, table) => constraint.kind === "foreign" && !constraint.notValid
            ? hit(table, {
                name: constraintName(table, constraint),
                columns: constraint.columns,
                references: constraint.references,
            })
            : []), onAction("add-column", ({ column }, table) => {
            const key = column.constraints.find(({ kind }) => kind === "foreign");
            return key !== undefined && column.default !== undefined
                ? hit(table, { name: constraintName(table, key), columns: [column.name], references: key.references })
                : [];
        })),
        examples: {
            fires: [{ sql: "ALTER TABLE account ADD CONSTRAINT account_team FOREIGN KEY (team_id) REFERENCES team (id);" }],
            passes: [
                {
                    sql: "ALTER TABLE account ADD CONSTRAINT account_team FOREIGN KEY (team_id) REFERENCES team (id) NOT VALID;",
                },
            ],
        },
    },
    {
        id: "foreign-key-locks-referenced",
        rows: [10],
        title: "Foreign key locks the table it points to",
        hazard: "fk_locks_referenced",
        scope: "lock",
        lock: "ShareRowExclusiveLock",
        severity: { lock: "warn", oldCode: "none" },
        why: "A foreign key in CREATE TABLE takes SHARE ROW EXCLUSIVE on the referenced table until commit. Nothing is read, but a busy table stops taking writes as long as the lock waits or is held.",
        recipe: ({ relation }) => recipe(execute("SET LOCAL lock_timeout = '2s'"), `# and keep this alone in its revision, so that the lock on ${relation} is short; run again when it times out`),
        detect: rule_on("create-table", (operation, step) => declaredKeys(operation).flatMap(({ references, name }) => references !== undefined && references !== operation.table && step.situation.existed(references)
            ? hit(references, { name })
            : [])),
        examples: {
            fires: [{ sql: "CREATE TABLE note (id bigint PRIMARY KEY, account_id bigint REFERENCES account (id));" }],
            passes: [
                {
                    sql: "CREATE TABLE folder (id bigint PRIMARY KEY); CREATE TABLE note (id bigint, folder_id bigint REFERENCES folder (id));",
                },
            ],
        },
    },
    {
        id: "foreign-key-column",
        rows: [10],
        title: "Column with a foreign key locks two tables",
        hazard: "fk_validating",
        scope: "lock",
        lock: "AccessExclusiveLock",
        severity: { lock: "warn", oldCode: "none" },
        why: "ADD COLUMN … REFERENCES takes ACCESS EXCLUSIVE on its table and SHARE ROW EXCLUSIVE on the referenced one, both until commit. Without a default no row is read, so it is short once both are granted; waiting for the second, it holds the first.",
        recipe: ({ relation, column, references, name }) => recipe(`op.add_column(${tableArgument(relation)}, sa.Column(${py(column)}, sa.BigInteger()))`, "# a later revision", uncheckedKey(name, relation, references, column === undefined ? undefined : [column]), ...validateLater(relation, name)),
        detect: onAction("add-column", ({ column }, table, step) => column.constraints.flatMap((key) => key.kind === "foreign" &&
            key.references !== undefined &&
            key.references !== table &&
            step.situation.existed(key.references)
            ? hit(table, { column: column.name, name: constraintName(table, key), references: key.references })
            : [])),
        examples: {
            fires: [{ sql: "ALTER TABLE account ADD COLUMN plan_id bigint REFERENCES plan (id);" }],
            passes: [{ sql: "ALTER TABLE account ADD COLUMN plan_id bigint;" }],
        },
    },
    {
        id: "several-foreign-keys",
        rows: [11],
        title: "Several foreign keys lock several tables at once",
        hazard: "multiple_fk",
        scope: "lock",
        lock: "ShareRowExclusiveLock",
        severity: { lock: "warn", oldCode: "none" },
        why: "Each foreign key locks the table it points to until commit. Several in one transaction stop writes on all of them, and two migrations or jobs that take them in another order deadlock.",
        recipe: () => "# one foreign key for each revision, with transaction_per_migration=True",
        detectRun: ({ steps }) => {
            const seen = new Map();
            return steps.flatMap((step) => {
                if (step.transaction === undefined)
                    return [];
                const tables = seen.get(step.transaction) ?? new Set();
                seen.set(step.transaction, tables);
                const before = tables.size;
                for (const table of referencedBy(step.operation))
                    if (step.situation.existed(table))
                        tables.add(table);
                return tables.size >= 2 && tables.size > before
                    ? [
                        {
                            subject: { relation: [...tables].at(-1) ?? "" },
                            note: `locks ${[...tables].join(", ")} together`,
                            step,
                        },
                    ]
                    : [];
            });
        },
        examples: {
            fires: [
                {
                    transaction: true,
                    sql: "ALTER TABLE account ADD CONSTRAINT a FOREIGN KEY (team_id) REFERENCES team (id) NOT VALID; ALTER TABLE account ADD CONSTRAINT b FOREIGN KEY (age) REFERENCES plan (id) NOT VALID;",
                },
            ],
            passes: [
                {
                    transaction: true,
                    sql: "ALTER TABLE account ADD CONSTRAINT a FOREIGN KEY (team_id) REFERENCES team (id) NOT VALID;",
                },
            ],
        },
    },
    {
        id: "drop-foreign-key-locks-both",
        rows: [12],
        title: "Dropping a foreign key locks both tables",
        hazard: "fk_drop_locks_both",
        scope: "lock",
        lock: "AccessExclusiveLock",
        severity: { lock: "warn", oldCode: "none" },
        why: "Dropping a foreign key, or a table that has one, takes ACCESS EXCLUSIVE on the referenced table too: reads of a table that the migration does not name stop.",
        recipe: ({ relation, name, references }) => recipe("# a revision of its own", execute("SET LOCAL lock_timeout = '2s'"), `op.drop_constraint(${py(name)}, ${tableArgument(relation)}, type_="foreignkey")  # also locks ${references ?? "the referenced table"}`),
        detect: any(onAction("drop-column", ({ column }, table, step) => keysOf(step.situation.schema.tables.get(table)).flatMap((key) => key.columns.includes(column) ? hit(table, { name: key.name, references: key.references }) : [])), onAction("drop-constraint", ({ constraint }, table, step) => keysOf(step.situation.schema.tables.get(table)).flatMap((key) => key.name === constraint ? hit(table, { name: constraint, references: key.references }) : [])), rule_on("drop", (operation, step) => operation.object !== "table"
            ? []
            : operation.names.flatMap((name) => keysOf(step.situation.schema.tables.get(name)).flatMap((key) => key.references !== name && step.situation.existed(key.references ?? "")
                ? hit(name, { name: key.name, references: key.references })
                : [])))),
        examples: {
            fires: [
                {
                    preamble: "CREATE TABLE team (id bigint PRIMARY KEY); CREATE TABLE member (team_id bigint CONSTRAINT member_team REFERENCES team (id));",
                    sql: "ALTER TABLE member DROP CONSTRAINT member_team;",
                },
            ],
            passes: [
                {
                    preamble: "CREATE TABLE member (age int CONSTRAINT adult CHECK (age > 17));",
                    sql: "ALTER TABLE member DROP CONSTRAINT adult;",
                },
            ],
        },
    },
    {
        id: "foreign-key-without-index",
        rows: [45],
        title: "Foreign key without an index on the child",
        hazard: "fk_without_index",
        scope: "lock",
        severity: { lock: "info", oldCode: "none" },
        why: "Deleting or re-keying a parent row looks for its children. Without an index on the child's column it reads the whole child table each time.",
        recipe: ({ relation, columns }) => {
            const name = columns === undefined
                ? undefined
                : [relation.slice(relation.lastIndexOf(".") + 1), ...columns, "idx"].join("_");
            return recipe("# in a revision before the foreign key", concurrentIndex({ relation, columns, name }));
        },
        detectRun: ({ steps }) => steps.flatMap((step) => {
            const { operation } = step;
            if (operation.kind !== "alter-table" || operation.action.kind !== "add-constraint")
                return [];
            const { constraint } = operation.action;
            const table = step.situation.schema.tables.get(operation.table);
            const isIndexed = table?.indexes.some((index) => index.columns[0] === constraint.columns[0]);
            return constraint.kind === "foreign" && table?.complete && !isIndexed
                ? [{ subject: { relation: operation.table, columns: constraint.columns }, step }]
                : [];
        }),
        examples: {
            fires: [
                {
                    sql: "ALTER TABLE account ADD CONSTRAINT account_team FOREIGN KEY (team_id) REFERENCES team (id) NOT VALID;",
                },
            ],
            passes: [
                {
                    sql: "CREATE INDEX CONCURRENTLY account_team_idx ON account (team_id); ALTER TABLE account ADD CONSTRAINT account_team FOREIGN KEY (team_id) REFERENCES team (id) NOT VALID;",
                },
            ],
        },
    },
];
const keysOf = (table) => table?.constraints.filter((constraint) => constraint.references !== undefined) ?? [];
/** Tables that the foreign keys which an operation adds point to. */
function referencedBy(operation) {
    const added = operation.kind === "create-table" ? declaredKeys(operation) : [];
    const action = operation.kind === "alter-table" ? operation.action : undefined;
    if (action?.kind === "add-constraint")
        added.push(action.constraint);
    if (action?.kind === "add-column")
        added.push(...action.column.constraints);
    return added.flatMap(({ references }) => references ?? []);
}

;// CONCATENATED MODULE: ./packages/migrations/src/rules/indexes.ts



const INDEX_RULES = [
    {
        id: "index-not-concurrent",
        rows: [1],
        title: "Index built while writes wait",
        hazard: "index_not_concurrent",
        scope: "lock",
        lock: "ShareLock",
        severity: { lock: "block", oldCode: "none" },
        why: "CREATE INDEX holds a SHARE lock on the table until the index is built: every INSERT, UPDATE and DELETE waits for as long as the table is large.",
        physical: true,
        recipe: (subject) => recipe("# alone in its revision", concurrentIndex(subject)),
        detect: rule_on("create-index", (operation, step) => {
            const table = step.situation.schema.tables.get(operation.table);
            if (operation.concurrently || !step.situation.existed(operation.table) || table?.partitioned)
                return [];
            return hit(operation.table, { name: operation.index, columns: operation.columns });
        }),
        examples: {
            fires: [{ sql: "CREATE INDEX account_email_idx ON account (email);" }],
            passes: [
                { sql: "CREATE INDEX CONCURRENTLY account_email_idx ON account (email);" },
                { sql: "CREATE TABLE note (id bigint PRIMARY KEY, body text); CREATE INDEX note_body_idx ON note (body);" },
            ],
        },
    },
    {
        id: "drop-index-not-concurrent",
        rows: [2],
        title: "Index dropped under an exclusive lock",
        hazard: "drop_index_not_concurrent",
        scope: "lock",
        lock: "AccessExclusiveLock",
        severity: { lock: "warn", oldCode: "none" },
        why: "DROP INDEX takes ACCESS EXCLUSIVE on the table. It is quick once it has the lock, but it waits behind every running query, and everything else waits behind it.",
        recipe: ({ name, relation }) => autocommit(`op.drop_index(${py(name)}, ${tableArgument(relation)}, postgresql_concurrently=True)`),
        detect: rule_on("drop", (operation, step) => {
            if (operation.object !== "index" || operation.concurrently)
                return [];
            return operation.names.flatMap((name) => {
                const table = tableOfIndex(step.situation.schema, name)?.name;
                return table !== undefined && !step.situation.existed(table) ? [] : hit(table ?? name, { name });
            });
        }),
        examples: {
            fires: [{ sql: "DROP INDEX account_email_idx;" }],
            passes: [{ sql: "DROP INDEX CONCURRENTLY account_email_idx;" }],
        },
    },
    {
        id: "concurrently-in-transaction",
        rows: [3],
        title: "CONCURRENTLY inside a transaction fails",
        hazard: "concurrently_in_tx",
        scope: "txn",
        severity: { lock: "block", oldCode: "none" },
        why: "PostgreSQL refuses CREATE INDEX, DROP INDEX, REINDEX and DETACH PARTITION with CONCURRENTLY inside a transaction block, and Alembic opens one for every run.",
        recipe: ({ relation, name, columns }) => recipe("# alone in its revision, and env.py must not open a transaction of its own", autocommit(`op.create_index(${py(name)}, ${tableArgument(relation)}, ${pyList(columns)}, postgresql_concurrently=True)  # or what it was`)),
        detect: (step) => {
            const { operation, transaction } = step;
            if (transaction === undefined || !isConcurrent(operation))
                return [];
            return hit(relationOf(operation), {}, "the statement runs inside a transaction");
        },
        examples: {
            fires: [{ sql: "CREATE INDEX CONCURRENTLY account_email_idx ON account (email);", transaction: true }],
            passes: [
                {
                    sql: "COMMIT; CREATE INDEX CONCURRENTLY account_email_idx ON account (email); BEGIN; SELECT 1;",
                    transaction: true,
                },
            ],
        },
    },
    {
        id: "reindex-not-concurrent",
        rows: [4],
        title: "Index rebuilt while writes wait",
        hazard: "reindex_not_concurrent",
        scope: "lock",
        lock: "ShareLock",
        severity: { lock: "block", oldCode: "none" },
        why: "REINDEX holds a SHARE lock on the table, and ACCESS EXCLUSIVE on the index, so that queries which would use the index wait too. REINDEX CONCURRENTLY exists since PostgreSQL 12.",
        physical: true,
        recipe: ({ relation }) => autocommit(execute(`REINDEX TABLE CONCURRENTLY ${sqlName(relation)}`)),
        detect: rule_on("reindex", (operation, step) => {
            if (operation.concurrently || operation.object === "system")
                return [];
            const owner = operation.object === "index" ? tableOfIndex(step.situation.schema, operation.name)?.name : undefined;
            const name = owner ?? operation.name;
            const isNamed = operation.object === "table" || operation.object === "index";
            return isNamed && !step.situation.existed(name) ? [] : hit(name, { name: operation.name });
        }),
        examples: {
            fires: [{ sql: "REINDEX TABLE account;" }],
            passes: [{ sql: "REINDEX TABLE CONCURRENTLY account;" }],
        },
    },
    {
        id: "index-on-partitioned-table",
        rows: [33],
        title: "Index on a partitioned table builds on every partition",
        hazard: "index_not_concurrent",
        scope: "lock",
        lock: "ShareLock",
        severity: { lock: "block", oldCode: "none" },
        why: "CREATE INDEX on a partitioned table locks every partition against writes while it builds one index after the other, and it refuses CONCURRENTLY.",
        physical: true,
        recipe: (subject) => recipe("# revision 1: the index of the parent alone, still invalid", execute(`CREATE INDEX ${sqlName(subject.name)} ON ONLY ${sqlName(subject.relation)} (${(subject.columns ?? ["…"]).join(", ")})`), "# revision 2, for each partition", autocommit(`op.create_index("…_partition", "partition", ${pyList(subject.columns)}, postgresql_concurrently=True)`), "# revision 3", execute(`ALTER INDEX ${sqlName(subject.name)} ATTACH PARTITION …_partition`)),
        detect: rule_on("create-index", (operation, step) => {
            const table = step.situation.schema.tables.get(operation.table);
            return table?.partitioned && step.situation.existed(operation.table) && !operation.only
                ? hit(operation.table, { name: operation.index, columns: operation.columns })
                : [];
        }),
        examples: {
            fires: [
                {
                    preamble: "CREATE TABLE event (id bigint, day date) PARTITION BY RANGE (day); CREATE TABLE event_1 PARTITION OF event FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');",
                    sql: "CREATE INDEX event_day ON event (day);",
                },
            ],
            passes: [
                {
                    preamble: "CREATE TABLE event (id bigint, day date) PARTITION BY RANGE (day); CREATE TABLE event_1 PARTITION OF event FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');",
                    sql: "CREATE INDEX event_day ON ONLY event (day);",
                },
            ],
        },
    },
    {
        id: "invalid-index-kept",
        rows: [43],
        title: "IF NOT EXISTS keeps a broken index",
        hazard: "invalid_index",
        scope: "lock",
        severity: { lock: "info", oldCode: "none" },
        why: "A concurrent build that fails leaves an INVALID index, which costs every write and serves no read. A second run with IF NOT EXISTS finds the name taken and passes over it.",
        recipe: ({ name, relation, columns }) => autocommit(execute(`DROP INDEX CONCURRENTLY IF EXISTS ${sqlName(name)}`), `op.create_index(${py(name)}, ${tableArgument(relation)}, ${pyList(columns)}, postgresql_concurrently=True)`),
        detect: rule_on("create-index", (operation, _, run) => {
            const isDropped = run.operations.some((other) => other.kind === "drop" && other.object === "index" && other.names.includes(operation.index ?? ""));
            return operation.concurrently && operation.ifNotExists && !isDropped
                ? hit(operation.table, { name: operation.index, columns: operation.columns })
                : [];
        }),
        detectAlembic: ({ rehearsal }) => (rehearsal?.invalidIndexes ?? []).map((name) => ({
            subject: { relation: name, name },
            note: `index ${name} is INVALID after the migration`,
            severity: { lock: "block" },
            line: 1,
        })),
        examples: {
            fires: [{ sql: "CREATE INDEX CONCURRENTLY IF NOT EXISTS account_email_idx ON account (email);" }],
            passes: [
                {
                    sql: "DROP INDEX CONCURRENTLY IF EXISTS account_email_idx; CREATE INDEX CONCURRENTLY account_email_idx ON account (email);",
                },
            ],
        },
    },
    {
        id: "concurrent-index-corruption",
        rows: [44],
        title: "PostgreSQL 14.0 to 14.3 corrupts concurrent indexes",
        hazard: "concurrent_index_corruption",
        scope: "lock",
        severity: { lock: "info", oldCode: "none" },
        since: 14,
        until: 14,
        why: "Before 14.4, CREATE INDEX CONCURRENTLY and REINDEX CONCURRENTLY could miss rows on PostgreSQL 14. Later minor versions are sound.",
        recipe: () => "# upgrade the server to 14.4 or later, then reindex what was built before",
        detect: (step) => /^(create-index|reindex)$/.test(step.operation.kind) && isConcurrent(step.operation)
            ? hit(relationOf(step.operation))
            : [],
        examples: {
            fires: [{ sql: "CREATE INDEX CONCURRENTLY account_email_idx ON account (email);", version: 14 }],
            passes: [{ sql: "CREATE INDEX CONCURRENTLY account_email_idx ON account (email);", version: 15 }],
        },
    },
];
function isConcurrent(operation) {
    if (operation.kind === "alter-table")
        return operation.action.kind === "detach-partition" && operation.action.concurrently;
    if (operation.kind === "drop")
        return operation.object === "index" && operation.concurrently;
    return (operation.kind === "create-index" || operation.kind === "reindex") && operation.concurrently;
}
/** The relation that an operation names first. */
function relationOf(operation) {
    if ("table" in operation && operation.table !== undefined)
        return operation.table;
    if ("names" in operation)
        return operation.names[0] ?? "";
    if ("tables" in operation)
        return operation.tables[0] ?? "";
    if ("name" in operation)
        return operation.name;
    return "";
}

;// CONCATENATED MODULE: ./packages/migrations/src/rules/keys.ts



const uniqueUsingIndex = (subject, kind) => recipe("# revision 1", concurrentIndex(subject, "unique=True, "), "# revision 2", execute(`ALTER TABLE ${sqlName(subject.relation)} ADD CONSTRAINT ${sqlName(subject.name)} ${kind} USING INDEX ${sqlName(subject.name)}`));
const KEY_RULES = [
    {
        id: "unique-builds-index",
        rows: [5],
        title: "Unique constraint builds its index under an exclusive lock",
        hazard: "unique_builds_index",
        scope: "lock",
        lock: "AccessExclusiveLock",
        severity: { lock: "block", oldCode: "warn" },
        why: "ADD CONSTRAINT … UNIQUE builds an index while it holds ACCESS EXCLUSIVE: reads and writes wait. Built concurrently beforehand, the index is only adopted, which takes a moment.",
        physical: true,
        recipe: (subject) => uniqueUsingIndex(subject, "UNIQUE"),
        detect: any(onAction("add-constraint", ({ constraint }, table) => constraint.kind === "unique" && constraint.usingIndex === undefined
            ? hit(table, { name: constraint.name, columns: constraint.columns })
            : []), onAction("add-column", ({ column }, table) => column.constraints.some(({ kind }) => kind === "unique")
            ? hit(table, { column: column.name, columns: [column.name] })
            : [])),
        examples: {
            fires: [
                { sql: "ALTER TABLE account ADD CONSTRAINT account_email_key UNIQUE (email);" },
                { sql: "ALTER TABLE account ADD COLUMN code text UNIQUE;" },
            ],
            passes: [
                {
                    sql: "CREATE UNIQUE INDEX CONCURRENTLY email_key ON account (email); ALTER TABLE account ADD CONSTRAINT email_key UNIQUE USING INDEX email_key;",
                },
            ],
        },
    },
    {
        id: "primary-key-builds-index",
        rows: [6],
        title: "Primary key builds its index under an exclusive lock",
        hazard: "pk_builds_index",
        scope: "lock",
        lock: "AccessExclusiveLock",
        severity: { lock: "block", oldCode: "warn" },
        why: "ADD PRIMARY KEY builds a unique index and checks every row for NULL while it holds ACCESS EXCLUSIVE.",
        physical: true,
        recipe: (subject) => uniqueUsingIndex(subject, "PRIMARY KEY"),
        detect: any(onAction("add-constraint", ({ constraint }, table) => constraint.kind === "primary" && constraint.usingIndex === undefined
            ? hit(table, { name: constraint.name, columns: constraint.columns })
            : []), onAction("add-column", ({ column }, table) => column.constraints.some(({ kind }) => kind === "primary")
            ? hit(table, { column: column.name, columns: [column.name] })
            : [])),
        examples: {
            fires: [{ sql: "ALTER TABLE member ADD PRIMARY KEY (team_id, account_id);" }],
            passes: [
                {
                    sql: "CREATE UNIQUE INDEX CONCURRENTLY member_pkey ON member (team_id); ALTER TABLE member ADD CONSTRAINT member_pkey PRIMARY KEY USING INDEX member_pkey;",
                },
            ],
        },
    },
    {
        id: "primary-key-on-nullable",
        rows: [7],
        title: "Primary key over a nullable column reads the whole table",
        hazard: "pk_using_index_nullable",
        scope: "lock",
        lock: "AccessExclusiveLock",
        severity: { lock: "warn", oldCode: "warn" },
        why: "PRIMARY KEY USING INDEX also makes the columns NOT NULL. Without a valid CHECK that proves it, the whole table is read under ACCESS EXCLUSIVE.",
        physical: true,
        recipe: ({ relation, column }) => recipe("# revision 1", execute(`ALTER TABLE ${sqlName(relation)} ADD CONSTRAINT ${sqlName(`${column ?? "column"}_present`)} CHECK (${sqlName(column)} IS NOT NULL) NOT VALID`), "# revision 2", execute(`ALTER TABLE ${sqlName(relation)} VALIDATE CONSTRAINT ${sqlName(`${column ?? "column"}_present`)}`), "# revision 3: PRIMARY KEY USING INDEX, then drop the CHECK"),
        detect: onAction("add-constraint", ({ constraint }, table, step) => {
            if (constraint.kind !== "primary" || constraint.usingIndex === undefined)
                return [];
            return step.source === "trace" || isNullable(table, constraint.usingIndex, step.situation)
                ? hit(table, { name: constraint.name, column: constraint.columns[0] })
                : [];
        }),
        examples: {
            fires: [
                {
                    preamble: "CREATE TABLE tag (slug text); CREATE UNIQUE INDEX tag_slug ON tag (slug);",
                    sql: "ALTER TABLE tag ADD CONSTRAINT tag_pkey PRIMARY KEY USING INDEX tag_slug;",
                },
            ],
            passes: [
                {
                    preamble: "CREATE TABLE tag (slug text NOT NULL); CREATE UNIQUE INDEX tag_slug ON tag (slug);",
                    sql: "ALTER TABLE tag ADD CONSTRAINT tag_pkey PRIMARY KEY USING INDEX tag_slug;",
                },
            ],
        },
    },
    {
        id: "exclusion-constraint",
        rows: [8],
        title: "Exclusion constraint builds its index under an exclusive lock",
        hazard: "exclusion_constraint",
        scope: "lock",
        lock: "AccessExclusiveLock",
        severity: { lock: "block", oldCode: "warn" },
        why: "An exclusion constraint can neither be NOT VALID nor adopt an index: adding one reads the table and builds an index under ACCESS EXCLUSIVE.",
        physical: true,
        recipe: ({ relation }) => recipe(`# no online form exists: create a new table with the constraint, copy ${relation} in batches and swap the names,`, "# or add it in a maintenance window"),
        detect: onAction("add-constraint", ({ constraint }, table) => constraint.kind === "exclusion" ? hit(table, { name: constraint.name, columns: constraint.columns }) : []),
        examples: {
            fires: [{ sql: "ALTER TABLE account ADD CONSTRAINT one_each EXCLUDE USING gist (age WITH =);" }],
            passes: [{ sql: "CREATE TABLE slot (during tsrange, EXCLUDE USING gist (during WITH &&));" }],
        },
    },
];

;// CONCATENATED MODULE: ./packages/migrations/src/rules/locks.ts





const rankOf = (mode) => (mode === undefined ? 0 : lockRank(mode));
/** A lock that others can be made to wait for: on a table that was there, stronger than those of plain queries. */
const contended = (step) => {
    const { operation } = step;
    if (operation.kind === "lock-table")
        return operation.tables.find((table) => step.situation.existed(table));
    const lock = strongest(step.effects.locks.filter((candidate) => candidate.preexisting));
    return lock !== undefined && rankOf(lock.mode) >= rankOf("ShareUpdateExclusiveLock") ? lock.relation : undefined;
};
const isUnset = (value) => value === undefined || /^0(ms|s|min)?$/.test(value.trim());
const firstWithout = (setting) => {
    return (step, run) => {
        const relation = contended(step);
        if (relation === undefined || !isUnset(step.setting(setting)))
            return [];
        const isFirst = !run.steps.some((earlier) => contended(earlier) !== undefined && isUnset(earlier.setting(setting)));
        return isFirst ? hit(relation) : [];
    };
};
const changesSchema = ({ operation, effects }) => operation.kind !== "change-rows" &&
    effects.locks.some((lock) => lock.preexisting && rankOf(lock.mode) >= rankOf("ShareLock"));
const isDataChange = (step) => step.operation.kind === "change-rows" &&
    step.situation.existed(step.operation.table) &&
    (step.operation.verb !== "insert" || step.operation.reads.length > 0);
const LOCK_RULES = [
    {
        id: "no-lock-timeout",
        rows: [34],
        title: "No lock_timeout",
        hazard: "missing_lock_timeout",
        scope: "lock",
        severity: { lock: "warn", oldCode: "none" },
        why: "A statement that waits for its lock makes every later query on the table wait behind it, even if the statement itself would be instant. lock_timeout makes it give up instead.",
        recipe: () => recipe("# in env.py, for every migration", `connectable = create_engine(url, connect_args={"options": "-c lock_timeout=2000"})`, "# or in this revision", execute("SET lock_timeout = '2s'")),
        detect: firstWithout("lock_timeout"),
        examples: {
            fires: [{ sql: "ALTER TABLE account ADD COLUMN a int;" }],
            passes: [
                { sql: "SET lock_timeout = '2s'; ALTER TABLE account ADD COLUMN a int;" },
                { sql: "CREATE TABLE branch (id int PRIMARY KEY, parent_id int REFERENCES branch (id));" },
            ],
        },
    },
    {
        id: "no-statement-timeout",
        rows: [35],
        title: "No statement_timeout",
        hazard: "missing_statement_timeout",
        scope: "lock",
        severity: { lock: "info", oldCode: "none" },
        why: "Nothing bounds how long a statement may hold its lock. PostgreSQL 17 can also bound the whole transaction, with transaction_timeout.",
        recipe: () => `connectable = create_engine(url, connect_args={"options": "-c statement_timeout=30000"})  # in env.py`,
        detect: (step, run) => isUnset(step.setting("transaction_timeout")) ? firstWithout("statement_timeout")(step, run) : [],
        examples: {
            fires: [{ sql: "ALTER TABLE account ADD COLUMN a int;" }],
            passes: [{ sql: "SET statement_timeout = '30s'; ALTER TABLE account ADD COLUMN a int;" }],
        },
    },
    {
        id: "work-under-lock",
        rows: [36],
        title: "Work while an earlier statement's lock is held",
        hazard: "stmts_while_access_exclusive",
        scope: "lock",
        lock: "AccessExclusiveLock",
        severity: { lock: "block", oldCode: "none" },
        why: "Locks last until commit. Whatever reads or builds after an ALTER TABLE in the same transaction prolongs its lock, whichever table the work is on.",
        physical: true,
        recipe: () => "# move the work into a revision of its own, with transaction_per_migration=True in env.py",
        detect: (step) => {
            const lock = strongest(step.held);
            const [worked] = workOf(step.effects);
            if (worked === undefined || rankOf(lock?.mode) < rankOf("ShareLock") || blockingLock(step) === undefined)
                return [];
            const note = `${lock?.mode ?? "a lock"} on ${lock?.relation ?? "a table"} is held meanwhile`;
            return [{ subject: { relation: worked }, note, lock }];
        },
        examples: {
            fires: [
                { transaction: true, sql: "ALTER TABLE account ADD COLUMN a int; CREATE INDEX team_name ON team (name);" },
            ],
            passes: [{ sql: "ALTER TABLE account ADD COLUMN a int; CREATE INDEX team_name ON team (name);" }],
        },
    },
    {
        id: "backfill-in-ddl-transaction",
        rows: [37],
        title: "Rows changed in the transaction that changes the schema",
        hazard: "mixed_ddl_dml",
        scope: "txn",
        lock: "AccessExclusiveLock",
        severity: { lock: "block", oldCode: "none" },
        why: "A backfill after an ALTER TABLE holds the table's lock until the last row is written; before it, every row it touched stays locked until commit.",
        recipe: ({ relation }) => recipe("# the schema change here; the backfill as a revision or a job of its own, in committed batches", "with op.get_context().autocommit_block():", `    while op.get_bind().execute(sa.text("UPDATE ${sqlName(relation)} SET … WHERE id IN (SELECT id FROM ${sqlName(relation)} WHERE … LIMIT 5000)")).rowcount:`, "        pass"),
        detectRun: ({ steps }) => {
            const changing = new Set(steps.filter(changesSchema).map(({ transaction }) => transaction));
            return steps
                .filter((step) => isDataChange(step) && changing.has(step.transaction))
                .map((step) => ({
                subject: { relation: relationOf(step.operation) },
                step,
                severity: step.transaction === undefined ? { lock: "info" } : undefined,
            }));
        },
        examples: {
            fires: [
                {
                    transaction: true,
                    sql: "ALTER TABLE account ADD COLUMN country text; UPDATE account SET country = 'unknown';",
                },
            ],
            passes: [{ transaction: true, sql: "ALTER TABLE account ADD COLUMN country text;" }],
        },
    },
    {
        id: "data-change-in-migration",
        rows: [37],
        title: "Migration changes rows",
        hazard: "mixed_ddl_dml",
        scope: "txn",
        severity: { lock: "info", oldCode: "none" },
        why: "A data change belongs to the backfill phase: it runs between expanding and contracting, best outside the migration's transaction and in batches.",
        recipe: ({ relation }) => `# move it to a job that updates ${relation} in batches, or give it a revision of its own`,
        detect: (step) => (isDataChange(step) ? hit(relationOf(step.operation)) : []),
        examples: {
            fires: [{ sql: "UPDATE account SET age = 0 WHERE age IS NULL;" }],
            passes: [{ sql: "INSERT INTO team (id, name) VALUES (1, 'core');" }],
        },
    },
    {
        id: "change-without-where",
        rows: [38],
        title: "UPDATE or DELETE of every row",
        hazard: "dml_without_where",
        scope: "lock",
        lock: "RowExclusiveLock",
        severity: { lock: "warn", oldCode: "none" },
        why: "One statement over the whole table locks every row until commit, doubles the table and keeps a transaction open that vacuum must wait for.",
        recipe: ({ relation }) => `op.execute(sa.text(${JSON.stringify(`UPDATE ${sqlName(relation)} SET … WHERE id BETWEEN :first AND :last`)}).bindparams(first=1, last=5000))  # one batch of many`,
        detect: rule_on("change-rows", ({ verb, table, hasWhere }, step) => (verb === "update" || verb === "delete") && !hasWhere && step.situation.existed(table) ? hit(table) : []),
        examples: {
            fires: [{ sql: "UPDATE account SET age = 0;" }],
            passes: [{ sql: "UPDATE account SET age = 0 WHERE age IS NULL;" }],
        },
    },
    {
        id: "blocking-work",
        rows: [36],
        title: "Work on a table while others wait for it",
        hazard: "blocking_work",
        scope: "lock",
        lock: "AccessExclusiveLock",
        severity: { lock: "block", oldCode: "none" },
        why: "The table is read, rewritten or indexed under a lock that others wait for, for a reason that no other rule names.",
        recipe: () => "# split the statement so that the long work runs under a weaker lock",
        examples: {
            fires: [{ sql: "ALTER TABLE account ALTER COLUMN age SET EXPRESSION AS (1);", version: 17 }],
            passes: [{ sql: "ALTER TABLE account ADD COLUMN a int;" }],
        },
    },
    {
        id: "extension-updated",
        rows: [],
        title: "Extension updated by a script that the migration does not show",
        hazard: "extension_updated",
        scope: "lock",
        severity: { lock: "warn", oldCode: "warn" },
        why: "ALTER EXTENSION … UPDATE runs a script that lies on the server, for the version that is installed there. It may lock or rewrite tables that use the extension's types, and replace functions that the old release calls. No text tells: a rehearsal shows its locks only where it goes between the same two versions.",
        recipe: ({ name, to }) => recipe("# read what the extension says of this update, and run it by itself, in a quiet hour:", execute("SET LOCAL lock_timeout = '2s'"), execute(`ALTER EXTENSION ${sqlName(name)} UPDATE${to === undefined ? "" : ` TO '${to.replace(/'/g, "''")}'`}`)),
        detect: rule_on("update-extension", ({ name, version }, { source }) => hit("", { name, to: version }, source === "trace"
            ? `${name}: what it did on the rehearsal's server is what is told of it; production may come from another version`
            : `${name}: what its script locks, rewrites and replaces was not seen`)),
        examples: {
            fires: [{ sql: "ALTER EXTENSION postgis UPDATE TO '3.4.0';" }],
            passes: [{ sql: "CREATE EXTENSION IF NOT EXISTS postgis;" }],
        },
    },
];

;// CONCATENATED MODULE: ./packages/migrations/src/sql/expression.ts

function decodeExpression(raw) {
    const functions = [];
    const columns = [];
    const literals = [];
    walk(raw, (tag, body) => {
        if (tag === "FuncCall")
            functions.push(nameOfParts(strings(items(body, "funcname"))));
        if (tag === "ColumnRef")
            columns.push(...strings(items(body, "fields")).slice(-1));
        if (tag === "A_Const")
            literals.push(...(ast_text(node(body, "sval"), "sval") !== undefined ? [ast_text(node(body, "sval"), "sval") ?? ""] : []));
    });
    return { functions, columns, literals, provesNotNull: proven(raw), isNull: isNullConstant(raw) };
}
function proven(raw) {
    const found = tagged(raw);
    if (found === undefined)
        return [];
    const [tag, body] = found;
    if (tag === "NullTest" && ast_text(body, "nulltesttype") === "IS_NOT_NULL")
        return columnOf(body.arg);
    if (tag === "BoolExpr" && ast_text(body, "boolop") === "AND_EXPR")
        return items(body, "args").flatMap(proven);
    if (tag === "BoolExpr" && ast_text(body, "boolop") === "NOT_EXPR")
        return items(body, "args").flatMap(denied);
    return [];
}
/** NOT (a IS NULL), which PostgreSQL simplifies. */
function denied(raw) {
    const test = bodyOf(raw, "NullTest");
    return ast_text(test, "nulltesttype") === "IS_NULL" ? columnOf(test?.arg) : [];
}
const columnOf = (raw) => strings(items(bodyOf(raw, "ColumnRef"), "fields")).slice(-1);
const isNullConstant = (raw) => {
    const constant = bodyOf(raw, "A_Const");
    if (constant !== undefined)
        return constant.isnull === true;
    const cast = bodyOf(raw, "TypeCast");
    return cast !== undefined && isNullConstant(cast.arg);
};
/** `a::text::jsonb` as its column and the types it passes through; `undefined` for any other expression. */
function castChain(raw) {
    const types = [];
    let current = raw;
    for (let cast = bodyOf(current, "TypeCast"); cast !== undefined; cast = bodyOf(current, "TypeCast")) {
        const type = cast.typeName;
        if (isNode(type))
            types.unshift(type);
        current = cast.arg;
    }
    const [column] = columnOf(current);
    return column === undefined ? undefined : { column, types };
}

;// CONCATENATED MODULE: ./packages/migrations/src/sql/decode-routine.ts



/** CREATE FUNCTION and CREATE PROCEDURE, with what a call of it does. */
function decodeCreateFunction(body, inner, does) {
    const volatile = volatilityIn(body, "options") ?? true;
    return {
        kind: "create-function",
        name: nameOfParts(strings(items(body, "funcname"))),
        replace: flag(body, "replace"),
        ...signatureOf(body),
        volatile,
        result: isTransparent(body) && inner.length === 1 ? soleResult(inner[0], body) : undefined,
        body: does,
    };
}
/** What a caller gives and gets. */
function signatureOf(routine) {
    const given = [];
    const columns = {};
    for (const [position, parameter] of bodies(items(routine, "parameters"), "FunctionParameter").entries()) {
        const mode = ast_text(parameter, "mode");
        const type = typeWord(node(parameter, "argType"));
        if (mode !== "FUNC_PARAM_OUT" && mode !== "FUNC_PARAM_TABLE")
            given.push({ type, hasDefault: parameter.defexpr !== undefined || mode === "FUNC_PARAM_VARIADIC" });
        if (/_(OUT|INOUT|TABLE)$/.test(mode ?? ""))
            columns[ast_text(parameter, "name") ?? `column${position + 1}`] = type;
    }
    const returned = node(routine, "returnType");
    // Without RETURNS, OUT arguments are the result.
    const type = returned === undefined ? "" : `${flag(returned, "setof") ? "setof " : ""}${typeWord(returned)}`;
    return { arguments: given, returns: { type, columns } };
}
/** A type as people write it, without a size: routines have none. */
const typeWord = (raw) => spellType({ ...decodeType(raw), modifiers: [] });
const decodeAlterFunction = (body) => ({
    kind: "alter-function",
    name: nameOfParts(strings(items(node(body, "func"), "objname"))),
    volatile: volatilityIn(body, "actions"),
});
/** Whether a routine's options call it volatile; `undefined` where they say nothing of it. */
function volatilityIn(body, list) {
    const option = optionsOf(body, list).find((candidate) => ast_text(candidate, "defname") === "volatility");
    return option === undefined ? undefined : ast_text(bodyOf(option.arg, "String"), "sval") === "volatile";
}
const optionsOf = (body, list) => bodies(items(body, list), "DefElem");
/** PostgreSQL puts the body of such a function in the place of its call, and never learns how volatile it was declared. */
function isTransparent(body) {
    const options = optionsOf(body, "options");
    const language = ast_text(bodyOf(options.find((one) => ast_text(one, "defname") === "language")?.arg, "String"), "sval");
    const isOpaque = options.some((one) => /^(security|set)$/.test(ast_text(one, "defname") ?? ""));
    const isSql = language === undefined ? body.sql_body !== undefined : language.toLowerCase() === "sql";
    return isSql && !isOpaque && !flag(body, "is_procedure") && node(body, "returnType")?.setof !== true;
}
/** `SELECT expression` and nothing else. */
function soleResult(statement, routine) {
    const { targetList, limitOption: _limit, op: _op, ...more } = bodyOf(statement, "SelectStmt") ?? { none: true };
    const targets = Array.isArray(targetList) ? targetList : [];
    if (targets.length !== 1 || Object.keys(more).length > 0)
        return undefined;
    const value = bodyOf(targets[0], "ResTarget")?.val;
    return isStrict(routine) && !answersStrictly(value, routine) ? undefined : decodeExpression(value);
}
const isStrict = (routine) => optionsOf(routine, "options").some((one) => ast_text(one, "defname") === "strict" && bodyOf(one.arg, "Boolean")?.boolval === true);
/** What may answer something for NULL. */
const LENIENT = /^(CoalesceExpr|CaseExpr|NullTest|BooleanTest|MinMaxExpr|A_ArrayExpr|RowExpr|BoolExpr|SubLink)$/;
/** A strict function is looked into only if every argument counts and none of what it holds bears NULL. */
function answersStrictly(value, routine) {
    const used = new Set();
    let isLenient = false;
    walk(value, (tag, body) => {
        isLenient ||= LENIENT.test(tag);
        if (tag === "ColumnRef")
            for (const name of strings(items(body, "fields")).slice(-1))
                used.add(name);
        if (tag === "ParamRef")
            used.add(`$${String(body.number)}`);
    });
    const names = bodies(items(routine, "parameters"), "FunctionParameter").map((one) => ast_text(one, "name") ?? "");
    return !isLenient && names.every((name, position) => used.has(name) || used.has(`$${position + 1}`));
}

;// CONCATENATED MODULE: ./packages/migrations/src/sql/decode-objects.ts


const DROPS = {
    OBJECT_TABLE: "table",
    OBJECT_FOREIGN_TABLE: "table",
    OBJECT_INDEX: "index",
    OBJECT_VIEW: "view",
    OBJECT_MATVIEW: "materialized-view",
    OBJECT_SCHEMA: "schema",
    OBJECT_TYPE: "type",
    OBJECT_DOMAIN: "domain",
    OBJECT_TRIGGER: "trigger",
    OBJECT_RULE: "rule",
    OBJECT_POLICY: "policy",
    OBJECT_SEQUENCE: "sequence",
    OBJECT_FUNCTION: "function",
    OBJECT_PROCEDURE: "function",
    OBJECT_ROUTINE: "function",
    OBJECT_AGGREGATE: "function",
};
/** DROP of anything. */
function decodeDrop(body) {
    const object = DROPS[ast_text(body, "removeType") ?? ""] ?? "other";
    const parts = items(body, "objects").map(objectParts);
    const isOnTable = object === "trigger" || object === "rule" || object === "policy";
    const dropped = drop(object, parts.map(nameOfParts), body);
    if (object === "function")
        return [{ ...dropped, signatures: items(body, "objects").map(argumentTypes) }];
    if (!isOnTable)
        return [dropped];
    return parts.map((path) => ({ ...drop(object, [path.at(-1) ?? ""], body), on: nameOfParts(path.slice(0, -1)) }));
}
function drop(object, names, body) {
    return {
        kind: "drop",
        object,
        names,
        on: undefined,
        cascade: ast_text(body, "behavior") === "DROP_CASCADE",
        concurrently: flag(body, "concurrent"),
        ifExists: flag(body, "missing_ok"),
    };
}
/** The types that a routine is named with. */
function argumentTypes(object) {
    const routine = bodyOf(object, "ObjectWithArgs");
    if (routine === undefined || flag(routine, "args_unspecified"))
        return undefined;
    return bodies(items(routine, "objargs"), "TypeName").map(typeWord);
}
function objectParts(object) {
    const found = tagged(object);
    if (found === undefined)
        return [];
    const [tag, body] = found;
    if (tag === "List")
        return strings(items(body, "items"));
    if (tag === "String")
        return [ast_text(body, "sval") ?? ""];
    if (tag === "TypeName")
        return strings(items(body, "names"));
    return strings(items(body, "objname"));
}
const RENAMES = {
    OBJECT_TABLE: "table",
    OBJECT_FOREIGN_TABLE: "table",
    OBJECT_COLUMN: "column",
    OBJECT_VIEW: "view",
    OBJECT_MATVIEW: "view",
    OBJECT_SCHEMA: "schema",
    OBJECT_TABCONSTRAINT: "constraint",
    OBJECT_INDEX: "index",
    OBJECT_TYPE: "type",
    OBJECT_DOMAIN: "type",
    OBJECT_DOMCONSTRAINT: "domain-constraint",
    OBJECT_ATTRIBUTE: "attribute",
    OBJECT_SEQUENCE: "sequence",
    OBJECT_TRIGGER: "trigger",
    OBJECT_RULE: "trigger",
    OBJECT_POLICY: "trigger",
    OBJECT_FUNCTION: "function",
    OBJECT_PROCEDURE: "function",
    OBJECT_ROUTINE: "function",
    OBJECT_AGGREGATE: "function",
};
/** ALTER … RENAME of anything. */
function decodeRename(body) {
    const object = RENAMES[ast_text(body, "renameType") ?? ""] ?? "other";
    const relation = node(body, "relation");
    const to = ast_text(body, "newname") ?? "";
    const subname = ast_text(body, "subname") ?? "";
    const own = relation === undefined ? nameOfParts(objectParts(body.object)) : relationName(relation);
    const name = own === "" ? subname : own;
    const isInside = /^(column|constraint|attribute|trigger|domain-constraint)$/.test(object);
    const schema = /^(type|function)$/.test(object) ? objectParts(body.object).at(-2) : ast_text(relation, "schemaname");
    const renamed = schema === undefined || isInside ? to : nameOfParts([schema, to]);
    return [{ kind: "rename", object, name, from: isInside ? subname : name, to: renamed }];
}

;// CONCATENATED MODULE: ./packages/migrations/src/sql/decode-grant.ts


/** What PUBLIC is called among roles; no role can have this name. */
const PUBLIC = "public";
/** More than anybody writes by hand; each name goes with each role. */
const MAX_NAMES = 200;
const MAX_ROLES = 20;
/** What ALL stands for. */
const ALL = {
    table: ["SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER"],
    sequence: ["USAGE", "SELECT", "UPDATE"],
    schema: ["USAGE", "CREATE"],
    database: ["CONNECT", "CREATE", "TEMPORARY"],
    function: ["EXECUTE"],
};
/** GRANT and REVOKE of privileges. */
const decodeGrant = (body) => [grantOf(body)];
function grantOf(body) {
    const kind = (ast_text(body, "objtype") ?? "").replace("OBJECT_", "").toLowerCase();
    const object = /^(procedure|routine)$/.test(kind) ? "function" : kind;
    const written = bodies(items(body, "privileges"), "AccessPriv");
    const privileges = written.flatMap((one) => {
        const columns = strings(items(one, "cols"));
        const names = ast_text(one, "priv_name") === undefined ? (ALL[object] ?? ["USAGE"]) : [ast_text(one, "priv_name") ?? ""];
        const suffixes = columns.length === 0 ? [""] : columns.map((column) => ` (${column})`);
        return names.flatMap((name) => suffixes.map((suffix) => `${name.toUpperCase()}${suffix}`));
    });
    return {
        kind: "grant",
        revokes: !flag(body, "is_grant"),
        object,
        names: items(body, "objects").slice(0, MAX_NAMES).map(objectName),
        everyIn: ast_text(body, "targtype") === "ACL_TARGET_ALL_IN_SCHEMA",
        roles: rolesOf(items(body, "grantees")),
        privileges: written.length === 0 ? (ALL[object] ?? ["USAGE"]) : privileges,
        // REVOKE GRANT OPTION FOR leaves the privilege itself.
        optionOnly: !flag(body, "is_grant") && flag(body, "grant_option"),
    };
}
/** GRANT and REVOKE of roles: members may what the role may. */
const decodeGrantRole = (body) => [
    {
        kind: "grant",
        revokes: !flag(body, "is_grant"),
        object: "role",
        names: bodies(items(body, "granted_roles").slice(0, MAX_ROLES), "AccessPriv").map((role) => ast_text(role, "priv_name") ?? ""),
        everyIn: false,
        roles: rolesOf(items(body, "grantee_roles")),
        privileges: ["MEMBER"],
        optionOnly: items(body, "opt").length > 0,
    },
];
/** ALTER DEFAULT PRIVILEGES, as if for every schema and every owner. */
const decodeDefaultPrivileges = (body) => bodies([body.action && { GrantStmt: body.action }], "GrantStmt").map((action) => ({
    kind: "grant-by-default",
    grant: grantOf(action),
}));
const rolesOf = (values) => bodies(values.slice(0, MAX_ROLES), "RoleSpec").map((role) => ast_text(role, "roletype") === "ROLESPEC_PUBLIC"
    ? PUBLIC
    : (ast_text(role, "rolename") ?? (ast_text(role, "roletype") ?? "").replace("ROLESPEC_", "").toLowerCase()));
function objectName(object) {
    const [tag, body] = tagged(object) ?? ["", {}];
    return tag === "RangeVar" ? relationName(body) : nameOfParts(objectParts(object));
}
/** What a privilege is, without the columns that it is for. */
const decode_grant_bare = (privilege) => privilege.replace(/ \(.*/, "");
/** Whether a grant gives a role, or everybody, this privilege. */
const decode_grant_gives = (grant, { object, name, role, privilege }) => !grant.revokes &&
    grant.object === object &&
    (grant.everyIn ? grant.names.includes(decode_grant_schemaOf(name)) : grant.names.includes(name)) &&
    (grant.roles.includes(role) || grant.roles.includes(PUBLIC)) &&
    (grant.privileges.includes(privilege) || grant.privileges.includes(decode_grant_bare(privilege)));
const decode_grant_schemaOf = (name) => name.includes(".") ? name.slice(0, name.lastIndexOf(".")) : "public";

;// CONCATENATED MODULE: ./packages/migrations/src/schema/grants.ts

/** Name under which the grants stand that every object comes with once it is made; no relation is called so. */
const BY_DEFAULT = "*";
/**
 * Carries grants over an operation. Those of a dropped relation stay until another takes its name: it has only those that
 * all have by default.
 */
function foldGrants(draft, operation) {
    if (operation.kind === "create-object" && operation.object === "role")
        draft.roles.add(operation.name);
    if (operation.kind === "grant-by-default") {
        const { grant } = operation;
        // Not all that it is granted is seen from now on: on which schemas, and made by whom, was not looked at.
        for (const role of grant.roles)
            draft.roles.delete(role);
        foldGrant(draft, { ...grant, names: [BY_DEFAULT] });
    }
    if (operation.kind === "grant")
        foldGrant(draft, operation);
    if (operation.kind === "rename" && /^(table|view)$/.test(operation.object)) {
        const known = draft.grants.get(`table ${operation.name}`);
        if (known !== undefined)
            draft.grants.set(`table ${operation.to}`, new Set(known));
    }
    const made = madeBy(operation);
    if (made !== undefined && !draft.tables.has(made))
        draft.grants.set(`table ${made}`, new Set(draft.grants.get(`table ${BY_DEFAULT}`)));
}
function madeBy(operation) {
    if (operation.kind === "create-view")
        return operation.view;
    if (operation.kind === "create-table-as")
        return operation.relation;
    return operation.kind === "create-table" ? operation.table : undefined;
}
function foldGrant(draft, { object, names, everyIn, roles, privileges, revokes, optionOnly }) {
    if (optionOnly)
        return;
    const meant = everyIn ? [...draft.tables.keys()].filter((name) => names.includes(decode_grant_schemaOf(name))) : names;
    for (const name of meant) {
        const known = draft.grants.get(`${object} ${name}`) ?? new Set();
        for (const one of roles.flatMap((role) => privileges.map((privilege) => `${role} ${privilege}`)))
            if (revokes)
                known.delete(one);
            else
                known.add(one);
        draft.grants.set(`${object} ${name}`, known);
    }
}
/** Privileges of an object that were seen being granted. */
const grantedOn = ({ grants }, object, name) => [...(grants.get(`${object} ${name}`) ?? [])].map((one) => {
    const at = one.indexOf(" ");
    return { object, name, role: one.slice(0, at), privilege: one.slice(at + 1) };
});

;// CONCATENATED MODULE: ./packages/migrations/src/rules/privileges.ts





/** What an app does all day; the others are for those who change the schema. */
const DAILY = /^(SELECT|INSERT|UPDATE|DELETE|USAGE|EXECUTE|CONNECT|MEMBER)\b/;
const isRelation = (object) => object === "table" || object === "sequence";
/** What a REVOKE takes from those who may have had it. */
function taken(revoke, step, run) {
    const { object, names, roles } = revoke;
    const old = names.filter((name) => !isOfThisRevision(object, name, step, run));
    const known = roles.filter((role) => !isMadeHere("role", role, run));
    return old.flatMap((name) => known.flatMap((role) => takenFrom(role, name, revoke, step)));
}
const isOfThisRevision = (object, name, step, run) => isRelation(object) ? isNewTable(step, name) : isMadeHere(object, name, run);
/** Where all that a role was ever granted was seen, it loses no more than that. PUBLIC has nothing on a table by itself. */
function takenFrom(role, name, revoke, { situation }) {
    const { object, privileges, everyIn } = revoke;
    const { schema } = situation;
    const written = privileges.map((privilege) => ({ object, name, role, privilege }));
    const isSeen = schema.roles.has(role) || (role === PUBLIC && object === "table" && schema.tables.has(name));
    if (!isSeen)
        return written;
    const names = everyIn ? [...schema.tables.keys()].filter((table) => decode_grant_schemaOf(table) === name) : [name];
    const held = names.flatMap((one) => grantedOn(schema, object, one)).filter((one) => one.role === role);
    const isPartOf = (one, whole) => one.privilege.startsWith(whole.privilege);
    return everyIn
        ? written.filter((whole) => held.some((one) => isPartOf(one, whole)))
        : held.filter((one) => written.some((whole) => isPartOf(one, whole)));
}
/** What nobody grants again after an operation. */
function lasting(lost, operation, { operations }) {
    const at = operations.indexOf(operation);
    const grants = operations.filter((one, index) => index > at && one.kind === "grant" && !one.revokes);
    return lost.filter((one) => !grants.some((grant) => decode_grant_gives(grant, one)));
}
/** Whoever needs it was granted it by name, as it was taken from everybody. */
const isNarrowed = ({ role, ...rest }, { operations }) => role === PUBLIC &&
    operations.some((one) => one.kind === "grant" && one.roles.some((name) => decode_grant_gives(one, { ...rest, role: name })));
/** One hit for each object: who loses what. */
function told(lost, why, run) {
    return [...new Set(lost.map(({ name }) => name))].map((name) => {
        const own = lost.filter((one) => one.name === name);
        const roles = [...new Set(own.map(({ role }) => role))].map((role) => {
            const privileges = own.filter((one) => one.role === role).map(({ privilege }) => privilege);
            return `${role === PUBLIC ? "PUBLIC" : role} loses ${privileges.join(", ")}`;
        });
        const isNeeded = own.some((one) => DAILY.test(one.privilege) && !isNarrowed(one, run));
        return {
            subject: {
                relation: name,
                name: own[0]?.role,
                columns: [...new Set(own.map(({ privilege }) => privilege))],
                type: own[0]?.object,
            },
            note: `${roles.join("; ")}${why}`,
            severity: isNeeded ? undefined : { oldCode: "warn" },
        };
    });
}
/** What was granted on a relation that the revision dropped or renamed; who takes its name has what all have by default. */
function withIt(name, operation, step, run) {
    if (!step.situation.formerShapes.has(name))
        return [];
    const { schema } = step.situation;
    const standing = grantedOn(schema, "table", BY_DEFAULT);
    const isAnyway = ({ role, privilege }) => standing.some((one) => one.role === role && one.privilege === privilege);
    const lost = lasting(grantedOn(schema, "table", name), operation, run).filter((one) => !isAnyway(one));
    const hits = told(lost, ": what is made anew has none of the grants of the one before", run);
    return hits.map((one) => ({ ...one, subject: { ...one.subject, to: one.subject.name } }));
}
function takingSql(relation, role, privileges, object) {
    if (role === undefined)
        return `DROP ROLE ${sqlName(relation)}`;
    const from = role === PUBLIC ? "PUBLIC" : sqlName(role);
    if (object === "role")
        return `REVOKE ${sqlName(relation)} FROM ${from}`;
    const kind = object === undefined || object === "table" ? "" : `${object.toUpperCase()} `;
    return `REVOKE ${(privileges ?? ["…"]).join(", ")} ON ${kind}${sqlName(relation)} FROM ${from}`;
}
const PRIVILEGE_RULES = [
    {
        id: "revoke",
        rows: [],
        title: "Privilege or role taken away while old code may need it",
        hazard: "revoke",
        scope: "compat",
        severity: { lock: "none", oldCode: "block" },
        why: "From the commit on, every statement of the old release that needs the privilege fails: permission denied. A view or table that is dropped and made again has lost all its grants.",
        recipe: ({ relation, name, columns, type, to }) => to === undefined
            ? later(execute(takingSql(relation, name, columns, type)))
            : execute(`GRANT ${(columns ?? ["…"]).join(", ")} ON ${sqlName(relation)} TO ${to === PUBLIC ? "PUBLIC" : sqlName(to)}`),
        detect: any(rule_on("grant", (operation, step, run) => operation.revokes && !operation.optionOnly
            ? told(lasting(taken(operation, step, run), operation, run), operation.everyIn ? ` in all of schema ${operation.names.join(", ")}` : "", run)
            : []), rule_on("create-view", (operation, step, run) => withIt(operation.view, operation, step, run)), rule_on("create-table-as", (operation, step, run) => withIt(operation.relation, operation, step, run)), rule_on("drop", ({ object, names }, _, run) => object === "role"
            ? names
                .filter((name) => !isMadeHere("role", name, run))
                .map((name) => ({ subject: { relation: name }, note: `${name} logs in no more` }))
            : [])),
        examples: {
            fires: [
                { sql: "REVOKE INSERT ON account FROM app;" },
                { sql: "REVOKE ALL ON account FROM app; GRANT SELECT ON account TO app;" },
                { sql: "REVOKE EXECUTE ON FUNCTION price(int) FROM PUBLIC;" },
                { sql: "REVOKE writers FROM app;" },
                { sql: "DROP ROLE app;" },
                {
                    preamble: "CREATE VIEW adults AS SELECT 1 AS one; CREATE ROLE app; GRANT SELECT ON adults TO app;",
                    sql: "DROP VIEW adults; CREATE VIEW adults AS SELECT 1 AS one;",
                },
            ],
            passes: [
                { sql: "REVOKE ALL ON account FROM app; GRANT ALL ON account TO app;" },
                {
                    sql: "REVOKE SELECT, INSERT ON account FROM app; GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA public TO app;",
                },
                { sql: "CREATE TABLE note (id int); REVOKE ALL ON note FROM app;" },
                { sql: "REVOKE ALL ON account FROM PUBLIC;" },
                {
                    preamble: "CREATE TABLE account (id int); CREATE ROLE app; GRANT SELECT ON account TO app;",
                    sql: "REVOKE INSERT ON account FROM app;",
                },
                {
                    preamble: "CREATE VIEW adults AS SELECT 1 AS one; CREATE ROLE app; GRANT SELECT ON adults TO app;",
                    sql: "DROP VIEW adults; CREATE VIEW adults AS SELECT 1 AS one; GRANT SELECT ON adults TO app;",
                },
                {
                    preamble: "ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO app; CREATE VIEW adults AS SELECT 1 AS one; GRANT SELECT ON adults TO app;",
                    sql: "DROP VIEW adults; CREATE VIEW adults AS SELECT 1 AS one;",
                },
                {
                    preamble: "CREATE TABLE account (id int, age int); CREATE ROLE app; GRANT SELECT (id) ON account TO app;",
                    sql: "REVOKE SELECT ON account FROM app; GRANT SELECT (id, age) ON account TO app;",
                },
            ],
        },
    },
];

;// CONCATENATED MODULE: ./packages/migrations/src/rules/alembic-conditions.ts
const at = (line, relation = "", note, file) => [
    { subject: { relation }, line, ...(note === undefined ? {} : { note }), ...(file === undefined ? {} : { file }) },
];
const inRevision = (detect) => (facts) => facts.revision === undefined ? [] : detect(facts.revision, facts);
const listed = (names, most = 5) => names.length > most ? `${names.slice(0, most).join(", ")} and ${names.length - most} more` : names.join(", ");
/** Calls that change the database, not those that only build arguments. */
const isSchemaCall = ({ call }) => /^(create|drop|add|alter|rename|execute|bulk_insert|batch)/.test(call);
const needsResult = ({ call }) => /(^|\.)(fetchall|fetchone|scalar|scalar_one|scalars|first|rowcount|all|mappings|inspect|Session)$/.test(call);
const drops = new Set(["drop_column", "drop_table"]);
const EMPTY_REVISION = {
    revision: "a1",
    file: "versions/a1.py",
    downRevisions: [],
    imports: [],
    upgrade: [],
    downgrade: [{ call: "drop_index", line: 9, endLine: 9, name: "i", autocommitBlock: null, args: [] }],
    downgradeRaises: false,
    downgradeIsEmpty: false,
    comments: [],
};
const revision = (change) => ({
    alembic: { revision: { ...EMPTY_REVISION, ...change } },
});
const call = (name, change = {}) => ({
    call: name,
    line: 5,
    endLine: 5,
    autocommitBlock: null,
    args: [],
    ...change,
});
const project = (change) => ({
    transactionPerMigration: true,
    opensOwnTransaction: false,
    paramstyleNamed: true,
    appModules: ["app"],
    pending: 1,
    ...change,
});
const graph = (change) => ({
    alembic: { graph: { heads: ["a1"], orphans: [], duplicates: [], edited: [], behindBase: [], ...change } },
});
const quiet = revision({ upgrade: [call("create_index", { autocommitBlock: 0 })] });
const alembic = { scope: "alembic" };

;// CONCATENATED MODULE: ./packages/migrations/src/rules/projects.ts


const PROJECT_RULES = [
    {
        id: "revisions-share-transaction",
        rows: [40],
        title: "Pending revisions share one transaction",
        hazard: "revisions_share_transaction",
        ...alembic,
        severity: { lock: "warn", oldCode: "none" },
        why: "Without transaction_per_migration=True Alembic runs all pending revisions in one transaction: locks of the first are held through the last, and NOT VALID in one with VALIDATE in the next gains nothing.",
        recipe: () => "context.configure(…, transaction_per_migration=True)  # in env.py",
        detectAlembic: ({ project: facts }) => facts !== undefined && facts.transactionPerMigration !== true && facts.pending > 1
            ? at(1, "", `${facts.pending} revisions run in one transaction`, "env.py")
            : [],
        examples: {
            fires: [{ alembic: { project: project({ transactionPerMigration: false, pending: 3 }) } }],
            passes: [{ alembic: { project: project({ pending: 3 }) } }],
        },
    },
    {
        id: "contract-with-code",
        rows: [67],
        title: "Contract migration in the same change as the code that needs it",
        hazard: "contract_with_code",
        ...alembic,
        severity: { lock: "none", oldCode: "warn" },
        why: "Both slots run for a while, and a rollback brings the old code back: a schema change that the old code does not survive needs a release of its own after the code that no longer needs the old form.",
        recipe: () => "# move the contract revision to a pull request of its own, released after this one",
        detectAlembic: ({ rehearsal }) => rehearsal?.contractRevision === true && rehearsal.codeChanged === true ? at(1) : [],
        examples: {
            fires: [{ alembic: { rehearsal: { contractRevision: true, codeChanged: true } } }],
            passes: [{ alembic: { rehearsal: { contractRevision: true, codeChanged: false } } }],
        },
    },
    {
        id: "several-heads",
        rows: [68],
        title: "Several heads",
        hazard: "several_heads",
        ...alembic,
        severity: { lock: "block", oldCode: "none" },
        why: "alembic upgrade head refuses to choose between heads. Two pull requests that are each fine make two heads together, so the graph is read on the merge result. Each branch that .augeo/migrations.yml names by its label may have a head of its own: the target head then stands for heads, and only heads beside those are told.",
        recipe: () => `# rebase and set down_revision to the head of the base branch, or: alembic merge -m "merge heads" heads
# or, for branches that are meant to stay apart, in .augeo/migrations.yml, by their branch_labels:
#   branches: [core, billing]`,
        detectAlembic: ({ graph: facts }) => facts !== undefined && facts.heads.length > 1 ? at(1, "", `heads: ${listed(facts.heads)}`) : [],
        examples: { fires: [graph({ heads: ["a1", "b2"] })], passes: [graph({ heads: ["b2"] })] },
    },
    {
        id: "broken-graph",
        rows: [69],
        title: "Revision without its parent, with another's id, or beside the base's tip",
        hazard: "broken_graph",
        ...alembic,
        severity: { lock: "block", oldCode: "none" },
        why: "A down_revision that does not exist or an id that two files share stops Alembic at once; one that is not the base's tip makes a second head once merged.",
        recipe: () => "down_revision = …  # the head of the base branch",
        detectAlembic: ({ graph: facts }) => [
            ...(facts?.orphans ?? []).flatMap(({ missing, file }) => at(1, "", `down_revision ${missing} does not exist`, file)),
            ...(facts?.duplicates ?? []).flatMap(({ revision: id, files }) => at(1, "", `revision id ${id} is used by ${listed(files)}`, files[0])),
            ...(facts?.behindBase ?? []).flatMap(({ revision: id, parent, heads, file }) => at(1, "", `${id} comes after ${parent}, and the base branch has ${listed(heads)} after it now: merged, that makes several heads. Update the branch and set down_revision = "${heads[0]}", or join them: alembic merge -m "merge heads" ${[...heads, id].join(" ")}`, file)),
        ],
        examples: {
            fires: [graph({ orphans: [{ revision: "b2", missing: "zz", file: "versions/b2.py" }] })],
            passes: [graph({})],
        },
    },
    {
        id: "edited-revision",
        rows: [70],
        title: "Applied revision edited",
        hazard: "edited_revision",
        ...alembic,
        severity: { lock: "block", oldCode: "none" },
        why: "Databases that have run the revision will not run it again: they and new ones end with different schemas.",
        recipe: () => `# restore the file and make a new revision: alembic revision -m "…"`,
        detectAlembic: ({ graph: facts }) => (facts?.edited ?? []).flatMap(({ revision: id, file }) => at(1, "", `${id} is on the base branch already`, file)),
        examples: { fires: [graph({ edited: [{ revision: "a1", file: "versions/a1.py" }] })], passes: [graph({})] },
    },
    {
        id: "offline-unsafe",
        rows: [71],
        title: "Operation that needs a live connection",
        hazard: "offline_unsafe",
        ...alembic,
        severity: { lock: "info", oldCode: "none" },
        why: "Code that reads results or inspects the database cannot be printed as SQL (alembic upgrade --sql): this revision can only be judged by running it.",
        recipe: () => execute("INSERT INTO … SELECT … FROM …"),
        detectAlembic: (facts) => {
            const { rehearsal } = facts;
            if (rehearsal?.offlineError !== undefined)
                return at(1, "", rehearsal.offlineError);
            const reading = facts.revision?.upgrade.find(needsResult);
            return reading === undefined ? [] : at(reading.line, "", `${reading.call} reads from the database`);
        },
        examples: { fires: [revision({ upgrade: [call("get_bind"), call("conn.execute.fetchall")] })], passes: [quiet] },
    },
    {
        id: "offline-output-differs",
        rows: [72],
        title: "SQL printed offline is not the SQL that runs",
        hazard: "offline_differs",
        ...alembic,
        severity: { lock: "warn", oldCode: "none" },
        why: "A guard such as context.is_offline_mode() makes --sql print less than an upgrade does, often only the version number's update.",
        recipe: () => "# leave the guard out, or review the SQL of the rehearsal instead of alembic upgrade --sql",
        detectAlembic: ({ revision: facts }) => {
            const guard = facts?.upgrade.find(({ call: name }) => name.endsWith("is_offline_mode"));
            return guard === undefined ? [] : at(guard.line, "", "the revision asks for offline mode");
        },
        examples: { fires: [revision({ upgrade: [call("context.is_offline_mode")] })], passes: [quiet] },
    },
    {
        id: "doubled-percent",
        rows: [73],
        title: "Percent signs doubled in printed SQL",
        hazard: "doubled_percent",
        ...alembic,
        severity: { lock: "warn", oldCode: "none" },
        why: `op.execute("… LIKE 'a%'") is printed as 'a%%' unless env.py sets dialect_opts={"paramstyle": "named"}: SQL that a person then runs by hand matches something else.`,
        recipe: () => `context.configure(…, dialect_opts={"paramstyle": "named"})  # in run_migrations_offline()`,
        detectAlembic: inRevision(({ upgrade }, { project: facts }) => {
            const percent = upgrade.find(({ sql }) => sql?.includes("%"));
            return percent !== undefined && facts?.paramstyleNamed === false ? at(percent.line) : [];
        }),
        examples: {
            fires: [
                {
                    alembic: {
                        revision: { ...EMPTY_REVISION, upgrade: [call("execute", { sql: "DELETE FROM a WHERE b LIKE 'x%'" })] },
                        project: project({ paramstyleNamed: false }),
                    },
                },
            ],
            passes: [
                {
                    alembic: {
                        revision: { ...EMPTY_REVISION, upgrade: [call("execute", { sql: "DELETE FROM a WHERE b LIKE 'x%'" })] },
                        project: project({}),
                    },
                },
            ],
        },
    },
    {
        id: "model-drift",
        rows: [77],
        title: "Models and migrated schema differ",
        hazard: "model_drift",
        ...alembic,
        severity: { lock: "warn", oldCode: "none" },
        why: "alembic check on the migrated database finds operations that autogenerate would still write. It does not see CHECK constraints or enum values, and server defaults only if configured. What the base's models differed in on the base's schema is taken for known, and told apart.",
        recipe: () => `# alembic revision --autogenerate -m "…"`,
        detectAlembic: ({ rehearsal }) => (rehearsal?.drift ?? []).length > 0 ? at(1, "", listed(rehearsal?.drift ?? [])) : [],
        examples: {
            fires: [{ alembic: { rehearsal: { drift: ["add_column account.age"] } } }],
            passes: [{ alembic: { rehearsal: { drift: [] } } }],
        },
    },
    {
        id: "no-bootstrap",
        rows: [81],
        title: "Revisions do not build the schema from nothing",
        hazard: "no_bootstrap",
        ...alembic,
        severity: { lock: "info", oldCode: "none" },
        why: "The first revision expects tables that no revision creates: the project once began with create_all() and stamp. A rehearsal needs that first schema.",
        recipe: () => "# pg_dump --schema-only of the state before the first revision, given to the gate as its baseline",
        detectAlembic: ({ rehearsal }) => (rehearsal?.firstRevisionFails === true ? at(1) : []),
        examples: {
            fires: [{ alembic: { rehearsal: { firstRevisionFails: true } } }],
            passes: [{ alembic: { rehearsal: {} } }],
        },
    },
    {
        id: "partial-offline-output",
        rows: [82],
        title: "SQL printed although Alembic failed",
        hazard: "partial_offline_output",
        ...alembic,
        severity: { lock: "info", oldCode: "none" },
        why: "alembic upgrade --sql prints before it fails: what it printed is not the migration, and was not judged.",
        recipe: () => "alembic upgrade head --sql > migration.sql && psql -f migration.sql  # never a pipe, which loses the exit code",
        detectAlembic: ({ rehearsal }) => (rehearsal?.offlinePrintedOnFailure === true ? at(1) : []),
        examples: {
            fires: [{ alembic: { rehearsal: { offlinePrintedOnFailure: true } } }],
            passes: [{ alembic: { rehearsal: {} } }],
        },
    },
    {
        id: "unreadable-statement",
        rows: [71, 73],
        title: "Statement that could not be read, and was not judged",
        hazard: "unreadable",
        ...alembic,
        severity: { lock: "warn", oldCode: "none" },
        why: "The statement is not PostgreSQL's SQL, still holds unbound parameters, is put together as it runs, or calls a function whose text was not seen. It was not judged; the others were. Where a server runs it, it is measured instead.",
        recipe: () => "# correct the statement, or bind its parameters; where only a server can tell, rehearse the migration",
        examples: {
            fires: [{ sql: "ALTER TABEL account ADD COLUMN a int;" }, { sql: "SELECT rebuild_totals();" }],
            passes: [{ sql: "ALTER TABLE account ADD COLUMN a int;" }, { sql: "SELECT setval('account_id_seq', 1000);" }],
        },
    },
];

;// CONCATENATED MODULE: ./packages/migrations/src/schema/shape.ts

/** What a view gives, made on a schema; `undefined` where that is not known whole. */
function shapeOf(columns, reads, { tables }) {
    if (columns === undefined)
        return undefined;
    const shape = new Map();
    const sources = reads.map((name) => readable(tables.get(name)));
    for (const column of columns) {
        if ("every" in column) {
            const all = readable(tables.get(column.every));
            if (all === undefined)
                return undefined;
            for (const [name, type] of all)
                shape.set(name, type);
        }
        else
            shape.set(column.name, column.type ?? typeAmong(sources, column.of));
    }
    return shape;
}
/** What a relation gives; `undefined` where it was not seen being made. */
function readable(table) {
    if (table === undefined)
        return undefined;
    if (table.kind !== "table")
        return table.shape;
    return table.complete ? new Map([...table.columns].map(([name, { type }]) => [name, type])) : undefined;
}
/** The type of a column that just one of some relations has. */
function typeAmong(sources, column) {
    if (column === undefined || sources.includes(undefined))
        return undefined;
    const owners = sources.filter((source) => source?.has(column));
    return owners.length === 1 ? owners[0]?.get(column) : undefined;
}
/** What code that was written for one shape misses in another, in words; nothing where it misses nothing. */
function missingIn(now, before, isAlike) {
    const gone = [...before.keys()].filter((name) => !now.has(name));
    const other = [...before].flatMap(([name, type]) => {
        const its = now.get(name);
        return type === undefined || its === undefined || isAlike(type, its) ? [] : [{ name, type, its }];
    });
    const parts = [
        ...(gone.length === 0 ? [] : [`it is made again without ${gone.join(", ")}`]),
        ...other.map(({ name, type, its }) => `${name} is ${spellType(its)} in it, and was ${spellType(type)}`),
    ];
    return parts.length === 0
        ? undefined
        : { columns: [...gone, ...other.map(({ name }) => name)], note: parts.join("; ") };
}

;// CONCATENATED MODULE: ./packages/migrations/src/rules/types.ts







const whenChanged = (isMine, note) => onAction("alter-type", (action, table, step) => {
    const change = changeOf(action, table, step);
    if (!isMine(change))
        return [];
    return hit(table, { column: action.column, type: spellType(action.type) }, note?.(change));
});
function changeOf(action, table, step) {
    const known = step.situation.schema.tables.get(table);
    const column = known?.columns.get(action.column);
    const { effects } = step;
    const build = effects.indexBuilds.some(({ relation }) => relation === table);
    return {
        action,
        table,
        step,
        column,
        rewrite: effects.rewrites.includes(table),
        build,
        scan: effects.scans.includes(table),
        isZone: isZonePair(column?.type, action.type),
        isForeignKey: () => isForeignKey(step, table, action.column),
    };
}
function isForeignKey({ situation }, table, column) {
    const own = situation.schema.tables.get(table)?.constraints ?? [];
    const isChild = own.some(({ references, columns }) => references !== undefined && columns.includes(column));
    return isChild || referencing(situation.schema, table, column).length > 0;
}
const wasKnown = ({ column, action }) => column?.type === undefined
    ? "the type before the change is not known, so the worst is assumed"
    : `${spellType(column.type)} becomes ${spellType(action.type)}`;
const TEXT_LIKE = new Set(["text", "varchar"]);
/** Old code reads and writes the new type as it did the old one. */
function isInvisible(written, asked, step) {
    const { domains } = step.situation.schema;
    const domain = domains.get(asked.name);
    if (written === undefined || (domain !== undefined && isConstrained(domain)))
        return false;
    // A domain is its base type to those who read and write; what it forbade may be written now.
    const [from, to] = [domains.get(written.name)?.base ?? written, domains.get(asked.name)?.base ?? asked];
    if (sameType(from, to) || (TEXT_LIKE.has(from.name) && TEXT_LIKE.has(to.name)) || from.name === to.name) {
        return !typeRewrites({ type: from, notNull: false, hasDefault: false, identity: false, generated: undefined, collation: undefined }, { kind: "alter-type", column: "", type: to, collation: undefined, using: undefined }, step.situation);
    }
    return ((from.name === "cidr" && to.name === "inet") ||
        from.name === "citext" ||
        to.name === "citext" ||
        (from.name === "bit" && to.name === "varbit"));
}
const locking = { scope: "lock", lock: "AccessExclusiveLock", physical: true, hazard: "alter_column_type" };
/** Before it, a table is rewritten between timestamp and timestamptz whatever the time zone. */
const ZONE_SINCE = 12;
const TYPE_RULES = [
    {
        id: "type-change-rewrites",
        rows: [22],
        title: "Type change rewrites the table",
        ...locking,
        severity: { lock: "block", oldCode: "block" },
        why: "Where stored values do not fit the new type as they are (integer to bigint, a shorter varchar, another numeric scale, json to jsonb), the table and all its indexes are written anew under ACCESS EXCLUSIVE.",
        recipe: ({ relation, column, type }) => newColumnRecipe(relation, column, type),
        detect: whenChanged((change) => change.rewrite && !change.isForeignKey() && (!change.isZone || change.step.situation.version < ZONE_SINCE), wasKnown),
        examples: {
            fires: [
                { sql: "ALTER TABLE account ALTER COLUMN age TYPE bigint;" },
                { sql: "ALTER TABLE account ALTER COLUMN email TYPE varchar(50);" },
            ],
            passes: [
                { sql: "ALTER TABLE account ALTER COLUMN email TYPE varchar(200);" },
                { sql: "ALTER TABLE account ALTER COLUMN email TYPE text;" },
            ],
        },
    },
    {
        id: "safe-type-change",
        rows: [23],
        title: "Type change that writes nothing",
        hazard: "safe_type_change",
        scope: "lock",
        lock: "AccessExclusiveLock",
        severity: { lock: "info", oldCode: "info" },
        why: "Wider varchar, text, a larger numeric precision, cidr to inet, a wider varbit and citext without an index keep every stored value: only the catalog changes. The lock is exclusive but short.",
        recipe: () => execute("SET LOCAL lock_timeout = '2s'"),
        detect: whenChanged((change) => !change.rewrite && !change.build && !change.scan && !change.isZone, wasKnown),
        examples: {
            fires: [{ sql: "ALTER TABLE account ALTER COLUMN email TYPE varchar(200);" }],
            passes: [{ sql: "ALTER TABLE account ALTER COLUMN age TYPE bigint;" }],
        },
    },
    {
        id: "time-zone-type-change",
        rows: [24],
        title: "timestamp and timestamptz differ by the session's time zone",
        ...locking,
        severity: { lock: "warn", oldCode: "warn" },
        since: ZONE_SINCE,
        why: "Between timestamp and timestamptz the table is rewritten unless the session's TimeZone is UTC; a USING expression rewrites it even then. Values move by the offset when the zone is another.",
        recipe: ({ relation, column, type }) => recipe(execute("SET LOCAL timezone = 'UTC'"), execute(`ALTER TABLE ${sqlName(relation)} ALTER COLUMN ${sqlName(column)} TYPE ${type ?? "timestamptz"}`), "# no USING clause"),
        detect: whenChanged((change) => change.rewrite && change.isZone, wasKnown),
        examples: {
            fires: [
                { sql: "ALTER TABLE account ALTER COLUMN created_at TYPE timestamptz;", timeZone: "Europe/Berlin" },
                { sql: "ALTER TABLE account ALTER COLUMN created_at TYPE timestamptz USING created_at AT TIME ZONE 'UTC';" },
            ],
            passes: [
                {
                    sql: "SET timezone = 'UTC'; ALTER TABLE account ALTER COLUMN created_at TYPE timestamptz;",
                    timeZone: "Europe/Berlin",
                },
            ],
        },
    },
    {
        id: "type-change-rechecks",
        rows: [25],
        title: "Type change checks every row again",
        ...locking,
        severity: { lock: "warn", oldCode: "none" },
        why: "Even a type change that writes nothing re-adds the CHECK constraints on the column, and reads the whole table for them under ACCESS EXCLUSIVE.",
        recipe: ({ relation, name }) => recipe(`# drop the CHECK, change the type, add the CHECK again as NOT VALID`, "# a later revision", execute(`ALTER TABLE ${sqlName(relation)} VALIDATE CONSTRAINT ${sqlName(name)}`)),
        detect: whenChanged((change) => !change.rewrite && !change.build && change.scan),
        examples: {
            fires: [
                {
                    preamble: "CREATE TABLE account (email varchar(20) CHECK (length(email) > 3));",
                    sql: "ALTER TABLE account ALTER COLUMN email TYPE text;",
                },
            ],
            passes: [{ sql: "ALTER TABLE account ALTER COLUMN email TYPE text;" }],
        },
    },
    {
        id: "foreign-key-type-change",
        rows: [26],
        title: "Type change of a foreign key rewrites and locks two tables",
        ...locking,
        severity: { lock: "block", oldCode: "warn" },
        why: "Changing the type of a column in a foreign key rewrites its table under ACCESS EXCLUSIVE, takes ACCESS EXCLUSIVE on the table at the other end and checks the key again.",
        recipe: ({ relation, column, type }) => newColumnRecipe(relation, column, type),
        detect: whenChanged((change) => change.rewrite && !change.isZone && change.isForeignKey(), wasKnown),
        examples: {
            fires: [
                {
                    preamble: "CREATE TABLE team (id bigint PRIMARY KEY); CREATE TABLE member (team_id integer REFERENCES team (id));",
                    sql: "ALTER TABLE member ALTER COLUMN team_id TYPE bigint;",
                },
            ],
            passes: [{ sql: "ALTER TABLE account ALTER COLUMN age TYPE bigint;" }],
        },
    },
    {
        id: "type-change-rebuilds-index",
        rows: [27],
        title: "Type or collation change rebuilds indexes",
        ...locking,
        severity: { lock: "warn", oldCode: "warn" },
        why: "Where values stay but sort otherwise (another collation, text to citext) or the index has expressions or WHERE, the indexes on the column are built anew under ACCESS EXCLUSIVE.",
        recipe: ({ relation, column }) => recipe(`# drop the index on ${relation} (${column ?? "…"}) concurrently, change the type, build the index again concurrently`),
        detect: whenChanged((change) => !change.rewrite && change.build, wasKnown),
        examples: {
            fires: [
                {
                    preamble: "CREATE TABLE account (email text); CREATE INDEX email_idx ON account (email);",
                    sql: `ALTER TABLE account ALTER COLUMN email TYPE text COLLATE "C";`,
                },
            ],
            passes: [
                {
                    preamble: "CREATE TABLE account (email varchar(9)); CREATE INDEX email_idx ON account (email);",
                    sql: "ALTER TABLE account ALTER COLUMN email TYPE text;",
                },
            ],
        },
    },
    {
        id: "type-change-breaks-code",
        rows: [56],
        title: "Type change breaks the code that is running",
        hazard: "backward_incompatible",
        scope: "compat",
        severity: { lock: "none", oldCode: "block" },
        why: "The old code binds and reads values of the old type: writes fail with a data error or reads give values it does not expect.",
        recipe: ({ relation, column, type }) => newColumnRecipe(relation, column, type),
        detect: any(whenChanged(({ column, action, step }) => !isInvisible(column?.type, action.type, step), wasKnown), rule_on("change-attribute", ({ type, attribute, change }, _, run) => change === "type" && !isMadeHere("type", type, run) ? hit(type, { column: attribute }) : [])),
        examples: {
            fires: [
                { sql: "ALTER TABLE account ALTER COLUMN age TYPE text;" },
                { sql: "ALTER TYPE address ALTER ATTRIBUTE number TYPE int CASCADE;" },
            ],
            passes: [
                { sql: "ALTER TABLE account ALTER COLUMN email TYPE varchar(200);" },
                { sql: "CREATE TYPE address AS (number text); ALTER TYPE address ALTER ATTRIBUTE number TYPE int;" },
            ],
        },
    },
];

;// CONCATENATED MODULE: ./packages/migrations/src/rules/shapes.ts


/** What old code misses in a relation that the revision makes under a name which it freed. */
function lostIn(operation, step) {
    const { situation } = step;
    const [name, shape] = shapeMadeBy(operation, situation.schema);
    const before = situation.formerShapes.get(name);
    return before === undefined || shape === undefined
        ? undefined
        : missingIn(shape, before, (was, is) => isInvisible(was, is, step));
}
/** The revision makes a relation under a name that it freed, and what one of the two gives was not seen. */
function isShapeUnseen(operation, { situation }) {
    const [name, shape] = shapeMadeBy(operation, situation.schema);
    const { formerShapes } = situation;
    return formerShapes.has(name) && (formerShapes.get(name) === undefined || shape === undefined);
}
function shapeMadeBy(operation, schema) {
    if (operation.kind === "create-view")
        return [operation.view, shapeOf(operation.columns, operation.reads, schema)];
    if (operation.kind === "create-table-as")
        return [operation.relation, shapeOf(operation.columns, operation.reads, schema)];
    return ["", undefined];
}

;// CONCATENATED MODULE: ./packages/migrations/src/rules/removals.ts




/** Dropped for good, the view goes a release later; made again, it keeps what old code reads until then. */
const viewRecipe = (kind) => ({ relation, column, columns = column === undefined ? undefined : [column] }) => columns === undefined
    ? later(execute(`DROP ${kind} ${sqlName(relation)}`))
    : recipe(`# keep ${columns.join(", ")} in it as before, new columns at the end; the release after next may leave out what no code reads:`, execute(`CREATE ${kind === "VIEW" ? "OR REPLACE " : ""}${kind} ${sqlName(relation)} AS SELECT …`));
function lessened(name, operation, step) {
    const lost = lostIn(operation, step);
    return lost === undefined ? [] : hit(name, { columns: lost.columns }, lost.note);
}
const REMOVAL_RULES = [
    {
        id: "drop-column",
        rows: [47],
        title: "Column dropped while old code may name it",
        hazard: "drop_column",
        ...breaking,
        why: "SQLAlchemy lists every mapped column in each SELECT. As long as the old release runs, a dropped column makes all its queries on the table fail, even if no code ever used the column.",
        recipe: ({ relation, column }) => later(`op.drop_column(${tableArgument(relation)}, ${py(column)})`),
        detect: any(onAction("drop-column", ({ column }, table, step) => addedHere(step, table, column) ? [] : hit(table, { column })), rule_on("change-attribute", ({ type, attribute, change }, _, run) => change === "drop" && !isMadeHere("type", type, run) ? hit(type, { column: attribute }) : [])),
        examples: {
            fires: [
                { sql: "ALTER TABLE account DROP COLUMN age;" },
                { sql: "ALTER TYPE address DROP ATTRIBUTE street, ADD ATTRIBUTE road text CASCADE;" },
            ],
            passes: [
                { sql: "CREATE TABLE note (id int, body text); ALTER TABLE note DROP COLUMN body;" },
                {
                    sql: "ALTER TABLE account ADD COLUMN a int; ALTER TABLE account RENAME a TO b; ALTER TABLE account RENAME TO customer; ALTER TABLE customer DROP COLUMN b;",
                },
                { sql: "CREATE TYPE address AS (street text); ALTER TYPE address DROP ATTRIBUTE street;" },
                { sql: "ALTER TYPE address ADD ATTRIBUTE road text CASCADE;" },
            ],
        },
    },
    {
        id: "drop-table",
        rows: [48],
        title: "Table dropped while old code may use it",
        hazard: "drop_table",
        ...breaking,
        why: "Every query of the old release on the table fails, and the rows are gone.",
        recipe: ({ relation }) => later(`op.drop_table(${tableArgument(relation)})`),
        detect: rule_on("drop", (operation, step, run) => operation.object !== "table"
            ? []
            : operation.names.flatMap((name) => (isNewTable(step, name) || isTableMadeAgain(name, run) ? [] : hit(name)))),
        examples: {
            fires: [{ sql: "DROP TABLE account;" }],
            passes: [{ sql: "CREATE TABLE note (id int); DROP TABLE note;" }],
        },
    },
    {
        id: "drop-view",
        rows: [48],
        title: "View dropped, or made again without what old code reads in it",
        hazard: "drop_view",
        ...breaking,
        why: "Every query of the old release on the view fails. Dropped and made again in one transaction, with every column under its name and of its type, it is only replaced; a column that it lacks from then on is a column dropped.",
        recipe: viewRecipe("VIEW"),
        detect: any(rule_on("drop", (operation, step, run) => operation.object !== "view"
            ? []
            : operation.names.flatMap((name) => (isNewTable(step, name) || isMadeAgain(name, run) ? [] : hit(name)))), rule_on("create-view", (operation, step) => lessened(operation.view, operation, step))),
        examples: {
            fires: [
                { sql: "DROP VIEW adults;" },
                { sql: "DROP VIEW adults; CREATE VIEW adults AS SELECT 2 AS two;" },
                {
                    preamble: "CREATE TABLE person (id int, age int); CREATE VIEW people AS SELECT * FROM person;",
                    sql: "DROP VIEW people; CREATE VIEW people AS SELECT id, age::text FROM person;",
                },
                {
                    preamble: "CREATE TABLE person (id int, age int);",
                    sql: "ALTER TABLE person RENAME TO human; CREATE VIEW person AS SELECT id FROM human;",
                },
            ],
            passes: [
                { sql: "DROP VIEW adults; CREATE VIEW adults AS SELECT 1 AS one;" },
                { sql: "DROP VIEW adults; CREATE VIEW adults AS SELECT 1 AS one, 2 AS two;" },
                { sql: "CREATE OR REPLACE VIEW adults AS SELECT 1 AS one, 2 AS two;" },
                {
                    preamble: "CREATE TABLE person (id int, age int); CREATE VIEW people AS SELECT id, age FROM person;",
                    sql: "DROP VIEW people; CREATE VIEW people AS SELECT p.* FROM person AS p;",
                },
            ],
        },
    },
    {
        id: "drop-materialized-view",
        rows: [48],
        title: "Materialized view dropped, or made again without what old code reads in it",
        hazard: "backward_incompatible",
        ...breaking,
        why: "Every query of the old release on the view fails, and its contents must be computed again to bring it back. A column that it lacks once it is made again is a column dropped.",
        recipe: viewRecipe("MATERIALIZED VIEW"),
        detect: any(rule_on("drop", (operation, step, run) => operation.object !== "materialized-view"
            ? []
            : operation.names.flatMap((name) => (isNewTable(step, name) || isMadeAgain(name, run) ? [] : hit(name)))), rule_on("create-table-as", (operation, step) => lessened(operation.relation, operation, step))),
        examples: {
            fires: [
                { sql: "DROP MATERIALIZED VIEW totals;" },
                { sql: "DROP MATERIALIZED VIEW totals; CREATE MATERIALIZED VIEW totals AS SELECT 2 AS two;" },
            ],
            passes: [
                { sql: "DROP MATERIALIZED VIEW totals; CREATE MATERIALIZED VIEW totals AS SELECT 1 AS one;" },
                { sql: "DROP MATERIALIZED VIEW totals; CREATE MATERIALIZED VIEW totals AS SELECT 1 AS one, now() AS at;" },
            ],
        },
    },
    {
        id: "recreated-table",
        rows: [48, 66],
        title: "Table dropped and made again",
        hazard: "create_table_force",
        ...breaking,
        severity: { lock: "block", oldCode: "block" },
        why: "DROP TABLE followed by CREATE TABLE of the same name deletes all rows if the table was there, with IF EXISTS without a word.",
        recipe: ({ relation }) => `op.create_table(${tableArgument(relation)}, …)  # without dropping it first`,
        detect: rule_on("drop", (operation, step, run) => operation.object !== "table"
            ? []
            : operation.names.flatMap((name) => (!isNewTable(step, name) && isTableMadeAgain(name, run) ? hit(name) : []))),
        examples: {
            fires: [{ sql: "DROP TABLE IF EXISTS account; CREATE TABLE account (id int);" }],
            passes: [{ sql: "DROP TABLE IF EXISTS account;" }],
        },
    },
    {
        id: "drop-database",
        rows: [48, 66],
        title: "Database, schema or all that a role owns dropped",
        hazard: "drop_database",
        ...breaking,
        severity: { lock: "block", oldCode: "block" },
        why: "Everything in it is gone, and no downgrade brings it back.",
        recipe: ({ name }) => `# drop ${name ?? "it"} by hand, once nothing uses it and a backup is proven`,
        detect: rule_on("drop", ({ object, names }, _, run) => object === "database" ||
            object === "owned" ||
            (object === "schema" && !names.every((name) => isMadeHere("schema", name, run)))
            ? hit(names[0] ?? "", { name: names[0] })
            : []),
        examples: {
            fires: [{ sql: "DROP DATABASE shop;" }, { sql: "DROP SCHEMA shop CASCADE;" }],
            passes: [{ sql: "DROP TABLE account;" }],
        },
    },
    {
        id: "truncate",
        rows: [66],
        title: "TRUNCATE deletes all rows",
        hazard: "truncate",
        ...breaking,
        severity: { lock: "block", oldCode: "block" },
        why: "Every row is gone at once, under ACCESS EXCLUSIVE, and the old code meets an empty table.",
        recipe: ({ relation }) => `# delete rows of ${relation} in batches, outside the migration`,
        detect: rule_on("truncate", ({ tables }, step) => tables.flatMap((table) => [
            {
                subject: { relation: table },
                severity: isNewTable(step, table) ? { lock: "info", oldCode: "none" } : undefined,
                note: isNewTable(step, table) ? "the table is new, so nothing is lost" : undefined,
            },
        ])),
        examples: { fires: [{ sql: "TRUNCATE account;" }], passes: [{ sql: "DELETE FROM account WHERE id = 1;" }] },
    },
    {
        id: "drop-cascade",
        rows: [66],
        title: "CASCADE drops what was not named",
        hazard: "drop_cascade",
        ...breaking,
        severity: { lock: "block", oldCode: "block" },
        why: "CASCADE takes along views, foreign keys and, for TRUNCATE, the rows of other tables: whatever depends on the object on that server, seen or not.",
        recipe: () => "# drop each dependent object by name, so that an unexpected one stops the migration",
        detect: any(rule_on("drop", ({ cascade, names, object }, step) => {
            const old = names.filter((name) => !isNewTable(step, name));
            const isRelation = /^(table|view|materialized-view)$/.test(object);
            return cascade && (!isRelation || old.length > 0) ? hit(old[0] ?? names[0] ?? "") : [];
        }), rule_on("truncate", ({ cascade, tables }) => (cascade ? hit(tables[0] ?? "") : [])), 
        // What depends on a column or relation made here was made here too.
        onAction("drop-column", ({ cascade, column }, table, step) => cascade && !addedHere(step, table, column) ? hit(table, { column }) : []), onAction("drop-constraint", ({ cascade, constraint }, table) => cascade ? hit(table, { name: constraint }) : [])),
        examples: {
            fires: [{ sql: "DROP TABLE account CASCADE;" }, { sql: "DROP VIEW adults CASCADE;" }],
            passes: [
                { sql: "DROP TABLE account;" },
                { sql: "CREATE VIEW young AS SELECT 1 AS one; DROP VIEW young CASCADE;" },
                { sql: "ALTER TABLE account ADD COLUMN score int; ALTER TABLE account DROP COLUMN score CASCADE;" },
            ],
        },
    },
    {
        id: "drop-type-or-sequence",
        rows: [48],
        title: "Type or sequence dropped or renamed while old code may use it",
        hazard: "drop_type",
        ...breaking,
        why: "Old code that casts to the type, or asks the sequence for a number, fails. A label taken out of an enum by making the type anew fails the same way.",
        recipe: ({ relation }) => later(execute(`DROP TYPE ${sqlName(relation)}  -- or DROP SEQUENCE`)),
        detect: any(rule_on("rename", ({ object, name, to }, step, run) => {
            const isNamed = object === "type" || object === "sequence";
            const isNew = isNewTable(step, name) || isMadeHere("type", name, run) || isMadeHere("domain", name, run);
            return isNamed && !isNew && !isTypeNew(name, run.operations) ? hit(name, { to }) : [];
        }), rule_on("drop", ({ object, names }, step, run) => /^(type|domain|sequence)$/.test(object)
            ? names
                .filter((name) => !isMadeHere(object, name, run) && (object !== "sequence" || !isNewTable(step, name)))
                .flatMap((name) => hit(name))
            : [])),
        examples: {
            fires: [{ sql: "DROP TYPE mood;" }, { sql: "DROP SEQUENCE account_number;" }],
            passes: [{ sql: "CREATE TYPE weather AS ENUM ('rain');" }],
        },
    },
    {
        id: "drop-primary-key",
        rows: [66],
        title: "Primary key dropped",
        hazard: "drop_primary_key",
        ...breaking,
        why: "Old code that upserts by the key (ON CONFLICT), replication and foreign keys to the table lose what they stand on.",
        recipe: ({ relation }) => recipe("# build the new key's index concurrently first, then in one statement:", execute(`ALTER TABLE ${sqlName(relation)} DROP CONSTRAINT …, ADD CONSTRAINT … PRIMARY KEY USING INDEX …`)),
        detect: any(onAction("drop-constraint", ({ constraint }, table, step) => droppedKey(step, table, constraint) ? hit(table, { name: constraint }) : []), onAction("drop-column", ({ column }, table, step) => {
            const key = step.situation.schema.tables.get(table)?.constraints.find(({ kind }) => kind === "primary");
            return key?.columns.includes(column) ? hit(table, { name: key.name }, "it goes with its column") : [];
        })),
        examples: {
            fires: [
                { sql: "ALTER TABLE account DROP CONSTRAINT account_pkey;" },
                { sql: "ALTER TABLE account DROP COLUMN id;" },
            ],
            passes: [
                {
                    preamble: "CREATE TABLE account (age int CONSTRAINT odd_pk CHECK (age > 1));",
                    sql: "ALTER TABLE account DROP CONSTRAINT odd_pk;",
                },
            ],
        },
    },
];

;// CONCATENATED MODULE: ./packages/migrations/src/rules/renames.ts




const RENAME_RULES = [
    {
        id: "rename-column",
        rows: [49],
        title: "Column renamed while old code uses its name",
        hazard: "rename_column",
        ...breaking,
        why: "All queries of the old release on the table fail from the moment of the rename, and those of the new release until then.",
        recipe: ({ relation, to }) => recipe(`op.add_column(${tableArgument(relation)}, sa.Column(${py(to)}, …))`, "# write both, backfill in batches, read the new one, drop the old one a release later"),
        detect: rule_on("rename", (operation, step, run) => {
            const { object, name, from, to } = operation;
            const isOfTable = object === "column" && !isNewTable(step, name) && !addedHere(step, name, from);
            const isOfType = object === "attribute" && !isMadeHere("type", name, run);
            return isOfTable || isOfType ? hit(name, { column: from, to }) : [];
        }),
        examples: {
            fires: [
                { sql: "ALTER TABLE account RENAME COLUMN email TO mail;" },
                { sql: "ALTER TYPE address RENAME ATTRIBUTE street TO road CASCADE;" },
            ],
            passes: [
                { sql: "CREATE TABLE note (a int); ALTER TABLE note RENAME COLUMN a TO b;" },
                { sql: "CREATE TYPE address AS (street text); ALTER TYPE address RENAME ATTRIBUTE street TO road;" },
            ],
        },
    },
    {
        id: "rename-table",
        rows: [50],
        title: "Table renamed while old code uses its name",
        hazard: "rename_table",
        ...breaking,
        why: "The old release finds no table of that name. An updatable view under the old name, made in the same transaction, lets it read and write.",
        recipe: ({ relation, to }) => recipe(`op.rename_table(${tableArgument(relation)}, ${py(to)})`, execute(`CREATE VIEW ${sqlName(relation)} AS SELECT * FROM ${sqlName(to)}`)),
        detect: rule_on("rename", (operation, step, run) => {
            if ((operation.object !== "table" && operation.object !== "view") || isNewTable(step, operation.name))
                return [];
            const { schema } = step.situation;
            if (isIndexName(schema, operation.name) || (!schema.tables.has(operation.name) && /_seq$/.test(operation.name)))
                return [];
            const bridge = viewNamed(operation.name, run);
            const isReadOnly = operation.object === "view" || schema.tables.get(operation.name)?.kind === "view";
            const hasTrigger = run.operations.some((other) => (other.kind === "create-trigger" || other.kind === "create-rule") && other.table === operation.name);
            // What such a view lacks, and that it is there at all, is told where it is made.
            if (bridge !== undefined && (bridge.updatable || isReadOnly || hasTrigger))
                return [];
            return hit(operation.name, { to: operation.to }, bridge && "the view that keeps the old name may not take what old code writes");
        }),
        examples: {
            fires: [
                { sql: "ALTER TABLE account RENAME TO customer;" },
                {
                    sql: "ALTER TABLE account RENAME TO customer; CREATE VIEW account AS SELECT c.* FROM customer c JOIN team t ON t.id = c.team_id;",
                },
                { sql: "ALTER TABLE account RENAME TO customer; CREATE VIEW account AS SELECT DISTINCT * FROM customer;" },
                { sql: "ALTER TABLE account RENAME TO customer; CREATE VIEW account AS SELECT c.* FROM customer c, team;" },
            ],
            passes: [
                { sql: "CREATE TABLE note (a int); ALTER TABLE note RENAME TO remark;" },
                { sql: "ALTER TABLE account RENAME TO customer; CREATE VIEW account AS SELECT * FROM customer;" },
                { sql: "ALTER VIEW adults RENAME TO grown; CREATE VIEW adults AS SELECT DISTINCT * FROM grown;" },
                {
                    sql: "ALTER TABLE account RENAME TO customer; CREATE VIEW account AS SELECT DISTINCT * FROM customer; CREATE TRIGGER w INSTEAD OF INSERT ON account FOR EACH ROW EXECUTE FUNCTION w();",
                },
            ],
        },
    },
    {
        id: "rename-schema",
        rows: [51],
        title: "Schema renamed",
        hazard: "rename_schema",
        ...breaking,
        why: "Every name the old release uses is wrong at once.",
        recipe: ({ to }) => `# create schema ${to ?? "…"} beside the old one and move one table at a time, each behind a view`,
        detect: rule_on("rename", (operation, _, run) => operation.object === "schema" && !isMadeHere("schema", operation.from, run)
            ? hit(operation.from, { to: operation.to })
            : []),
        examples: { fires: [{ sql: "ALTER SCHEMA shop RENAME TO store;" }], passes: [{ sql: "CREATE SCHEMA store;" }] },
    },
];

;// CONCATENATED MODULE: ./packages/migrations/src/rules/revisions.ts


const REVISION_RULES = [
    {
        id: "no-downgrade",
        rows: [74],
        title: "No way back",
        hazard: "no_downgrade",
        ...alembic,
        severity: { lock: "none", oldCode: "info" },
        why: "downgrade() is missing, empty or raises. Rolling a release back never runs it, but development and the rehearsal's way back do.",
        recipe: () => recipe("def downgrade():", `    raise NotImplementedError("…")  # say why, when there is no way back`),
        detectAlembic: inRevision(({ downgrade, downgradeRaises, downgradeIsEmpty, upgrade }) => {
            const changes = upgrade.some(isSchemaCall);
            if (!changes)
                return [];
            if (downgrade === null)
                return at(1, "", "downgrade() is missing");
            if (downgradeRaises)
                return at(1, "", "downgrade() raises");
            return downgradeIsEmpty ? at(1, "", "downgrade() does nothing") : [];
        }),
        examples: {
            fires: [revision({ upgrade: [call("add_column")], downgrade: null })],
            passes: [revision({ upgrade: [call("add_column")] })],
        },
    },
    {
        id: "unnamed-constraint-dropped",
        rows: [75],
        title: "drop_constraint(None)",
        hazard: "unnamed_constraint",
        ...alembic,
        severity: { lock: "warn", oldCode: "none" },
        why: "Autogenerate writes None for a constraint without a name. Running it raises CompileError: give the constraint a name, best by a naming_convention on the metadata.",
        recipe: () => `op.drop_constraint("account_team_id_fkey", "account", type_="foreignkey")`,
        detectAlembic: inRevision(({ upgrade, downgrade }) => [...upgrade, ...(downgrade ?? [])].flatMap(({ call: name, name: target, line, table }) => name === "drop_constraint" && target === null ? at(line, table) : [])),
        examples: {
            fires: [revision({ downgrade: [call("drop_constraint", { name: null, table: "account" })] })],
            passes: [revision({ downgrade: [call("drop_constraint", { name: "a_fkey" })] })],
        },
    },
    {
        id: "downgrade-loses-data",
        rows: [76],
        title: "Downgrade does not come back, or loses data",
        hazard: "downgrade_lossy",
        ...alembic,
        severity: { lock: "warn", oldCode: "none" },
        why: "After upgrade, downgrade and upgrade the catalog differs, or the downgrade drops what the upgrade filled.",
        recipe: ({ relation }) => `# keep the rows of ${relation === "" ? "what is dropped" : relation} in a side table, or declare the revision irreversible`,
        detectAlembic: (facts) => {
            const differences = facts.rehearsal?.notReversed ?? [];
            if (differences.length > 0)
                return at(1, "", `not restored: ${listed(differences)}`);
            const { upgrade = [], downgrade = [] } = facts.revision ?? {};
            const fills = upgrade.some(({ call: name, sql }) => name === "bulk_insert" || /^\s*(insert|update)/i.test(sql ?? ""));
            const dropped = fills ? downgrade?.find(({ call: name }) => drops.has(name)) : undefined;
            return dropped === undefined ? [] : at(dropped.line, dropped.table, "what the upgrade filled is dropped");
        },
        examples: {
            fires: [
                revision({
                    upgrade: [call("add_column"), call("execute", { sql: "UPDATE a SET b = c" })],
                    downgrade: [call("drop_column", { table: "a" })],
                }),
            ],
            passes: [revision({ upgrade: [call("add_column")], downgrade: [call("drop_column", { table: "a" })] })],
        },
    },
    {
        id: "imports-app-code",
        rows: [78],
        title: "Revision imports application code",
        hazard: "imports_app_code",
        ...alembic,
        severity: { lock: "warn", oldCode: "none" },
        why: "Models move on, revisions stay. A revision that imports them fails, or does something else, once they have changed, on every new database.",
        recipe: () => recipe("# tables as they are at this revision, in the revision itself", `account = sa.table("account", sa.column("id", sa.BigInteger))`),
        detectAlembic: inRevision(({ imports }, { project: facts }) => imports.flatMap(({ module, line }) => (facts?.appModules ?? []).some((name) => module === name || module.startsWith(`${name}.`))
            ? at(line, "", `imports ${module}`)
            : [])),
        examples: {
            fires: [
                {
                    alembic: {
                        revision: { ...EMPTY_REVISION, imports: [{ module: "app.models", line: 3 }] },
                        project: project({}),
                    },
                },
            ],
            passes: [
                {
                    alembic: {
                        revision: { ...EMPTY_REVISION, imports: [{ module: "sqlalchemy", line: 3 }] },
                        project: project({}),
                    },
                },
            ],
        },
    },
    {
        id: "autocommit-mid-revision",
        rows: [79],
        title: "autocommit_block() among other operations",
        hazard: "autocommit_mid_revision",
        ...alembic,
        severity: { lock: "warn", oldCode: "none" },
        why: "Entering the block commits what came before. If the block or what follows fails, the database is between two revisions and running again fails on what is there already.",
        recipe: () => "# one revision for the operations before, one for the block, one for those after",
        detectAlembic: inRevision(({ upgrade }) => {
            const calls = upgrade.filter(isSchemaCall);
            const inside = calls.find(({ autocommitBlock }) => autocommitBlock !== null);
            const outside = calls.filter(({ autocommitBlock, sql }) => autocommitBlock === null && !/^\s*set\b/i.test(sql ?? ""));
            return inside !== undefined && outside.length > 0 ? at(inside.line, inside.table) : [];
        }),
        examples: {
            fires: [revision({ upgrade: [call("add_column"), call("create_index", { autocommitBlock: 0 })] })],
            passes: [quiet],
        },
    },
    {
        id: "autocommit-in-outer-transaction",
        rows: [80],
        title: "autocommit_block() while env.py holds a transaction",
        hazard: "autocommit_outer_transaction",
        ...alembic,
        severity: { lock: "block", oldCode: "none" },
        why: "With engine.begin() or an advisory lock in env.py the connection is in a transaction that Alembic did not open: autocommit_block() fails with an AssertionError.",
        recipe: () => recipe("with engine.connect() as connection:  # not engine.begin()", "    context.configure(connection=connection, transaction_per_migration=True)", "# and take the advisory lock on another connection"),
        detectAlembic: inRevision(({ upgrade }, { project: facts }) => {
            const inside = upgrade.find(({ autocommitBlock }) => autocommitBlock !== null);
            return inside !== undefined && facts?.opensOwnTransaction === true ? at(inside.line) : [];
        }),
        examples: {
            fires: [
                {
                    alembic: {
                        revision: { ...EMPTY_REVISION, upgrade: [call("create_index", { autocommitBlock: 0 })] },
                        project: project({ opensOwnTransaction: true }),
                    },
                },
            ],
            passes: [
                {
                    alembic: {
                        revision: { ...EMPTY_REVISION, upgrade: [call("create_index", { autocommitBlock: 0 })] },
                        project: project({}),
                    },
                },
            ],
        },
    },
    {
        id: "untyped-bulk-insert",
        rows: [83],
        title: "bulk_insert into untyped columns",
        hazard: "untyped_bulk_insert",
        ...alembic,
        severity: { lock: "info", oldCode: "none" },
        why: "Without types on the columns of sa.table() the values cannot be printed as SQL (No literal value renderer).",
        recipe: ({ relation }) => `sa.table(${py(relation)}, sa.column("id", sa.Integer), sa.column("name", sa.String))  # ${tableArgument(relation)}`,
        detectAlembic: (facts) => {
            const isCause = /literal value renderer/i.test(facts.rehearsal?.offlineError ?? "");
            const insert = facts.revision?.upgrade.find(({ call: name }) => name === "bulk_insert");
            return isCause ? at(insert?.line ?? 1, insert?.table) : [];
        },
        examples: {
            fires: [{ alembic: { rehearsal: { offlineError: "CompileError: No literal value renderer is available" } } }],
            passes: [{ alembic: { rehearsal: {} } }],
        },
    },
];

;// CONCATENATED MODULE: ./packages/migrations/src/rules/routines.ts




const KEPT = { kind: "kept" };
function fateOf(name, signature, step, run) {
    if (isMadeHere("function", name, run))
        return KEPT;
    const known = knownRoutine(name, signature, step);
    if (isTriggers(known?.returns))
        return KEPT;
    const heirs = run.operations.filter((one) => one.kind === "create-function" && one.name === name);
    if (heirs.length === 0)
        return madeUnread(name, run) ? { kind: "unseen" } : gone(signature, run);
    const wanted = known?.arguments ?? signature?.map((type) => ({ type, hasDefault: false }));
    if (wanted === undefined)
        return { kind: "unseen" };
    const heir = heirs.find((one) => routines_accepts(one.arguments, wanted));
    if (heir === undefined) {
        const now = heirs.map((one) => spelled(name, one.arguments)).join(", ");
        return { kind: "changed", note: `${spelled(name, wanted)} is made again as ${now}`, isLikelyTrigger: false };
    }
    if (isTriggers(heir.returns))
        return KEPT;
    if (known?.returns === undefined)
        return { kind: "unseen" };
    const note = changedResult(known.returns, heir.returns);
    return note === undefined ? KEPT : { kind: "changed", note, isLikelyTrigger: false };
}
/** An aggregate made again: how it is called was not looked at. */
const madeUnread = (name, { operations }) => operations.some((one) => one.kind === "create-object" && one.object === "function" && one.name === name);
const gone = (signature, { steps }) => ({
    kind: "gone",
    note: undefined,
    // The function of a trigger takes no arguments, and can only go after its trigger.
    isLikelyTrigger: (signature ?? []).length === 0 &&
        steps.some(({ operation }) => operation.kind === "drop" && operation.object === "trigger"),
});
/** The routine that was seen being made under this name, if it is the one with these arguments. */
function knownRoutine(name, signature, { situation }) {
    const known = situation.schema.functions.get(name);
    const types = known?.arguments?.map(({ type }) => type);
    return signature === undefined || types?.join() === signature.join() ? known : undefined;
}
const isTriggers = (returns) => /^(event_)?trigger$/.test(returns?.type ?? "");
/** Whether a routine takes every call that another took: its arguments, and the same ones left out. */
const routines_accepts = (now, before) => now.length >= before.length &&
    now.every(({ type, hasDefault }, index) => {
        const old = before[index];
        return old === undefined ? hasDefault : old.type === type && (hasDefault || !old.hasDefault);
    });
const spelled = (name, given) => `${name}(${given.map(({ type }) => type).join(", ")})`;
function changedResult(before, now) {
    if (before.type !== now.type)
        return `it returns ${now.type || "nothing"}, and returned ${before.type || "nothing"}`;
    const lost = Object.entries(before.columns).filter(([name, type]) => now.columns[name] !== type);
    return lost.length === 0 ? undefined : `its result lacks ${lost.map((column) => column.join(" ")).join(", ")}`;
}
const isOurs = ({ kind }) => kind === "gone" || kind === "changed";
function lost(name, fate) {
    if (fate.kind !== "gone" && fate.kind !== "changed")
        return [];
    if (!fate.isLikelyTrigger)
        return hit(name, { name }, fate.note);
    const note = "a trigger goes in the same revision: if the function is that trigger's own, no code calls it";
    return [{ subject: { relation: name, name }, note, severity: { oldCode: "warn" } }];
}
const fates = ({ names, signatures }, step, run) => names.map((name, index) => ({ name, fate: fateOf(name, signatures?.[index], step, run) }));
const UNSEEN_NOTE = "whether old code finds it as it was could not be told: it was not seen being made";
const unseenHit = (name) => [
    { subject: { relation: name, name }, note: UNSEEN_NOTE, severity: { oldCode: "warn" } },
];
const ROUTINE_RULES = [
    {
        id: "drop-routine",
        rows: [64],
        title: "Function or procedure dropped, or made again so that old calls fail",
        hazard: "drop_routine",
        ...breaking,
        severity: { lock: "none", oldCode: "block" },
        why: "The old release still calls it: with other arguments PostgreSQL finds no such function, and with another result the code reads what it does not expect. Functions of triggers are called by no code.",
        recipe: ({ name }) => recipe(`# this release: make the new one beside it, under a new name (${name ?? "…"}_v2), and call that`, ...later(execute(`DROP FUNCTION ${sqlName(name)}`)).split("\n")),
        detect: any(rule_on("drop", (operation, step, run) => operation.object === "function"
            ? fates(operation, step, run).flatMap(({ name, fate }) => lost(name, fate))
            : []), rule_on("rename", ({ object, name, to }, step, run) => object === "function" ? lost(name, withNote(fateOf(name, undefined, step, run), `it is called ${to} now`)) : [])),
        examples: {
            fires: [
                { sql: "DROP FUNCTION price(int);" },
                { sql: "DROP FUNCTION price(int); CREATE FUNCTION price(text) RETURNS int LANGUAGE sql AS 'SELECT 1';" },
                {
                    preamble: "CREATE FUNCTION price(int) RETURNS int LANGUAGE sql AS 'SELECT 1';",
                    sql: "DROP FUNCTION price(int); CREATE FUNCTION price(int) RETURNS text LANGUAGE sql AS 'SELECT 1::text';",
                },
                { sql: "ALTER FUNCTION price(int) RENAME TO cost;" },
            ],
            passes: [
                {
                    preamble: "CREATE FUNCTION price(int) RETURNS int LANGUAGE sql AS 'SELECT 1';",
                    sql: "DROP FUNCTION price(int); CREATE FUNCTION price(int, text DEFAULT '') RETURNS int LANGUAGE sql AS 'SELECT 2';",
                },
                {
                    preamble: "CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';",
                    sql: "DROP FUNCTION touch();",
                },
                { sql: "CREATE OR REPLACE FUNCTION price(int) RETURNS int LANGUAGE sql AS 'SELECT 2';" },
            ],
        },
    },
    {
        id: "routine-replaced",
        rows: [64],
        title: "Function, view or trigger replaced under old code",
        hazard: "routine_replaced",
        scope: "compat",
        severity: { lock: "none", oldCode: "info" },
        why: "The old release calls the new definition at once.",
        recipe: ({ name }) => `# add ${name ?? "it"} under a new name (…_v2), and drop the old one a release later`,
        detect: any(rule_on("create-function", ({ name, replace }, _, run) => replace && !isMadeHere("function", name, run) ? hit(name, { name }) : []), rule_on("create-trigger", ({ table, name, replace }, step) => replace && !isNewTable(step, table) ? hit(table, { name }) : []), rule_on("create-view", (operation, step, run) => {
            const { view, replace } = operation;
            if (isNewTable(step, view) || lostIn(operation, step) !== undefined)
                return [];
            if (isShapeUnseen(operation, step))
                return unseenHit(view);
            const isBridge = isRenamedAway(view, run);
            return replace || isBridge || step.situation.formerShapes.has(view)
                ? hit(view, { name: view }, isBridge ? "it keeps the name of what is renamed" : undefined)
                : [];
        }), rule_on("create-table-as", (operation, step) => isShapeUnseen(operation, step) && !isNewTable(step, operation.relation) ? unseenHit(operation.relation) : []), rule_on("drop", (operation, step, run) => {
            const { object, names, on: table } = operation;
            if (object === "function")
                return fates(operation, step, run).flatMap(({ name, fate }) => {
                    if (isOurs(fate) || isMadeHere("function", name, run))
                        return [];
                    return fate.kind === "unseen" ? unseenHit(name) : hit(name, { name });
                });
            return object === "trigger" && !isNewTable(step, table ?? "") ? hit(table ?? "", { name: names[0] }) : [];
        })),
        examples: {
            fires: [
                { sql: "CREATE OR REPLACE FUNCTION touch() RETURNS int LANGUAGE sql AS 'SELECT 1';" },
                { sql: "DROP VIEW adults; CREATE VIEW adults AS SELECT 1 AS one, 2 AS two;" },
                { sql: "ALTER TABLE unseen RENAME TO seen; CREATE VIEW unseen AS SELECT * FROM seen;" },
            ],
            passes: [{ sql: "CREATE FUNCTION touch_v2() RETURNS int LANGUAGE sql AS 'SELECT 1';" }],
        },
    },
];
const withNote = (fate, note) => ("note" in fate ? { ...fate, note: fate.note ?? note } : fate);

;// CONCATENATED MODULE: ./packages/migrations/src/rules/tables.ts



const timeoutFirst = () => recipe(execute("SET LOCAL lock_timeout = '2s'"), "# and run again when it times out");
const TABLE_RULES = [
    {
        id: "storage-change-rewrites",
        rows: [28],
        title: "Storage change rewrites the table",
        hazard: "table_rewrite",
        scope: "lock",
        lock: "AccessExclusiveLock",
        severity: { lock: "block", oldCode: "none" },
        why: "SET LOGGED, SET UNLOGGED, SET TABLESPACE and SET ACCESS METHOD copy the whole table under ACCESS EXCLUSIVE.",
        physical: true,
        recipe: ({ relation }) => `# move ${relation} outside a release, with pg_repack or in a maintenance window`,
        detect: any(onAction("set-persistence", ({ logged }, table, step) => step.situation.schema.tables.get(table)?.logged === logged ? [] : hit(table)), onAction("set-tablespace", (_, table) => hit(table)), onAction("set-access-method", (_, table) => hit(table))),
        examples: {
            fires: [{ sql: "ALTER TABLE account SET UNLOGGED;" }, { sql: "ALTER TABLE account SET TABLESPACE fast;" }],
            passes: [{ sql: "ALTER TABLE account SET LOGGED;" }],
        },
    },
    {
        id: "cluster-or-vacuum-full",
        rows: [29],
        title: "CLUSTER and VACUUM FULL rewrite the table",
        hazard: "cluster_vacuum_full",
        scope: "lock",
        lock: "AccessExclusiveLock",
        severity: { lock: "block", oldCode: "none" },
        why: "Both write the table anew under ACCESS EXCLUSIVE.",
        physical: true,
        recipe: ({ relation }) => `# pg_repack --table=${relation}, outside any migration`,
        detect: any(rule_on("cluster", ({ table }, step) => table !== undefined && !step.situation.existed(table) ? [] : hit(table ?? EVERY_TABLE)), rule_on("vacuum", ({ full, tables }, step) => {
            const old = tables.filter((table) => step.situation.existed(table));
            return full && (tables.length === 0 || old.length > 0) ? hit(old[0] ?? EVERY_TABLE) : [];
        })),
        examples: {
            fires: [{ sql: "CLUSTER account USING account_pkey;" }, { sql: "VACUUM FULL account;" }],
            passes: [{ sql: "VACUUM (FULL false) account;" }],
        },
    },
    {
        id: "refresh-materialized-view",
        rows: [30],
        title: "REFRESH MATERIALIZED VIEW stops its readers",
        hazard: "refresh_matview",
        scope: "lock",
        lock: "AccessExclusiveLock",
        severity: { lock: "warn", oldCode: "none" },
        why: "A plain REFRESH holds ACCESS EXCLUSIVE on the view while its query runs.",
        physical: true,
        recipe: ({ relation }) => recipe("# with a unique index on the view, and outside the migration", execute(`REFRESH MATERIALIZED VIEW CONCURRENTLY ${sqlName(relation)}`)),
        detect: rule_on("refresh-view", ({ view, concurrently, withData }, step) => !concurrently && step.situation.existed(view)
            ? hit(view, {}, withData ? undefined : "WITH NO DATA leaves the view unreadable")
            : []),
        examples: {
            fires: [{ sql: "REFRESH MATERIALIZED VIEW totals;" }],
            passes: [{ sql: "REFRESH MATERIALIZED VIEW CONCURRENTLY totals;" }],
        },
    },
    {
        id: "detach-partition",
        rows: [31],
        title: "DETACH PARTITION locks the whole table",
        hazard: "detach_not_concurrent",
        scope: "lock",
        lock: "AccessExclusiveLock",
        severity: { lock: "block", oldCode: "none" },
        why: "A plain DETACH takes ACCESS EXCLUSIVE on the parent and on the partition, so every query on any partition waits. DETACH … CONCURRENTLY exists since PostgreSQL 14.",
        recipe: ({ relation, name }) => autocommit(execute(`ALTER TABLE ${sqlName(relation)} DETACH PARTITION ${sqlName(name)} CONCURRENTLY`)),
        detect: onAction("detach-partition", ({ concurrently, finalize, partition }, table) => concurrently || finalize ? [] : hit(table, { name: partition })),
        examples: {
            fires: [{ sql: "ALTER TABLE event DETACH PARTITION event_1;" }],
            passes: [{ sql: "ALTER TABLE event DETACH PARTITION event_1 CONCURRENTLY;" }],
        },
    },
    {
        id: "attach-partition-scans",
        rows: [32],
        title: "ATTACH PARTITION reads the partition under an exclusive lock",
        hazard: "attach_partition_scan",
        scope: "lock",
        lock: "AccessExclusiveLock",
        severity: { lock: "warn", oldCode: "none" },
        why: "Unless a valid CHECK proves that all rows fit the bounds, ATTACH reads the whole partition (and the default partition) under ACCESS EXCLUSIVE, and builds the indexes that it lacks.",
        physical: true,
        recipe: ({ name }) => recipe("# revision 1", execute(`ALTER TABLE ${sqlName(name)} ADD CONSTRAINT bounds CHECK (… the bounds …) NOT VALID`), "# revision 2", execute(`ALTER TABLE ${sqlName(name)} VALIDATE CONSTRAINT bounds`), "# revision 3: ATTACH, then drop the CHECK"),
        detect: any(
        // A new partition takes rows from the default one, which is read for them.
        rule_on("create-table", ({ isPartition, parents }, step) => isPartition && step.effects.scans.length > 0 ? hit(parents[0] ?? "") : []), rule_on("alter-table", ({ action, table }, step) => {
            if (action.kind !== "attach-partition")
                return [];
            const isOld = step.situation.existed(action.partition) || (step.situation.existed(table) && step.effects.scans.length > 0);
            return isOld ? hit(action.partition, { name: action.partition }) : [];
        })),
        examples: {
            fires: [
                {
                    preamble: "CREATE TABLE event (day date NOT NULL) PARTITION BY RANGE (day); CREATE TABLE event_1 (day date NOT NULL);",
                    sql: "ALTER TABLE event ATTACH PARTITION event_1 FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');",
                },
            ],
            passes: [
                {
                    preamble: "CREATE TABLE event (day date NOT NULL) PARTITION BY RANGE (day); CREATE TABLE event_1 (day date NOT NULL CHECK (day >= '2026-01-01' AND day < '2026-02-01'));",
                    sql: "ALTER TABLE event ATTACH PARTITION event_1 FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');",
                },
            ],
        },
    },
    {
        id: "trigger-rule-or-policy",
        rows: [41],
        title: "Trigger, rule or row policy on an existing table",
        hazard: "trigger_or_policy",
        scope: "lock",
        lock: "AccessExclusiveLock",
        severity: { lock: "info", oldCode: "warn" },
        why: "CREATE TRIGGER takes SHARE ROW EXCLUSIVE, rules, policies and row-level security ACCESS EXCLUSIVE. Quick once granted, but the old code meets behaviour it was not tested with.",
        recipe: timeoutFirst,
        detect: any(rule_on("create-trigger", ({ table, name }, step) => (step.situation.existed(table) ? hit(table, { name }) : [])), rule_on("create-rule", ({ table, name }, step) => (step.situation.existed(table) ? hit(table, { name }) : [])), rule_on("create-policy", ({ table, name }, step) => (step.situation.existed(table) ? hit(table, { name }) : [])), rule_on("drop", ({ object, names, on: table = "" }, step) => /^(trigger|rule|policy)$/.test(object) && step.situation.existed(table) ? hit(table, { name: names[0] }) : []), rule_on("rename", ({ object, name, from }, step) => object === "trigger" && step.situation.existed(name) ? hit(name, { name: from }) : []), onAction("row-security", (_, table) => hit(table)), onAction("trigger-state", (_, table) => hit(table))),
        examples: {
            fires: [{ sql: "CREATE TRIGGER touch BEFORE UPDATE ON account FOR EACH ROW EXECUTE FUNCTION touch();" }],
            passes: [
                {
                    sql: "CREATE TABLE note (id int); CREATE TRIGGER touch BEFORE UPDATE ON note FOR EACH ROW EXECUTE FUNCTION touch();",
                },
            ],
        },
    },
    {
        id: "several-alter-table",
        rows: [39],
        title: "One table altered in several statements",
        hazard: "multiple_alter_table",
        scope: "lock",
        severity: { lock: "info", oldCode: "none" },
        why: "Alembic writes one statement for each attribute. Each takes the lock anew, and each that reads or rewrites the table does so again; one ALTER TABLE with a comma list does it once.",
        recipe: ({ relation }) => execute(`ALTER TABLE ${sqlName(relation)} …, …`),
        detectRun: ({ steps }) => {
            const first = new Map();
            const told = new Set();
            return steps.flatMap((step) => {
                const { operation, statement } = step;
                if (operation.kind !== "alter-table" || !step.situation.existed(operation.table))
                    return [];
                const known = first.get(operation.table);
                if (known === undefined)
                    first.set(operation.table, statement.index);
                if (known === undefined || known === statement.index || told.has(operation.table))
                    return [];
                told.add(operation.table);
                return [{ subject: { relation: operation.table }, step }];
            });
        },
        examples: {
            fires: [{ sql: "ALTER TABLE account ADD COLUMN a int; ALTER TABLE account ADD COLUMN b int;" }],
            passes: [{ sql: "ALTER TABLE account ADD COLUMN a int, ADD COLUMN b int;" }],
        },
    },
];

;// CONCATENATED MODULE: ./packages/migrations/src/sql/quiet-statements.ts
/**
 * Statements that lock no table for long, write nothing anew and change nothing that old code relies on in a table. With
 * those that have a decoder, and those that rules know by their tag, every kind of statement is decided; what is in none
 * of these lists is told as not judged.
 */
const QUIET = new Set(`AlterCollationStmt AlterDatabaseRefreshCollStmt AlterDatabaseSetStmt AlterDatabaseStmt AlterEventTrigStmt
   AlterExtensionContentsStmt AlterFdwStmt AlterForeignServerStmt AlterObjectDependsStmt AlterOpFamilyStmt
   AlterOperatorStmt AlterOwnerStmt AlterRoleSetStmt AlterRoleStmt AlterStatsStmt AlterSubscriptionStmt
   AlterTSConfigurationStmt AlterTSDictionaryStmt AlterTableSpaceOptionsStmt AlterTypeStmt AlterUserMappingStmt
   CheckPointStmt ClosePortalStmt ConstraintsSetStmt CreateAmStmt CreateCastStmt CreateConversionStmt
   CreateEventTrigStmt CreateExtensionStmt CreateFdwStmt CreateForeignServerStmt CreateOpClassStmt
   CreateOpFamilyStmt CreatePLangStmt CreateTransformStmt CreateUserMappingStmt DeallocateStmt DefineStmt
   DiscardStmt DropUserMappingStmt ExplainStmt ImportForeignSchemaStmt ListenStmt LoadStmt NotifyStmt UnlistenStmt
   VariableShowStmt`.split(/\s+/));
/** Statements that no transaction may hold; `statement-outside-transaction` tells of them. */
const STANDING_ALONE = new Set([
    "CreatedbStmt",
    "AlterSystemStmt",
    "CreateTableSpaceStmt",
    "DropTableSpaceStmt",
    "CreateSubscriptionStmt",
    "DropSubscriptionStmt",
    "AlterDatabaseStmt tablespace",
    "AlterSubscriptionStmt refresh",
    "DiscardStmt all",
    "TransactionStmt prepared",
]);

;// CONCATENATED MODULE: ./packages/migrations/src/rules/transactions.ts





/** Statements that PostgreSQL runs outside transaction blocks only, besides those with CONCURRENTLY. */
const standsAlone = (operation, { schema, version }) => (operation.kind === "add-enum-value" && version < 12) ||
    (operation.kind === "reindex" && isPartitioned(operation, schema)) ||
    operation.kind === "vacuum" ||
    (operation.kind === "cluster" && operation.table === undefined) ||
    (operation.kind === "reindex" &&
        (operation.object === "schema" || operation.object === "database" || operation.object === "system")) ||
    (operation.kind === "drop" && operation.object === "database") ||
    (operation.kind === "cluster" && schema.tables.get(operation.table ?? "")?.partitioned === true) ||
    (operation.kind === "other" && STANDING_ALONE.has(operation.tag));
const isPartitioned = ({ object, name }, schema) => (object === "index" ? tableOfIndex(schema, name) : schema.tables.get(name))?.partitioned === true;
const TRANSACTION_RULES = [
    {
        id: "statement-outside-transaction",
        rows: [3],
        title: "Statement that no transaction may hold",
        hazard: "non_transactional",
        scope: "txn",
        severity: { lock: "info", oldCode: "none" },
        why: "VACUUM, CREATE DATABASE, REINDEX SCHEMA and everything CONCURRENTLY run outside transactions only: in Alembic inside autocommit_block(). They cannot be rolled back with the rest of the revision.",
        recipe: () => recipe("# alone in its revision", autocommit("…")),
        detect: (step) => {
            const { operation, transaction } = step;
            if (standsAlone(operation, step.situation)) {
                return [
                    {
                        subject: { relation: relationOf(operation) },
                        severity: transaction === undefined ? undefined : { lock: "block" },
                        note: transaction === undefined ? undefined : "the statement runs inside a transaction and fails",
                    },
                ];
            }
            return isConcurrent(operation) && transaction === undefined ? hit(relationOf(operation)) : [];
        },
        examples: {
            fires: [
                { sql: "VACUUM account;", transaction: true },
                { sql: "CREATE INDEX CONCURRENTLY i ON account (email);" },
            ],
            passes: [{ sql: "ALTER TABLE account ADD COLUMN a int;" }],
        },
    },
    {
        id: "transaction-left-open",
        rows: [40],
        title: "Transaction begun and not ended",
        hazard: "uncommitted_tx",
        scope: "txn",
        severity: { lock: "block", oldCode: "none" },
        why: "What a script does after BEGIN is lost, with its locks held until then, unless COMMIT follows.",
        recipe: () => "# leave BEGIN and COMMIT to Alembic",
        detectRun: ({ transactions }) => transactions.leftOpen === undefined ? [] : [{ subject: { relation: "" }, step: transactions.leftOpen }],
        examples: {
            fires: [{ sql: "BEGIN; CREATE TABLE note (id int);" }],
            passes: [{ sql: "BEGIN; CREATE TABLE note (id int); COMMIT;" }],
        },
    },
    {
        id: "transaction-nesting",
        rows: [40],
        title: "BEGIN or COMMIT that does not match",
        hazard: "tx_nesting",
        scope: "txn",
        severity: { lock: "warn", oldCode: "none" },
        why: "BEGIN inside a transaction and COMMIT outside one do nothing but warn; COMMIT ends the transaction that Alembic opened, and what follows runs without one.",
        recipe: () => autocommit("…  # instead of COMMIT and BEGIN in op.execute()"),
        detectRun: ({ transactions }) => [...transactions.nested, ...transactions.ended, ...transactions.stray].map((step) => ({
            subject: { relation: "" },
            step,
        })),
        examples: {
            fires: [
                { sql: "BEGIN; BEGIN; SELECT 1; COMMIT;" },
                { sql: "BEGIN; SELECT 1; COMMIT; COMMIT;" },
                { sql: "SELECT 1; COMMIT;", transaction: true },
            ],
            passes: [{ sql: "BEGIN; SELECT 1; COMMIT;" }, { sql: "SELECT 1;", transaction: true }],
        },
    },
    {
        id: "explicit-commit",
        rows: [40],
        title: "Script ends a transaction itself",
        hazard: "explicit_commit",
        scope: "txn",
        severity: { lock: "info", oldCode: "none" },
        why: "A COMMIT within a revision makes it impossible to roll the revision back as a whole: a failure after it leaves a schema between two revisions.",
        recipe: () => "# one revision for what must be committed first, with transaction_per_migration=True",
        detect: rule_on("transaction", ({ action }) => (action === "commit" ? hit("") : [])),
        examples: {
            fires: [{ sql: "BEGIN; CREATE TABLE note (id int); COMMIT;" }],
            passes: [{ sql: "CREATE TABLE note (id int);" }],
        },
    },
];

;// CONCATENATED MODULE: ./packages/migrations/src/rules/index.ts

















/** Every rule there is. */
const RULES = [
    ...INDEX_RULES,
    ...KEY_RULES,
    ...FOREIGN_KEY_RULES,
    ...CONSTRAINT_RULES,
    ...COLUMN_RULES,
    ...TYPE_RULES,
    ...TABLE_RULES,
    ...LOCK_RULES,
    ...TRANSACTION_RULES,
    ...REMOVAL_RULES,
    ...RENAME_RULES,
    ...ROUTINE_RULES,
    ...PRIVILEGE_RULES,
    ...COMPAT_RULES,
    ...ENUM_RULES,
    ...REVISION_RULES,
    ...PROJECT_RULES,
];
const BY_ID = new Map(RULES.map((rule) => [rule.id, rule]));
const ruleById = (id) => BY_ID.get(id);

;// CONCATENATED MODULE: ./packages/migrations/src/finding.ts
const RANK = { none: 0, info: 1, warn: 2, block: 3 };
const worse = (a, b) => (RANK[a] >= RANK[b] ? a : b);
const isAtLeast = (severity, least) => RANK[severity] >= RANK[least];
/** The relation and how large it is, for a sentence: `team, 1,200,000 rows`. */
const sizedRelation = ({ relation, rows }) => [relation ?? "", ...(rows === undefined ? [] : [`${rows.toLocaleString("en-US")} rows`])].join(", ");
/** A statement holds everyone up for as long as its table is large. */
const isLongBlocking = (finding) => (finding.rewrite || finding.scan || finding.indexBuild) &&
    (finding.blocks === "reads and writes" || finding.blocks === "writes");

;// CONCATENATED MODULE: ./packages/migrations/src/engine/finding-of.ts


/** Longest excerpt of a statement in a finding, in characters. */
const MAX_STATEMENT = 500;
function findingOf(rule, hit, step) {
    const { relation } = hit.subject;
    const subject = visible(hit.subject);
    const { effects, statement } = step;
    const lock = hit.lock ?? lockFor(relation, step);
    const severities = { ...rule.severity, ...hit.severity };
    // What names an index or a type is about all that its statement does.
    const isTable = relation !== "" && isMentioned(relation, step);
    const concerns = (name) => name === relation || !isTable;
    return {
        rule: rule.id,
        hazard: rule.hazard,
        title: rule.title,
        scope: rule.scope,
        statement: excerpt(statement.sql),
        index: statement.index,
        relation: relation === "" ? null : subject.relation,
        lock: lock?.mode ?? null,
        blocks: trace_blocksOf(lock?.mode),
        rewrite: effects.rewrites.some(concerns),
        scan: effects.scans.some(concerns),
        indexBuild: effects.indexBuilds.some((build) => concerns(build.relation)),
        phase: finding_of_phaseOf(severities, step),
        severity: worse(severities.lock, severities.oldCode),
        severities,
        source: step.source,
        line: statement.line,
        ...(hit.note === undefined ? {} : { note: oneLine(hit.note) }),
        recipe: rule.recipe(subject),
    };
}
const isMentioned = (relation, { effects, held }) => [...effects.locks, ...held, ...effects.indexBuilds].some((one) => one.relation === relation) ||
    effects.rewrites.includes(relation) ||
    effects.scans.includes(relation);
/** Names may hold anything, line breaks too: in findings and recipes they show what they hold and do nothing. */
const oneLine = (text) => 
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to replace
text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, "\ufffd");
const visible = (subject) => ({
    relation: oneLine(subject.relation),
    name: subject.name && oneLine(subject.name),
    column: subject.column && oneLine(subject.column),
    columns: subject.columns?.map(oneLine),
    type: subject.type && oneLine(subject.type),
    references: subject.references && oneLine(subject.references),
    to: subject.to && oneLine(subject.to),
});
/** The lock that users of the finding's relation meet; where it has none, the strongest that the statement takes. */
function lockFor(relation, { effects, held }) {
    const own = strongest([...effects.locks, ...held].filter((lock) => lock.relation === relation));
    return own ?? strongest(effects.locks) ?? strongest(held);
}
function finding_of_phaseOf(severities, step) {
    if (severities.oldCode === "block")
        return "contract";
    return step.operation.kind === "change-rows" ? "backfill" : "expand";
}
const excerpt = (sql) => (sql.length > MAX_STATEMENT ? `${sql.slice(0, MAX_STATEMENT - 1)}…` : sql);
/** A finding on the project rather than on a statement. */
function projectFinding(rule, hit, file) {
    const severities = { ...rule.severity, ...hit.severity };
    const where = hit.file ?? file;
    const subject = visible(hit.subject);
    return {
        rule: rule.id,
        hazard: rule.hazard,
        title: rule.title,
        scope: rule.scope,
        statement: "",
        index: -1,
        relation: subject.relation === "" ? null : subject.relation,
        lock: null,
        blocks: "nothing",
        rewrite: false,
        scan: false,
        indexBuild: false,
        phase: severities.oldCode === "block" ? "contract" : "expand",
        severity: worse(severities.lock, severities.oldCode),
        severities,
        source: "ast",
        line: hit.line,
        ...(where === undefined ? {} : { file: where }),
        ...(hit.note === undefined ? {} : { note: oneLine(hit.note) }),
        recipe: rule.recipe(subject),
    };
}

;// CONCATENATED MODULE: ./packages/migrations/src/engine/judge-contract.ts



const RULE_OF = {
    "table-dropped": "drop-table",
    "table-renamed": "rename-table",
    "view-dropped": "drop-view",
    "view-column-dropped": "drop-view",
    "view-type-changed": "drop-view",
    "column-dropped": "drop-column",
    "column-renamed": "rename-column",
    "column-required": "required-column",
    "not-null-added": "column-becomes-required",
    "not-null-dropped": "drop-not-null",
    "default-dropped": "drop-default",
    "default-changed": "default-changed",
    "type-changed": "type-change-breaks-code",
    "check-added": "new-constraint-rejects-writes",
    "unique-added": "new-unique-rejects-writes",
    "foreign-key-added": "new-constraint-rejects-writes",
    "exclusion-added": "new-constraint-rejects-writes",
    "enum-value-added": "enum-value-added",
    "enum-value-removed": "drop-type-or-sequence",
    "enum-value-renamed": "enum-value-renamed",
    "sequence-dropped": "drop-type-or-sequence",
    "function-dropped": "drop-routine",
    "function-result-changed": "drop-routine",
    "function-changed": "routine-replaced",
    "trigger-changed": "routine-replaced",
    "view-changed": "routine-replaced",
    "schema-dropped": "drop-database",
    "privilege-lost": "revoke",
};
/** Rules that speak of the same change in other words, so that one change is told once. */
const SAME_CHANGE = {
    "drop-view": ["drop-materialized-view"],
    "drop-default": ["default-dropped-again"],
    "drop-table": ["recreated-table", "rename-table"],
    // A type change that writes nothing and that old code does not notice changes the catalog all the same.
    "type-change-breaks-code": ["safe-type-change", "type-change-rewrites"],
};
/** What the catalogs before and after a revision show, beyond what its statements already told. */
function judgeContract(changes, told = []) {
    return changes.flatMap((change) => {
        const id = RULE_OF[change.kind];
        const rule = ruleById(id);
        const names = [id, ...(SAME_CHANGE[id] ?? [])];
        const isTold = told.some((finding) => names.includes(finding.rule) && isAbout(finding, change));
        if (rule === undefined || isTold)
            return [];
        const hit = { subject: subjectOf(change), note: noteOf(change), line: 1 };
        return [{ ...projectFinding(rule, hit, undefined), source: "contract" }];
    });
}
/** A privilege may have been taken on all tables of a schema, or with the role. */
function isAbout({ relation: told }, { kind, relation, object, on }) {
    if (told === relation || kind !== "privilege-lost")
        return told === relation;
    const isOfSchema = told === decode_grant_schemaOf(relation) && on !== "function";
    return isOfSchema || (told === object && object !== PUBLIC);
}
function subjectOf({ kind, relation, object, on, before, after }) {
    if (kind === "privilege-lost")
        return { relation, name: object, columns: before?.split(", "), type: on };
    const name = kind.startsWith("function-") ? relation : object;
    return { relation, name, column: object, type: after, to: after };
}
function noteOf({ kind, object, before, after }) {
    if (kind === "privilege-lost")
        return `${object === PUBLIC ? "PUBLIC" : object} loses ${before}${after === undefined ? "" : `, ${after}`}`;
    const what = `${kind.replace(/-/g, " ")}${object === undefined ? "" : `: ${object}`}`;
    if (before === undefined && after === undefined)
        return what;
    return `${what} (${before ?? "nothing"} → ${after ?? "nothing"})`;
}

;// CONCATENATED MODULE: ./packages/migrations/src/sql/decode-types.ts



function decodeAlterEnum(body) {
    const type = nameOfParts(strings(items(body, "typeName")));
    const value = ast_text(body, "newVal") ?? "";
    const from = ast_text(body, "oldVal");
    return from === undefined
        ? [{ kind: "add-enum-value", type, value }]
        : [{ kind: "rename-enum-value", type, from, to: value }];
}
function decodeCreateDomain(body) {
    const name = nameOfParts(strings(items(body, "domainname")));
    const marks = bodies(items(body, "constraints"), "Constraint");
    const written = marks.find((mark) => ast_text(mark, "contype") === "CONSTR_DEFAULT")?.raw_expr;
    return {
        kind: "create-domain",
        type: name,
        base: decodeType(node(body, "typeName")),
        checks: namedChecks(name, marks),
        notNull: marks.some((mark) => ast_text(mark, "contype") === "CONSTR_NOTNULL"),
        default: written === undefined ? undefined : decodeExpression(written),
    };
}
/** PostgreSQL numbers the constraints of a domain that have no name from the second on. */
const nextCheckName = (domain, known) => {
    const base = `${domain.slice(domain.lastIndexOf(".") + 1)}_check`;
    let name = base;
    for (let number = 1; known.includes(name); number += 1)
        name = `${base}${number}`;
    return name;
};
function namedChecks(domain, marks) {
    const names = [];
    for (const mark of marks) {
        if (ast_text(mark, "contype") !== "CONSTR_CHECK")
            continue;
        names.push(ast_text(mark, "conname") ?? nextCheckName(domain, names));
    }
    return names;
}
const DOMAIN_CHANGES = {
    C: "add-constraint",
    X: "drop-constraint",
    V: "validate",
    O: "set-not-null",
    N: "drop-not-null",
};
function decodeAlterDomain(body) {
    const type = nameOfParts(strings(items(body, "typeName")));
    const constraint = bodyOf(body.def, "Constraint");
    const isNotNull = ast_text(constraint, "contype") === "CONSTR_NOTNULL";
    const written = DOMAIN_CHANGES[ast_text(body, "subtype") ?? ""];
    const value = body.def === undefined ? undefined : decodeExpression(body.def);
    return [
        {
            kind: "alter-domain",
            type,
            change: isNotNull ? "set-not-null" : (written ?? (value === undefined ? "drop-default" : "set-default")),
            constraint: ast_text(constraint, "conname") ?? ast_text(body, "name"),
            notValid: flag(constraint, "skip_validation"),
            default: written === undefined ? value : undefined,
        },
    ];
}

;// CONCATENATED MODULE: ./packages/migrations/src/schema/fold-alter-table.ts


function foldAlterTable(draft, name, action) {
    if (action.kind === "attach-partition" || action.kind === "detach-partition") {
        const partition = draft.tables.get(action.partition) ?? unknownTable(action.partition);
        const isAttached = action.kind === "attach-partition";
        draft.tables.set(partition.name, {
            ...partition,
            partitionOf: isAttached ? name : undefined,
            isDefaultPartition: isAttached && action.isDefault,
        });
        return;
    }
    draft.tables.set(name, altered(draft.tables.get(name) ?? unknownTable(name), action));
}
/** MaxHeapAttributeNumber of PostgreSQL. */
const MAX_COLUMNS = 1600;
function altered(table, action) {
    switch (action.kind) {
        case "add-column": {
            if (action.ifNotExists && table.columns.has(action.column.name))
                return table;
            if (table.columns.size >= MAX_COLUMNS)
                return table;
            const columns = new Map(table.columns).set(action.column.name, toColumn(action.column));
            return action.column.constraints.reduce(addConstraint, { ...table, columns });
        }
        case "drop-column":
            return withoutColumn(table, action.column);
        case "alter-type":
            return changeColumn(table, action.column, { type: action.type, collation: action.collation });
        case "set-not-null":
            return changeColumn(table, action.column, { notNull: true });
        case "drop-not-null":
            return changeColumn(table, action.column, { notNull: false });
        case "set-default":
            return changeColumn(table, action.column, { hasDefault: true });
        case "drop-default":
            return changeColumn(table, action.column, { hasDefault: false });
        case "add-identity":
            return changeColumn(table, action.column, { identity: true, hasDefault: true });
        case "drop-identity":
            return changeColumn(table, action.column, { identity: false, hasDefault: false });
        case "drop-expression":
            return changeColumn(table, action.column, { generated: undefined });
        case "add-constraint":
            return addConstraint(table, action.constraint);
        case "drop-constraint":
            return withoutConstraint(table, action.constraint);
        case "validate-constraint":
            return validated(table, action.constraint);
        case "set-persistence":
            return { ...table, logged: action.logged };
        default:
            return table;
    }
}
function validated(table, name) {
    if (table.constraints.some((known) => known.name === name)) {
        const constraints = table.constraints.map((known) => (known.name === name ? { ...known, valid: true } : known));
        return { ...table, constraints };
    }
    if (table.complete)
        return table;
    // An earlier migration added it, out of sight. Its name is all there is to tell what it proves.
    const unseen = { name, kind: "check", columns: [], valid: true, provesNotNull: [] };
    const constraint = { ...unseen, references: undefined, referencedColumns: [], isUnseen: true };
    return { ...table, constraints: [...table.constraints, constraint] };
}
function changeColumn(table, name, change) {
    const column = { ...(table.columns.get(name) ?? UNKNOWN_COLUMN), ...change };
    return { ...table, columns: new Map(table.columns).set(name, column) };
}
function withoutColumn(table, name) {
    const columns = new Map(table.columns);
    columns.delete(name);
    return {
        ...table,
        columns,
        constraints: table.constraints.filter((constraint) => !constraint.columns.includes(name)),
        indexes: table.indexes.filter((index) => !index.mentions.includes(name)),
    };
}
const withoutConstraint = (table, name) => ({
    ...table,
    constraints: table.constraints.filter((constraint) => constraint.name !== name),
    indexes: table.indexes.filter((index) => index.name !== besides(table.name, name)),
});

;// CONCATENATED MODULE: ./packages/migrations/src/schema/draft.ts







const draftOf = (schema) => ({
    tables: new Map(schema.tables),
    enums: new Map(schema.enums),
    domains: new Map(schema.domains),
    functions: new Map(schema.functions),
    roles: new Set(schema.roles),
    grants: new Map([...schema.grants].map(([object, known]) => [object, new Set(known)])),
    prepared: new Map(schema.prepared),
});
/** Carries the draft over one operation. */
function fold(draft, operation) {
    foldGrants(draft, operation);
    switch (operation.kind) {
        case "create-table":
            foldCreateTable(draft, operation);
            return;
        case "create-table-as":
            draft.tables.set(operation.relation, {
                ...unknownTable(operation.relation),
                reads: operation.reads,
                kind: operation.view ? "materialized-view" : "table",
                shape: shapeOf(operation.columns, operation.reads, draft),
            });
            return;
        case "create-view":
            draft.tables.set(operation.view, {
                ...unknownTable(operation.view),
                kind: "view",
                reads: operation.reads,
                shape: shapeOf(operation.columns, operation.reads, draft),
            });
            return;
        case "alter-table":
            foldOnTable(draft, operation);
            return;
        case "create-index":
            foldIndex(draft, operation);
            return;
        case "drop":
            foldDrop(draft, operation);
            return;
        case "rename":
            foldRename(draft, operation);
            return;
        default:
            foldType(draft, operation);
            return;
    }
}
/** An index of a partitioned table is one of each partition too, under names that PostgreSQL makes up. */
function foldIndex(draft, operation) {
    const table = draft.tables.get(operation.table) ?? unknownTable(operation.table);
    const index = toIndex(operation);
    if (operation.ifNotExists && table.indexes.some(({ name }) => name === index.name))
        return;
    draft.tables.set(table.name, { ...table, indexes: [...table.indexes, index] });
    if (!table.partitioned || operation.only)
        return;
    for (const partition of heirsOf(draft, table.name)) {
        const own = toIndex({ ...operation, table: partition.name, index: undefined });
        draft.tables.set(partition.name, { ...partition, indexes: [...partition.indexes, own] });
    }
}
/** What is said to the parent holds for its heirs too; ALTER INDEX and the like change nothing that is known. */
function foldOnTable(draft, { table, action, only, target }) {
    if (target === "index" || target === "other")
        return;
    const heirs = only || !recurses(action) ? [] : heirsOf(draft, table).filter((heir) => reaches(action, heir));
    for (const name of [table, ...heirs.map((heir) => heir.name)])
        foldAlterTable(draft, name, action);
}
function foldType(draft, operation) {
    if (operation.kind === "create-enum")
        draft.enums.set(operation.type, operation.values);
    if (operation.kind === "add-enum-value") {
        draft.enums.set(operation.type, [...(draft.enums.get(operation.type) ?? []), operation.value]);
    }
    if (operation.kind === "rename-enum-value") {
        const values = draft.enums.get(operation.type) ?? [];
        draft.enums.set(operation.type, values.map((value) => (value === operation.from ? operation.to : value)));
    }
    if (operation.kind === "create-domain") {
        setDomain(draft, operation.type, operation);
    }
    if (operation.kind === "alter-domain") {
        const domain = draft.domains.get(operation.type);
        if (domain !== undefined)
            draft.domains.set(operation.type, alteredDomain(domain, operation));
    }
    if (operation.kind === "prepare")
        draft.prepared.set(operation.name, operation.operations);
    if (operation.kind === "create-function")
        draft.functions.set(operation.name, operation);
    if (operation.kind === "alter-function" && operation.volatile !== undefined) {
        const known = draft.functions.get(operation.name) ?? { ...UNSEEN_ROUTINE };
        draft.functions.set(operation.name, { ...known, volatile: operation.volatile });
    }
}
const UNSEEN_ROUTINE = { result: undefined, body: [] };
function alteredDomain(domain, operation) {
    const { checks } = domain;
    const { change, constraint, type } = operation;
    switch (change) {
        case "add-constraint":
            return { ...domain, checks: [...checks, constraint ?? nextCheckName(type, checks)] };
        case "drop-constraint":
            return { ...domain, checks: checks.filter((name) => name !== constraint) };
        case "set-not-null":
        case "drop-not-null":
            return { ...domain, notNull: change === "set-not-null" };
        case "set-default":
        case "drop-default":
            return { ...domain, default: operation.default };
        case "validate":
            return domain;
    }
}
function foldDrop(draft, operation) {
    for (const name of operation.names) {
        if (operation.object === "index")
            dropIndex(draft, name);
        else if (/^(table|view|materialized-view)$/.test(operation.object))
            dropTable(draft, name);
        else if (operation.object === "domain")
            draft.domains.delete(name);
        else if (operation.object === "type")
            draft.enums.delete(name);
        else if (operation.object === "function")
            draft.functions.delete(name);
    }
}
function dropTable(draft, name) {
    draft.tables.delete(name);
    for (const table of draft.tables.values()) {
        const constraints = table.constraints.filter((constraint) => constraint.references !== name);
        if (constraints.length !== table.constraints.length)
            draft.tables.set(table.name, { ...table, constraints });
    }
}
function dropIndex(draft, name) {
    for (const table of draft.tables.values()) {
        const indexes = table.indexes.filter((index) => index.name !== name);
        if (indexes.length !== table.indexes.length)
            draft.tables.set(table.name, { ...table, indexes });
    }
}
function foldRename(draft, operation) {
    const table = draft.tables.get(operation.name);
    const { from, to } = operation;
    const renamed = (name) => (name === from ? to : name);
    if (operation.object === "index") {
        for (const known of draft.tables.values()) {
            if (!known.indexes.some((index) => index.name === from))
                continue;
            const indexes = known.indexes.map((index) => ({ ...index, name: renamed(index.name) }));
            draft.tables.set(known.name, { ...known, indexes });
        }
    }
    if (operation.object === "type")
        renameType(draft, from, to);
    if (operation.object === "domain-constraint") {
        const domain = draft.domains.get(operation.name);
        if (domain !== undefined)
            draft.domains.set(operation.name, { ...domain, checks: domain.checks.map(renamed) });
    }
    if (table === undefined)
        return;
    if (operation.object === "table" || operation.object === "view")
        moveTable(draft, table, to);
    if (operation.object === "column")
        draft.tables.set(table.name, renameColumn(table, renamed));
    if (operation.object === "constraint") {
        const constraints = table.constraints.map((constraint) => ({ ...constraint, name: renamed(constraint.name) }));
        draft.tables.set(table.name, { ...table, constraints });
    }
}
/** A domain that stands on itself, which no server has, would have no end. */
function setDomain(draft, name, domain) {
    draft.domains.delete(name);
    const bases = [domain, ...domainsOf(draft, domain.base)].map(({ base }) => base.name);
    if (!bases.includes(name))
        draft.domains.set(name, domain);
}
function renameType(draft, from, to) {
    const values = draft.enums.get(from);
    if (values !== undefined)
        draft.enums.set(to, values);
    draft.enums.delete(from);
    const domain = draft.domains.get(from);
    draft.domains.delete(from);
    if (domain !== undefined)
        setDomain(draft, to, domain);
    for (const table of draft.tables.values()) {
        if (![...table.columns.values()].some(({ type }) => type?.name === from))
            continue;
        const columns = [...table.columns].map(([name, column]) => column.type?.name === from ? [name, { ...column, type: { ...column.type, name: to } }] : [name, column]);
        draft.tables.set(table.name, { ...table, columns: new Map(columns) });
    }
}
function moveTable(draft, table, to) {
    draft.tables.delete(table.name);
    draft.tables.set(to, { ...table, name: to });
    for (const other of draft.tables.values()) {
        const constraints = other.constraints.map((constraint) => constraint.references === table.name ? { ...constraint, references: to } : constraint);
        const partitionOf = other.partitionOf === table.name ? to : other.partitionOf;
        draft.tables.set(other.name, { ...other, constraints, partitionOf });
    }
}
function renameColumn(table, renamed) {
    return {
        ...table,
        columns: new Map([...table.columns].map(([name, column]) => [renamed(name), column])),
        shape: table.shape && new Map([...table.shape].map(([name, type]) => [renamed(name), type])),
        constraints: table.constraints.map((constraint) => ({
            ...constraint,
            columns: constraint.columns.map(renamed),
            provesNotNull: constraint.provesNotNull.map(renamed),
        })),
        indexes: table.indexes.map((index) => ({
            ...index,
            columns: index.columns.map(renamed),
            mentions: index.mentions.map(renamed),
        })),
    };
}

;// CONCATENATED MODULE: ./packages/migrations/src/sql/lookups.ts


/** The relations that are named nowhere but in queries which find them by a column: with an index on it, no scan follows. */
function lookupsOf(statement) {
    const named = new Map();
    const found = new Map();
    walk(statement, (tag, body) => {
        if (tag === "RangeVar")
            named.set(relationName(body), (named.get(relationName(body)) ?? 0) + 1);
        if (tag !== "SelectStmt")
            return;
        const [relation, ...more] = items(body, "fromClause").map((item) => bodyOf(item, "RangeVar"));
        if (relation === undefined || more.length > 0)
            return;
        const keys = body.whereClause === undefined ? extremesIn(body) : lookups_keysOf(body.whereClause);
        if (keys.length > 0)
            found.set(relationName(relation), [...(found.get(relationName(relation)) ?? []), keys]);
    });
    return new Map([...found].filter(([name, lookups]) => lookups.length === named.get(name)));
}
/** A query for nothing but the largest or smallest value of one column finds it at an end of the column's index. */
function extremesIn(query) {
    if (query.groupClause !== undefined)
        return [];
    const extremes = [];
    walk(query.targetList, (tag, call) => {
        if (tag !== "FuncCall" || !/^(max|min)$/.test(strings(items(call, "funcname")).at(-1) ?? ""))
            return;
        extremes.push(...bodies(items(call, "args"), "ColumnRef").flatMap((column) => strings(items(column, "fields")).slice(-1)));
    });
    const isAll = decodeExpression(query.targetList).columns.length === extremes.length;
    return isAll && new Set(extremes).size === 1 ? extremes.slice(0, 1) : [];
}
/** Columns that WHERE compares with a constant by `=`, IN, BETWEEN or IS NULL: with an index on them, no scan follows. */
function lookups_keysOf(where) {
    const keys = [];
    const visit = (condition) => {
        const found = tagged(condition);
        if (found === undefined)
            return;
        const [tag, body] = found;
        if (tag === "BoolExpr" && ast_text(body, "boolop") === "AND_EXPR")
            items(body, "args").forEach(visit);
        if (tag === "NullTest" && ast_text(body, "nulltesttype") === "IS_NULL")
            keys.push(...lookups_columnOf(body.arg));
        const isBetween = ast_text(body, "kind") === "AEXPR_BETWEEN";
        if (tag !== "A_Expr" || (!isBetween && strings(items(body, "name")).at(-1) !== "="))
            return;
        if (decodeExpression(body.rexpr).columns.length === 0)
            keys.push(...lookups_columnOf(body.lexpr));
    };
    visit(where);
    return keys;
}
const lookups_columnOf = (value) => strings(items(bodyOf(value, "ColumnRef"), "fields")).slice(-1);

;// CONCATENATED MODULE: ./packages/migrations/src/sql/query-columns.ts


/**
 * The columns that a query gives, named as PostgreSQL names them (FigureColname, parse_target.c). `undefined` where the
 * text alone does not tell.
 */
function columnsOf(query, aliases = []) {
    return renamed(columnsOfSelect(bodyOf(query, "SelectStmt"), new Map()), aliases);
}
/** Clauses that keep a view from taking writes (CREATE VIEW, "Updatable Views"). */
const ONE_WAY = [
    "withClause",
    "distinctClause",
    "groupClause",
    "havingClause",
    "limitCount",
    "limitOffset",
    "larg",
    "valuesLists",
];
/** Whether a view of this query takes writes; aggregates without GROUP BY are not looked for. */
function isUpdatable(query) {
    const select = bodyOf(query, "SelectStmt");
    const [source, ...others] = items(select, "fromClause");
    const isOne = bodyOf(source, "RangeVar") !== undefined && others.length === 0;
    return select !== undefined && isOne && !ONE_WAY.some((clause) => clause in select);
}
function columnsOfSelect(select, outer) {
    if (select === undefined)
        return undefined;
    const named = withQueries(select, outer);
    // Of a UNION, the first query names the columns.
    const first = node(select, "larg");
    if (first !== undefined)
        return columnsOfSelect(first, named);
    const [values] = items(select, "valuesLists");
    if (values !== undefined)
        return items(bodyOf(values, "List"), "items").map((_, index) => plain(`column${index + 1}`));
    const columns = [];
    for (const target of bodies(items(select, "targetList"), "ResTarget")) {
        const found = isStar(target.val) ? allOf(target.val, select, named) : query_columns_columnOf(target, named);
        if (found === undefined)
            return undefined;
        columns.push(...found);
    }
    return columns;
}
const plain = (name) => ({ name, type: undefined, of: undefined });
function withQueries(select, outer) {
    const named = new Map(outer);
    for (const query of bodies(items(node(select, "withClause"), "ctes"), "CommonTableExpr")) {
        const columns = columnsOfSelect(bodyOf(query.ctequery, "SelectStmt"), named);
        named.set(ast_text(query, "ctename") ?? "", renamed(columns, strings(items(query, "aliascolnames"))));
    }
    return named;
}
/** `(a, b)` after a name goes for the first columns. */
function renamed(columns, aliases) {
    if (aliases.length === 0)
        return columns;
    const open = columns === undefined || columns.slice(0, aliases.length).some((column) => "every" in column);
    if (open)
        return undefined;
    return columns.map((column, index) => "every" in column ? column : { ...column, name: aliases[index] ?? column.name });
}
const fieldsOf = (value) => items(bodyOf(value, "ColumnRef"), "fields");
const isStar = (value) => bodyOf(fieldsOf(value).at(-1), "A_Star") !== undefined;
function allOf(star, select, named) {
    const owner = strings(fieldsOf(star)).at(-1);
    const sources = items(select, "fromClause").flatMap((item) => sourcesOf(item, named));
    const meant = owner === undefined ? sources : sources.filter(({ name }) => name === owner);
    if (meant.length === 0)
        return undefined;
    const columns = [];
    for (const source of meant) {
        if (source.columns === undefined)
            return undefined;
        columns.push(...source.columns);
    }
    return columns;
}
function sourcesOf(item, named) {
    const [tag, body] = tagged(item) ?? ["", {}];
    if (tag === "JoinExpr")
        return [...sourcesOf(body.larg, named), ...sourcesOf(body.rarg, named)];
    const alias = node(body, "alias");
    const names = strings(items(alias, "colnames"));
    if (tag === "RangeVar") {
        const own = ast_text(body, "relname") ?? "";
        const columns = named.has(own) ? named.get(own) : [{ every: relationName(body) }];
        return [{ name: ast_text(alias, "aliasname") ?? own, columns: renamed(columns, names) }];
    }
    const columns = tag === "RangeSubselect" ? columnsOfSelect(bodyOf(body.subquery, "SelectStmt"), named) : undefined;
    return [{ name: ast_text(alias, "aliasname") ?? "", columns: renamed(columns, names) }];
}
function query_columns_columnOf(target, named) {
    const { val } = target;
    const name = ast_text(target, "name") ?? figured(val, named)?.name;
    if (name === undefined)
        return undefined;
    const cast = node(bodyOf(val, "TypeCast"), "typeName");
    return [{ name, type: cast && decodeType(cast), of: strings(fieldsOf(val)).at(-1) }];
}
const NAMELESS = /^(A_Const|A_Expr|BoolExpr|NullTest|BooleanTest|ParamRef)$/;
const FIXED = {
    CoalesceExpr: "coalesce",
    A_ArrayExpr: "array",
    RowExpr: "row",
    GroupingFunc: "grouping",
};
function figured(value, named) {
    const [tag, body] = tagged(value) ?? ["", {}];
    const fixed = FIXED[tag];
    if (fixed !== undefined)
        return { name: fixed };
    if (tag === "ColumnRef")
        return { name: strings(items(body, "fields")).at(-1) ?? "" };
    if (tag === "FuncCall")
        return { name: strings(items(body, "funcname")).at(-1) ?? "" };
    if (tag === "CollateClause")
        return figured(body.arg, named);
    if (tag === "TypeCast")
        return strongly(body.arg, named) ?? weakly(strings(items(node(body, "typeName"), "names")).at(-1));
    if (tag === "CaseExpr")
        return strongly(body.defresult, named) ?? weakly("case");
    if (tag === "MinMaxExpr")
        return { name: ast_text(body, "op") === "IS_LEAST" ? "least" : "greatest" };
    if (tag === "SubLink")
        return figuredOfSubquery(body, named);
    if (ast_text(body, "kind") === "AEXPR_NULLIF")
        return { name: "nullif" };
    return NAMELESS.test(tag) ? weakly("?column?") : undefined;
}
const weakly = (name) => name === undefined ? undefined : { name, weak: true };
function strongly(value, named) {
    const found = value === undefined ? undefined : figured(value, named);
    return found?.weak === true ? undefined : found;
}
function figuredOfSubquery(link, named) {
    const kind = ast_text(link, "subLinkType");
    if (kind === "EXISTS_SUBLINK")
        return { name: "exists" };
    if (kind === "ARRAY_SUBLINK")
        return { name: "array" };
    if (kind !== "EXPR_SUBLINK")
        return weakly("?column?");
    const [first] = columnsOfSelect(bodyOf(link.subselect, "SelectStmt"), named) ?? [];
    return first === undefined || "every" in first ? undefined : { name: first.name };
}

;// CONCATENATED MODULE: ./packages/migrations/src/sql/decode-rows.ts




const VERBS = {
    InsertStmt: "insert",
    UpdateStmt: "update",
    DeleteStmt: "delete",
    MergeStmt: "merge",
};
/** INSERT, UPDATE, DELETE, MERGE and COPY FROM, after those that their WITH clause holds. */
const decodeRowChanges = (verb, body) => [
    ...decodeWith(body),
    decodeRowChange(verb, body),
];
/** `WITH gone AS (DELETE …)` changes rows whatever it stands before. */
const decodeWith = (body) => bodies(items(node(body, "withClause"), "ctes"), "CommonTableExpr").flatMap(({ ctequery }) => {
    const found = tagged(ctequery);
    const verb = VERBS[found?.[0] ?? ""];
    return found === undefined || verb === undefined ? [] : decodeRowChanges(verb, found[1]);
});
function decodeRowChange(verb, body) {
    const table = relationName(node(body, "relation"));
    const { relation: _target, ...rest } = body;
    return {
        kind: "change-rows",
        verb,
        table,
        only: node(body, "relation")?.inh !== true,
        hasWhere: isCondition(body.whereClause) || verb === "insert" || verb === "copy",
        reads: readsOf(rest),
        keys: lookups_keysOf(body.whereClause),
        lookups: lookupsOf(Object.values(rest)),
        literals: decodeExpression(rest).literals,
    };
}
/** WHERE TRUE and WHERE 1 = 1 choose nothing. */
const isCondition = (where) => {
    if (where === undefined)
        return false;
    let chooses = false;
    walk(where, (tag) => {
        chooses ||= tag !== "A_Const" && tag !== "A_Expr" && tag !== "String";
    });
    return chooses;
};
/** A SELECT; `SELECT set_config('lock_timeout', …)` is a SET in other words. */
function decodeSelect(body) {
    const into = node(node(body, "intoClause"), "rel");
    if (into !== undefined)
        return [...decodeWith(body), selectInto(into, body)];
    const { functions, literals } = decodeExpression(body);
    const settings = items(body, "targetList").flatMap((target) => decodeSetting(bodyOf(target, "ResTarget")?.val));
    const calls = body.fromClause === undefined ? callsIn(items(body, "targetList")) : [];
    const query = {
        kind: "select",
        reads: readsOf(body),
        lookups: lookupsOf({ SelectStmt: body }),
        literals,
        functions,
        calls,
    };
    return [...decodeWith(body), query, ...settings];
}
/** COPY … TO reads what it writes out. */
function decodeCopyOut(body) {
    const query = bodyOf(body.query, "SelectStmt");
    if (query !== undefined)
        return decodeSelect(query);
    const reads = [relationName(node(body, "relation"))];
    return [{ kind: "select", reads, lookups: new Map(), literals: [], functions: [], calls: [] }];
}
/** CALL of a procedure. */
function decodeCall(call) {
    const { functions, literals } = decodeExpression({ FuncCall: call });
    const name = nameOfParts(strings(items(call, "funcname")));
    return [{ kind: "select", reads: readsOf(call), lookups: lookupsOf(call), literals, functions, calls: [name] }];
}
const callsIn = (targets) => bodies(targets, "ResTarget").flatMap(({ val }) => {
    const call = bodyOf(val, "FuncCall");
    return call === undefined ? [] : [nameOfParts(strings(items(call, "funcname")))];
});
/** CREATE TABLE AS in other words. */
function selectInto(into, body) {
    const { intoClause: _, ...query } = body;
    return {
        kind: "create-table-as",
        relation: relationName(into),
        view: false,
        reads: readsOf(query),
        temporary: ast_text(into, "relpersistence") === "t",
        withData: true,
        columns: columnsOf({ SelectStmt: query }),
        lookups: lookupsOf({ SelectStmt: query }),
        literals: decodeExpression(body).literals,
    };
}
function decodeSetting(value) {
    const call = bodyOf(value, "FuncCall");
    if (strings(items(call, "funcname")).at(-1) !== "set_config")
        return [];
    const [name, setting, local] = items(call, "args").map((argument) => bodyOf(argument, "A_Const"));
    const isLocal = node(local, "boolval")?.boolval === true;
    return [
        {
            kind: "set",
            name: (ast_text(node(name, "sval"), "sval") ?? "").toLowerCase(),
            value: ast_text(node(setting, "sval"), "sval"),
            local: isLocal,
        },
    ];
}
/** Relations that a query reads, without the names its WITH clauses define. */
function readsOf(query) {
    const reads = new Set();
    const defined = new Set();
    const wrapped = isNode(query) && tagged(query) === undefined ? Object.values(query) : query;
    walk(wrapped, (tag, body) => {
        if (tag === "RangeVar")
            reads.add(relationName(body));
        if (tag === "CommonTableExpr")
            defined.add(ast_text(body, "ctename") ?? "");
    });
    return [...reads].filter((name) => name !== "" && !defined.has(name));
}

;// CONCATENATED MODULE: ./packages/migrations/src/sql/decode-table.ts



function decodeCreateTable(body) {
    const elements = items(body, "tableElts");
    return [
        {
            kind: "create-table",
            table: relationName(node(body, "relation")),
            columns: elements.flatMap((element) => decodeColumn(bodyOf(element, "ColumnDef")) ?? []),
            constraints: elements.flatMap((element) => decodeConstraint(bodyOf(element, "Constraint")) ?? []),
            parents: items(body, "inhRelations").map((parent) => relationName(bodyOf(parent, "RangeVar"))),
            isPartition: node(body, "partbound") !== undefined,
            partitioned: node(body, "partspec") !== undefined,
            partitionKey: bodies(items(node(body, "partspec"), "partParams"), "PartitionElem").map((key) => ast_text(key, "name") ?? ""),
            isDefaultPartition: flag(node(body, "partbound"), "is_default"),
            temporary: ast_text(node(body, "relation"), "relpersistence") === "t",
            unlogged: ast_text(node(body, "relation"), "relpersistence") === "u",
            ifNotExists: flag(body, "if_not_exists"),
            likes: elements.flatMap((element) => {
                const like = bodyOf(element, "TableLikeClause");
                return like === undefined ? [] : [decodeLike(like)];
            }),
        },
    ];
}
/** CREATE_TABLE_LIKE_… of parsenodes.h. */
const LIKE_OPTIONS = { constraints: 1 << 2, defaults: 1 << 3, indexes: 1 << 6 };
function decodeLike(body) {
    const options = typeof body.options === "number" ? body.options : 0;
    return {
        table: relationName(node(body, "relation")),
        constraints: (options & LIKE_OPTIONS.constraints) !== 0,
        defaults: (options & LIKE_OPTIONS.defaults) !== 0,
        indexes: (options & LIKE_OPTIONS.indexes) !== 0,
    };
}
function decodeColumn(body) {
    if (body === undefined)
        return undefined;
    const name = ast_text(body, "colname") ?? "";
    const type = decodeType(node(body, "typeName"));
    const marks = bodies(items(body, "constraints"), "Constraint");
    const marked = (kind) => marks.find((mark) => ast_text(mark, "contype") === kind);
    const written = marked("CONSTR_DEFAULT")?.raw_expr;
    const generated = marked("CONSTR_GENERATED");
    const identity = marked("CONSTR_IDENTITY") !== undefined;
    return {
        name,
        type,
        notNull: marked("CONSTR_NOTNULL") !== undefined || marked("CONSTR_PRIMARY") !== undefined || identity || isSerial(type),
        default: written === undefined ? undefined : decodeExpression(written),
        identity,
        generated: generated === undefined ? undefined : ast_text(generated, "generated_kind") === "v" ? "virtual" : "stored",
        collation: collationOf(body),
        constraints: marks.flatMap((mark) => ownConstraint(mark, name)),
    };
}
function ownConstraint(mark, column) {
    const decoded = decodeConstraint(mark);
    if (decoded === undefined || decoded.kind === "not-null")
        return [];
    return [{ ...decoded, columns: [column] }];
}
const collationOf = (body) => strings(items(node(body, "collClause"), "collname")).at(-1);
const KINDS = {
    CONSTR_CHECK: "check",
    CONSTR_UNIQUE: "unique",
    CONSTR_PRIMARY: "primary",
    CONSTR_FOREIGN: "foreign",
    CONSTR_EXCLUSION: "exclusion",
    CONSTR_NOTNULL: "not-null",
};
function decodeConstraint(body) {
    const kind = KINDS[ast_text(body, "contype") ?? ""];
    if (body === undefined || kind === undefined)
        return undefined;
    const raw = body.raw_expr;
    const keys = strings([...items(body, "keys"), ...items(body, "fk_attrs")]);
    const expression = raw === undefined ? undefined : decodeExpression(raw);
    return {
        kind,
        name: ast_text(body, "conname"),
        columns: keys.length > 0 ? keys : (expression?.columns ?? excluded(body)),
        // NOT ENFORCED (18) constraints are never checked, so nothing is scanned for them either.
        notValid: flag(body, "skip_validation") || !decode_table_isEnforced(kind, body),
        enforced: decode_table_isEnforced(kind, body),
        expression,
        references: kind === "foreign" ? relationName(node(body, "pktable")) : undefined,
        referencedColumns: strings(items(body, "pk_attrs")),
        usingIndex: ast_text(body, "indexname"),
    };
}
const decode_table_isEnforced = (kind, body) => (kind !== "check" && kind !== "foreign") || flag(body, "is_enforced");
const excluded = (body) => items(body, "exclusions").flatMap((pair) => {
    const [element] = items(bodyOf(pair, "List"), "items");
    return ast_text(bodyOf(element, "IndexElem"), "name") ?? [];
});
function decodeAlterTable(body) {
    const table = relationName(node(body, "relation"));
    const objtype = ast_text(body, "objtype");
    if (objtype === "OBJECT_TYPE")
        return decodeAlterComposite(table, body);
    const target = TARGETS[objtype ?? ""] ?? "other";
    const only = node(body, "relation")?.inh !== true;
    const actions = items(body, "cmds").flatMap((command) => decodeAction(bodyOf(command, "AlterTableCmd")) ?? []);
    const sorts = [...new Map(actions.map((action) => [sortOf(action), action])).values()];
    return inPasses(actions).map((action) => ({
        kind: "alter-table",
        table,
        action,
        together: sorts,
        isPart: actions.length > 1,
        only,
        target,
    }));
}
const ATTRIBUTE_CHANGES = { AT_DropColumn: "drop", AT_AlterColumnType: "type" };
function decodeAlterComposite(type, body) {
    const changes = bodies(items(body, "cmds"), "AlterTableCmd").flatMap((command) => {
        const change = ATTRIBUTE_CHANGES[ast_text(command, "subtype")];
        const attribute = ast_text(command, "name") ?? "";
        return change === undefined ? [] : [{ kind: "change-attribute", type, attribute, change }];
    });
    return changes.length > 0 ? changes : [{ kind: "other", tag: "AlterTypeStmt" }];
}
const TARGETS = {
    OBJECT_TABLE: "table",
    OBJECT_FOREIGN_TABLE: "table",
    OBJECT_VIEW: "view",
    OBJECT_MATVIEW: "view",
    OBJECT_INDEX: "index",
};
/** What decides the lock of an action. */
function sortOf(action) {
    if (action.kind === "add-constraint")
        return `${action.kind} ${action.constraint.kind}`;
    return action.kind === "detach-partition" ? `${action.kind} ${action.concurrently} ${action.finalize}` : action.kind;
}
// ALTER TABLE works in passes, whatever the order of its words (tablecmds.c, AlterTablePass).
const PASSES = [
    ["drop-column", "drop-constraint"],
    ["alter-type"],
    ["add-column"],
    ["set-expression", "set-default", "drop-default", "add-identity", "set-not-null", "drop-not-null"],
    ["add-constraint"],
];
function inPasses(actions) {
    const passOf = (action) => {
        const pass = PASSES.findIndex((kinds) => kinds.includes(action.kind));
        return pass < 0 ? PASSES.length : pass;
    };
    return actions
        .map((action, index) => ({ action, index }))
        .sort((a, b) => passOf(a.action) - passOf(b.action) || a.index - b.index)
        .map(({ action }) => action);
}
const light = () => ({ kind: "light" });
const rowSecurity = () => ({ kind: "row-security" });
const triggerState = () => ({ kind: "trigger-state" });
const ACTIONS = {
    AT_AddColumn: (body) => {
        const column = decodeColumn(bodyOf(body.def, "ColumnDef"));
        return column && { kind: "add-column", column, ifNotExists: flag(body, "missing_ok") };
    },
    AT_DropColumn: (body, column) => ({ kind: "drop-column", column, cascade: cascades(body) }),
    AT_AlterColumnType: (body, column) => decodeTypeChange(body, column),
    AT_SetNotNull: (_, column) => ({ kind: "set-not-null", column }),
    AT_DropNotNull: (_, column) => ({ kind: "drop-not-null", column }),
    AT_ColumnDefault: (body, column) => decodeDefault(body.def, column),
    AT_AddIdentity: (_, column) => ({ kind: "add-identity", column }),
    AT_DropIdentity: (_, column) => ({ kind: "drop-identity", column }),
    AT_DropExpression: (_, column) => ({ kind: "drop-expression", column }),
    AT_SetExpression: (_, column) => ({ kind: "set-expression", column }),
    AT_AddConstraint: (body) => {
        const constraint = decodeConstraint(bodyOf(body.def, "Constraint"));
        return constraint && { kind: "add-constraint", constraint };
    },
    AT_DropConstraint: (body, constraint) => ({ kind: "drop-constraint", constraint, cascade: cascades(body) }),
    AT_ValidateConstraint: (_, constraint) => ({ kind: "validate-constraint", constraint }),
    AT_SetLogged: () => ({ kind: "set-persistence", logged: true }),
    AT_SetUnLogged: () => ({ kind: "set-persistence", logged: false }),
    AT_SetTableSpace: (_, tablespace) => ({ kind: "set-tablespace", tablespace }),
    AT_SetAccessMethod: (_, method) => ({ kind: "set-access-method", method }),
    AT_AttachPartition: (body) => ({
        kind: "attach-partition",
        partition: partitionOf(body),
        isDefault: isDefaultBound(body),
    }),
    AT_DetachPartition: (body) => ({
        kind: "detach-partition",
        partition: partitionOf(body),
        concurrently: flag(bodyOf(body.def, "PartitionCmd"), "concurrent"),
        finalize: false,
    }),
    AT_DetachPartitionFinalize: (body) => ({
        kind: "detach-partition",
        partition: partitionOf(body),
        concurrently: false,
        finalize: true,
    }),
    AT_EnableRowSecurity: rowSecurity,
    AT_DisableRowSecurity: rowSecurity,
    AT_ForceRowSecurity: rowSecurity,
    AT_NoForceRowSecurity: rowSecurity,
    AT_SetStatistics: light,
    AT_ClusterOn: light,
    AT_DropCluster: light,
    AT_SetRelOptions: light,
    AT_ResetRelOptions: light,
    AT_SetOptions: light,
    AT_ResetOptions: light,
};
function decodeAction(body) {
    const subtype = ast_text(body, "subtype") ?? "";
    if (body === undefined)
        return undefined;
    const decode = /^AT_(Enable|Disable).*(Trig|Rule)/.test(subtype) ? triggerState : ACTIONS[subtype];
    return decode?.(body, ast_text(body, "name") ?? "") ?? { kind: "exclusive" };
}
/** SET DEFAULT NULL is DROP DEFAULT in other words. */
function decodeDefault(raw, column) {
    const expression = raw === undefined ? undefined : decodeExpression(raw);
    return expression === undefined || expression.isNull
        ? { kind: "drop-default", column }
        : { kind: "set-default", column, default: expression };
}
const cascades = (body) => ast_text(body, "behavior") === "DROP_CASCADE";
const partitionOf = (body) => relationName(node(bodyOf(body.def, "PartitionCmd"), "name"));
const isDefaultBound = (body) => flag(node(bodyOf(body.def, "PartitionCmd"), "bound"), "is_default");
function decodeTypeChange(body, column) {
    const definition = bodyOf(body.def, "ColumnDef");
    const expression = definition?.raw_default;
    const chain = expression === undefined ? undefined : castChain(expression);
    const plain = chain?.column === column ? chain.types.map(decodeType) : undefined;
    return {
        kind: "alter-type",
        column,
        type: decodeType(node(definition, "typeName")),
        collation: collationOf(definition),
        using: expression === undefined ? undefined : (plain ?? "computed"),
    };
}

;// CONCATENATED MODULE: ./packages/migrations/src/sql/decode-statement.ts












/**
 * What a parse tree does, with what its `routine` holds: a DO block runs it, CREATE FUNCTION keeps it for later. A tree
 * of an unknown shape is never an error: it is `unseen`.
 */
function decodeStatement(ast, routine) {
    const found = tagged(ast);
    if (found === undefined)
        return [];
    const [tag, body] = found;
    if (tag === "DoStmt")
        return [...doneBy(routine), { kind: "do" }];
    if (tag === "CreateFunctionStmt")
        return [decodeCreateFunction(body, routine?.inner ?? [], doneBy(routine))];
    return DECODERS[tag]?.(body) ?? [undecoded(tag)];
}
function doneBy(routine) {
    if (routine === undefined)
        return [];
    const done = routine.inner.flatMap((tree) => decodeStatement(tree));
    if (routine.hidden === 0)
        return done;
    const count = routine.hidden === 1 ? "1 statement is" : `${routine.hidden} statements are`;
    return [...done, { kind: "unseen", reason: `${count} put together as it runs, and could not be read whole` }];
}
const undecoded = (tag) => QUIET.has(tag) || STANDING_ALONE.has(tag)
    ? { kind: "other", tag }
    : { kind: "unseen", reason: `what ${tag.replace(/Stmt$/, "")} does is not known to the gate` };
const DECODERS = {
    CreateSchemaStmt: decodeCreateSchema,
    CreateStmt: decodeCreateTable,
    AlterTableStmt: decodeAlterTable,
    CreateTableAsStmt: (body) => [
        {
            kind: "create-table-as",
            relation: relationName(node(node(body, "into"), "rel")),
            view: ast_text(body, "objtype") === "OBJECT_MATVIEW",
            reads: readsOf(body.query),
            temporary: ast_text(node(node(body, "into"), "rel"), "relpersistence") === "t",
            withData: !flag(node(body, "into"), "skipData"),
            columns: columnsOf(body.query, strings(items(node(body, "into"), "colNames"))),
            lookups: lookupsOf(body.query),
            literals: decodeExpression(body.query).literals,
        },
    ],
    IndexStmt: (body) => [decodeIndex(body)],
    DropStmt: decodeDrop,
    DropOwnedStmt: (body) => [
        drop("owned", bodies(items(body, "roles"), "RoleSpec").map((role) => ast_text(role, "rolename") ?? ""), body),
    ],
    DropdbStmt: (body) => [drop("database", [ast_text(body, "dbname") ?? ""], body)],
    RenameStmt: decodeRename,
    AlterObjectSchemaStmt: (body) => {
        const object = RENAMES[ast_text(body, "objectType") ?? ""] ?? "other";
        const relation = node(body, "relation");
        const parts = relation === undefined ? objectParts(body.object) : [ast_text(relation, "relname") ?? ""];
        const name = relation === undefined ? nameOfParts(parts) : relationName(relation);
        const to = qualified(ast_text(body, "newschema"), parts.at(-1) ?? "");
        return [{ kind: "rename", object, name, from: name, to }];
    },
    ReindexStmt: decodeReindex,
    GrantStmt: decodeGrant,
    GrantRoleStmt: decodeGrantRole,
    AlterDefaultPrivilegesStmt: decodeDefaultPrivileges,
    CreateRoleStmt: (body) => [made("role", ast_text(body, "role") ?? "")],
    DropRoleStmt: (body) => [
        drop("role", bodies(items(body, "roles"), "RoleSpec").map((role) => ast_text(role, "rolename") ?? ""), body),
    ],
    CreateEnumStmt: (body) => [
        { kind: "create-enum", type: nameOfParts(strings(items(body, "typeName"))), values: strings(items(body, "vals")) },
    ],
    AlterEnumStmt: decodeAlterEnum,
    CreateDomainStmt: (body) => [decodeCreateDomain(body)],
    AlterDomainStmt: decodeAlterDomain,
    CompositeTypeStmt: (body) => [made("type", relationName(node(body, "typevar")))],
    CreateRangeStmt: (body) => [made("type", nameOfParts(strings(items(body, "typeName"))))],
    AlterSeqStmt: (body) => [
        { kind: "touch", tables: [relationName(node(body, "sequence"))], mode: "ShareRowExclusiveLock" },
    ],
    AlterTableMoveAllStmt: decodeMoveAll,
    AlterExtensionStmt: (body) => [
        {
            kind: "update-extension",
            name: ast_text(body, "extname") ?? "",
            version: ast_text(bodyOf(optionOf(body, "new_version")?.arg, "String"), "sval"),
        },
    ],
    ReassignOwnedStmt: () => [{ kind: "touch", tables: [EVERY_TABLE], mode: "AccessExclusiveLock" }],
    SecLabelStmt: decodeComment,
    CreateForeignTableStmt: (body) => decodeCreateTable(node(body, "base") ?? {}),
    DefineStmt: (body) => ast_text(body, "kind") === "OBJECT_AGGREGATE"
        ? [made("function", nameOfParts(strings(items(body, "defnames"))))]
        : undefined,
    CreateSeqStmt: (body) => [made("sequence", relationName(node(body, "sequence")))],
    VacuumStmt: decodeVacuum,
    ClusterStmt: (body) => [
        { kind: "cluster", table: node(body, "relation") === undefined ? undefined : relationName(node(body, "relation")) },
    ],
    RefreshMatViewStmt: (body) => [
        {
            kind: "refresh-view",
            view: relationName(node(body, "relation")),
            concurrently: flag(body, "concurrent"),
            withData: !flag(body, "skipData"),
        },
    ],
    TruncateStmt: (body) => [
        {
            kind: "truncate",
            tables: relations(items(body, "relations")),
            alone: relations(items(body, "relations").filter((item) => bodyOf(item, "RangeVar")?.inh !== true)),
            cascade: ast_text(body, "behavior") === "DROP_CASCADE",
        },
    ],
    InsertStmt: (body) => decodeRowChanges("insert", body),
    UpdateStmt: (body) => decodeRowChanges("update", body),
    DeleteStmt: (body) => decodeRowChanges("delete", body),
    MergeStmt: (body) => decodeRowChanges("merge", body),
    CopyStmt: (body) => (flag(body, "is_from") ? decodeRowChanges("copy", body) : decodeCopyOut(body)),
    SelectStmt: decodeSelect,
    PrepareStmt: (body) => [
        { kind: "prepare", name: `statement ${ast_text(body, "name") ?? ""}`, operations: decodeStatement(body.query) },
    ],
    ExecuteStmt: (body) => [{ kind: "run-prepared", name: `statement ${ast_text(body, "name") ?? ""}` }],
    DeclareCursorStmt: (body) => [
        { kind: "prepare", name: `cursor ${ast_text(body, "portalname") ?? ""}`, operations: decodeStatement(body.query) },
    ],
    FetchStmt: (body) => [{ kind: "run-prepared", name: `cursor ${ast_text(body, "portalname") ?? ""}` }],
    CallStmt: (body) => decodeCall(node(body, "funccall")),
    ExplainStmt: (body) => (isOn(body, "options", "analyze") ? decodeStatement(body.query) : undefined),
    TransactionStmt: decodeTransaction,
    VariableSetStmt: decodeSet,
    DiscardStmt: (body) => ast_text(body, "target") === "DISCARD_ALL" ? [{ kind: "other", tag: "DiscardStmt all" }, RESET_ALL] : undefined,
    AlterDatabaseStmt: (body) => (hasOption(body, "tablespace") ? [alone("AlterDatabaseStmt tablespace")] : undefined),
    CreateSubscriptionStmt: (body) => isOff(body, "connect") || isOff(body, "create_slot")
        ? [{ kind: "other", tag: "AlterSubscriptionStmt" }]
        : undefined,
    AlterSubscriptionStmt: (body) => /REFRESH|PUBLICATION/.test(ast_text(body, "kind") ?? "") && !isOff(body, "refresh")
        ? [alone("AlterSubscriptionStmt refresh")]
        : undefined,
    LockStmt: (body) => [
        {
            kind: "lock-table",
            tables: relations(items(body, "relations")),
            mode: typeof body.mode === "number" ? body.mode : 8,
        },
    ],
    CreateTrigStmt: (body) => [
        onTable("create-trigger", ast_text(body, "trigname"), node(body, "relation"), flag(body, "replace")),
    ],
    RuleStmt: (body) => [onTable("create-rule", ast_text(body, "rulename"), node(body, "relation"), flag(body, "replace"))],
    CreatePolicyStmt: (body) => [onTable("create-policy", ast_text(body, "policy_name"), node(body, "table"), false)],
    AlterPolicyStmt: (body) => [onTable("create-policy", ast_text(body, "policy_name"), node(body, "table"), true)],
    ViewStmt: (body) => [
        {
            kind: "create-view",
            view: relationName(node(body, "view")),
            replace: flag(body, "replace"),
            updatable: isUpdatable(body.query),
            columns: columnsOf(body.query, strings(items(body, "aliases"))),
            reads: readsOf(body.query),
            literals: decodeExpression(body.query).literals,
        },
    ],
    CommentStmt: decodeComment,
    CreateStatsStmt: (body) => [{ kind: "touch", tables: relations(items(body, "relations")) }],
    CreatePublicationStmt: (body) => [{ kind: "touch", tables: publishedTables(body) }],
    AlterPublicationStmt: (body) => [{ kind: "touch", tables: publishedTables(body) }],
    AlterFunctionStmt: (body) => [decodeAlterFunction(body)],
};
const alone = (tag) => ({ kind: "other", tag });
const optionOf = (body, name) => bodies(items(body, "options"), "DefElem").find((option) => ast_text(option, "defname") === name);
const hasOption = (body, name) => optionOf(body, name) !== undefined;
const isOff = (body, name) => hasOption(body, name) && !isOn(body, "options", name);
function decodeMoveAll(body) {
    const action = { kind: "set-tablespace", tablespace: ast_text(body, "new_tablespacename") ?? "" };
    if (ast_text(body, "objtype") !== "OBJECT_TABLE")
        return [{ kind: "touch", tables: [EVERY_TABLE] }];
    const table = { table: EVERY_TABLE, action, together: [action], isPart: false, only: true, target: "table" };
    return [{ kind: "alter-table", ...table }];
}
const relations = (values) => values.flatMap((value) => {
    const rangeVar = bodyOf(value, "RangeVar");
    return rangeVar === undefined ? [] : [relationName(rangeVar)];
});
function decodeComment(body) {
    const object = ast_text(body, "objtype") ?? "";
    const parts = strings(items(bodyOf(body.object, "List"), "items"));
    const owner = /^OBJECT_(COLUMN|TABCONSTRAINT|TRIGGER|RULE|POLICY)$/.test(object) ? parts.slice(0, -1) : parts;
    const isRelation = owner !== parts || /^OBJECT_(TABLE|VIEW|MATVIEW|FOREIGN_TABLE)$/.test(object);
    return [{ kind: "touch", tables: isRelation && owner.length > 0 ? [nameOfParts(owner)] : [] }];
}
const publishedTables = (body) => bodies(items(body, "pubobjects"), "PublicationObjSpec").flatMap((object) => {
    const relation = node(node(object, "pubtable"), "relation");
    return relation === undefined ? [] : [relationName(relation)];
});
const onTable = (kind, name, relation, replace) => ({ kind, name: name ?? "", table: relationName(relation), replace });
function decodeIndex(body) {
    const elements = bodies(items(body, "indexParams"), "IndexElem");
    const computed = [...elements.map((element) => element.expr), body.whereClause].filter((part) => part !== undefined);
    const columns = elements.flatMap((element) => ast_text(element, "name") ?? []);
    const included = items(body, "indexIncludingParams").flatMap((element) => ast_text(bodyOf(element, "IndexElem"), "name") ?? []);
    return {
        kind: "create-index",
        index: ast_text(body, "idxname"),
        table: relationName(node(body, "relation")),
        columns,
        mentions: [...columns, ...included, ...computed.flatMap((expression) => decodeExpression(expression).columns)],
        computed: computed.length > 0,
        unique: flag(body, "unique"),
        concurrently: flag(body, "concurrent"),
        ifNotExists: flag(body, "if_not_exists"),
        only: node(body, "relation")?.inh !== true,
        literals: decodeExpression(computed).literals,
    };
}
const made = (object, name) => ({ kind: "create-object", object, name });
/** CREATE SCHEMA may make what is in it in the same breath; names without a schema are of the new one. */
function decodeCreateSchema(body) {
    const schema = ast_text(body, "schemaname") ?? ast_text(node(body, "authrole"), "rolename") ?? "";
    return [
        made("schema", schema),
        ...items(body, "schemaElts").flatMap((item) => decodeStatement(within(schema, item))),
    ];
}
function within(schema, item) {
    const found = tagged(item);
    if (found === undefined)
        return item;
    const [tag, body] = found;
    const names = ["relation", "view", "sequence"].flatMap((key) => {
        const name = node(body, key);
        return name === undefined ? [] : [[key, { schemaname: schema, ...name }]];
    });
    return { [tag]: { ...body, ...Object.fromEntries(names) } };
}
function decodeReindex(body) {
    const kind = (ast_text(body, "kind") ?? "").replace("REINDEX_OBJECT_", "").toLowerCase();
    const object = kind === "table" || kind === "index" || kind === "schema" || kind === "system" ? kind : "database";
    const relation = node(body, "relation");
    return [
        {
            kind: "reindex",
            object,
            name: relation === undefined ? (ast_text(body, "name") ?? "") : relationName(relation),
            concurrently: isOn(body, "params", "concurrently"),
        },
    ];
}
/** An option of a parenthesised list: on when written alone, off with `false`, `off` or 0. */
function isOn(body, list, name) {
    const option = items(body, list)
        .map((item) => bodyOf(item, "DefElem"))
        .find((item) => ast_text(item, "defname") === name);
    if (option === undefined)
        return false;
    const written = option.arg;
    if (written === undefined)
        return true;
    const value = ast_text(bodyOf(written, "String"), "sval")?.toLowerCase();
    return value === undefined ? bodyOf(written, "Integer")?.ival === 1 : value === "true" || value === "on";
}
function decodeVacuum(body) {
    const tables = items(body, "rels").map((item) => relationName(node(bodyOf(item, "VacuumRelation"), "relation")));
    if (!flag(body, "is_vacuumcmd"))
        return [{ kind: "touch", tables }];
    return [{ kind: "vacuum", full: isOn(body, "options", "full"), tables }];
}
const isPrepared = (kind) => kind === "COMMIT_PREPARED" || kind === "ROLLBACK_PREPARED";
const TRANSACTION_ACTIONS = {
    BEGIN: "begin",
    START: "begin",
    COMMIT: "commit",
    PREPARE: "commit",
    ROLLBACK: "rollback",
    SAVEPOINT: "savepoint",
    RELEASE: "release",
    ROLLBACK_TO: "rollback-to",
};
function decodeTransaction(body) {
    const kind = (ast_text(body, "kind") ?? "").replace("TRANS_STMT_", "");
    if (isPrepared(kind))
        return [alone("TransactionStmt prepared")];
    const action = TRANSACTION_ACTIONS[kind];
    if (action === undefined)
        return [];
    const name = ast_text(body, "savepoint_name") ?? "";
    const next = flag(body, "chain") ? [{ kind: "transaction", action: "begin", name }] : [];
    return [{ kind: "transaction", action, name }, ...next];
}
const RESET_ALL = { kind: "set", name: "*", value: undefined, local: false };
function decodeSet(body) {
    if (ast_text(body, "kind") === "VAR_RESET_ALL")
        return [RESET_ALL];
    const [first] = items(body, "args");
    const constant = bodyOf(first, "A_Const");
    const value = ast_text(node(constant, "sval"), "sval") ?? numberText(node(constant, "ival")?.ival ?? (node(constant, "ival") && 0));
    const name = (ast_text(body, "name") ?? "").toLowerCase();
    return [
        {
            kind: "set",
            name,
            value: ast_text(body, "kind") === "VAR_SET_VALUE" ? value : undefined,
            local: flag(body, "is_local"),
        },
    ];
}
const numberText = (value) => (typeof value === "number" ? String(value) : undefined);

;// CONCATENATED MODULE: ./packages/migrations/src/engine/called.ts

/** Routines may call each other this deep, and do this many things, before the rest is left unread. */
const MAX_DEPTH = 5;
const MAX_OPERATIONS = 1000;
/** Operations with those of the routines and prepared statements that they call, each before what calls it. */
function withCalled(operations, schema) {
    const isPlain = operations.every(({ kind }) => kind !== "select" && kind !== "run-prepared");
    return isPlain ? operations : unfolded(operations, schema, 0).slice(0, MAX_OPERATIONS);
}
function unfolded(operations, schema, depth) {
    return operations.flatMap((operation) => {
        if (operation.kind === "run-prepared")
            return prepared(operation, schema, depth);
        if (operation.kind !== "select")
            return [operation];
        const known = operation.functions.flatMap((name) => schema.functions.get(name) ?? []);
        const done = depth < MAX_DEPTH ? known.flatMap(({ body }) => unfolded(body, schema, depth + 1)) : [];
        return [...done, operation, ...unknownCalls(operation, schema)];
    });
}
function prepared({ name }, schema, depth) {
    const operations = schema.prepared.get(name);
    if (operations === undefined)
        return [unseen(`what ${name} stands for was not seen`)];
    return depth < MAX_DEPTH ? unfolded(operations, schema, depth + 1) : [];
}
const unknownCalls = ({ calls }, schema) => calls
    .filter((name) => !schema.functions.has(name) && !isHarmlessCall(name))
    .map((name) => unseen(`what ${name}() does was not seen`));
const unseen = (reason) => ({ kind: "unseen", reason });

;// CONCATENATED MODULE: ./packages/migrations/src/engine/marks.ts



/** Notes an operation before the draft is carried over it. */
function noteMarks(operation, marks, draft, existed) {
    const { created, added } = marks;
    if (operation.kind === "create-table" && !(operation.ifNotExists && draft.tables.has(operation.table)))
        created.add(operation.table);
    if (operation.kind === "create-table-as")
        created.add(operation.relation);
    if (operation.kind === "create-object" && operation.object === "sequence")
        created.add(operation.name);
    if (operation.kind === "create-view" && !draft.tables.has(operation.view) && !operation.replace)
        created.add(operation.view);
    if (operation.kind === "rename" && created.has(operation.name) && operation.object === "table")
        created.add(operation.to);
    if (operation.kind === "rename")
        carryAdded(operation, added);
    noteKeys(operation, marks, draft);
    noteShapes(operation, marks, draft, existed);
    if (operation.kind !== "alter-table" || !existed(operation.table))
        return;
    const { action, table } = operation;
    if (action.kind === "add-column" && !draft.tables.get(table)?.columns.has(action.column.name))
        added.add(`${table}.${action.column.name}`);
}
/** An added column stays one under the name that it, or its table, is given afterwards. */
function carryAdded({ object, name, from, to }, added) {
    if (object === "column" && added.delete(`${name}.${from}`))
        added.add(`${name}.${to}`);
    if (object !== "table")
        return;
    for (const column of [...added])
        if (column.startsWith(`${name}.`)) {
            added.delete(column);
            added.add(`${to}${column.slice(name.length)}`);
        }
}
function noteKeys(operation, marks, draft) {
    if (operation.kind === "alter-table" && operation.action.kind === "drop-constraint")
        forget(marks, draft.tables.get(operation.table), operation.action.constraint);
    if (operation.kind === "drop" && operation.object === "index")
        for (const name of operation.names)
            forget(marks, tableOfIndex(draft, name), name);
    if (operation.kind !== "rename" || (operation.object !== "table" && operation.object !== "column"))
        return;
    const { object, name, from, to } = operation;
    const renamed = (column) => (object === "column" && column === from ? to : column);
    marks.formerKeys = marks.formerKeys.map((key) => key.table === name ? { table: object === "table" ? to : name, columns: key.columns.map(renamed) } : key);
}
function noteShapes(operation, { formerShapes }, draft, existed) {
    const isFreed = (operation.kind === "drop" && /view$/.test(operation.object)) ||
        (operation.kind === "rename" && /^(table|view)$/.test(operation.object));
    if (!isFreed)
        return;
    for (const name of operation.kind === "drop" ? operation.names : [operation.name]) {
        const shape = readable(draft.tables.get(name));
        // A view over a renamed table is nearly always all of it; one that was dropped may come back as anything.
        const isTelling = shape !== undefined || operation.kind === "drop";
        if (isTelling && existed(name) && !formerShapes.has(name))
            formerShapes.set(name, shape);
    }
}
function forget(marks, table, name) {
    const index = table?.indexes.find((known) => known.name === name || known.name === besides(table.name, name));
    if (table === undefined || index?.unique !== true || index.computed)
        return;
    marks.formerKeys = [...marks.formerKeys, { table: table.name, columns: index.columns }];
}

;// CONCATENATED MODULE: ./packages/migrations/src/engine/measured.ts


/** What a trace shows of relations that existed before the revision. */
function measured(trace, predicted, operation, { existed, schema }) {
    if (trace.error !== undefined)
        return predicted;
    const scans = trace.scans.filter(existed);
    const seen = trace.locks.filter((lock) => lock.preexisting && existed(lock.relation));
    return {
        // A build that lets writes pass locks outright only the old index as it drops it, which no query uses by then. That
        // is over so soon that it is seldom seen.
        locks: isConcurrent(operation) ? seen.filter(({ mode }) => lockRank(mode) <= PASSING) : seen,
        rewrites: trace.rewrites.filter(existed),
        scans: isQuery(operation) ? queryScans(scans, predicted, schema) : scans,
        indexBuilds: trace.indexBuilds.filter((build) => existed(build.relation)),
    };
}
const PASSING = lockRank("ShareUpdateExclusiveLock");
const isQuery = ({ kind }) => kind === "change-rows" || kind === "select";
/**
 * How a query reads an empty table says little of how it reads a large one: its planner passes over the index of a table
 * with wide rows, and a join with nothing on its left never looks at its right. What is known of the table outranks it.
 */
function queryScans(scans, predicted, schema) {
    const isNamed = (relation) => predicted.locks.some((lock) => lock.relation === relation);
    const isKnown = (relation) => schema.tables.get(relation)?.complete === true;
    const unforeseen = scans.filter((relation) => !isNamed(relation) || !isKnown(relation));
    return [...new Set([...unforeseen, ...predicted.scans.filter(isKnown)])];
}
/**
 * The part of one operation in what was measured of several at once, such as a script that was sent as one or a DO block:
 * what was foreseen of it. What none of `foreseen` explains is added where they are given, that is, to the last one.
 */
function apportioned(whole, own, foreseen = []) {
    const isRest = foreseen.length > 0;
    const takes = (nameOf, list) => (item) => {
        const names = (effects) => list(effects).some((candidate) => nameOf(candidate) === nameOf(item));
        return names(own) || (isRest && !foreseen.some(names));
    };
    const nameOf = (name) => name;
    const relationOf = ({ relation }) => relation;
    // A rewrite by one of them builds the indexes of another anew, and only the rewrite shows.
    const hidden = own.indexBuilds.filter(({ relation }) => whole.rewrites.includes(relation));
    return {
        locks: whole.locks.filter(takes(relationOf, ({ locks }) => locks)),
        rewrites: whole.rewrites.filter(takes(nameOf, ({ rewrites }) => rewrites)),
        scans: whole.scans.filter(takes(nameOf, ({ scans }) => scans)),
        indexBuilds: [...whole.indexBuilds.filter(takes(relationOf, ({ indexBuilds }) => indexBuilds)), ...hidden],
    };
}

;// CONCATENATED MODULE: ./packages/migrations/src/engine/transactions.ts


function followTransactions(startsOpen, settings) {
    let number = FIRST_TRANSACTION;
    let open = startsOpen;
    let openedBy;
    let isOfBlock = false;
    let locks = new Map();
    /** What was held when each savepoint was set: rolling back to it gives the rest back. */
    const savepoints = new Map();
    const initial = new Map(Object.entries(settings).map(([name, value]) => [name.toLowerCase(), value]));
    const session = new Map(initial);
    let local = new Map();
    let now;
    const nested = [];
    const ended = [];
    const stray = [];
    const close = () => {
        open = false;
        openedBy = undefined;
        locks = new Map();
        savepoints.clear();
        local = new Map();
        now = undefined;
    };
    const set = ({ name, value, local: isLocal }) => {
        now = undefined;
        if (isLocal && open) {
            if (value === undefined)
                local.delete(name);
            else
                local.set(name, value);
            return;
        }
        for (const known of name === "*" ? [...session.keys(), ...local.keys()] : [name]) {
            const next = value ?? initial.get(known);
            local.delete(known);
            if (next === undefined)
                session.delete(known);
            else
                session.set(known, next);
        }
    };
    return {
        current: () => (open ? number : undefined),
        held: () => [...locks.values()],
        settings: () => {
            now ??= new Map([...session, ...local]);
            return now;
        },
        after(step) {
            const { operation } = step;
            if (operation.kind === "set")
                set(operation);
            if (operation.kind !== "transaction") {
                if (open)
                    hold(locks, step.effects);
                return;
            }
            if (operation.action === "begin") {
                if (open)
                    nested.push(step);
                number += 1;
                openedBy = step;
                open = true;
            }
            else if (operation.action === "commit" || operation.action === "rollback") {
                if (!open)
                    stray.push(step);
                else if (openedBy === undefined)
                    ended.push(step);
                close();
            }
            else if (operation.action === "savepoint")
                savepoints.set(operation.name, new Map(locks));
            else if (operation.action === "rollback-to")
                locks = new Map(savepoints.get(operation.name) ?? locks);
        },
        enterBlock() {
            isOfBlock = !open;
            if (open)
                return;
            number += 1;
            open = true;
        },
        leaveBlock() {
            if (isOfBlock)
                close();
            isOfBlock = false;
        },
        events: () => ({ nested, stray, ended: open ? [] : ended, leftOpen: open && !startsOpen ? openedBy : undefined }),
    };
}
function hold(locks, effects) {
    for (const lock of effects.locks) {
        const known = locks.get(lock.relation);
        if (lock.preexisting && (known === undefined || lockRank(known.mode) < lockRank(lock.mode)))
            locks.set(lock.relation, lock);
    }
}

;// CONCATENATED MODULE: ./packages/migrations/src/engine/judge-revision.ts











/** What the rules suppose where nobody says and no server runs: the oldest that Azure still offers to most. */
const DEFAULT_VERSION = 15;
/** The rule of what was not judged because no parser reads it. */
const UNREADABLE = "unreadable-statement";
/** Judges the statements of one revision. Pure, and total: a statement that cannot be read is a finding. */
function judgeRevision(input) {
    const { rules, draft, steps, findings, run } = judgeStatements(input);
    const last = run();
    const ofRun = rules.flatMap((rule) => (rule.detectRun?.(last) ?? []).map((found) => findingOf(rule, found, found.step)));
    const ofProject = input.alembic === undefined ? [] : judgeAlembic(input.alembic, rules);
    return {
        findings: inOrder([...findings, ...ofRun, ...ofProject]),
        schema: draft,
        steps,
        isLongBlocking: steps.some((step) => blockingLock(step) !== undefined),
    };
}
/** Walks the statements in order and asks the rules at each step. */
function judgeStatements(input) {
    const options = input.options ?? {};
    const version = Math.trunc(options.version ?? DEFAULT_VERSION);
    const rules = RULES.filter((rule) => (rule.since ?? 0) <= version && version <= (rule.until ?? Number.POSITIVE_INFINITY));
    const decoded = input.statements.map((statement) => operationsOf(statement));
    const operations = decoded.flat();
    const draft = draftOf(input.schema ?? schema_EMPTY_SCHEMA);
    const startsOpen = options.inTransaction === true && !optsOut(input.statements[0]);
    const transactions = followTransactions(startsOpen, options.settings ?? {});
    const place = placing(draft, transactions, version, options);
    const steps = [];
    const enumAdditions = [];
    const findings = [];
    const run = () => ({ operations, steps, options, transactions: transactions.events(), enumAdditions });
    const { statements, traces } = input;
    const isPieceOf = (position, piece) => statements[position]?.piece === piece;
    for (const [position, statement] of statements.entries()) {
        const { piece } = statement;
        const trace = traces?.[piece];
        const told = statement.fault === undefined ? [] : unreadable(statement, statement.fault);
        const isSeen = trace !== undefined && trace.error === undefined;
        const isFirst = !isPieceOf(position - 1, piece);
        const seen = trace && { trace, isFirst, isLast: !isPieceOf(position + 1, piece) };
        const own = place(statement, decoded[position] ?? [], seen, (step) => {
            // What no text tells was measured where a server ran it.
            if (step.operation.kind === "unseen" && !isSeen)
                told.push(...unreadable(statement, unseenIn(step.operation, statement)));
            told.push(...detect(rules, step, run()));
            steps.push(step);
            if (step.operation.kind === "add-enum-value")
                enumAdditions.push(step);
        });
        for (const finding of [...told, ...unexplained(own, told)])
            findings.push(finding);
    }
    return { rules, draft, steps, findings, run };
}
/** A script may say at its top that no transaction is opened for it: in our words, or in those of squawk. */
const optsOut = (first) => /migration-gate:\s*no-transaction|squawk-disable-assume-in-transaction/i.test(first?.leading ?? "");
/** The findings alone. */
const judge = (statements, schema = EMPTY_SCHEMA, options = {}) => judgeRevision({ statements, schema, options }).findings;
/** The schema after a script that sets a scene: everything in it counts as existing. */
function foldStatements(statements, schema = schema_EMPTY_SCHEMA) {
    const draft = draftOf(schema);
    for (const statement of statements)
        for (const operation of withCalled(operationsOf(statement), draft))
            fold(draft, operation);
    return draft;
}
/** Findings from the Python side alone. */
const judgeAlembic = (facts, rules = RULES) => rules.flatMap((rule) => (rule.detectAlembic?.(facts) ?? []).map((found) => projectFinding(rule, found, facts.revision?.file)));
const operationsOf = (statement) => statement.fault === undefined ? decodeStatement(statement.ast, statement.routine) : [];
/** Nobody waits for the catalogs: a query of them is no work on a table. */
const SYSTEM_RELATION = /^(pg_|information_schema\.)/;
/** Puts operations in their place one after the other, carrying schema, locks and settings along. */
function placing(draft, transactions, version, options) {
    const marks = { created: new Set(), added: new Set(), formerKeys: [], formerShapes: new Map() };
    const versionTable = options.versionTable ?? "alembic_version";
    const isOurs = (relation) => relation === versionTable || relation.endsWith(`.${versionTable}`);
    const existed = (relation) => relation !== "" && !isOurs(relation) && !SYSTEM_RELATION.test(relation) && !marks.created.has(relation);
    let foreseen = [];
    const putInPlace = (statement, operation, seen) => {
        const settings = transactions.settings();
        const situation = {
            schema: draft,
            existed,
            version,
            isUtc: isUtc(settings.get("timezone")),
            addedColumns: marks.added,
            formerKeys: marks.formerKeys,
            formerShapes: marks.formerShapes,
        };
        const predicted = predict(operation, situation);
        const traced = options.tracedVersion ?? version;
        const isTold = seen !== undefined && isTrueOf(traced, operation, situation, predicted);
        const whole = isTold ? measured(seen.trace, predicted, operation, situation) : predicted;
        const isAlone = !isTold || (seen.isFirst && seen.isLast);
        foreseen = seen?.isFirst === true ? [predicted] : [...foreseen, predicted];
        const rest = seen?.isLast === true ? foreseen : undefined;
        return {
            statement,
            operation,
            effects: isAlone ? whole : apportioned(whole, predicted, rest),
            predicted,
            source: isTold ? "trace" : "parser",
            held: transactions.held(),
            transaction: transactions.current(),
            situation,
            setting: (name) => settings.get(name),
        };
    };
    return (statement, written, seen, visit) => {
        const operations = withCalled(written, draft);
        const isBlock = written.at(-1)?.kind === "do" || operations.length > written.length;
        const before = transactions.held();
        if (isBlock)
            transactions.enterBlock();
        const steps = operations.map((operation, position) => {
            const isLast = position + 1 === operations.length;
            const part = isBlock && seen ? { ...seen, isFirst: seen.isFirst && position === 0, isLast: seen.isLast && isLast } : seen;
            const placed = putInPlace(statement, operation, part);
            const step = isBlock ? placed : { ...placed, held: before };
            visit(step);
            transactions.after(step);
            noteMarks(operation, marks, draft, existed);
            fold(draft, operation);
            return step;
        });
        if (isBlock)
            transactions.leaveBlock();
        return steps;
    };
}
const isUtc = (zone) => zone === undefined || /^(utc|etc\/utc|gmt|zulu|z|0|\+?00(:?00)?)$/i.test(zone.trim());
/** What one version did is true of another unless they are known to differ in this. */
const isTrueOf = (traced, operation, situation, predicted) => traced === situation.version ||
    JSON.stringify(predict(operation, { ...situation, version: traced })) === JSON.stringify(predicted);
function detect(rules, step, run) {
    const works = isAtWork(step);
    const findings = [];
    for (const rule of rules) {
        if (rule.detect === undefined || (rule.physical === true && !works))
            continue;
        for (const found of rule.detect(step, run))
            findings.push(findingOf(rule, found, step));
    }
    return findings;
}
/** A rule about work speaks only where work happens: on a server, if one was asked, and in this part of the statement. */
function isAtWork(step) {
    if (isUnseen(step))
        return true;
    const isPart = step.operation.kind === "alter-table" && step.operation.isPart;
    return workOf(step.effects).length > 0 && (!isPart || workOf(step.predicted).length > 0);
}
/** Work that neither the prediction nor a trace can show for want of a relation: a whole schema, a whole database. */
const isUnseen = ({ operation }) => (operation.kind === "reindex" && (operation.object === "schema" || operation.object === "database")) ||
    (operation.kind === "cluster" && operation.table === undefined) ||
    (operation.kind === "vacuum" && operation.tables.length === 0) ||
    operation.kind === "alter-domain";
/** A finding whose rule is about the work that the statement does. */
const isExplained = (findings) => findings.some(({ rule }) => ruleById(rule)?.physical === true || rule === "required-column");
/** EXCLUSIVE on a materialized view stops nobody but the next refresh: no one writes to it. */
const isRefreshedAlone = ({ operation, held }) => operation.kind === "refresh-view" && operation.concurrently && held.length === 0;
/** Blocking work that no rule explains is told all the same. */
function unexplained(steps, findings) {
    const step = steps.find((candidate) => blockingLock(candidate) !== undefined && !isRefreshedAlone(candidate));
    const rule = ruleById("blocking-work");
    if (step === undefined || rule === undefined || isExplained(findings))
        return [];
    const [relation = ""] = workOf(step.effects);
    return [findingOf(rule, { subject: { relation }, lock: blockingLock(step) }, step)];
}
function unreadable(statement, { message, line }) {
    const rule = ruleById(UNREADABLE);
    if (rule === undefined)
        return [];
    return [
        {
            ...projectFinding(rule, { subject: { relation: "" }, note: message, line }, undefined),
            source: "parser",
            index: statement.index,
            statement: statement.sql.slice(0, 300),
        },
    ];
}
const unseenIn = ({ reason }, { line }) => ({ message: reason, line });
const inOrder = (findings) => findings
    .map((finding, position) => ({ finding, position }))
    .sort((a, b) => a.finding.index - b.finding.index || a.position - b.position)
    .map(({ finding }) => finding);

;// CONCATENATED MODULE: ./packages/migrations/src/policy/phase-plan.ts
/** The phase of a revision: contract as soon as one thing in it breaks old code, backfill when it only moves rows. */
function phaseOfFindings(findings, steps = []) {
    if (findings.some(({ severities }) => severities.oldCode === "block"))
        return "contract";
    const changes = steps.filter(({ operation }) => !/^(transaction|set|select|other)$/.test(operation.kind));
    const rows = changes.filter(({ operation, situation }) => operation.kind === "change-rows" && situation.existed(operation.table));
    const others = changes.filter(({ operation }) => operation.kind !== "change-rows");
    return rows.length > 0 && others.length === 0 ? "backfill" : "expand";
}
/**
 * When each revision of a chain may run. Revisions run in order, so the first that must wait holds up all after it:
 * a chain is releasable before the swap only up to its last expand revision.
 */
function planPhases(chain) {
    const firstWaiting = chain.findIndex(({ phase }) => phase !== "expand");
    const firstContract = chain.findIndex(({ phase }) => phase === "contract");
    const wait = firstWaiting < 0 ? chain.length : firstWaiting;
    const contract = firstContract < 0 ? chain.length : firstContract;
    return { now: chain.slice(0, wait), afterSwap: chain.slice(wait, contract), nextRelease: chain.slice(contract) };
}
/** Whether something blocks a revision whenever it runs: what only breaks old code is mended by waiting. */
const needsMending = (findings) => findings.some(({ severity, severities: { lock, oldCode } }) => severity === "block" && (lock === "block" || oldCode !== "block"));

;// CONCATENATED MODULE: ./packages/migrations/src/policy/policy.ts


const PHASES = ["expand", "backfill", "contract", "any"];
const SEVERITIES = ["block", "warn", "info", "none"];
const KEYS = ["severities", "irreversible", "sizes", "baseline", "postgres-version", "branches"];
const DEFAULT_POLICY = {
    severities: { expand: new Map(), backfill: new Map(), contract: new Map(), any: new Map() },
    irreversible: "warn",
    sizes: new Map(),
    baseline: new Set(),
    postgresVersion: undefined,
    branches: [],
};
/** Reads the decoded file. All faults are told at once; what is sound counts even so. */
function readPolicy(value) {
    if (value === null || value === undefined)
        return { policy: DEFAULT_POLICY, faults: [] };
    const faults = [];
    const file = recordAt(value, "", faults);
    for (const key of Object.keys(file)) {
        if (!KEYS.includes(key))
            faults.push({ path: key, what: `There is no setting "${key}".`, fix: `Settings are ${KEYS.join(", ")}.` });
    }
    const policy = {
        severities: readSeverities(file.severities, faults),
        irreversible: readChoice(file.irreversible, "irreversible", ["allow", "warn", "block"], "warn", faults),
        sizes: readSizes(file.sizes, faults),
        baseline: readBaseline(file.baseline, faults),
        postgresVersion: readVersion(file["postgres-version"], faults),
        branches: readBranches(file.branches, faults),
    };
    return { policy, faults };
}
function recordAt(value, path, faults) {
    if (value === undefined || value === null)
        return {};
    if (typeof value === "object" && !Array.isArray(value))
        return { ...value };
    faults.push({ path, what: "A mapping is expected here.", fix: "Write one setting a line, as `name: value`." });
    return {};
}
function readSeverities(value, faults) {
    const phases = recordAt(value, "severities", faults);
    for (const phase of Object.keys(phases)) {
        if (!PHASES.some((known) => known === phase))
            faults.push({
                path: `severities.${phase}`,
                what: `There is no phase "${phase}".`,
                fix: `Phases are ${PHASES.join(", ")}.`,
            });
    }
    const read = (phase) => {
        const path = `severities.${phase}`;
        return new Map(Object.entries(recordAt(phases[phase], path, faults)).map(([rule, severity]) => [
            rule,
            readSeverity(rule, severity, `${path}.${rule}`, faults),
        ]));
    };
    return { expand: read("expand"), backfill: read("backfill"), contract: read("contract"), any: read("any") };
}
function readSeverity(rule, value, path, faults) {
    if (rule !== "*" && ruleById(rule) === undefined) {
        faults.push({
            path,
            what: `There is no rule "${rule}".`,
            fix: 'See docs/rules/README.md for the rules, or use "*" for all.',
        });
    }
    // YAML 1.1 readers make a boolean of `off`.
    const written = value === false || value === "off" ? "none" : value;
    return readChoice(written, path, SEVERITIES, "block", faults);
}
function readChoice(value, path, choices, fallback, faults) {
    if (value === undefined || value === null)
        return fallback;
    const choice = choices.find((candidate) => candidate === value);
    if (choice === undefined)
        faults.push({ path, what: `${JSON.stringify(value)} is not a choice here.`, fix: `Choose ${choices.join(", ")}.` });
    return choice ?? fallback;
}
function readSizes(value, faults) {
    const sizes = new Map();
    for (const [table, size] of Object.entries(recordAt(value, "sizes", faults))) {
        const rows = typeof size === "string" ? Number(size.replace(/_/g, "")) : size;
        if (typeof rows === "number" && Number.isFinite(rows) && rows >= 0)
            sizes.set(table, { rows });
        else
            faults.push({
                path: `sizes.${table}`,
                what: "The number of rows is expected here.",
                fix: `Write: ${table}: 1200000`,
            });
    }
    return sizes;
}
function readBaseline(value, faults) {
    if (value === undefined || value === null)
        return new Set();
    if (Array.isArray(value) && value.every((entry) => typeof entry === "string" || typeof entry === "number"))
        return new Set(value.map(String));
    faults.push({
        path: "baseline",
        what: "A list of revisions is expected here.",
        fix: "Write `- revision` or `- revision:rule:relation`, one a line.",
    });
    return new Set();
}
function readBranches(value, faults) {
    if (value === undefined || value === null)
        return [];
    const isLabel = (one) => typeof one === "string" && one !== "";
    if (Array.isArray(value) && value.every(isLabel))
        return value;
    faults.push({
        path: "branches",
        what: "A list of branch labels is expected here.",
        fix: "Write the names that branch_labels has in the revision files, as `branches: [core, billing]`.",
    });
    return [];
}
function readVersion(value, faults) {
    if (value === undefined || value === null)
        return undefined;
    const version = Number(value);
    if (Number.isFinite(version) && version >= 9 && version < 100)
        return version;
    faults.push({
        path: "postgres-version",
        what: "A major version of PostgreSQL is expected here.",
        fix: "Write: postgres-version: 16",
    });
    return undefined;
}
/** What a finding is called in a baseline. */
const fingerprint = (revision, { rule, relation }) => `${revision}:${rule}:${relation ?? ""}`;
/** Below this a table is read or rewritten within the time a lock would be waited for anyway. */
const SMALL_TABLE_ROWS = 10_000;
/** The findings with the severities that the policy gives them; those turned off or in the baseline are left out. */
function applyPolicy(findings, policy, context) {
    if (policy.baseline.has(context.revision))
        return [];
    return findings
        .filter((finding) => !policy.baseline.has(fingerprint(context.revision, finding)))
        .map((finding) => judged(weighed(finding, policy.sizes), policy, context))
        .filter(({ severity }) => severity !== "none");
}
function judged(finding, policy, { phase, isContractRelease }) {
    const { severities } = policy;
    const set = severities[phase].get(finding.rule) ??
        severities.any.get(finding.rule) ??
        severities[phase].get("*") ??
        severities.any.get("*");
    if (set !== undefined)
        return { ...finding, severity: set };
    if (isContractRelease !== true || finding.severities.oldCode !== "block")
        return finding;
    const relaxed = { ...finding.severities, oldCode: "info" };
    return { ...finding, severities: relaxed, severity: worse(relaxed.lock, relaxed.oldCode) };
}
/** How large the table is, where it is known: work on a small one is over at once. */
function weighed(finding, sizes) {
    const size = finding.relation === null ? undefined : sizes.get(finding.relation);
    const works = finding.rewrite || finding.scan || finding.indexBuild;
    if (size === undefined)
        return finding;
    const sized = { ...finding, rows: size.rows };
    if (!works)
        return sized;
    const note = [finding.note, `about ${estimate(finding, size)}`].filter(Boolean).join("; ");
    if (size.rows >= SMALL_TABLE_ROWS || finding.severities.lock !== "block")
        return { ...sized, note };
    const severities = { ...finding.severities, lock: "info" };
    return { ...sized, note, severities, severity: worse(severities.lock, severities.oldCode) };
}
/** Rows a second on a small cloud server, in order of magnitude: reading, building an index, writing anew. */
const SPEEDS = { scan: 2_000_000, indexBuild: 500_000, rewrite: 200_000 };
function estimate({ rewrite, indexBuild }, { rows }) {
    const seconds = rows / (rewrite ? SPEEDS.rewrite : indexBuild ? SPEEDS.indexBuild : SPEEDS.scan);
    if (seconds < 1)
        return "less than a second";
    return seconds < 120 ? `${Math.round(seconds)} s` : `${Math.round(seconds / 60)} min`;
}

;// CONCATENATED MODULE: ./packages/migrations/src/policy/suppression.ts
const MARK = /(?:#|--|\/\*)?\s*migration-gate:\s*(.*?)\s*(?:\*\/)?\s*$/i;
const FORM = /^ignore\s+([a-z0-9-]+(?:\s*,\s*[a-z0-9-]+)*)(?:\s+reason\s*=\s*(.*))?$/i;
/**
 * Reads the suppressions among a file's comments. One beside an operation, on one of its lines or on the lines of
 * comment right above it, speaks for that operation; one above the first operation for the whole revision.
 */
function readSuppressions(comments, operations) {
    const suppressions = [];
    const faults = [];
    const commented = new Set(comments.map(({ line }) => line));
    for (const { line, text } of comments) {
        const written = MARK.exec(text)?.[1];
        if (written === undefined)
            continue;
        const form = FORM.exec(written);
        const reason = form?.[2]?.trim() ?? "";
        if (form === null)
            faults.push(suppression_unreadable(line));
        else if (reason === "")
            faults.push(withoutReason(line, form[1] ?? ""));
        else
            suppressions.push({
                rules: (form[1] ?? "").split(/\s*,\s*/),
                reason,
                line,
                lines: spanOf(line, operations, commented),
            });
    }
    return { suppressions, faults };
}
const suppression_unreadable = (line) => ({
    line,
    what: "The migration-gate comment cannot be read, so it suppresses nothing.",
    fix: "Write: # migration-gate: ignore RULE reason=why this is safe here",
});
const withoutReason = (line, rules) => ({
    line,
    what: `The suppression of ${rules} gives no reason, so it does not count.`,
    fix: `Write: # migration-gate: ignore ${rules} reason=why this is safe here`,
});
function spanOf(line, operations, commented) {
    let below = line;
    while (commented.has(below))
        below += 1;
    const beside = operations.find((operation) => operation.line <= line && line <= operation.endLine);
    const operation = beside ?? operations.find((candidate) => candidate.line === below);
    if (operation !== undefined)
        return [operation.line, operation.endLine];
    return operations.every((candidate) => candidate.line > line) ? undefined : [line, line];
}
/** Parts findings into those that stand and those that someone gave a reason for. */
function applySuppressions(findings, suppressions) {
    const standing = [];
    const suppressed = [];
    for (const finding of findings) {
        const suppression = suppressions.find((candidate) => speaksFor(candidate, finding));
        if (suppression === undefined)
            standing.push(finding);
        else
            suppressed.push({ finding, suppression });
    }
    const used = new Set(suppressed.map(({ suppression }) => suppression));
    return { standing, suppressed, unused: suppressions.filter((suppression) => !used.has(suppression)) };
}
function speaksFor({ rules, lines }, finding) {
    if (!rules.includes(finding.rule))
        return false;
    return lines === undefined || (lines[0] <= finding.line && finding.line <= lines[1]);
}
/** The line to paste, for the findings of one operation. */
const suppressionLine = (rules, comment = "#") => `${comment} migration-gate: ignore ${[...new Set(rules)].join(",")} reason=…`;

;// CONCATENATED MODULE: ./packages/migrations/src/report/markdown.ts
/** A fenced block whose fence is longer than any run of backticks inside, so that hostile text cannot leave it. */
function markdown_codeBlock(language, text) {
    const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
    const fence = "`".repeat(longest + 1);
    return `${fence}${language}\n${text.replace(/\n+$/, "")}\n${fence}`;
}
/**
 * Text of unknown origin for a table cell or a paragraph: one line, nothing of it Markdown or HTML. GitHub looks for
 * mentions and references once entities are read, so that nothing less than a space of no width keeps them from it.
 */
const markdown_plain = (text) => escaped(text).replace(/&#(?:64|35);/g, "$&&#8203;");
const escaped = (text) => stripControls(text)
    .replace(/\s+/g, " ")
    .replace(/[\\`*_{}[\]<>|#~@$&!]/g, (character) => `&#${character.charCodeAt(0)};`)
    .trim();
/** A short inline code span for a table cell. */
function code(text) {
    const line = escaped(text);
    return line === "" ? "" : `<code>${line}</code>`;
}
/**
 * Names and values as a table; values are Markdown already, and empty ones are left out. The first one is the head: an
 * empty head would be drawn as an empty row.
 */
function markdown_factsTable(facts) {
    const [first, ...rest] = facts.filter(([, value]) => value !== "").map(([name, value]) => `| ${name} | ${value} |`);
    return first === undefined ? "" : [first, "| --- | --- |", ...rest].join("\n");
}
/** Keeps line breaks and tabs; drops every other control character and the marks that turn text around. */
const stripControls = (text) => 
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to drop
text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g, "");
const markdown_sentence = (text) => (/[.!?]$/.test(text) ? text : `${text}.`);
const UNITS = [
    [1e9, "&nbsp;G"],
    [1e6, "&nbsp;M"],
    [1e3, "&nbsp;k"],
];
/** `950`, `12 k`, `1.2 M`, in one piece. */
function shortCount(number) {
    const [size, unit] = UNITS.find(([least]) => number >= least) ?? [1, ""];
    const scaled = number / size;
    return `${size > 1 && scaled < 10 ? Math.floor(scaled * 10) / 10 : Math.floor(scaled)}${unit}`;
}
/** `1 table`, `2 tables`. */
const count = (number, noun, plural = `${noun}s`) => `${number} ${number === 1 ? noun : plural}`;

;// CONCATENATED MODULE: ./packages/migrations/src/report/comment.ts



/** GitHub refuses comments and check summaries that are longer. */
const MAX_COMMENT = 65_536;
/** First line of the comment, by which the next run finds it again. */
const commentMarker = (key) => `<!-- migration-gate ${slug(key, /[^\w./-]/g)} -->`;
const slug = (text, other = /[^\w-]/g) => text.replace(other, "-");
const HEADINGS = {
    pass: "✅ Safe to release",
    fail: "❌ Not safe to release",
    unknown: "⚠️ Could not be judged",
};
const SEVERITY_ICONS = { block: "⛔", warn: "⚠️", info: "ℹ️", none: "" };
/**
 * The pull-request comment and job summary: verdict first, then the plan, a table for each revision, and below it how
 * to mend or accept each finding. Details that do not fit are left out, last ones first, and the report says so.
 */
function renderComment(report, options = {}) {
    const limit = options.limit ?? MAX_COMMENT;
    const key = options.key ?? "default";
    const head = [
        commentMarker(key),
        `## ${HEADINGS[report.conclusion]}`,
        markdown_plain(report.verdict),
        counted(report),
        ...(report.unseen.length > 0
            ? [`**Not looked at:**\n${report.unseen.map((line) => `- ${markdown_plain(line)}`).join("\n")}`]
            : []),
        ...comment_planned(report),
        ...(report.project.length > 0 ? ["### The project", findingTable(report.project, report)] : []),
    ];
    const fixes = report.revisions.map((revision, index) => fixesOf(revision, `${slug(key)}-${index + 1}`));
    const essential = report.revisions.map((revision, index) => revisionTable(revision, report, fixes[index]));
    const details = report.revisions.map((revision, index) => revisionDetails(revision, fixes[index] ?? new Map()));
    return fit(head, essential, details, limit);
}
/** Joins what fits. Tables outrank details; what is cut is counted. */
function fit(head, tables, details, limit) {
    const reserve = 300;
    const kept = [];
    let length = head.join("\n\n").length + reserve;
    const take = (section) => {
        if (length + section.length + 2 > limit)
            return false;
        length += section.length + 2;
        kept.push(section);
        return true;
    };
    const shownTables = tables.filter(take).length;
    const isFitting = details.map((section) => (section === "" ? false : take(section)));
    const cutDetails = details.filter((section, index) => section !== "" && isFitting[index] === false).length;
    const cutTables = tables.length - shownTables;
    const notice = cutTables + cutDetails === 0
        ? []
        : [
            `> **Cut to fit into a comment:** ${count(cutTables, "revision")} and the details of ${count(cutDetails, "revision")}. The full report is an artifact of the run.`,
        ];
    const text = `${[...head, ...interleave(kept, tables, details), ...notice].join("\n\n")}\n`;
    return text.length <= limit ? text : `${text.slice(0, limit - 60)}\n\n> **Cut to fit into a comment.**\n`;
}
/** Puts the details of a revision right after its table. */
function interleave(kept, tables, details) {
    const isKept = new Set(kept);
    return tables.flatMap((table, index) => [table, details[index] ?? ""].filter((section) => section !== "" && isKept.has(section)));
}
const fixKey = ({ rule, recipe }) => `${rule} ${recipe}`;
function fixesOf({ findings }, place) {
    const fixes = new Map();
    for (const finding of worstFirst(findings)) {
        const key = fixKey(finding);
        if (finding.severity === "info" || fixes.has(key))
            continue;
        const number = fixes.size + 1;
        fixes.set(key, { number, anchor: `fix-${place}-${number}`, finding });
    }
    return fixes;
}
/** GitHub puts `user-content-` before the names in what users write, and not before what leads to them. */
const fixLink = (fix) => fix === undefined ? "" : `[fix&nbsp;${fix.number}](#user-content-${fix.anchor})`;
function counted({ mode, revisions }) {
    const findings = revisions.flatMap((revision) => revision.findings);
    const of = (severity) => findings.filter((finding) => finding.severity === severity).length;
    const suppressed = revisions.reduce((sum, revision) => sum + revision.suppressed.length, 0);
    const accepted = suppressed === 0 ? "" : `, ${suppressed} accepted with a reason`;
    return `${of("block")} blocking, ${count(of("warn"), "warning")}, ${count(of("info"), "note")}${accepted}${mode === "static" ? "; read, not run" : ""}.`;
}
function comment_planned({ revisions, script }) {
    if (revisions.length === 0 || script === true)
        return [];
    const { now, afterSwap, nextRelease } = planPhases(revisions);
    const told = ({ revision, phase, findings }) => `${code(revision)} (${phase}${needsMending(findings) ? ", once mended" : ""})`;
    const row = (when, some) => some.length === 0 ? [] : [`| ${when} | ${some.map(told).join(", ")} |`];
    const rows = [
        ...row("now, before the swap", now),
        ...row("after the swap", afterSwap),
        ...row("as a release of its own, once no rollback needs the old schema", nextRelease),
    ];
    return [["| may run | revisions |", "| --- | --- |", ...rows].join("\n")];
}
function revisionTable(revision, report, fixes) {
    const title = `### ${[code(revision.revision), markdown_plain(revision.message)].filter(Boolean).join(" ")} · ${revision.phase}`;
    if (revision.findings.length === 0)
        return `${title}\n\nNothing found.`;
    const file = report.script === true ? [] : [`In ${code(revision.file)}:`];
    return [title, ...file, findingTable(revision.findings, report, { revision, fixes })].join("\n\n");
}
/** Of a revision: its own file is named once, above, and its fixes below. */
function findingTable(findings, { rulesUrl }, of) {
    const rows = worstFirst(findings).map((finding) => [
        `${SEVERITY_ICONS[finding.severity]}${finding.file === of?.revision.file ? `&nbsp;${finding.line}` : ` ${where(finding)}`}`,
        `[${markdown_plain(finding.title)}](${rulesUrl}${finding.rule}.md)${finding.note === undefined ? "" : `: ${markdown_plain(finding.note)}`}`,
        finding.relation === null ? "" : code(finding.relation),
        finding.rows === undefined ? "" : shortCount(finding.rows),
        finding.lock === null ? "" : inWords(finding.lock),
        finding.blocks === "nothing" ? "" : finding.blocks,
        comment_workOf(finding),
        finding.severities.oldCode === "block" ? "breaks" : finding.severities.oldCode === "warn" ? "may break" : "",
        fixLink(of?.fixes?.get(fixKey(finding))),
    ]);
    // A column that no row fills only makes the others narrow.
    const filled = COLUMNS.map((_, index) => rows.some((row) => row[index] !== ""));
    const line = (cells) => `| ${cells.filter((_, index) => filled[index]).join(" | ")} |`;
    return [COLUMNS, COLUMNS.map((name) => (name === "rows" ? "--:" : "---")), ...rows].map(line).join("\n");
}
const COLUMNS = ["line", "what", "table", "rows", "lock", "blocks", "work", "old code", "fix"];
/** In words that a narrow column can break: `Share Row Exclusive`. */
const inWords = (lock) => lock.replace(/Lock$/, "").replace(/(?<=[a-z])(?=[A-Z])/g, " ");
const where = ({ file, line }) => file === undefined ? `${line}` : code(`${file.split("/").at(-1) ?? file}:${line}`);
function comment_workOf({ rewrite, indexBuild, scan, source }) {
    const work = [
        ...(rewrite ? ["rewrites"] : []),
        ...(indexBuild ? ["builds index"] : []),
        ...(scan && !rewrite ? ["reads all"] : []),
    ];
    return work.length === 0 ? "" : `${work.join(", ")} (${source === "trace" ? "measured" : "predicted"})`;
}
/** Recipes, the line to paste, what was accepted, and the SQL. */
function revisionDetails(revision, fixes) {
    const sql = stripControls(revision.sql);
    const blocks = [
        ...revision.suppressed.map(({ finding, suppression }) => `- accepted: ${code(finding.rule)} — ${markdown_plain(suppression.reason)}`),
        ...revision.faults.map(({ line, what, fix }) => `- line ${line}: ${markdown_plain(what)} ${markdown_plain(fix)}`),
        ...(fixes.size === 0
            ? []
            : [collapsed(`${count(fixes.size, "fix", "fixes")}, ready to paste`, [...fixes.values()].map(recipeBlock))]),
        ...(sql.trim() === "" ? [] : [collapsed("SQL", [markdown_codeBlock("sql", sql)])]),
    ];
    return blocks.join("\n\n");
}
const collapsed = (summary, parts) => `<details><summary>${summary}</summary>\n\n${parts.join("\n\n")}\n\n</details>`;
/** What to paste, in one block: in place of the operation, or above it to accept it. */
const recipeBlock = ({ number, anchor, finding }) => [
    `<a name="${anchor}"></a>${number}. ${SEVERITY_ICONS[finding.severity]} **${markdown_plain(finding.title)}**${finding.relation === null ? "" : ` on ${code(finding.relation)}`} (${where(finding)})`,
    markdown_codeBlock("python", stripControls(finding.recipe)),
    "or, to accept it, right above the operation:",
    markdown_codeBlock("python", suppressionLine([finding.rule])),
].join("\n\n");
const ORDER = ["block", "warn", "info", "none"];
const worstFirst = (findings) => [...findings].sort((a, b) => ORDER.indexOf(a.severity) - ORDER.indexOf(b.severity) || a.line - b.line);

;// CONCATENATED MODULE: ./packages/migrations/src/report/json.ts

const findingsJson = (findings, longBlocking, trace) => ({
    schema: 1,
    findings,
    longBlocking,
    ...(trace === undefined ? {} : { trace }),
});
/** The whole report as JSON, for an artifact or another tool. */
function reportJson(report) {
    const plan = planPhases(report.revisions);
    const ids = (some) => some.map(({ revision }) => revision);
    return {
        schema: 1,
        conclusion: report.conclusion,
        verdict: report.verdict,
        mode: report.mode,
        postgresVersion: report.postgresVersion,
        unseen: report.unseen,
        plan: { now: ids(plan.now), afterSwap: ids(plan.afterSwap), nextRelease: ids(plan.nextRelease) },
        project: report.project,
        revisions: report.revisions,
    };
}

;// CONCATENATED MODULE: ./packages/migrations/src/report/rule-page.ts


const SCOPES = {
    lock: "locks and downtime",
    compat: "code of the old release",
    txn: "transactions",
    alembic: "the Alembic project",
};
/** The page of a rule, under `docs/rules/`. */
function rulePage(rule) {
    return `${[
        `# ${rule.id}`,
        `**${rule.title}.** ${sentence(rule.why)}`,
        facts(rule),
        "## What to do",
        codeBlock("python", rule.recipe({ relation: "account", name: "account_email", column: "email", columns: ["email"] })),
        "## Speaks on",
        ...rule.examples.fires.map(exampleBlock),
        "## Is silent on",
        ...rule.examples.passes.map(exampleBlock),
        "## To accept it",
        "Put this on the operation in the revision file, with the reason; for the whole revision, at the top of the file.",
        codeBlock("python", `# migration-gate: ignore ${rule.id} reason=…`),
    ].join("\n\n")}\n`;
}
function facts(rule) {
    return factsTable([
        ["About", SCOPES[rule.scope]],
        ["Hazard", `\`${rule.hazard}\``],
        ["Strongest lock", rule.lock === undefined ? "none of its own" : `${rule.lock}, blocks ${blocksOf(rule.lock)}`],
        ["Severity for locks", rule.severity.lock],
        ["Severity for old code", rule.severity.oldCode],
        ["PostgreSQL", versions(rule)],
    ]);
}
function versions({ since, until }) {
    if (since === undefined && until === undefined)
        return "all versions";
    if (since === until)
        return `${since} only`;
    return since === undefined ? `until ${until}` : until === undefined ? `since ${since}` : `${since} to ${until}`;
}
function exampleBlock(example) {
    if (example.alembic !== undefined)
        return codeBlock("json", JSON.stringify(example.alembic, undefined, 2));
    const setting = [
        ...(example.transaction === true ? ["-- in one transaction"] : []),
        ...(example.version === undefined ? [] : [`-- PostgreSQL ${example.version}`]),
        ...(example.timeZone === undefined ? [] : [`-- TimeZone ${example.timeZone}`]),
    ];
    const before = example.preamble === undefined ? [] : ["-- already there", ...perLine(example.preamble), "", "-- the revision"];
    return codeBlock("sql", [...setting, ...before, ...perLine(example.sql ?? "")].join("\n"));
}
/** Not within a quoted body, which is a line of its own statement. */
const perLine = (sql) => sql.split(/(?<=;)\s+(?=(?:[^']*'[^']*')*[^']*$)/);
/** The list of all rules. */
function ruleIndexPage(rules) {
    const sections = Object.keys(SCOPES).flatMap((scope) => [
        `## About ${SCOPES[scope]}`,
        [
            "| rule | says | locks | old code |",
            "| --- | --- | --- | --- |",
            ...rules
                .filter((rule) => rule.scope === scope)
                .map((rule) => `| [${rule.id}](${rule.id}.md) | ${rule.title} | ${rule.severity.lock} | ${rule.severity.oldCode} |`),
        ].join("\n"),
    ]);
    return `${[
        "# Rules of the migration gate",
        "Each rule has two severities: one for the locks and the work of the migration itself, one for the code of the old release that is still running. `block` fails the check, `warn` and `info` do not; `.augeo/migrations.yml` changes them per phase.",
        ...sections,
    ].join("\n\n")}\n`;
}

;// CONCATENATED MODULE: ./packages/migrations/src/report/sarif.ts




const LEVELS = {
    block: "error",
    warn: "warning",
    info: "note",
    none: "none",
};
/** SARIF 2.1.0 for code scanning. Lines are those of the revision files. */
function renderSarif(report, version) {
    const results = [
        ...report.revisions.flatMap((revision) => [
            ...revision.findings.map((finding) => resultOf(finding, revision)),
            ...revision.suppressed.map(({ finding, suppression }) => ({
                ...resultOf(finding, revision),
                suppressions: [{ kind: "inSource", justification: stripControls(suppression.reason) }],
            })),
        ]),
        ...report.project.map((finding) => resultOf(finding, undefined)),
    ];
    return {
        $schema: "https://json.schemastore.org/sarif-2.1.0.json",
        version: "2.1.0",
        runs: [
            {
                tool: {
                    driver: {
                        name: "migration-gate",
                        semanticVersion: version,
                        informationUri: report.rulesUrl,
                        rules: ruleList(report.rulesUrl),
                    },
                },
                results,
            },
        ],
    };
}
const ruleList = (rulesUrl) => RULES.map((rule) => ({
    id: rule.id,
    shortDescription: { text: rule.title },
    fullDescription: { text: markdown_sentence(rule.why) },
    // Code scanning shows it beside the alert, and refuses rules without it.
    help: { text: markdown_sentence(rule.why), markdown: `${rule.why} [More](${rulesUrl}${rule.id}.md)` },
    helpUri: `${rulesUrl}${rule.id}.md`,
    properties: { tags: ["migrations", rule.scope] },
}));
function resultOf(finding, revision) {
    const uri = finding.file ?? revision?.file ?? "alembic.ini";
    const note = finding.note === undefined ? "" : ` ${markdown_sentence(stripControls(finding.note))}`;
    const table = finding.relation === null ? "" : ` (${stripControls(sizedRelation(finding))})`;
    return {
        ruleId: finding.rule,
        ruleIndex: RULES.findIndex((rule) => rule.id === finding.rule),
        level: LEVELS[finding.severity],
        message: { text: `${finding.title}${table}.${note}\n\n${stripControls(finding.recipe)}` },
        locations: [{ physicalLocation: { artifactLocation: { uri }, region: { startLine: Math.max(1, finding.line) } } }],
        partialFingerprints: { "migrationGate/v1": stripControls(fingerprint(revision?.revision ?? "", finding)) },
    };
}

;// CONCATENATED MODULE: ./packages/migrations/src/sql/split-statements.ts
// The lexical rules are those of PostgreSQL's scan.l and psqlscan.l. libpg-query exposes PostgreSQL's scanner, but it
// renders every token as JSON (hundreds of MB for a 10 MB script) and gives up on the first lexical error, so splitting
// is done here; a property test holds the two against each other.
const NEXT = /--[^\n]*|\/\*|'|"|\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$|[();]|[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*|\d[\w.]*|\S/g;
const fresh = () => ({ depth: 0, blocks: 0, words: [], firstToken: -1 });
/** Splits a script at its top-level semicolons. Never throws; an unterminated quote runs to the end of the text. */
function splitStatements(script) {
    const pieces = [];
    const lines = lineCounter(script);
    const scan = new RegExp(NEXT);
    let cursor = fresh();
    let start = 0;
    const close = (end) => {
        if (cursor.firstToken >= 0)
            pieces.push(piece(script, start, cursor.firstToken, end, lines));
        cursor = fresh();
    };
    for (let match = scan.exec(script); match !== null; match = scan.exec(script)) {
        const token = match[0];
        const at = match.index;
        if (token === "/*") {
            scan.lastIndex = endOfComment(script, at);
            // An unterminated comment is an error to PostgreSQL: it becomes a statement, which the parser then refuses.
            if (!script.startsWith("*/", scan.lastIndex - 2) && cursor.firstToken < 0)
                cursor.firstToken = at;
        }
        else if (token === ";" && cursor.depth === 0 && cursor.blocks === 0) {
            close(at);
            start = endOfCopiedRows(script, pieces.at(-1), at + 1);
            scan.lastIndex = start;
        }
        else if (token === "\\" && endsStatement(script, at, cursor)) {
            close(at);
            const end = endOfLine(script, at);
            pieces.push(piece(script, at, at, end, lines));
            start = end;
            scan.lastIndex = end;
        }
        else if (!token.startsWith("--") && token !== "\ufeff") {
            if (cursor.firstToken < 0)
                cursor.firstToken = at;
            scan.lastIndex = endOfToken(script, token, at, cursor);
        }
    }
    close(script.length);
    return pieces;
}
/**
 * No backslash begins anything in SQL outside quotes: it is a command to psql, which runs to the end of its line. Those
 * that send the statement before them stand behind it.
 */
const endsStatement = (script, at, { firstToken }) => firstToken < 0 || /^\\(?:g|gx|gset|gexec|gdesc|watch|crosstabview|bind)\b/.test(script.slice(at, at + 16));
function endOfLine(script, from) {
    const end = script.indexOf("\n", from);
    return end < 0 ? script.length : end;
}
/** The rows after COPY … FROM stdin up to the line `\\.`, as pg_dump writes them, are no SQL. */
function endOfCopiedRows(script, statement, from) {
    if (statement === undefined || !/^copy\b[\s\S]*\bfrom\s+stdin\b/i.test(statement.sql.slice(0, 100_000)))
        return from;
    const end = /^\\\.[ \t\r]*$/gm;
    end.lastIndex = from;
    return end.exec(script) === null ? from : end.lastIndex;
}
function endOfToken(script, token, at, cursor) {
    const after = at + token.length;
    if (token === "(")
        cursor.depth += 1;
    else if (token === ")")
        cursor.depth = Math.max(0, cursor.depth - 1);
    else if (token === "'")
        return endOfQuote(script, after, "'", isEscapeString(script, at));
    else if (token === '"')
        return endOfQuote(script, after, '"', false);
    else if (token.startsWith("$") && token.length > 1)
        return endOfDollarQuote(script, token, after);
    else if (/^[A-Za-z]/.test(token))
        noteWord(token.toLowerCase(), cursor);
    return after;
}
const isEscapeString = (script, at) => /[eE]/.test(script.charAt(at - 1)) && !/[\w$\u0080-\uffff]/.test(script.charAt(at - 2));
function endOfQuote(script, from, quote, escapes) {
    const stop = escapes ? /\\[\s\S]|''|'/g : quote === "'" ? /''|'/g : /""|"/g;
    stop.lastIndex = from;
    for (let match = stop.exec(script); match !== null; match = stop.exec(script)) {
        if (match[0] === quote)
            return stop.lastIndex;
    }
    return script.length;
}
function endOfDollarQuote(script, tag, from) {
    const end = script.indexOf(tag, from);
    return end < 0 ? script.length : end + tag.length;
}
function endOfComment(script, from) {
    const edge = /\/\*|\*\//g;
    edge.lastIndex = from;
    let depth = 0;
    for (let match = edge.exec(script); match !== null; match = edge.exec(script)) {
        depth += match[0] === "/*" ? 1 : -1;
        if (depth === 0)
            return edge.lastIndex;
    }
    return script.length;
}
/** SQL-standard routine bodies hold semicolons between BEGIN ATOMIC and END, outside any quote. */
function noteWord(word, cursor) {
    if (cursor.words.length < 5)
        cursor.words.push(word);
    if (cursor.words[0] !== "create" || !cursor.words.some((known) => known === "function" || known === "procedure"))
        return;
    if (cursor.depth > 0)
        return;
    if (word === "begin")
        cursor.blocks += 1;
    else if (word === "case" && cursor.blocks > 0)
        cursor.blocks += 1;
    else if (word === "end" && cursor.blocks > 0)
        cursor.blocks -= 1;
}
function piece(script, start, first, end, lines) {
    const sql = script.slice(first, end).trimEnd();
    const line = lines(first);
    return { sql, leading: script.slice(start, first), line, endLine: lines(first + sql.length), offset: first };
}
/** Line of an offset, for offsets asked in ascending order: one pass over the text in all. */
function lineCounter(script) {
    let line = 1;
    let next = script.indexOf("\n");
    return (offset) => {
        while (next >= 0 && next < offset) {
            line += 1;
            next = script.indexOf("\n", next + 1);
        }
        return line;
    };
}

;// CONCATENATED MODULE: ./packages/migrations/src/hazards.ts


















;// CONCATENATED MODULE: ./packages/migrations/src/index.ts







/***/ })

};
