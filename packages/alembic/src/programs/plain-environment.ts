/**
 * A part of `run-alembic.ts`: an environment of ours for projects whose env.py cannot be loaded, and stand-ins for what
 * their revisions import in vain.
 */
export const plainEnvironment = `
def run_env(script):
    """The project's env.py, or one of ours where that cannot be loaded."""
    if not settings.get("plain"):
        return script.run_env()
    from alembic import context
    import sqlalchemy as sa
    if context.is_offline_mode():
        context.configure(dialect_name="postgresql", literal_binds=True, dialect_opts={"paramstyle": "named"}, transaction_per_migration=True)
        with context.begin_transaction():
            context.run_migrations()
        return
    engine = sa.create_engine(with_driver(settings["url"]), poolclass=sa.pool.NullPool)
    with engine.connect() as connection:
        context.configure(connection=connection, transaction_per_migration=True)
        with context.begin_transaction():
            context.run_migrations()


def with_driver(url):
    scheme, _, rest = url.partition("://")
    if scheme not in ("postgres", "postgresql"):
        return url
    for driver in ("psycopg2", "psycopg", "pg8000"):
        try:
            __import__(driver)
            return "postgresql+%s://%s" % (driver, rest)
        except ImportError:
            pass
    raise Stop("no synchronous PostgreSQL driver (psycopg, psycopg2 or pg8000) is installed")


def stand_in_for_missing(folders):
    """
    Revisions that import modules which cannot be imported get stand-ins for them: the SQL of a revision seldom depends
    on the application it was written for. Only imports that stand in revision files are answered so.
    """
    import builtins, types
    import sqlalchemy as sa
    real, inside = builtins.__import__, tuple(os.path.join(os.path.abspath(folder), "") for folder in folders)
    SPECS = (("uuid|guid", "UUID"), ("json", "JSONB"), ("bool", "BOOLEAN"), ("int", "BIGINT"), ("date|time", "TIMESTAMP WITH TIME ZONE"),
             ("binary|bytes|blob|pickle", "BYTEA"))

    class StandIn(sa.types.UserDefinedType):
        """A column type, a decorator, a context manager, an empty list: whatever a revision makes of it while it loads."""
        cache_ok = True

        def __init__(self, *args, **options):
            pass

        def __mro_entries__(self, bases):
            return ()

        def get_col_spec(self, **options):
            return next((spec for names, spec in SPECS if re.search(names, type(self).__name__.lower())), "TEXT")

        def __getattr__(self, name):
            if name.startswith("_"):
                raise AttributeError(name)
            return stand_in(name)

        def __call__(self, *args, **options):
            return args[0] if len(args) == 1 and callable(args[0]) else type(self)()

        def __iter__(self):
            return iter(())

        def __getitem__(self, key):
            return self

        def __enter__(self):
            return self

        def __exit__(self, *error):
            return False

    def stand_in(name):
        return type(name, (StandIn,), {})()

    class Module(types.ModuleType):
        __all__, __path__ = [], []

        def __getattr__(self, name):
            if name.startswith("__"):
                raise AttributeError(name)
            return stand_in(name)

    def guarded(name, globals=None, locals=None, fromlist=(), level=0):
        try:
            return real(name, globals, locals, fromlist, level)
        except Exception:
            if not os.path.abspath((globals or {}).get("__file__") or "").startswith(inside):
                raise
            emit("stand-in", module="." * level + name)
            return Module(name if fromlist else name.split(".")[0])

    builtins.__import__ = guarded
    from alembic import util
    load = util.load_python_file

    def load_or_name(folder, name):
        try:
            return load(folder, name)
        except Exception as error:
            return unloadable(os.path.join(folder, name), error)

    util.load_python_file = load_or_name


def unloadable(path, error):
    """A revision that does not load keeps its place in the chain, and fails when it is its turn."""
    import ast, types

    def fail(*args, **options):
        raise error

    module = types.ModuleType("unloadable")
    module.__file__, module.upgrade, module.downgrade, module.__doc__ = path, fail, fail, ""
    with open(path, "rb") as file:
        tree = ast.parse(file.read())
    for node in tree.body:
        targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) and node.value else []
        for target in targets:
            if isinstance(target, ast.Name) and target.id in ("revision", "down_revision", "depends_on", "branch_labels"):
                try:
                    setattr(module, target.id, ast.literal_eval(node.value))
                except ValueError:
                    pass
    return module
`;
