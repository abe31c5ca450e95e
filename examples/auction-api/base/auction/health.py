"""Live: the process answers. Ready: it can serve, so it may be given traffic."""

import logging

from fastapi import APIRouter, Response
from sqlalchemy.exc import SQLAlchemyError

from .database import new_session
from .schema import read_schema
from .settings import settings

log = logging.getLogger("uvicorn.error")
router = APIRouter(prefix="/health", tags=["health"])


@router.get("/live")
def live():
    return {"status": "live", "release": settings.release}


@router.get("/ready")
def ready(response: Response):
    try:
        with new_session() as session:
            schema = read_schema(session)
    except SQLAlchemyError as error:
        log.warning("not ready: %s", error)
        response.status_code = 503
        return {"status": "unready", "release": settings.release, "problem": "the database does not answer"}
    if schema.problem is not None:
        response.status_code = 503
        return {"status": "unready", "release": settings.release, "revision": schema.revision, "problem": schema.problem}
    return {"status": "ready", "release": settings.release, "revision": schema.revision}
