/** A part of `run-alembic.ts`: the SQL of revisions as Alembic prints it without a database. */
export const printOffline = `
class Printed:
    """Takes what Alembic prints offline, with the line of the revision file that led to it."""
    def __init__(self):
        self.pieces, self.open = [], False

    def write(self, text):
        if text.strip() in ("BEGIN;", "COMMIT;"):
            self.open = text.strip() == "BEGIN;"
        self.pieces.append({"sql": text, "line": python_line()})

    def flush(self):
        pass


def offline_all(config, script, request):
    """Prints revisions from the first one on, parents first, in one run of env.py: one that fails hides no other."""
    from alembic.runtime.environment import EnvironmentContext
    from alembic.runtime.migration import RevisionStep
    printed = config.output_buffer = Printed()
    chain = inspect_printed(True)

    def work(heads, context):
        for name in request["revisions"]:
            revision = script.get_revision(name)
            state.update(path=os.path.abspath(revision.path), revision=name)
            opened = [{"sql": "BEGIN;", "line": None}] if printed.open else []
            printed.pieces = opened
            failed = []
            step = RevisionStep(script.revision_map, revision, True)
            run = step.migration_fn

            def guarded(*args, **options):
                try:
                    run(*args, **options)
                except Exception as error:
                    failed.append(describe(error, "offline"))
                    with open(revision.path, encoding="utf-8", errors="replace") as file:
                        chain.forget(file.read())
                if not failed and state["needed"] is not None:
                    failed.append(describe(state["needed"], "offline"))
                state["needed"] = None

            step.migration_fn = guarded
            yield step
            emit("printed", revision=name, pieces=printed.pieces, failure=failed[0] if failed else None)
            state["revision"] = None

    with EnvironmentContext(config, script, fn=work, as_sql=True, starting_rev=None, destination_rev="heads"):
        run_env(script)


def offline(config, script, request):
    from alembic.runtime.environment import EnvironmentContext
    printed = config.output_buffer = Printed()
    inspect_printed(False)

    def work(heads, context):
        for step in script._upgrade_revs(request["target"], heads):
            state.update(path=os.path.abspath(step.revision.path), revision=step.revision.revision)
            yield step
            state["revision"] = None

    with EnvironmentContext(config, script, fn=work, as_sql=True, starting_rev=request.get("from"), destination_rev=request["target"]):
        run_env(script)
    emit("offline", pieces=printed.pieces)
    if state["needed"] is not None:
        state["revision"] = request["target"]
        raise state["needed"]
`;
