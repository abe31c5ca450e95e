import { offlineInspector } from "./offline-inspector.ts";
import { plainEnvironment } from "./plain-environment.ts";
import { printOffline } from "./print-offline.ts";

/**
 * The Python program that drives the project's own Alembic, in the project's own environment and through its own
 * `env.py`, which is left as it is. Argument: the configuration file. Requests come as JSON lines on descriptor 4,
 * events leave as JSON lines on descriptor 3; standard output and error stay the project's. The first request carries
 * the settings. Connections get their timeouts from SQLAlchemy's `connect` event, which works for every driver: the
 * `options` parameter of libpq is unknown to asyncpg and refused by connection poolers.
 */
export const runAlembicProgram = String.raw`
import json, os, re, sys, time, traceback

events, requests = os.fdopen(3, "w", buffering=1), os.fdopen(4, "r")
for descriptor in (3, 4):
    os.set_inheritable(descriptor, False)
settings = {}
state = {"request": None, "revision": None, "statement": None, "pids": set(), "count": 0, "path": None, "trace": None, "fresh": True, "calls": 0}


def receive():
    """The next request is the one to answer; None where the other side has closed."""
    line = requests.readline()
    state["request"] = json.loads(line) if line else None
    return state["request"]


def emit(event, **facts):
    facts["event"] = event
    events.write(json.dumps(facts, default=str) + "\n")
    events.flush()


def sqlstate_of(error):
    seen = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        for holder in (error, getattr(error, "orig", None)):
            for name in ("sqlstate", "pgcode"):
                code = getattr(holder, name, None)
                if isinstance(code, str):
                    return code
            arguments = getattr(holder, "args", None)
            if arguments and isinstance(arguments[0], dict) and "C" in arguments[0]:
                return arguments[0]["C"]
        error = error.__cause__ or error.__context__
    return None


def diagnosis(error):
    origin = getattr(error, "orig", None) or error
    found = getattr(origin, "diag", None)
    cause = getattr(origin, "__cause__", None) or origin
    pick = lambda libpq, asyncpg: getattr(found, libpq, None) or getattr(cause, asyncpg, None)
    text = lambda value: value if isinstance(value, str) else None
    return {"primary": text(pick("message_primary", "message")), "detail": text(pick("message_detail", "detail")),
            "hint": text(pick("message_hint", "hint"))}


def project_frame(error):
    """The innermost line of the project's own code: what is not installed and not this program."""
    best = None
    for frame in traceback.extract_tb(error.__traceback__):
        inside = os.path.abspath(frame.filename).startswith(os.getcwd() + os.sep)
        if inside and "site-packages" not in frame.filename and frame.filename != "<string>":
            best = {"file": os.path.relpath(frame.filename), "line": frame.lineno, "function": frame.name}
    return best


def fail(error, during):
    emit("failed", **describe(error, during))


def describe(error, during):
    kind = type(error)
    lines = traceback.format_exception(kind, error, error.__traceback__)
    tail = "".join(lines).rstrip().split("\n")[-12:]
    parents = [c.__name__ for c in kind.__mro__]
    return dict(during=during, type=kind.__name__, module=kind.__module__, parents=parents, message=str(error)[:4000],
         missing=getattr(error, "name", None) if isinstance(error, ImportError) else None, sqlstate=sqlstate_of(error),
         revision=state["revision"], statement=state["statement"], traceback=tail, frame=project_frame(error), **diagnosis(error))


def prepare_connection(connection, record):
    """Runs on every new connection of every engine the project makes, before the project sees it."""
    try:
        cursor = connection.cursor()
        for name in ("lock_timeout", "statement_timeout"):
            if settings.get(name) is not None:
                cursor.execute("SET %s = %d" % (name, settings[name]))
        cursor.execute("SELECT pg_backend_pid()")
        pid = cursor.fetchone()[0]
        cursor.close()
        connection.commit()
        state["pids"].add(pid)
        emit("connected", pid=pid)
    except Exception as error:
        emit("unprepared", message=str(error)[:500])
        try:
            connection.rollback()
        except Exception:
            pass


def raw_connection(connection):
    pooled = connection.connection
    return getattr(pooled, "dbapi_connection", None) or pooled.connection


def snapshot(connection):
    cursor = raw_connection(connection).cursor()
    try:
        cursor.execute(state["trace"])
        return cursor.fetchone()[0]
    finally:
        cursor.close()


def plain(sql, dialect):
    """The statement as PostgreSQL sees it: the driver's placeholders as $1, its doubled percent signs single."""
    if dialect.paramstyle not in ("pyformat", "format"):
        return sql
    numbers = {}

    def place(match):
        if match.group(0) == "%%":
            return "%"
        name = match.group(1) or len(numbers)
        return "$%d" % numbers.setdefault(name, len(numbers) + 1)

    return re.sub(r"%(?:\((\w+)\))?s|%%", place, sql)


def python_line():
    """The line of the revision file that led to the statement being run."""
    frame = sys._getframe(2)
    while frame is not None:
        if os.path.abspath(frame.f_code.co_filename) == state["path"]:
            return frame.f_lineno
        frame = frame.f_back
    return None


def before_statement(connection, cursor, statement, parameters, context, many):
    state["statement"] = statement
    if state["revision"] is None:
        return
    state["count"] += 1
    facts = {"sql": plain(statement, connection.dialect)[:200000], "revision": state["revision"], "many": bool(many)}
    if state["trace"] is not None:
        raw = raw_connection(connection)
        facts["line"] = python_line()
        facts["autocommit"] = bool(getattr(raw, "autocommit", False))
        if facts["autocommit"]:
            # Its locks are gone when it ends: the other side watches, and says when it is ready.
            state["fresh"] = True
        if state["fresh"]:
            facts["before"] = snapshot(connection)
            state["fresh"] = facts["autocommit"]
    emit("statement", **facts)
    if facts.get("autocommit"):
        requests.readline()
    state["begun"] = time.monotonic()


def after_statement(connection, cursor, statement, parameters, context, many):
    if state["revision"] is not None and state.get("begun") is not None:
        facts = {"ms": round((time.monotonic() - state["begun"]) * 1000, 3), "rows": getattr(cursor, "rowcount", -1)}
        state["begun"] = None
        if state["trace"] is not None:
            facts["after"] = snapshot(connection)
        emit("finished", **facts)
    state["statement"] = None


def transaction_ended(connection):
    state["fresh"] = True


def listen():
    from sqlalchemy import event
    from sqlalchemy.engine import Engine
    from sqlalchemy.pool import Pool
    event.listen(Pool, "connect", prepare_connection)
    event.listen(Engine, "before_cursor_execute", before_statement)
    event.listen(Engine, "after_cursor_execute", after_statement)
    event.listen(Engine, "commit", transaction_ended)
    event.listen(Engine, "rollback", transaction_ended)


def describe_session(context):
    scalar = lambda sql: context.connection.exec_driver_sql(sql).scalar()
    facts = {"lockTimeout": scalar("SELECT current_setting('lock_timeout')"),
             "statementTimeout": scalar("SELECT current_setting('statement_timeout')"),
             "database": scalar("SELECT current_database()"), "pid": scalar("SELECT pg_backend_pid()"),
             "perMigration": bool(getattr(context, "_transaction_per_migration", False)),
             "external": bool(getattr(context, "_in_external_transaction", False)),
             "versionTable": context.version_table, "versionSchema": context.version_table_schema}
    key = settings.get("lock_key")
    if key:
        # The gate holds this lock on its own connection: only a session in the very same database can see it.
        facts["sameDatabase"] = bool(scalar(
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted AND classid = %d AND objid = %d AND database ="
            " (SELECT oid FROM pg_database WHERE datname = current_database())" % (key[0], key[1])))
    return facts


class Stop(Exception):
    pass


${plainEnvironment}

def run_environment(config, script, work, **options):
    from alembic.runtime.environment import EnvironmentContext
    state["calls"] = 0

    def once(heads, context):
        state["calls"] += 1
        if state["calls"] > 1 and settings.get("single", True):
            raise Stop("env.py runs migrations for several databases; the gate handles one")
        if context.connection.dialect.name != "postgresql":
            raise Stop("env.py connects to %s, not to PostgreSQL" % context.connection.dialect.name)
        return work(heads, context)

    with EnvironmentContext(config, script, fn=once, **options):
        run_env(script)
    if state["calls"] == 0:
        raise Stop("env.py ended without calling context.run_migrations()")


def observe(config, script, request):
    def work(heads, context):
        emit("observed", heads=list(heads), **describe_session(context))
        return []
    # Every revision file is loaded, so that one that cannot be is found before anything changes.
    script.get_heads()
    # dont_mutate keeps Alembic from making its version table.
    run_environment(config, script, work, dont_mutate=True)
    # Held open for one database, an env.py that goes through several would come to the others too late.
    state["single"] = state["calls"] == 1


def target_of(request):
    """One target as Alembic's command takes it, with its relative forms; several, as only revision ids can be."""
    target = request["target"]
    return target if isinstance(target, str) else target[0] if len(target) == 1 else tuple(target)


def steps_for(script, request, heads):
    """The steps to a target, or the one step of a revision; none where the heads, if they are known, say that it was done."""
    down, revision = request["do"] == "downgrade", request.get("revision")
    if revision is None:
        return (script._downgrade_revs if down else script._upgrade_revs)(target_of(request), heads)
    if heads is not None and (revision in heads) != down:
        return []
    from alembic.runtime.migration import MigrationStep
    step = MigrationStep.downgrade_from_script if down else MigrationStep.upgrade_from_script
    return [step(script.revision_map, script.get_revision(revision))]


def migrate(config, script, request):
    """
    Runs env.py for the steps of a request. Where the request is for one revision, env.py is held open, and further ones
    that follow at once are run without leaving it: to read it and to connect takes longer than most revisions.
    """
    def work(heads, context):
        emit("session", heads=list(heads), **describe_session(context))
        footing = read_footing(context.connection) if "revision" in request and state.get("single") else None
        while True:
            current, held = state["request"], False
            for step in steps_for(script, current, heads):
                state.update(revision=step.revision.revision, count=0, path=os.path.abspath(step.revision.path),
                             trace=current.get("trace"), fresh=True)
                emit("revision", id=step.revision.revision, message=step.revision.doc or "", path=os.path.relpath(step.revision.path))
                begun = time.monotonic()
                yield step
                spent = round((time.monotonic() - begun) * 1000, 3)
                held = footing is not None and settle(context, footing)
                emit("applied", id=step.revision.revision, ms=spent, statements=state["count"])
                state["revision"] = None
            if not held:
                return
            emit("done")
            if "revision" not in (receive() or {}):
                return
            heads = None

    run_environment(config, script, work, destination_rev=request.get("revision") or target_of(request))
    if "revision" in request and state["revision"] is not None:
        raise Stop("env.py went on as if revision %s had not failed" % state["revision"])


def settle(context, footing):
    """
    Commits a revision as env.py's end would, so that the next one shares no lock with it. False where env.py has to
    end for that, or where the next one would not find the session as it was.
    """
    connection, shared = context.connection, getattr(context, "_transaction", None)
    if getattr(context, "_in_external_transaction", True):
        return False
    if shared is not None:
        shared.commit()
    elif connection.in_transaction():
        return False
    same = read_footing(connection) == footing
    raw_connection(connection).rollback()
    if shared is not None:
        context._transaction = connection.begin()
    return same


def read_footing(connection):
    """What of a session outlives its transactions: settings, temporary relations, prepared statements, advisory locks."""
    cursor = raw_connection(connection).cursor()
    try:
        cursor.execute(FOOTING)
        return cursor.fetchone()[0]
    finally:
        cursor.close()


FOOTING = """select pg_catalog.concat_ws(' ',
 (select pg_catalog.string_agg(s.name operator(pg_catalog.||) '=' operator(pg_catalog.||) s.setting, ' ' order by s.name) from pg_catalog.pg_settings s where s.source operator(pg_catalog.=) 'session' and s.name operator(pg_catalog.!~) '^transaction_'),
 (select pg_catalog.count(*) from pg_catalog.pg_class c where c.relnamespace operator(pg_catalog.=) pg_catalog.pg_my_temp_schema()),
 (select pg_catalog.count(*) from pg_catalog.pg_prepared_statements p where p.from_sql),
 (select pg_catalog.count(*) from pg_catalog.pg_locks l where l.locktype operator(pg_catalog.=) 'advisory' and l.pid operator(pg_catalog.=) pg_catalog.pg_backend_pid()))"""


def release(config, script, request):
    """Ends an env.py that is held open; there is nothing to do where none is."""


def check(config, script, request):
    from alembic import command, util
    if not hasattr(command, "check"):
        raise Stop("this Alembic has no check command (1.9 and newer have)")
    try:
        command.check(config)
        emit("drift", items=[])
    except getattr(util, "AutogenerateDiffsDetected", Stop) as found:
        diffs = getattr(found, "diffs", None)
        emit("drift", items=[str(found)[:500]] if diffs is None else [text for diff in diffs for text in describe_diff(diff)])


${offlineInspector}
${printOffline}

def describe_diff(diff):
    if isinstance(diff, list):
        return [text for part in diff for text in describe_diff(part)]
    names = []
    for part in diff[1:]:
        name = part if isinstance(part, str) else getattr(part, "name", None)
        table = getattr(getattr(part, "table", None), "name", None)
        if table and table not in names:
            names.append(str(table))
        if name:
            names.append(str(name))
    return ["%s %s" % (str(diff[0]).replace("_", " "), ".".join(names))]


def exercise(config, script, request):
    """Does with every mapped table what an ORM does: reads all columns, inserts the required ones, and takes it back."""
    def work(heads, context):
        metadata = context.opts.get("target_metadata")
        found = metadata if isinstance(metadata, (list, tuple)) else [metadata]
        tables = [table for one in found if one is not None for table in one.sorted_tables]
        results = [result for table in tables for result in exercise_table(context.connection, table)]
        emit("exercised", tables=len(tables), results=results)
        return []
    run_environment(config, script, work, dont_mutate=True)


def exercise_table(connection, table):
    import sqlalchemy as sa
    values, unknown = {}, None
    for column in table.columns:
        if column.nullable or column.default is not None or column.server_default is not None or column.identity is not None:
            continue
        if column.computed is not None or (column.primary_key and column is table.autoincrement_column):
            continue
        values[column.key] = sample(column.type)
        unknown = column.name if values[column.key] is None else unknown
    statements = [("select", sa.select(table).limit(1))]
    if unknown is None:
        statements.append(("insert", sa.insert(table).values(values)))
    for name, statement in statements:
        nested = connection.begin_nested()
        try:
            connection.execute(statement)
            yield {"table": str(table), "does": name, "sqlstate": None, "message": ""}
        except Exception as error:
            # A row that an example would refer to does not exist: all else about the statement was fine.
            code = sqlstate_of(error)
            fine = code == "23503"
            yield {"table": str(table), "does": name, "sqlstate": None if fine else code, "message": "" if fine else str(getattr(error, "orig", error)).split("\n")[0][:500]}
        finally:
            nested.rollback()


def sample(kind):
    import datetime, decimal, uuid
    labels = getattr(kind, "enums", None)
    if labels:
        return (list(kind.enum_class)[0]) if getattr(kind, "enum_class", None) else labels[0]
    try:
        python = kind.python_type
    except NotImplementedError:
        return None
    now = datetime.datetime.now(datetime.timezone.utc)
    samples = {bool: True, int: 1, float: 1.0, decimal.Decimal: decimal.Decimal(1), str: "x", bytes: b"x", dict: {}, list: [],
               uuid.UUID: uuid.uuid4(), datetime.datetime: now if getattr(kind, "timezone", False) else now.replace(tzinfo=None),
               datetime.date: now.date(), datetime.time: now.time(), datetime.timedelta: datetime.timedelta(seconds=1)}
    return samples.get(python)


def stamp(config, script, request):
    """Has Alembic go on from a revision that failed as if it had run."""
    def work(heads, context):
        return script._stamp_revs(request["target"], heads)
    run_environment(config, script, work, destination_rev=request["target"])


ACTIONS = {"observe": observe, "release": release, "stamp": stamp, "upgrade": migrate, "downgrade": migrate, "check": check, "exercise": exercise, "offline": offline, "offline-all": offline_all}


def serve(config):
    if settings.get("url"):
        adopt_url(config)
    for name, value in (settings.get("options") or {}).items():
        config.set_main_option(name, value.replace("%", "%%"))
    from alembic.script import ScriptDirectory
    if settings.get("plain"):
        stand_in_for_missing(settings["locations"])
    script = ScriptDirectory.from_config(config)
    while receive() is not None:
        state.update(revision=None, statement=None)
        try:
            ACTIONS[state["request"]["do"]](config, script, state["request"])
            emit("done")
        except BaseException as error:
            fail(error, (state["request"] or {}).get("do", "end"))


def adopt_url(config):
    """For env.py files that read sqlalchemy.url: the given address, with the driver the project configured."""
    url = settings["url"]
    try:
        configured = config.get_main_option("sqlalchemy.url") or ""
    except Exception:
        configured = ""
    scheme, _, rest = url.partition("://")
    if scheme in ("postgres", "postgresql") and configured.startswith("postgresql+"):
        url = configured.partition("://")[0] + "://" + rest
    elif scheme == "postgres":
        url = "postgresql://" + rest
    config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))


def main():
    settings.update(json.loads(requests.readline()))
    emit("started", python=sys.executable, version=sys.version.split()[0])
    # A folder or file of the project may be called alembic too; the alembic command does not look where it is started.
    sys.path[:] = [path for path in sys.path if path not in ("", os.getcwd())]
    try:
        import alembic
        from alembic.config import CommandLine
        listen()
        import sqlalchemy
        sys.path.append(os.getcwd())
        emit("loaded", alembic=getattr(alembic, "__version__", "?"), sqlalchemy=sqlalchemy.__version__)
    except BaseException as error:
        return fail(error, "load")

    class Line(CommandLine):
        def run_cmd(self, config, options):
            serve(config)

    try:
        Line(prog="alembic").main(argv=["-c", sys.argv[1], "upgrade", "head"])
    except BaseException as error:
        fail(error, "configure")


main()
`;
