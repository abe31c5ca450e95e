from datetime import datetime

from fastapi import APIRouter, HTTPException
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import DateTime, ForeignKey, String, func, select
from sqlalchemy.orm import Mapped, mapped_column

from . import rules
from .database import Base, Database


class Bid(Base):
    __tablename__ = "bids"

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("items.id"))
    bidder: Mapped[str] = mapped_column(String(100))
    amount_cents: Mapped[int]
    placed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())


class NewBid(BaseModel):
    bidder: str = Field(min_length=1, max_length=100)
    amount_cents: int = Field(gt=0)


class BidView(NewBid):
    model_config = ConfigDict(from_attributes=True)
    id: int
    item_id: int


router = APIRouter(prefix="/items/{item_id}/bids", tags=["bids"])


def least_acceptable(database: Database, item_id: int) -> int:
    """Holds the item's row, so that of two bids made at once the second sees the first."""
    from .items import Item

    item = database.scalar(select(Item).where(Item.id == item_id).with_for_update())
    if item is None:
        raise HTTPException(404, f"There is no item {item_id}.")
    highest = database.scalar(select(func.max(Bid.amount_cents)).where(Bid.item_id == item_id))
    return rules.next_minimum(item.starting_cents, highest)


@router.get("", response_model=list[BidView])
def list_bids(item_id: int, database: Database, after: int = 0, limit: int = 100):
    """The item's bids in the order of their ids, those after the given one."""
    wanted = select(Bid).where(Bid.item_id == item_id, Bid.id > after).order_by(Bid.id)
    return database.scalars(wanted.limit(min(limit, 1000))).all()


@router.post("", response_model=BidView, status_code=201)
def place_bid(item_id: int, new: NewBid, database: Database):
    least = least_acceptable(database, item_id)
    if new.amount_cents < least:
        raise HTTPException(409, f"The next bid has to be at least {least} cents.")
    bid = Bid(item_id=item_id, **new.model_dump())
    database.add(bid)
    database.flush()
    return bid
