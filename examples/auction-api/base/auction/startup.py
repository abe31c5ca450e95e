"""What has to be done before the first request."""

from .database import engine


def prepare() -> None:
    """Opens one connection, so that the first request need not wait for it. The database may still be on its way."""
    try:
        engine.connect().close()
    except Exception as error:
        print(f"The database does not answer yet: {error}", flush=True)
