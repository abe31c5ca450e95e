/**
 * The Python program that reads a project's Alembic revisions with `ast`: nothing of the project is imported or run,
 * so it works without the project's packages and on hostile pull requests. It is a string so that bundling keeps it.
 * Arguments: the directory to start in, the configuration file ("" to look for it), the configuration section.
 * Prints one JSON object; the decoder is in `read-project.ts`.
 */
export const readRevisionsProgram = String.raw`
import ast, configparser, hashlib, json, os, re, sys

start, given, section = sys.argv[1:4]
REVISION_FILE = re.compile(r"(?!\.\#|__init__)(.*\.py)$")
LEGACY_NAME = re.compile(r"([a-f0-9]+)\.py$")
SEPARATORS = {"space": " ", "newline": "\n", "os": os.pathsep, ":": ":", ";": ";"}


class Refusal(Exception):
    def __init__(self, kind, **facts):
        super().__init__(kind)
        self.facts = dict(facts, kind=kind)


def load_toml(path):
    try:
        import tomllib
    except ImportError:
        return None
    with open(path, "rb") as file:
        try:
            return tomllib.load(file)
        except tomllib.TOMLDecodeError as error:
            raise Refusal("config-broken", file=path, message=str(error))


def load_ini(path):
    here = os.path.abspath(os.path.dirname(path))
    parser = configparser.ConfigParser({"here": here})
    try:
        with open(path, encoding="utf-8") as file:
            parser.read_file(file)
    except (configparser.Error, UnicodeDecodeError) as error:
        raise Refusal("config-broken", file=path, message=str(error))
    return parser


def ini_options(path):
    parser = load_ini(path)
    if not parser.has_section(section):
        return {}
    options = {}
    for name in parser.options(section):
        try:
            options[name] = parser.get(section, name)
        except configparser.Error as error:
            if name in ("script_location", "version_locations", "prepend_sys_path"):
                raise Refusal("config-broken", file=path, message=str(error))
    return options


def toml_options(path):
    content = load_toml(path)
    table = ((content or {}).get("tool") or {}).get("alembic")
    if not isinstance(table, dict):
        return None
    here = os.path.abspath(os.path.dirname(path))
    fill = lambda value: value.replace("%(here)s", here).replace("%%", "%") if isinstance(value, str) else value
    return {key: [fill(v) for v in value] if isinstance(value, list) else fill(value) for key, value in table.items()}


def find_config():
    looked = []
    if given:
        path = os.path.join(start, given)
        if os.path.isdir(path):
            path = os.path.join(path, "alembic.ini")
        if not os.path.isfile(path):
            raise Refusal("no-config", looked=[path], near=nearby())
        return path
    for name in ("alembic.ini", "pyproject.toml"):
        path = os.path.join(start, name)
        looked.append(path)
        if os.path.isfile(path) and (name != "pyproject.toml" or toml_options(path) is not None):
            return path
    raise Refusal("no-config", looked=looked, near=nearby())


def nearby():
    found = []
    for root, folders, files in os.walk(start):
        folders[:] = sorted(f for f in folders if not f.startswith(".") and f not in ("node_modules", "venv", "__pycache__", "site-packages"))
        if root.count(os.sep) - start.count(os.sep) >= 3:
            folders[:] = []
        if "alembic.ini" in files:
            found.append(os.path.relpath(os.path.join(root, "alembic.ini"), start))
    return found[:5]


def split(value, separator, legacy):
    if not value:
        return []
    if isinstance(value, list):
        return value
    if separator is None:
        return [part for part in re.split(legacy, value) if part]
    if separator not in SEPARATORS:
        raise Refusal("config-broken", file=config, message="path_separator = %s is none of %s" % (separator, ", ".join(SEPARATORS)))
    return [part.strip() for part in value.split(SEPARATORS[separator]) if part.strip()]


def locate(resource, search, base):
    """script_location may be package:path; packages are found by name in the import path, never imported."""
    if os.path.isabs(resource) or ":" not in resource:
        return os.path.join(base, resource)
    package, _, rest = resource.partition(":")
    rest = rest.replace(":", "/")
    tried = [os.path.join(base, folder) for folder in search] + [base] + [p for p in sys.path if p]
    for folder in tried:
        path = os.path.join(folder, *package.split("."))
        if os.path.isdir(path):
            return os.path.join(path, *rest.split("/"))
    return os.path.join(base, package, rest)


def literal(node):
    try:
        value = ast.literal_eval(node)
        json.dumps(value)
        return {"value": list(value) if isinstance(value, tuple) else value}
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        try:
            return {"expression": ast.unparse(node)[:2000]}
        except (AttributeError, RecursionError):
            return {"expression": ""}


# What asks the database or Alembic something, so that nothing is the same offline.
ASKING = ("is_offline_mode", "inspect", "Session", "fetchall", "fetchone", "scalar_one", "scalar_one_or_none", "mappings")


def spoken(node):
    """The SQL that text() and DDL() are given says what they do."""
    name = getattr(node.func, "attr", getattr(node.func, "id", None)) if isinstance(node, ast.Call) else None
    return node.args[0] if name in ("text", "DDL") and len(node.args) == 1 else node


class Operations(ast.NodeVisitor):
    def __init__(self):
        self.found, self.function, self.conditional, self.loop, self.autocommit = [], None, 0, 0, 0
        self.batches = {}

    def visit_FunctionDef(self, node):
        outer, self.function = self.function, self.function or node.name
        self.generic_visit(node)
        self.function = outer

    visit_AsyncFunctionDef = visit_FunctionDef

    def nested(self, counter, node):
        setattr(self, counter, getattr(self, counter) + 1)
        self.generic_visit(node)
        setattr(self, counter, getattr(self, counter) - 1)

    def visit_If(self, node):
        self.nested("conditional", node)

    def visit_Try(self, node):
        self.nested("conditional", node)

    def visit_For(self, node):
        self.nested("loop", node)

    def visit_While(self, node):
        self.nested("loop", node)

    def visit_With(self, node):
        autocommit, added = False, []
        for item in node.items:
            call = item.context_expr
            if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute):
                continue
            if call.func.attr == "autocommit_block":
                autocommit = True
                self.record(node.items[0].context_expr, "autocommit_block", "autocommit")
            elif call.func.attr == "batch_alter_table" and isinstance(item.optional_vars, ast.Name):
                table = literal(call.args[0]).get("value") if call.args else None
                self.batches[item.optional_vars.id] = table
                added.append(item.optional_vars.id)
        self.autocommit += autocommit
        for statement in node.body:
            self.visit(statement)
        self.autocommit -= autocommit
        for name in added:
            self.batches.pop(name, None)

    def visit_Call(self, node):
        target = node.func
        if isinstance(target, ast.Attribute):
            owner = target.value
            if isinstance(owner, ast.Name) and owner.id == "op":
                self.record(node, target.attr, "op")
            elif isinstance(owner, ast.Name) and owner.id in self.batches:
                self.record(node, target.attr, "batch", self.batches[owner.id])
            elif target.attr in ("execute", "exec_driver_sql", "scalar", "scalars") and self.function:
                self.record(node, target.attr, "connection")
            elif target.attr in ASKING and self.function:
                self.record(node, target.attr, "context")
        elif isinstance(target, ast.Name) and target.id in ASKING and self.function:
            self.record(node, target.id, "context")
        self.generic_visit(node)

    def visit_Attribute(self, node):
        # is_offline_mode() in other words, without a call.
        if node.attr == "as_sql" and self.function:
            self.record(ast.copy_location(ast.Call(node, [], []), node), "is_offline_mode", "context")
        self.generic_visit(node)

    def record(self, node, name, receiver, table=None):
        self.found.append({
            "name": name, "receiver": receiver, "function": self.function or "", "batchTable": table,
            "line": node.lineno, "endLine": node.end_lineno or node.lineno, "column": node.col_offset + 1,
            "arguments": [literal(spoken(a)) for a in node.args],
            "keywords": {k.arg: literal(k.value) for k in node.keywords if k.arg},
            "autocommit": self.autocommit > 0, "conditional": self.conditional > 0, "loop": self.loop > 0,
        })


def assigned(tree):
    names = {}
    for node in tree.body:
        if isinstance(node, ast.Assign):
            targets, value = node.targets, node.value
        elif isinstance(node, ast.AnnAssign) and node.value is not None:
            targets, value = [node.target], node.value
        else:
            continue
        for target in targets:
            if isinstance(target, ast.Name):
                # One constant standing for another, as in a file that names its parent once.
                names[target.id] = names[value.id] if isinstance(value, ast.Name) and value.id in names else (node.lineno, value)
    return names


def text_list(names, key, path, faults):
    if key not in names:
        return None
    line, node = names[key]
    found = literal(node)
    value = found.get("value")
    if "expression" in found:
        # Labels only matter to who asks for one by name.
        if key != "branch_labels":
            faults.append({"kind": "not-literal", "file": path, "line": line, "message": "%s = %s" % (key, found["expression"][:200])})
        return []
    items = [] if value is None else value if isinstance(value, list) else [value]
    return [str(item) for item in items if item is not None]


def read_revision(path, shown, faults):
    with open(path, "rb") as file:
        source = file.read()
    try:
        tree = ast.parse(source, filename=shown)
    except (SyntaxError, ValueError) as error:
        faults.append({"kind": "syntax", "file": shown, "line": getattr(error, "lineno", None) or 1, "message": str(error)})
        return None
    names = assigned(tree)
    ids = text_list(names, "revision", shown, faults)
    if ids is None:
        legacy = LEGACY_NAME.match(os.path.basename(path))
        if not legacy:
            faults.append({"kind": "no-revision-id", "file": shown, "line": 1, "message": ""})
            return None
        ids = [legacy.group(1)]
    if not ids:
        return None
    parents = text_list(names, "down_revision", shown, faults)
    if parents is None:
        faults.append({"kind": "no-down-revision", "file": shown, "line": 1, "message": ids[0]})
    visitor = Operations()
    visitor.visit(tree)
    functions = {node.name: node for node in tree.body if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))}
    doc = (ast.get_docstring(tree) or "").strip()
    return {
        "id": ids[0], "downRevisions": parents or [], "dependsOn": text_list(names, "depends_on", shown, faults) or [],
        "branchLabels": text_list(names, "branch_labels", shown, faults) or [],
        "message": " ".join(re.split("\n\n", doc)[0].split()), "file": shown,
        "line": names["revision"][0] if "revision" in names else 1,
        "contentHash": hashlib.sha256(source.replace(b"\r\n", b"\n")).hexdigest(),
        "operations": visitor.found, "imports": imports(tree),
        "upgrade": describe(functions.get("upgrade")), "downgrade": describe(functions.get("downgrade")),
        "ignores": [{"line": n + 1, "text": line.split("migration-gate:", 1)[1].strip()}
                    for n, line in enumerate(source.decode("utf-8", "replace").split("\n")) if re.search(r"#\s*migration-gate:", line)],
    }


def describe(function):
    if function is None:
        return None
    body = [n for n in function.body if not (isinstance(n, ast.Expr) and isinstance(n.value, ast.Constant))]
    return {"line": function.lineno, "empty": all(isinstance(n, ast.Pass) for n in body),
            "raises": bool(body) and isinstance(body[0], ast.Raise)}


def imports(tree):
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [{"module": alias.name, "line": node.lineno} for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            found.append({"module": "." * node.level + (node.module or ""), "line": node.lineno})
    return found


def is_revision(path):
    if not REVISION_FILE.match(os.path.basename(path)):
        return False
    with open(path, "rb") as file:
        return re.search(rb"^down_revision\b", file.read(), re.M) is not None


def environment_near(folder):
    """The folder with env.py, when there is one place only: beside the configuration, or right under it."""
    found = [path for path in [folder, *sorted(entry.path for entry in os.scandir(folder) if entry.is_dir())] if os.path.isfile(os.path.join(path, "env.py"))]
    return found[0] if len(found) == 1 or (found and found[0] == folder) else None


def above(folder):
    found = []
    while os.path.dirname(folder) != folder and len(found) < 6:
        folder = os.path.dirname(folder)
        found.append(folder)
    return found


def files_in(folder, recursive):
    for root, folders, files in os.walk(folder):
        folders[:] = sorted(f for f in folders if f != "__pycache__") if recursive else []
        for name in sorted(files):
            if REVISION_FILE.match(name):
                yield os.path.join(root, name)


def main():
    global config
    config = find_config()
    options = toml_options(config) if config.endswith(".toml") else ini_options(config)
    if not config.endswith(".toml"):
        beside = os.path.join(os.path.dirname(config), "pyproject.toml")
        if "script_location" not in options and os.path.isfile(beside):
            options = dict(toml_options(beside) or {}, **options)
    options = options or {}
    location, given_options = options.get("script_location"), {}
    beside = os.path.abspath(os.path.dirname(config))
    if not location:
        # Flask-Migrate and the like say it in their own code: the configuration lies in the folder itself.
        location = beside if os.path.isfile(os.path.join(beside, "env.py")) else None
        if location is None:
            raise Refusal("no-script-location", file=config, section=section)
        given_options["script_location"] = location
    separator = options.get("path_separator")
    search = split(options.get("prepend_sys_path"), separator, r", *|(?: +)|\:")
    # Alembic resolves relative paths against the directory it is started in: the configuration's own, or the given one.
    # A path from the repository's root stands for itself where the configuration lies deeper.
    bases = [beside, start, *above(start)]
    base = next((b for b in bases if os.path.isfile(os.path.join(locate(location, search, b), "env.py"))), None)
    if base is None and "{" in location and environment_near(beside) is not None:
        # A template that the project's own code fills in.
        base = beside
        location = given_options["script_location"] = environment_near(beside)
    if base is None:
        raise Refusal("no-scripts", file=config, location=location, looked=[locate(location, search, b) for b in bases[:2]])
    scripts = locate(location, search, base)
    places = split(options.get("version_locations"), separator or options.get("version_path_separator"), r", *|(?: +)")
    folders = [locate(place, search, base) for place in places] or [os.path.join(scripts, "versions")]
    recursive = str(options.get("recursive_version_locations", "")).lower() in ("true", "1", "yes", "on")
    if not places and not recursive:
        nested = [root for root, _, files in os.walk(folders[0]) if root != folders[0] and any(map(is_revision, [os.path.join(root, f) for f in files]))]
        of_postgres = [root for root in nested if re.search("postgres", os.path.basename(root), re.I)]
        nested = of_postgres or nested
        if nested:
            # Alembic alone would pass over them: the project's own tools name them.
            folders += sorted(nested)
            given_options.update(version_locations=os.pathsep.join(folders), path_separator="os", version_path_separator="os")
    faults, revisions, seen = [], [], set()
    for folder in folders:
        if not os.path.isdir(folder):
            faults.append({"kind": "no-folder", "file": os.path.relpath(folder, start), "line": 1, "message": ""})
        for path in files_in(folder, recursive):
            real = os.path.realpath(path)
            if real in seen:
                continue
            seen.add(real)
            revision = read_revision(path, os.path.relpath(path, start), faults)
            if revision:
                revisions.append(revision)
    relative = lambda path: os.path.relpath(path, start)
    return {"options": given_options, "config": os.path.relpath(config, base), "directory": base, "scripts": relative(scripts), "locations": [relative(f) for f in folders],
            "python": sys.executable, "pythonVersion": sys.version.split()[0], "revisions": revisions, "faults": faults}


start = os.path.abspath(start)
try:
    answer = main()
except Refusal as refusal:
    answer = {"refusal": refusal.facts}
json.dump(answer, sys.stdout)
`;
