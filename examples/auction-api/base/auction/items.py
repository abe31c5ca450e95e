from fastapi import APIRouter, HTTPException
from pydantic import BaseModel, Field
from sqlalchemy import ForeignKey, String, func, select
from sqlalchemy.orm import Mapped, mapped_column

from . import rules
from .bids import Bid
from .database import Base, Database
from .events import find_event


class Item(Base):
    __tablename__ = "items"

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id"), index=True)
    title: Mapped[str] = mapped_column(String(200))
    starting_cents: Mapped[int]


class NewItem(BaseModel):
    title: str = Field(min_length=1, max_length=200)
    starting_cents: int = Field(ge=0)


class ItemView(NewItem):
    id: int
    event_id: int
    highest_cents: int | None
    next_minimum_cents: int


router = APIRouter(tags=["items"])


def view(item: Item, highest_cents: int | None) -> ItemView:
    return ItemView(
        id=item.id,
        event_id=item.event_id,
        title=item.title,
        starting_cents=item.starting_cents,
        highest_cents=highest_cents,
        next_minimum_cents=rules.next_minimum(item.starting_cents, highest_cents),
    )


# The bids' index answers this from its right end, however many bids there are.
highest = select(func.max(Bid.amount_cents)).where(Bid.item_id == Item.id).scalar_subquery()


@router.get("/items", response_model=list[ItemView])
def list_items(database: Database, limit: int = 20):
    found = database.execute(select(Item, highest).order_by(Item.id.desc()).limit(min(limit, 200)))
    return [view(item, cents) for item, cents in found]


@router.get("/items/{item_id}", response_model=ItemView)
def show_item(item_id: int, database: Database):
    found = database.execute(select(Item, highest).where(Item.id == item_id)).one_or_none()
    if found is None:
        raise HTTPException(404, f"There is no item {item_id}.")
    return view(*found)


@router.post("/events/{event_id}/items", response_model=ItemView, status_code=201)
def create_item(event_id: int, new: NewItem, database: Database):
    item = Item(event_id=find_event(database, event_id).id, **new.model_dump())
    database.add(item)
    database.flush()
    return view(item, None)
