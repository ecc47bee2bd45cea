"""Kontrol af en fil: /notater/kontrol/, open to everybody; the file is read and let go of."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from kit.guards import public
from kit.htmx import render_page
from kit.throttle import Throttle
from pejlemaerker.documents.notes.verify import Verification
from pejlemaerker.forms.issuing import VerifyForm

# A file that is issued here is found at once, and costs nothing: only the others are counted.
_READ = Throttle("kontrol-af-filer", limit=20, window=600)


@public
@csrf_exempt  # it changes nothing and keeps nothing, and a visitor needs no cookie for it
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """Whether a file is one we issued, and whether what it says has been changed since."""
    is_sent = request.method == "POST"
    form = VerifyForm(*((request.POST, request.FILES) if is_sent else ()))
    if not (is_sent and form.is_valid()):
        return _page(request, form, status=422 if is_sent else 200)
    content = form.cleaned_data["file"].read()
    found = Verification.as_it_is(content, viewer=request.user)
    if found is None:
        wait = _READ.seconds_to_wait(request)
        if wait:
            form.add_error("file", f"Der er kontrolleret mange filer herfra. Prøv igen om {-(-wait // 60)} minutter.")
            response = _page(request, form, status=429)
            response.headers["Retry-After"] = str(wait)
            return response
        found = Verification.by_its_words(content, viewer=request.user)
    return _page(request, form, found)


def _page(
    request: HttpRequest, form: VerifyForm, found: Verification | None = None, *, status: int = 200
) -> HttpResponse:
    context = {"form": form, "found": found}
    return render_page(request, "pejlemaerker/notes/verify.html", context, status=status)
