"""Referatet efter mødet: the meeting is closed, the members sign, the protocol is sealed; then only dated additions."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils import timezone

from kit.append_only import APPEND_ONLY_TRIGGERS, AppendOnlyModel, AppendOnlyQuerySet
from kit.once import SubmittedOnce
from meetings.models.committee import Person
from meetings.models.meeting import Meeting

# Every item is decided (also "ikke behandlet" is said), it is known who was there, and every vote adds up.
_READY_TO_CLOSE = pgtrigger.Trigger(
    name="ready_to_close",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert,
    func="""
        IF EXISTS (
            SELECT 1 FROM meetings_agendaitem i WHERE i.meeting_id = NEW.meeting_id
               AND NOT EXISTS (SELECT 1 FROM meetings_decision d WHERE d.item_id = i.id AND d.recommendation_id IS NULL)
               AND (NOT EXISTS (SELECT 1 FROM meetings_decision d WHERE d.item_id = i.id)
                 OR EXISTS (SELECT 1 FROM meetings_recommendation r WHERE r.item_id = i.id
                       AND NOT EXISTS (SELECT 1 FROM meetings_decision d WHERE d.recommendation_id = r.id)))
        ) THEN
            RAISE EXCEPTION 'meeting % has an item without a decision', NEW.meeting_id
                USING ERRCODE = 'check_violation';
        END IF;
        IF NOT EXISTS (
            SELECT 1 FROM meetings_attendance a WHERE a.meeting_id = NEW.meeting_id AND a.state = 'present'
        ) THEN
            RAISE EXCEPTION 'nobody is recorded as present at meeting %', NEW.meeting_id
                USING ERRCODE = 'check_violation';
        END IF;
        IF EXISTS (
            SELECT 1 FROM meetings_vote v JOIN meetings_agendaitem i ON i.id = v.item_id
             WHERE i.meeting_id = NEW.meeting_id
               AND ((SELECT COALESCE(SUM(l.count), 0) FROM meetings_voteline l WHERE l.vote_id = v.id)
                    <> (SELECT COUNT(*) FROM meetings_able_to_vote(i.id))
                 OR EXISTS (SELECT 1 FROM meetings_voteline l WHERE l.vote_id = v.id AND l.person_id IS NOT NULL
                       AND l.person_id NOT IN (SELECT able.person_id FROM meetings_able_to_vote(i.id) able)))
        ) THEN
            RAISE EXCEPTION 'a vote of meeting % does not add up', NEW.meeting_id USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    """,
)


class Closing(SubmittedOnce, AppendOnlyModel):
    """Mødet er hævet: from here on nothing in the protocol changes, and no decision can be stayed."""

    meeting = models.OneToOneField(Meeting, on_delete=models.PROTECT, related_name="closing")
    closed_at = models.DateTimeField("lukket", default=timezone.now, editable=False)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    objects = AppendOnlyQuerySet["Closing"].as_manager()

    class Meta(AppendOnlyModel.Meta):
        triggers = [*APPEND_ONLY_TRIGGERS, _READY_TO_CLOSE]
        verbose_name = "lukning af møde"
        verbose_name_plural = "lukninger af møder"

    def __str__(self) -> str:
        return f"Mødet er hævet: {self.meeting}"


def _only_after_closing(*, and_attending: bool = False, and_unsealed: bool = False) -> pgtrigger.Trigger:
    """Return the trigger of what may only come once the meeting is closed."""
    sealed = "OR EXISTS (SELECT 1 FROM meetings_seal s WHERE s.meeting_id = NEW.meeting_id)" if and_unsealed else ""
    stranger = (
        "OR NOT EXISTS (SELECT 1 FROM meetings_attendance a WHERE a.meeting_id = NEW.meeting_id"
        " AND a.person_id = NEW.person_id AND a.state = 'present'"
        " UNION SELECT 1 FROM meetings_recusal r JOIN meetings_agendaitem i ON i.id = r.item_id"
        " WHERE i.meeting_id = NEW.meeting_id AND r.substitute_id = NEW.person_id)"
        if and_attending
        else ""
    )
    return pgtrigger.Trigger(
        name="only_after_closing",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        func=f"""
            IF NOT EXISTS (SELECT 1 FROM meetings_closing c WHERE c.meeting_id = NEW.meeting_id)
               {sealed} {stranger} THEN
                RAISE EXCEPTION '% is for those who took part, once meeting % is closed and before it is sealed',
                    TG_TABLE_NAME, NEW.meeting_id USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        """,  # noqa: S608  (constants of our own only)
    )


# Nobody signs for another: the login that signs is the person's own.
_OWN_LOGIN = pgtrigger.Trigger(
    name="own_login",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert,
    func="""
        IF NOT EXISTS (SELECT 1 FROM meetings_person p WHERE p.id = NEW.person_id AND p.user_id = NEW.signed_by_id) THEN
            RAISE EXCEPTION 'user % is not person %: nobody signs for another', NEW.signed_by_id, NEW.person_id
                USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    """,
)


class Signature(SubmittedOnce, AppendOnlyModel):
    """En underskrift: somebody who took part signs the protocol, on their own login, as it read then (styrelsesloven
    § 13).
    """

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="signatures")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="signatures")
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField("underskrevet", default=timezone.now, editable=False)
    fingerprint = models.CharField("fingeraftryk af det, der blev underskrevet", max_length=64)

    objects = AppendOnlyQuerySet["Signature"].as_manager()

    class Meta(AppendOnlyModel.Meta):
        triggers = [*APPEND_ONLY_TRIGGERS, _only_after_closing(and_attending=True, and_unsealed=True), _OWN_LOGIN]
        verbose_name = "underskrift"
        verbose_name_plural = "underskrifter"
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["meeting", "person"], name="signature_once")]

    def __str__(self) -> str:
        return f"{self.person}, {self.meeting}"


# Sealed when everyone who took part has signed, or with a word on why somebody has not.
_SIGNED_OR_EXPLAINED = pgtrigger.Trigger(
    name="signed_or_explained",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert,
    func="""
        IF NEW.reason = '' AND EXISTS (
            SELECT 1 FROM meetings_attendance a WHERE a.meeting_id = NEW.meeting_id AND a.state = 'present'
               AND NOT EXISTS (SELECT 1 FROM meetings_signature s
                                WHERE s.meeting_id = NEW.meeting_id AND s.person_id = a.person_id)
        ) THEN
            RAISE EXCEPTION 'somebody has not signed the minutes of meeting %, and no reason is given', NEW.meeting_id
                USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    """,
)


class Seal(SubmittedOnce, AppendOnlyModel):
    """Forseglingen: the protocol is finished. By itself when the last has signed, or by the secretary with a reason."""

    meeting = models.OneToOneField(Meeting, on_delete=models.PROTECT, related_name="seal")
    sealed_at = models.DateTimeField("forseglet", default=timezone.now, editable=False)
    sealed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    fingerprint = models.CharField("fingeraftryk", max_length=64)
    reason = models.CharField("hvorfor ikke alle har underskrevet", max_length=300, blank=True)

    objects = AppendOnlyQuerySet["Seal"].as_manager()

    class Meta(AppendOnlyModel.Meta):
        triggers = [*APPEND_ONLY_TRIGGERS, _only_after_closing(), _SIGNED_OR_EXPLAINED]
        verbose_name = "forsegling"
        verbose_name_plural = "forseglinger"

    def __str__(self) -> str:
        return f"Forseglet: {self.meeting}"


class MinutesAddition(SubmittedOnce, AppendOnlyModel):
    """En tilføjelse til referatet: what is to be corrected in the meeting as a whole, such as who was there. A decision
    has its own `Correction`.
    """

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="minutes_additions")
    text = models.TextField("tilføjelse")
    recorded_at = models.DateTimeField("tilføjet", default=timezone.now, editable=False)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    objects = AppendOnlyQuerySet["MinutesAddition"].as_manager()

    class Meta(AppendOnlyModel.Meta):
        triggers = [*APPEND_ONLY_TRIGGERS, _only_after_closing()]
        verbose_name = "tilføjelse til referatet"
        verbose_name_plural = "tilføjelser til referater"
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"Tilføjelse til referatet: {self.meeting}"
