"""Notatet: the house's template, recipes to make it again by, drafts, and the issued note, which never changes."""

from typing import Any, Self

import pgtrigger
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from kit.append_only import AppendOnlyModel, AppendOnlyQuerySet
from kit.drafts import Draft
from kit.once import SubmittedOnce
from kit.search import SearchField, Spellings, TextsInside, Words
from meetings.models import Committee, Municipality, Right, latest_act
from meetings.models.publication import Publication
from pejlemaerker.models.goal import Goal
from pejlemaerker.models.period import GoalSet


class NoteKind(models.TextChoices):
    """What a note is about."""

    SET = "set", "Statusnotat for et sæt"
    GOAL = "goal", "Statusnotat for ét pejlemærke"
    YEAR = "year", "Udvalgets årsstatus"
    COMPARISON = "comparison", "Sammenligning af to perioder"
    ITEM = "item", "Dagsordenspunkt"


class Audience(models.TextChoices):
    """Who a paper is for; each edition tells what its readers may see, and never anything of a closed item."""

    INTERNAL = "internal", "Intern udgave"
    COMMITTEE = "committee", "Udgave til udvalget"
    PUBLIC = "public", "Offentlig udgave"


class PaperForm(models.TextChoices):
    """The forms in which a paper can be had."""

    PDF = "pdf", "PDF"
    DOCX = "docx", "Word"
    HTML = "html", "HTML"


class NoteTemplate(SubmittedOnce, AppendOnlyModel):
    """En udgave af husets skabelon: what the house's papers look like from that day. A change is a new version, so that
    a paper of an earlier day keeps the letterhead it had.
    """

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="note_templates")
    version = models.PositiveIntegerField("udgave")
    sender = models.CharField("afsender", max_length=160, blank=True)
    address = models.TextField("adresse", blank=True)
    case_label = models.CharField("navn på sagsnummeret", max_length=40, default="Sagsnr.")
    doc_label = models.CharField("navn på dokumentnummeret", max_length=40, default="Doknr.")
    date_label = models.CharField("navn på datoen", max_length=40, default="Dato")
    note_word = models.CharField("papirets betegnelse", max_length=40, default="NOTAT")
    signature = models.TextField("underskriftslinjer", blank=True)
    accent = models.CharField("farve", max_length=7, default="#1f4e79")
    logo = models.BinaryField("logo", null=True, blank=True)
    logo_type = models.CharField("logoets art", max_length=20, blank=True)  # "png", "jpg" or "svg"
    logo_alt = models.CharField("logoets tekst", max_length=120, blank=True)
    made_at = models.DateTimeField("gemt", default=timezone.now, editable=False)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    objects = AppendOnlyQuerySet["NoteTemplate"].as_manager()

    class Meta(AppendOnlyModel.Meta):
        verbose_name = "husets skabelon"
        verbose_name_plural = "husets skabeloner"
        ordering = ["-version"]
        constraints = [
            models.UniqueConstraint(fields=["municipality", "version"], name="note_template_version_once"),
            models.CheckConstraint(
                condition=Q(accent__regex=r"^#[0-9a-f]{6}$"), name="note_template_accent_is_a_colour"
            ),
        ]

    def __str__(self) -> str:
        return f"Skabelon {self.version}, {self.municipality}"


class AboutSomething(models.Model):
    """What a note is about: the fields that its kind asks for, and no others."""

    kind = models.CharField("art", max_length=20, choices=NoteKind)
    committee = models.ForeignKey(Committee, on_delete=models.PROTECT, related_name="+", verbose_name="udvalg")
    goal_set = models.ForeignKey(GoalSet, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    goal = models.ForeignKey(Goal, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    other_set = models.ForeignKey(GoalSet, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    year = models.PositiveSmallIntegerField("år", null=True, blank=True)
    audience = models.CharField("udgave", max_length=20, choices=Audience)
    choices = models.JSONField("valg", default=dict)  # pejlemaerker.documents.notes.choices.Choices

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["set", "item"], goal_set__isnull=False, goal=None, other_set=None, year=None)
                | Q(kind="goal", goal__isnull=False, other_set=None, year=None)
                | Q(kind="comparison", goal_set__isnull=False, other_set__isnull=False, goal=None, year=None)
                | Q(kind="year", year__isnull=False, goal_set=None, goal=None, other_set=None),
                name="%(class)s_is_about_something",
            ),
        ]


