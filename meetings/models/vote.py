"""Afstemninger: who was for, against, or abstained, by person or by party group."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from kit.once import SubmittedOnce
from meetings.models.after_closing import frozen_after_closing
from meetings.models.agenda_item import AgendaItem, OfOpenItemManager, OfProtocolQuerySet
from meetings.models.committee import Person


class VoteQuerySet(OfProtocolQuerySet["Vote"]):
    """Votes, seen with the protocol: they cannot be kept secret from those who read it (udtalelse 89.1.3)."""


class OpenVoteManager(OfOpenItemManager["Vote"].from_queryset(VoteQuerySet)):  # type: ignore[misc]
    """The safe default: votes on open items."""


class Vote(SubmittedOnce):
    """En afstemning on an item. There may be several: on a change first, then on the whole."""

    item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, related_name="votes")
    about = models.CharField("hvad der blev stemt om", max_length=200, default="Indstillingen")
    recorded_at = models.DateTimeField("skrevet ind", default=timezone.now, editable=False)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    objects = OpenVoteManager()
    including_closed = VoteQuerySet.as_manager()

    class Meta:
        triggers = frozen_after_closing()
        verbose_name = "afstemning"
        verbose_name_plural = "afstemninger"
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"Afstemning, {self.item}"


class VoteLineQuerySet(OfProtocolQuerySet["VoteLine"]):
    """Single voices, seen with their vote."""

    item = "vote__item"


class OpenVoteLineManager(OfOpenItemManager["VoteLine"].from_queryset(VoteLineQuerySet)):  # type: ignore[misc]
    """The safe default: voices on open items."""


# Only who is there and not disqualified votes (styrelsesloven §§ 11 and 14).
_VOTER_IS_ABLE = pgtrigger.Trigger(
    name="voter_is_able",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert | pgtrigger.Update,
    func="""
        IF NEW.person_id IS NOT NULL AND NEW.person_id NOT IN (
            SELECT able.person_id FROM meetings_vote v, meetings_able_to_vote(v.item_id) able WHERE v.id = NEW.vote_id
        ) THEN
            RAISE EXCEPTION 'person % is not there, is out of the room, or is disqualified: no vote', NEW.person_id
                USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    """,
)

# Asked when the transaction ends, when all lines are there: everyone who can vote is for, against, or abstains.
_VOTES_ADD_UP = pgtrigger.Trigger(
    name="votes_add_up",
    when=pgtrigger.After,
    operation=pgtrigger.Insert | pgtrigger.Update,
    timing=pgtrigger.Deferred,
    func="""
        IF (SELECT SUM(l.count) FROM meetings_voteline l WHERE l.vote_id = NEW.vote_id) <> (
            SELECT COUNT(*) FROM meetings_vote v, meetings_able_to_vote(v.item_id) WHERE v.id = NEW.vote_id
        ) THEN
            RAISE EXCEPTION 'the voices of vote % do not add up to those who can vote', NEW.vote_id
                USING ERRCODE = 'check_violation';
        END IF;
        RETURN NULL;
    """,
)


class VoteLine(models.Model):
    """En stemme, or those of a party group: its name suffices where the vote follows the groups (udtalelse 89.1.3)."""

    class Stance(models.TextChoices):
        FOR = "for", "For"
        AGAINST = "against", "Imod"
        ABSTAINED = "abstained", "Undlod at stemme"

    vote = models.ForeignKey(Vote, on_delete=models.CASCADE, related_name="lines")
    stance = models.CharField("stemme", max_length=20, choices=Stance)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    party = models.CharField("gruppe", max_length=3, blank=True)  # the voter's own, or the group that votes as one
    count = models.PositiveSmallIntegerField("antal", default=1)

    objects = OpenVoteLineManager()
    including_closed = VoteLineQuerySet.as_manager()

    class Meta:
        triggers = [
            _VOTER_IS_ABLE, _VOTES_ADD_UP,
            *frozen_after_closing(
                "(SELECT i.meeting_id FROM meetings_vote v JOIN meetings_agendaitem i ON i.id = v.item_id"
                " WHERE v.id = {row}.vote_id)"
            ),
        ]  # fmt: skip
        verbose_name = "stemme"
        verbose_name_plural = "stemmer"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=False, count=1) | (Q(person__isnull=True, count__gte=1) & ~Q(party="")),
                name="voice_of_a_person_or_a_group",
            ),
            models.UniqueConstraint(fields=["vote", "person"], name="one_voice_each"),
            models.UniqueConstraint(
                fields=["vote", "party", "stance"], condition=Q(person__isnull=True), name="group_voice_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_stance_display()}: {self.count}"
