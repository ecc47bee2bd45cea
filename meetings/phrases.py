"""Standardformuleringer: what a committee decides most often, each a key away (DOMAIN § 1.5)."""

from typing import NamedTuple

from meetings.models import Category, HousePhrase, Municipality


class Phrase(NamedTuple):
    """A phrase as it is printed in minutes, and the kind of decision it expresses."""

    text: str
    category: Category


# In the order of their keys, Alt + 1–9.
PHRASES = (
    Phrase("Godkendt.", Category.APPROVED),
    Phrase("Tiltrådt som indstillet.", Category.APPROVED),
    Phrase("Taget til efterretning.", Category.NOTED),
    Phrase("Drøftet.", Category.DISCUSSED),
    Phrase("Udsat.", Category.POSTPONED),
    Phrase("Anbefales godkendt.", Category.RECOMMENDED),
    Phrase("Godkendt med den ændring, at ", Category.APPROVED_AMENDED),
    Phrase("Punktet udgår.", Category.WITHDRAWN),
    Phrase("Ikke godkendt.", Category.REJECTED),
)

# There are nine keys; a tenth phrase of the house is chosen with the mouse.
SHORTCUTS = 9


def phrases_of(municipality: Municipality) -> list[Phrase]:
    """List the phrases of the house in its own order, or the usual ones; the first nine have a key (SHORTCUTS)."""
    own = [Phrase(row.text, Category(row.category)) for row in HousePhrase.objects.filter(municipality=municipality)]
    return own or list(PHRASES)


# In the order in which they are needed: those of an ordinary meeting, and those one has to look for.
COMMON_CATEGORIES = (
    Category.APPROVED, Category.APPROVED_AMENDED, Category.NOTED, Category.DISCUSSED, Category.POSTPONED,
    Category.RECOMMENDED,
)  # fmt: skip
RARE_CATEGORIES = (
    Category.REJECTED, Category.FORWARDED, Category.WITHDRAWN, Category.BROUGHT_TO_COUNCIL, Category.ELECTED,
    Category.NOT_TREATED, Category.NONE,
)  # fmt: skip
