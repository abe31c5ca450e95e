from contextlib import asynccontextmanager

from fastapi import FastAPI

from . import bids, events, health, items, startup
from .database import engine
from .settings import settings


@asynccontextmanager
async def lifespan(_: FastAPI):
    startup.prepare()
    yield
    engine.dispose()


api = FastAPI(title="Auction API", version=settings.release, lifespan=lifespan)
for part in (health, events, items, bids):
    api.include_router(part.router)


@api.get("/", include_in_schema=False)
def welcome():
    """App Service asks for this path to learn whether the app is up."""
    return {"service": "auction-api", "release": settings.release}


async def app(scope, receive, send):
    """The API, with the release that answered named in every answer, its failures included."""

    async def send_named(message):
        if message["type"] == "http.response.start":
            message["headers"] = [*message["headers"], (b"x-release", settings.release.encode())]
        await send(message)

    await api(scope, receive, send_named)
