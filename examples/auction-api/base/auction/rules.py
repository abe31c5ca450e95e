"""What a bid must be."""

INCREMENT_CENTS = 100


def next_minimum(starting_cents: int, highest_cents: int | None) -> int:
    """The least that the next bid has to offer."""
    return starting_cents if highest_cents is None else highest_cents + INCREMENT_CENTS
