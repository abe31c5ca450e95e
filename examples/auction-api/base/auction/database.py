"""The connection pool and the session of a request.

Around a swap two slots, each with the old or the new release, are connected at once, and a slot that restarts has two
processes for a moment. The pool is therefore a quarter of what the server could give, not all of it.
"""

from collections.abc import Iterator
from typing import Annotated

from fastapi import Depends
from sqlalchemy import create_engine
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker

from .settings import settings

engine = create_engine(
    settings.database_url,
    pool_size=settings.pool_size,
    max_overflow=settings.pool_size,
    pool_timeout=5,
    pool_recycle=300,
    pool_pre_ping=True,
    connect_args={
        "connect_timeout": 5,
        "application_name": f"auction-api/{settings.release}"[:63],
        "options": "-c statement_timeout=15000 -c idle_in_transaction_session_timeout=15000",
    },
)
new_session = sessionmaker(engine)


class Base(DeclarativeBase):
    pass


def request_session() -> Iterator[Session]:
    with new_session.begin() as session:
        yield session


# With "function" scope the transaction is committed before the answer goes out: what a client was told, is kept.
Database = Annotated[Session, Depends(request_session, scope="function")]
