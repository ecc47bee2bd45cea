"""Issued notes for tests: begun as a draft and issued, as the pages do it."""

from datetime import date
from typing import Any
from uuid import uuid4

from kit.clock import today
from kit.paper.document import Paper
from meetings.models import User
from pejlemaerker.actions.note_drafts import begin_note
from pejlemaerker.actions.notes import issue_note
from pejlemaerker.documents.notes.choices import Choices
from pejlemaerker.documents.notes.issuing import draft_paper
from pejlemaerker.documents.notes.subject import Subject
from pejlemaerker.models import GoalSet, Note, NoteDraft, NoteTemplate
from pejlemaerker.papers import Made


def a_draft(
    goal_set: GoalSet, *, by: User, audience: str = "internal", as_of: date | None = None, **written: Any
) -> NoteDraft:
    """A draft about one set, with the usual sections; `written` is the writer's own words (introduction, title …)."""
    subject = Subject.of_set(goal_set)
    usual = Choices.usual(subject.kind)
    choices = Choices(usual.sections, **written)
    return begin_note(subject=subject, audience=audience, as_of=as_of or today(), choices=choices, nonce=uuid4(), by=by)


def issue(draft: NoteDraft, *, by: User, reason: str = "") -> Note:
    """Issue a draft as one sees it."""
    seen = draft_paper(draft, by=by).fingerprint
    return issue_note(draft=draft, expected=draft.revision, seen=seen, reason=reason, nonce=uuid4(), by=by)


def an_issued_note(goal_set: GoalSet, *, by: User, **values: Any) -> Note:
    """A note about one set, issued today."""
    return issue(a_draft(goal_set, by=by, **values), by=by)


def make_cheaply(paper: Paper, form: str, *, house: NoteTemplate | None = None) -> Made:
    """Stands in for the engines where a test is not about files: everything the paper says, as one line of bytes."""
    said = (form, paper.text, *paper.letterhead.sender, *paper.keywords, *paper.stamp.colophon)
    return Made("\n".join(said).encode(), "text/plain")