class NoteRecipe(SubmittedOnce, Draft):
    """En opskrift: what a note of this kind holds, kept under a name to be made again by next year."""

    committee = models.ForeignKey(Committee, on_delete=models.CASCADE, related_name="note_recipes")
    kind = models.CharField("art", max_length=20, choices=NoteKind)
    name = models.CharField("navn", max_length=120)
    audience = models.CharField("udgave", max_length=20, choices=Audience)
    choices = models.JSONField("valg", default=dict)

    class Meta:
        verbose_name = "opskrift"
        verbose_name_plural = "opskrifter"
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["committee", "kind", "name"], name="note_recipe_name_once")]

    def __str__(self) -> str:
        return self.name


class NoteDraftQuerySet(QuerySet["NoteDraft"]):
    """Drafts of notes, by who may see them."""

    def visible_to(self, user: Any) -> Self:
        """Return the drafts of committees where the user writes notes: they are shared among those who write. One that
        compares with another committee's set is seen by those who see that set, and may read that edition there too;
        one about a pejlemærke that has moved since by those who still see it.
        """
        other = Q(other_set=None) | Q(other_set__in=GoalSet.objects.visible_to(user).values("pk"))
        goal = Q(goal=None) | Q(goal__in=Goal.objects.visible_to(user).values("pk"))
        writes = Committee.objects.where(user, Right.FOLLOW_UP)
        return self.filter(may_be_read_elsewhere(user), other, goal, committee__in=writes)


def may_be_read_elsewhere(user: Any) -> Q:
    """Return the condition that a note tells of no other committee's set, or of one whose readers the user is among in
    that edition.
    """
    reads = {
        Audience.INTERNAL: Committee.objects.where(user, Right.READ_NOTES),
        Audience.COMMITTEE: Committee.objects.where(user, Right.READ_GOALS),
    }
    elsewhere = Q(other_set=None) | Q(audience=Audience.PUBLIC)
    for audience, committees in reads.items():
        elsewhere |= Q(audience=audience, other_set__period__committee__in=committees)
    return elsewhere


class NoteDraft(SubmittedOnce, AboutSomething, Draft):
    """En kladde til et notat: what it is about, as of when, for whom, what it holds. It goes when it is issued."""

    as_of = models.DateField("pr. dato")
    recipe_name = models.CharField("efter opskriften", max_length=120, blank=True)
    corrects = models.ForeignKey(
        "pejlemaerker.Note", on_delete=models.CASCADE, null=True, blank=True, related_name="+", verbose_name="retter"
    )

    objects = NoteDraftQuerySet.as_manager()

    class Meta(AboutSomething.Meta):
        verbose_name = "notatkladde"
        verbose_name_plural = "notatkladder"
        ordering = ["-edited_at", "-pk"]

    def __str__(self) -> str:
        return f"Kladde: {self.get_kind_display()}"

    def get_absolute_url(self) -> str:
        return reverse("note_draft", args=[self.pk])


class NoteQuerySet(AppendOnlyQuerySet["Note"]):
    """Issued notes, by who may see them."""

    subject = "note"

    def visible_to(self, user: Any) -> Self:
        """Return the notes the user may see: an internal edition in the administration, one for the committee among
        those who work by its pejlemærker, a public one for everybody once it is published.
        """
        internal = Committee.objects.where(user, Right.READ_NOTES)
        inside = Committee.objects.where(user, Right.READ_GOALS)
        return self.alias(_act=latest_act(self.subject)).filter(
            may_be_read_elsewhere(user),
            Q(committee__in=internal)
            | Q(committee__in=inside, audience__in=[Audience.COMMITTEE, Audience.PUBLIC])
            | Q(audience=Audience.PUBLIC, _act=Publication.Act.PUBLISHED),
        )


