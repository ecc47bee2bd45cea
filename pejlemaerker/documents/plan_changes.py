"""Hvad der blev ændret i planen: one version held against the one before, in words."""

from collections.abc import Iterable

from pejlemaerker.models import FollowUpStep

_FIELDS = {
    "get_kind_display": "art",
    "title": "navn",
    "when_text": "hvornår",
    "participants": "hvem deltager",
    "responsible": "hvem sørger for det",
}
_INTERNAL = "responsible"  # may name somebody in the administration


def plan_changes(before: Iterable[FollowUpStep], after: Iterable[FollowUpStep], *, is_insider: bool) -> tuple[str, ...]:
    """Tell what was added, taken out and changed; steps are known again by their trail."""
    old = {step.trail: step for step in before}
    new = {step.trail: step for step in after}
    added = [f"Nyt trin: {_named(step)}." for trail, step in new.items() if trail not in old]
    out = [f"Taget ud: {_named(step)}." for trail, step in old.items() if trail not in new]
    changed = [line for trail, step in new.items() if trail in old for line in _changed(old[trail], step, is_insider)]
    stayed = [trail for trail in old if trail in new] != [trail for trail in new if trail in old]
    return (*added, *out, *changed, *(["Rækkefølgen er ændret."] if stayed else []))


def _named(step: FollowUpStep) -> str:
    name = str(step).removesuffix(".")  # an agreement is often a whole sentence
    return f"{name}, {step.when_text}" if step.when_text else name


def _changed(before: FollowUpStep, after: FollowUpStep, is_insider: bool) -> list[str]:
    lines = []
    for name, label in _FIELDS.items():
        was, now = (_value(step, name) for step in (before, after))
        if was != now and (is_insider or name != _INTERNAL):
            lines.append(f"{before}: {label} {_from_to(was, now)}.")
    if before.is_recurring != after.is_recurring:
        lines.append(f"{before}: {'er nu tilbagevendende' if after.is_recurring else 'holdes nu én gang'}.")
    return lines


def _value(step: FollowUpStep, name: str) -> str:
    value = getattr(step, name)
    return str(value() if callable(value) else value)


def _from_to(was: str, now: str) -> str:
    if not was:
        return f"er nu »{now}«"
    return f"var »{was}« og er nu »{now}«" if now else f"var »{was}« og står ikke mere"
