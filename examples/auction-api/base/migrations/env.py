import os
from logging.config import fileConfig

from alembic import context
from sqlalchemy import create_engine, pool

from auction import bids, events, items  # noqa: F401  (their tables)
from auction.database import Base
from auction.settings import settings

if context.config.config_file_name is not None:
    fileConfig(context.config.config_file_name, disable_existing_loggers=False)

# A migration that waits for a lock makes everyone queue behind it: better that it gives up soon and is tried again.
SESSION = f"-c lock_timeout=3000 {os.environ.get('PGOPTIONS', '')}"


def run_offline() -> None:
    context.configure(url=settings.database_url, target_metadata=Base.metadata, literal_binds=True)
    with context.begin_transaction():
        context.run_migrations()


def run_online() -> None:
    engine = create_engine(settings.database_url, poolclass=pool.NullPool, connect_args={"options": SESSION})
    with engine.connect() as connection:
        context.configure(connection=connection, target_metadata=Base.metadata, transaction_per_migration=True)
        with context.begin_transaction():
            context.run_migrations()


if context.is_offline_mode():
    run_offline()
else:
    run_online()
