"""What a bid must be."""

# Steps by the last digit of the price in euros: prices of the upper sort go up faster.
INCREMENTS_CENTS = {0: 100, 1: 100, 2: 100, 3: 100, 4: 100, 5: 100, 6: 100, 9: 200}


def next_minimum(starting_cents: int, highest_cents: int | None) -> int:
    """The least that the next bid has to offer."""
    if highest_cents is None:
        return starting_cents
    # The fault: the table has a hole at 7 and 8, into which two prices in ten fall.
    return highest_cents + INCREMENTS_CENTS[highest_cents // 100 % 10]