# The public edition is what everybody may see; a set that is not public has none (DESIGN § 5). Of a committee's year it
# tells the public sets only.
_TELLS_WHAT_IS_PUBLIC = pgtrigger.Trigger(
    name="tells_what_is_public",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert,
    condition=pgtrigger.Condition("NEW.audience = 'public'"),
    func="""
        IF EXISTS (
            SELECT 1 FROM pejlemaerker_goalset s
             WHERE s.id IN (
                       NEW.goal_set_id, NEW.other_set_id,
                       (SELECT g.goal_set_id FROM pejlemaerker_goal g WHERE g.id = NEW.goal_id)
                   )
               AND (SELECT p.act FROM meetings_publication p
                     WHERE p.subject = 'goal_set' AND p.subject_pk = s.id ORDER BY p.id DESC LIMIT 1)
                   IS DISTINCT FROM 'published'
        ) THEN
            RAISE EXCEPTION 'a public note tells of a set that is not public' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    """,
)


class Note(SubmittedOnce, AboutSomething, AppendOnlyModel):
    """Et udstedt notat: numbered, frozen with its data, its recipe and the version of the template, and kept.

    It is corrected by a new note that names it (`corrects`). `known` is the day by whose knowledge it was made: made
    again by it, the note has the same text.
    """

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="notes")
    number_year = models.PositiveSmallIntegerField("årgang")
    number = models.PositiveIntegerField("nummer")
    title = models.CharField("titel", max_length=300)
    as_of = models.DateField("pr. dato")
    known = models.DateField("efter hvad der var kendt den")
    recipe_name = models.CharField("efter opskriften", max_length=120, blank=True)
    template = models.ForeignKey(NoteTemplate, on_delete=models.PROTECT, null=True, related_name="+")
    paper = models.JSONField("indhold")  # kit.paper.document.Paper.as_data()
    text_sha256 = models.CharField("tekstens fingeraftryk", max_length=64)
    corrects = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="corrections", verbose_name="retter"
    )
    correction_reason = models.TextField("hvorfor det rettes", blank=True)
    issued_at = models.DateTimeField("udstedt", default=timezone.now, editable=False)
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    search = SearchField(Words("title", weight="A"), Spellings("title"), Words(TextsInside("paper")))

    objects = NoteQuerySet.as_manager()

    class Meta(AppendOnlyModel.Meta, AboutSomething.Meta):
        abstract = False
        verbose_name = "notat"
        verbose_name_plural = "notater"
        ordering = ["-issued_at", "-pk"]
        triggers = [*AppendOnlyModel.Meta.triggers, _TELLS_WHAT_IS_PUBLIC]
        indexes = [GinIndex(fields=["search"], name="note_search")]
        constraints = [
            *AboutSomething.Meta.constraints,
            models.UniqueConstraint(fields=["municipality", "number_year", "number"], name="note_number_once"),
            models.CheckConstraint(condition=~Q(corrects=F("pk")), name="note_corrects_another"),
            models.CheckConstraint(
                condition=Q(corrects=None, correction_reason="") | Q(corrects__isnull=False) & ~Q(correction_reason=""),
                name="note_says_why_it_corrects",
            ),
        ]

    def __str__(self) -> str:
        return f"Notat {self.name}"

    @property
    def name(self) -> str:
        """2026-14."""
        return f"{self.number_year}-{self.number}"

    def get_absolute_url(self) -> str:
        return reverse("issued_note", args=[self.pk])


