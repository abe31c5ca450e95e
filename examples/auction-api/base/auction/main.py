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


app = FastAPI(title="Auction API", version=settings.release, lifespan=lifespan)
for part in (health, events, items, bids):
    app.include_router(part.router)


@app.get("/", include_in_schema=False)
def welcome():
    """App Service asks for this path to learn whether the app is up."""
    return {"service": "auction-api", "release": settings.release}
