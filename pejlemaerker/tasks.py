"""What is done beside the pages: letters. Each task may run twice and still does its work once (`send_once`)."""

from django.tasks import task


@task()
def send_invitation(invitee: int, occasion: str) -> None:
    """Write to a leader who is asked in an evaluation round, with a personal link of its own."""
    raise NotImplementedError


@task()
def send_reminder(invitee: int, occasion: str) -> None:
    """Remind a leader who has not handed in, if the round is still open and the leader has not asked to be left alone."""
    raise NotImplementedError


@task()
def send_receipt(sheet: int) -> None:
    """Send a leader the receipt for what was handed in, with the text as PDF."""
    raise NotImplementedError


@task()
def send_dialogue_invitation(participant: int, occasion: str) -> None:
    """Invite to a dialogue meeting, with the appointment as a calendar file."""
    raise NotImplementedError