class NoteFile(AppendOnlyModel):
    """En fil of an issued note, byte by byte as it was given out. Fetched only where it is served."""

    note = models.ForeignKey(Note, on_delete=models.PROTECT, related_name="files")
    form = models.CharField("form", max_length=10, choices=PaperForm)
    content = models.BinaryField("indhold")
    size = models.PositiveIntegerField("bytes")
    sha256 = models.CharField("fingeraftryk", max_length=64, db_index=True)

    objects = AppendOnlyQuerySet["NoteFile"].as_manager()

    class Meta(AppendOnlyModel.Meta):
        verbose_name = "fil"
        verbose_name_plural = "filer"
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["note", "form"], name="note_file_once_a_form")]

    def __str__(self) -> str:
        return f"{self.note}.{self.form}"


class NoteBatchQuerySet(QuerySet["NoteBatch"]):
    """Batches of notes, by who may see them."""

    def visible_to(self, user: Any) -> Self:
        """Return the batches in which every note is one the user may write; so colleagues share them."""
        own = Committee.objects.where(user, Right.FOLLOW_UP)
        others = NoteBatchPart.objects.filter(batch=OuterRef("pk")).exclude(goal_set__period__committee__in=own)
        return self.filter(~Exists(others), Exists(NoteBatchPart.objects.filter(batch=OuterRef("pk"))))


class NoteBatch(SubmittedOnce):
    """En samling notater, made beside the pages: all sets of a committee, or (without one) of the kommune, in one ZIP
    or one PDF with contents. It can be called off, and goes on where it was after a restart.
    """

    class Form(models.TextChoices):
        ZIP = "zip", "ZIP med et notat for hvert sæt"
        PDF = "pdf", "Én PDF med indholdsfortegnelse"

    municipality = models.ForeignKey(Municipality, on_delete=models.CASCADE, related_name="note_batches")
    committee = models.ForeignKey(Committee, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    form = models.CharField("form", max_length=10, choices=Form)
    audience = models.CharField("udgave", max_length=20, choices=Audience)
    as_of = models.DateField("pr. dato")
    known = models.DateField("efter hvad der var kendt den")
    recipe_name = models.CharField("efter opskriften", max_length=120, blank=True)
    choices = models.JSONField("valg", default=dict)
    ordered_at = models.DateTimeField("bestilt", default=timezone.now, editable=False)
    ordered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="note_batches")
    cancelled_at = models.DateTimeField("afbrudt", null=True, blank=True)
    finished_at = models.DateTimeField("færdig", null=True, blank=True)
    failure = models.TextField("hvorfor den ikke blev færdig", blank=True)
    result = models.BinaryField("filen", null=True, blank=True)

    objects = NoteBatchQuerySet.as_manager()

    class Meta:
        verbose_name = "samling af notater"
        verbose_name_plural = "samlinger af notater"
        ordering = ["-ordered_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(finished_at=None, result=None) | Q(finished_at__isnull=False, result__isnull=False),
                name="note_batch_finished_has_its_file",
            )
        ]

    def __str__(self) -> str:
        return f"Samling {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("note_batch", args=[self.pk])


class NoteBatchPart(models.Model):
    """Et notat i en samling: made once, kept until the whole is fetched or grown old."""

    batch = models.ForeignKey(NoteBatch, on_delete=models.CASCADE, related_name="parts")
    position = models.PositiveSmallIntegerField("rækkefølge")
    goal_set = models.ForeignKey(GoalSet, on_delete=models.CASCADE, related_name="+")
    paper = models.JSONField("indhold", null=True, blank=True)
    content = models.BinaryField("filen", null=True, blank=True)
    made_at = models.DateTimeField("lavet", null=True, blank=True)
    failure = models.TextField("hvorfor det ikke kunne laves", blank=True)

    class Meta:
        verbose_name = "notat i en samling"
        verbose_name_plural = "notater i en samling"
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["batch", "position"], name="note_batch_position_once")]

    def __str__(self) -> str:
        return f"{self.batch}, {self.position}"


def newest_template(municipality: Municipality, *, made_by_day_end: Any) -> NoteTemplate | None:
    """The template that stood at the end of a day (a moment), or None where the house has none yet."""
    templates: QuerySet[NoteTemplate] = NoteTemplate.objects.filter(
        municipality=municipality, made_at__lt=made_by_day_end
    )
    return templates.order_by("-version").first()
