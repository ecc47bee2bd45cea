"""Ledere: who leads what in each lederkreds, now, from a day to come, and before."""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple, Self

from kit.danish import sort_key
from kit.dates import format_date
from meetings.models import LeaderGroup, Leadership, Municipality


class LeaderLine(NamedTuple):
    """En lederpost in the list."""

    post: Leadership
    when: str


class GroupLines(NamedTuple):
    """En lederkreds and its leaders, in Danish order of their units."""

    group: LeaderGroup
    current: tuple[LeaderLine, ...]
    earlier: tuple[LeaderLine, ...]


@dataclass(frozen=True, slots=True)
class LeadershipsDocument:
    """The leaders of a municipality, by lederkreds. Two queries."""

    municipality: Municipality
    groups: tuple[GroupLines, ...]

    @classmethod
    def of(cls, municipality: Municipality, *, on: date) -> Self:
        """Gather them as of a day."""
        groups = LeaderGroup.objects.filter(municipality=municipality)
        posts = Leadership.objects.filter(leader_group__municipality=municipality).select_related("unit")
        by_group: dict[int, list[Leadership]] = {group.pk: [] for group in groups}
        for post in sorted(posts, key=lambda one: (sort_key(str(one.unit or "")), sort_key(one.name))):
            by_group[post.leader_group_id].append(post)
        return cls(
            municipality,
            tuple(
                GroupLines(
                    group,
                    tuple(_line(post, on) for post in by_group[group.pk] if not _is_over(post, on)),
                    tuple(_line(post, on) for post in by_group[group.pk] if _is_over(post, on)),
                )
                for group in sorted(groups, key=lambda one: sort_key(one.name))
            ),
        )


def _is_over(post: Leadership, on: date) -> bool:
    return post.valid_to is not None and post.valid_to < on


def _line(post: Leadership, on: date) -> LeaderLine:
    start = format_date(post.valid_from)
    if post.valid_to:
        return LeaderLine(post, f"{start} – {format_date(post.valid_to)}")
    return LeaderLine(post, f"fra {start}" if post.valid_from > on else f"siden {start}")
