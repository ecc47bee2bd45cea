"""What an action refuses, and why, in words for the person who asked."""

from meetings.models import Decision, Meeting


class NumberTaken(Exception):
    """Another item of the meeting has the number."""

    def __init__(self, number: str) -> None:
        super().__init__(f"Nummer {number} er allerede brugt på dagsordenen.")


class AlreadyDecided(Exception):
    """The item has a decision in the protocol; what comes now is a correction by dated addition."""

    def __init__(self, decision: Decision) -> None:
        super().__init__("Beslutningen er allerede ført til protokollen")
        self.decision = decision


class MeetingClosed(Exception):
    """The meeting is closed: what its protocol tells is corrected by dated addition only."""

    def __init__(self, meeting: Meeting) -> None:
        super().__init__("Mødet er lukket. Referatet rettes nu kun ved dateret tilføjelse.")
        self.meeting = meeting


class NotAllowed(Exception):
    """A rule of the law or the house stands against it; the message says which, in Danish, for the field named."""

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.field = field or None
