"""What the log's codes are called in plain Danish: "Signe Sekretær *førte en beslutning til protokol*: …"."""

from django.apps import apps

CHECKED = "log_checked"  # the Events about the log itself
EXPORTED = "log_exported"

_WHOLE = {
    "break_glass_issued": "lavede en nødadgang til",
    "break_glass_used": "brugte nødadgangen:",
    "closed_read": "læste",
    CHECKED: "kontrollerede loggen for",
    EXPORTED: "hentede et udtræk af loggen for",
    "agenda_dispatched": "sendte dagsordenen ud til",
    "answer_handed_in": "indsendte en besvarelse:",
    "attendance_recorded": "noterede fremmødet:",
    "decision_corrected": "rettede en beslutning ved tilføjelse:",
    "decision_recorded": "førte en beslutning til protokol:",
    "decision_stayed": "noterede en standsning af en beslutning:",
    "dialogue_attendance_noted": "noterede, hvem der kom:",
    "dialogue_cancelled": "aflyste",
    "dialogue_resumed": "tog aflysningen tilbage:",
    "dialogue_item_linked": "knyttede et punkt på dagsordenen til",
    "dialogue_item_unlinked": "fjernede et punkt på dagsordenen fra",
    "dialogue_invited": "indbød deltagere til",
    "dialogue_programme_proposed": "foreslog et program til",
    "document_imported": "indlæste",
    "goals_arranged": "ændrede rækkefølgen af pejlemærker i",
    "invitee_asked_again": "spurgte igen",
    "invitee_links_revoked": "lukkede de personlige links til",
    "invitee_mail_returned": "fik et brev retur fra",
    "invitee_withdrawn": "trak spørgsmålene tilbage fra",
    "invitee_written_to": "skrev til",
    "item_continued": "sendte sagen videre:",
    "item_split": "delte",
    "login_connected": "koblede kommunens login til",
    "meeting_closed": "lukkede referatet af",
    "meeting_imported": "indlæste",
    "minutes_added_to": "skrev en tilføjelse til referatet af",
    "minutes_sealed": "forseglede referatet af",
    "minutes_signed": "underskrev referatet af",
    "note_batch_ordered": "bestilte",
    "note_batch_cancelled": "afbrød",
    "note_correction_begun": "begyndte at rette",
    "note_issued": "udstedte",
    "app_removed": "fjernede appen til login:",
    "email_changed": "skiftede e-mail:",
    "own_text_approved": "godkendte sin egen fælles tekst:",
    "password_changed": "skiftede adgangskode:",
    "password_reset": "lavede en ny adgangskode med et link fra en mail:",
    "password_given": "lavede en ny adgangskode til",
    "person_erased": "slettede oplysninger om",
    "person_exported": "udleverede oplysninger om",
    "plan_amended": "ændrede opfølgningsplanen:",
    "promise_put_on_agenda": "satte et løfte på dagsordenen:",
    "quotation_chosen": "valgte et citat:",
    "quotation_source_named": "noterede, at den citerede nævnes:",
    "reminders_chosen": "valgte, hvilke breve der kommer:",
    "reminders_stopped": "fravalgte påmindelser:",
    "recovery_code_used": "brugte en nødkode:",
    "recovery_codes_renewed": "lavede nye nødkoder:",
    "role_ended": "afsluttede en rolle:",
    "role_ended_by_login": "afsluttede en rolle ved login:",
    "role_granted": "tildelte en rolle:",
    "role_granted_by_login": "tildelte en rolle ved login:",
    "second_factor_removed": "fjernede andet trin ved login for",
    "second_factor_set_up": "satte andet trin op ved login:",
    "security_key_added": "tilføjede en nøgle til login:",
    "security_key_removed": "fjernede en nøgle til login:",
    "security_key_renamed": "gav en nøgle til login et nyt navn:",
    "set_closed": "afsluttede",
    "statuses_handed_in": "afgav status:",
    "stay_outcome_recorded": "noterede udfaldet af en standsning:",
    "step_outcome_noted": "noterede udfaldet af et trin:",
    "survey_asked": "bad om svar:",
    "survey_extended": "forlængede fristen:",
    "survey_not_asked": "undlod at spørge:",
    "survey_reminded": "sendte påmindelser:",
    "user_made_by_login": "oprettede ved login:",
    "warnings_accepted": "gik videre trods advarsler:",
    "wording_annulled": "ophævede en ordlyd:",
    "wording_in_force": "satte en ordlyd i kraft:",
    "wording_submitted": "forelagde en ordlyd:",
    "wording_written": "skrev en ordlyd:",
}
_BY_ENDING = {
    "_added": "tilføjede", "_approved": "godkendte", "_begun": "begyndte på", "_changed": "ændrede",
    "_closed": "lukkede", "_corrected": "rettede", "_created": "oprettede", "_defined": "definerede",
    "_deleted": "slettede", "_made": "gav", "_moved": "flyttede", "_moved_on": "flyttede videre",
    "_opened": "åbnede", "_presented": "forelagde", "_published": "offentliggjorde", "_put_right": "rettede",
    "_recorded": "skrev ind:", "_removed": "fjernede", "_renamed": "omdøbte", "_reopened": "genåbnede",
    "_saved": "gemte", "_settled": "afsluttede", "_withdrawn": "trak tilbage", "_written": "skrev",
    "_requested": "sendte til godkendelse:", "_sent_back": "sendte tilbage",
}  # fmt: skip


def what_was_done(action: str) -> str | None:
    """Say an action, or None where it has no words yet."""
    if action in _WHOLE:
        return _WHOLE[action]
    return next((words for ending, words in _BY_ENDING.items() if action.endswith(ending)), None)


def kind_of_thing(target_type: str) -> str:
    """The Danish name of what an event is about ("dagsordenspunkt")."""
    try:
        return str(apps.get_model(target_type)._meta.verbose_name)
    except (LookupError, ValueError):
        return target_type
