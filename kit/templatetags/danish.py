"""Template filters for Danish dates; everything else is worked out in the document before it reaches a template."""

from datetime import date, datetime

from django import template
from django.utils import timezone

from kit.dates import format_date, format_time

register = template.Library()


@register.filter
def danish_date(value: date | datetime | None) -> str:
    """30. maj 2022."""
    if isinstance(value, datetime):
        value = timezone.localtime(value).date()
    return format_date(value) if value else ""


@register.filter
def danish_moment(value: datetime | None) -> str:
    """30. maj 2022 kl. 14.32."""
    if value is None:
        return ""
    local = timezone.localtime(value)
    return f"{format_date(local.date())} {format_time(local.time())}"
