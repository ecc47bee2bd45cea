"""En lang liste, en side ad gangen: which page one is on, and the addresses of those beside it."""

from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import urlencode

from django.core.paginator import Paginator

A_PAGE = 50


@dataclass(frozen=True, slots=True)
class Paging:
    """Where one is in a long list."""

    number: int
    pages: int
    total: int
    before: str  # the address of the page before; empty on the first
    after: str

    @classmethod
    def through(cls, rows: Any, number: str, **chosen: str) -> tuple[Any, Self]:
        """Return the rows of a page and where it is; the addresses keep what the list is narrowed by."""
        page = Paginator(rows, A_PAGE).get_page(number)
        kept = {name: value for name, value in chosen.items() if value}

        def address(number: int) -> str:
            return "?" + urlencode({**kept, "side": number})

        return page.object_list, cls(
            number=page.number,
            pages=page.paginator.num_pages,
            total=page.paginator.count,
            before=address(page.number - 1) if page.has_previous() else "",
            after=address(page.number + 1) if page.has_next() else "",
        )
