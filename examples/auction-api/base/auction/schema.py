"""Whether this release and the database's schema fit together.

A database may be ahead of a release: the next one's expand migrations run while this one still serves. It is too far
ahead once a contract migration took away what this release needs. Such a migration raises the floor: the revision
that a release has to know.
"""

from dataclasses import dataclass

from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import text
from sqlalchemy.orm import Session

from .settings import ROOT

scripts = ScriptDirectory.from_config(Config(ROOT / "alembic.ini"))
heads = set(scripts.get_heads())
known = {script.revision for script in scripts.walk_revisions()}


@dataclass(frozen=True)
class Schema:
    revision: str
    problem: str | None


def problem_with(revisions: set[str], floor: str) -> str | None:
    if floor not in known:
        return f"the database only serves releases that know revision {floor}; this one does not"
    if revisions <= known and revisions != heads:
        return f"the database is at {', '.join(sorted(revisions))}, this release needs {', '.join(sorted(heads))}"
    return None


def read_schema(session: Session) -> Schema:
    revisions = set(session.scalars(text("select version_num from alembic_version")))
    floor = session.scalar(text("select revision from schema_floor"))
    return Schema(", ".join(sorted(revisions)), problem_with(revisions, floor))
