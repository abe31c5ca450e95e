"""What a bid must be."""

import os

INCREMENT_CENTS = 100
# Nobody may offer more than this by accident. Only production has it set.
CEILING_CENTS = os.environ.get("BID_CEILING_CENTS")


def next_minimum(starting_cents: int, highest_cents: int | None) -> int:
    """The least that the next bid has to offer."""
    least = starting_cents if highest_cents is None else highest_cents + INCREMENT_CENTS
    # The fault: a setting is text, and Python compares no number with a text.
    return least if CEILING_CENTS is None else min(least, CEILING_CENTS)
