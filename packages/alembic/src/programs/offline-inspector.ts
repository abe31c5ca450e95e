/**
 * A part of `run-alembic.ts`: answers `sa.inspect(op.get_bind())` while revisions are printed without a database. Many
 * revisions ask whether a column is there before they add it; what the revisions before them printed tells. What it does
 * not tell raises NoInspectionAvailable, as SQLAlchemy does, and the revision is not judged.
 */
export const offlineInspector = `
class Chain:
    """What the revisions printed so far made of an empty database."""
    def __init__(self, whole):
        # Names in unsure may stand for anything: raw SQL or a revision that failed may have changed them. Those in loose
        # may or may not be there.
        self.tables, self.unsure, self.loose, self.whole = {}, set(), set(), whole

    def table_of(self, name, schema=None):
        import sqlalchemy as sa
        key = (schema if schema != "public" else None, name)
        if name in self.unsure or (key not in self.tables and not self.whole):
            raise sa.exc.NoInspectionAvailable("what the database holds of %s is not known without it" % name)
        return self.tables.get(key)

    def forget(self, text):
        """A revision that failed has not got to all that its file names."""
        upgrade, text_of = text.split("def downgrade")[0], r"\\(\\s*[\\"'](\\w+)[\\"']"
        self.unsure.update(re.findall(r"_(?:table|column)" + text_of, upgrade))
        second = r"_(?:constraint|key|index)\\(\\s*[^\\s,()]+\\s*,\\s*[\\"'](\\w+)[\\"']"
        self.unsure.update(re.findall(second, upgrade))
        self.loose.update(re.findall(r"(?:create|drop|rename)_table" + text_of, upgrade))
        self.whole = self.whole and "create_all" not in text

    def note_text(self, sql):
        verbs = r"\\b(?:table|on|into)\\s+(?:if\\s+(?:not\\s+)?exists\\s+)?(?:only\\s+)?((?:\\w+|\\"[^\\"]+\\")(?:\\.(?:\\w+|\\"[^\\"]+\\"))?)"
        if re.search(r"\\b(?:create|alter|drop|do)\\b", sql, re.I):
            self.unsure.update(name.split(".")[-1].strip('"') for name in re.findall(verbs, sql, re.I))
        for name in re.findall(r"\\bdrop\\s+index\\s+(?:concurrently\\s+)?(?:if\\s+exists\\s+)?(?:\\w+\\.)?\\"?(\\w+)", sql, re.I):
            self.drop_index(name)

    def drop_index(self, name):
        for table in self.tables.values():
            table["indexes"].pop(name, None)

    def note(self, construct, preparer):
        from alembic.ddl import base
        from sqlalchemy import schema
        named = lambda thing: None if thing.name is None else (preparer.format_constraint(thing) or "").strip('"') or None
        kind = type(construct).__name__
        if kind == "TextClause":
            return self.note_text(construct.text)
        element = getattr(construct, "element", None)
        if kind == "CreateTable":
            table = {"columns": {column.name: describe_column(column) for column in element.columns}, "indexes": {}, "constraints": {}}
            self.tables[(element.schema, element.name)] = table
            self.unsure.discard(element.name)
            for constraint in element.constraints:
                self.constrain(table, element.name, constraint, named)
        elif kind == "DropTable":
            self.tables.pop((element.schema, element.name), None)
            self.unsure.discard(element.name)
        elif kind == "DropIndex":
            self.drop_index(named(element))
        elif kind in ("CreateIndex", "AddConstraint", "DropConstraint"):
            table = self.tables.get((element.table.schema, element.table.name))
            if table is None:
                return
            if kind == "CreateIndex":
                names = [getattr(column, "name", None) for column in element.expressions]
                table["indexes"][named(element)] = {"name": named(element), "column_names": names, "unique": bool(element.unique)}
            elif kind == "AddConstraint":
                self.constrain(table, element.table.name, element, named)
            else:
                table["constraints"].pop(named(element), None)
        elif isinstance(construct, base.AlterTable):
            self.alter(construct, kind)

    def alter(self, construct, kind):
        key = (construct.schema, construct.table_name)
        table = self.tables.get(key)
        if table is None:
            return
        columns = table["columns"]
        name = getattr(construct, "column_name", None)
        if kind == "AddColumn":
            columns[construct.column.name] = describe_column(construct.column)
        elif kind == "DropColumn":
            columns.pop(construct.column.name, None)
            inside = lambda thing: construct.column.name in (thing.get("column_names") or thing.get("constrained_columns") or ())
            for part in ("indexes", "constraints"):
                table[part] = {key: thing for key, thing in table[part].items() if not inside(thing)}
        elif kind == "RenameTable":
            self.tables[(construct.schema, construct.new_table_name)] = self.tables.pop(key)
        elif kind == "ColumnName" and name in columns:
            columns[str(construct.newname)] = dict(columns.pop(name), name=str(construct.newname))
        elif kind == "ColumnType" and name in columns:
            columns[name]["type"] = construct.type_
        elif kind == "ColumnNullable" and name in columns:
            columns[name]["nullable"] = construct.nullable

    def constrain(self, table, owner, constraint, named):
        """PostgreSQL makes up names for constraints that have none."""
        kind = type(constraint).__name__
        columns = [] if kind == "CheckConstraint" else [column.name for column in constraint.columns]
        suffix = {"PrimaryKeyConstraint": "pkey", "UniqueConstraint": "key", "ForeignKeyConstraint": "fkey"}.get(kind, "check")
        name = named(constraint) or "_".join([owner, *([] if suffix == "pkey" else columns), suffix])
        found = {"kind": kind, "name": name, "column_names": columns}
        if kind == "PrimaryKeyConstraint":
            if not columns:
                return
            for column in columns:
                table["columns"].get(column, {})["nullable"] = False
        if kind == "ForeignKeyConstraint":
            targets = [element.target_fullname.split(".") for element in constraint.elements]
            found.update(constrained_columns=columns, referred_schema=None, referred_table=targets[0][-2],
                         referred_columns=[target[-1] for target in targets], options={})
        if kind == "CheckConstraint":
            found["sqltext"] = str(constraint.sqltext)
        table["constraints"][name] = found


def describe_column(column):
    default = getattr(column.server_default, "arg", None)
    return {"name": column.name, "type": column.type, "nullable": column.nullable, "autoincrement": False, "comment": None,
            "default": None if default is None else str(default)}


class OfflineInspector:
    default_schema_name = "public"

    def __init__(self, chain, bind):
        self.chain, self.bind, self.engine, self.dialect = chain, bind, bind, bind.dialect

    def __getattr__(self, name):
        import sqlalchemy as sa
        if name.startswith("_"):
            raise AttributeError(name)
        raise sa.exc.NoInspectionAvailable("%s() cannot be answered without a database" % name)

    def clear_cache(self):
        pass

    def _inspection_context(self):
        """What Table(…, autoload_with=bind) and MetaData.reflect() open."""
        import contextlib
        return contextlib.nullcontext(self)

    def _get_reflection_info(self, **options):
        return None

    def reflect_table(self, table, include_columns, exclude_columns=(), *args, **options):
        import sqlalchemy as sa
        keys = self.get_pk_constraint(table.name, table.schema)["constrained_columns"]
        for column in self.get_columns(table.name, table.schema):
            name = column["name"]
            if name not in exclude_columns and name not in table.c and (not include_columns or name in include_columns):
                table.append_column(sa.Column(name, column["type"], nullable=column["nullable"], primary_key=name in keys))

    def get_table_names(self, schema=None, **options):
        chain, wanted = self.chain, schema if schema != "public" else None

        class Names(list):
            def __contains__(self, name):
                return chain.table_of(name, schema) is not None

            def __iter__(self):
                for name in sorted(chain.loose & chain.unsure)[:1]:
                    chain.table_of(name, schema)
                return list.__iter__(self)

        if not chain.whole:
            chain.table_of("its tables")
        return Names(name for owner, name in chain.tables if owner == wanted)

    def has_table(self, name, schema=None, **options):
        return self.chain.table_of(name, schema) is not None

    def found(self, name, schema):
        import sqlalchemy as sa
        table = self.chain.table_of(name, schema)
        if table is None:
            raise sa.exc.NoSuchTableError(name)
        return table

    def get_columns(self, name, schema=None, **options):
        return [dict(column) for column in self.found(name, schema)["columns"].values()]

    def of_kind(self, name, schema, kind):
        return [dict(one) for one in self.found(name, schema)["constraints"].values() if one["kind"] == kind]

    def get_pk_constraint(self, name, schema=None, **options):
        keys = self.of_kind(name, schema, "PrimaryKeyConstraint")
        return {"constrained_columns": keys[0]["column_names"] if keys else [], "name": keys[0]["name"] if keys else None}

    def get_foreign_keys(self, name, schema=None, **options):
        return self.of_kind(name, schema, "ForeignKeyConstraint")

    def get_check_constraints(self, name, schema=None, **options):
        return self.of_kind(name, schema, "CheckConstraint")

    def get_unique_constraints(self, name, schema=None, **options):
        return self.of_kind(name, schema, "UniqueConstraint")

    def get_indexes(self, name, schema=None, **options):
        behind = [dict(one, unique=True, duplicates_constraint=one["name"]) for one in self.get_unique_constraints(name, schema)]
        return [dict(index) for index in self.found(name, schema)["indexes"].values()] + behind

    def has_index(self, name, index, schema=None, **options):
        return any(one["name"] == index for one in self.get_indexes(name, schema))


class NoRows:
    """
    What a query answers while its SQL is only printed. Alembic alone gives None, on which every use fails; that failure
    is told as it would be, once, and the revision goes on as on empty tables, so that what follows is seen too.
    """
    def need(self, message, kind=AttributeError):
        import types
        if state.get("needed") is None:
            frame = sys._getframe(2)
            while frame is not None and os.path.abspath(frame.f_code.co_filename) != state["path"]:
                frame = frame.f_back
            error = kind(message)
            state["needed"] = error if frame is None else error.with_traceback(types.TracebackType(None, frame, frame.f_lasti, frame.f_lineno))

    def __iter__(self):
        self.need("'NoneType' object is not iterable", TypeError)
        return iter(())

    def __bool__(self):
        return False

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        self.need("'NoneType' object has no attribute '%s'" % name)
        if name == "rowcount":
            return 0
        if name in ("scalars", "mappings", "unique", "columns", "tuples", "yield_per", "execution_options"):
            return lambda *args, **options: self
        if name in ("fetchall", "all", "fetchmany", "keys", "partitions"):
            return lambda *args, **options: []
        if name in ("fetchone", "first", "scalar", "one_or_none", "scalar_one_or_none", "close"):
            return lambda *args, **options: None
        raise state["needed"]


class NoTransaction:
    """What Session(bind=op.get_bind()) and connection.begin() open while SQL is only printed."""
    is_active = True

    def __enter__(self):
        return self

    def __exit__(self, *error):
        return False

    def commit(self):
        pass

    rollback = close = commit


def lacking(connection, name):
    """What the connection that prints has not; told as Alembic would fail on it, and done as far as printing goes."""
    message = "'MockConnection' object has no attribute '%s'" % name
    execute = lambda statement, *args, **options: connection.execute(statement, *args)
    known = {
        "begin": NoTransaction, "begin_nested": NoTransaction,
        "commit": lambda: None, "rollback": lambda: None, "close": lambda: None,
        "in_transaction": lambda: False, "in_nested_transaction": lambda: False,
        "scalar": lambda *args, **options: execute(*args, **options).scalar(),
        "scalars": lambda *args, **options: execute(*args, **options).scalars(),
        "exec_driver_sql": lambda sql, *args, **options: execute(driver_text(sql)),
    }
    # Alembic itself asks whether a transaction is open, and takes the lack of an answer for no.
    asks = sys._getframe(1).f_globals.get("__name__", "")
    if name not in known or asks.startswith("alembic."):
        raise AttributeError(message)
    NoRows().need(message)
    return known[name]


def driver_text(sql):
    import sqlalchemy as sa
    return sa.text(re.sub(r"(?<![:\\w\\\\]):(?=\\w)", r"\\\\:", sql))


chains = []


def inspect_printed(whole):
    """From here on, what is printed is remembered, and inspection of the connection that prints answers from it."""
    if not chains:
        remember_printed()
    chains[:] = [Chain(whole)]
    state["needed"] = None
    return chains[0]


def remember_printed():
    from alembic.ddl.impl import DefaultImpl
    perform = DefaultImpl._exec

    def remembering(self, construct, *args, **options):
        result = perform(self, construct, *args, **options)
        if self.as_sql:
            chain = chains[0]
            try:
                chain.note_text(construct) if isinstance(construct, str) else chain.note(construct, self.dialect.identifier_preparer)
            except Exception:
                chain.whole = False
        return result

    DefaultImpl._exec = remembering
    try:
        from sqlalchemy import inspection
        from sqlalchemy.engine.mock import MockConnection
        from sqlalchemy.engine.reflection import Inspector
    except ImportError:
        return
    execute = MockConnection.execute

    def answering(self, *args, **options):
        result = execute(self, *args, **options)
        return NoRows() if result is None else result

    MockConnection.execute = answering
    MockConnection.__getattr__ = lacking
    inspection._registrars[OfflineInspector] = True
    inspection._registrars[MockConnection] = lambda bind: OfflineInspector(chains[0], bind)
    build = getattr(Inspector, "from_engine", None)
    if build is not None:
        Inspector.from_engine = classmethod(lambda cls, bind: OfflineInspector(chains[0], bind) if isinstance(bind, MockConnection) else build(bind))
`;
