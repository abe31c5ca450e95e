from datetime import datetime

from fastapi import APIRouter, HTTPException
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import DateTime, String, func, select
from sqlalchemy.orm import Mapped, mapped_column

from .database import Base, Database


class Event(Base):
    __tablename__ = "events"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(200))
    ends_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())


class NewEvent(BaseModel):
    title: str = Field(min_length=1, max_length=200)
    ends_at: datetime


class EventView(NewEvent):
    model_config = ConfigDict(from_attributes=True)
    id: int


router = APIRouter(prefix="/events", tags=["events"])


def find_event(database: Database, event_id: int) -> Event:
    event = database.get(Event, event_id)
    if event is None:
        raise HTTPException(404, f"There is no event {event_id}.")
    return event


@router.get("", response_model=list[EventView])
def list_events(database: Database, limit: int = 50):
    return database.scalars(select(Event).order_by(Event.id.desc()).limit(min(limit, 200))).all()


@router.get("/{event_id}", response_model=EventView)
def show_event(event_id: int, database: Database):
    return find_event(database, event_id)


@router.post("", response_model=EventView, status_code=201)
def create_event(new: NewEvent, database: Database):
    event = Event(**new.model_dump())
    database.add(event)
    database.flush()
    return event
