"""An auction: events hold items, people bid on them."""
