"""Writing a policy: begin a draft, bring a text in, edit it with its sentences beside it."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.db import IntegrityError
from django.http import Http404, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from linkage import access, comparing, editing, lifecycle, pages, register, rules
from linkage.forms_policies import DraftForm, EditForm, ImportForm, unix_lines
from linkage.models import Policy, PolicyState
from linkage.refusals import LinkageRefused, StaleDraft
from people.http import AuthenticatedRequest, posted

SPARE = 12  # lines below the last one, to write on where no script adds them


def _writer(request: AuthenticatedRequest) -> None:
    if not access.may_draft(request.user):
        raise Http404(_("没有这一页，或你没有查看的权限。"))


def _draft(request: AuthenticatedRequest, pk: int) -> Policy:
    _writer(request)
    return get_object_or_404(Policy.objects.select_related("based_on"), pk=pk)


@require_http_methods(["GET", "POST"])
def new(request: AuthenticatedRequest) -> HttpResponse:
    """Begin a draft from a version there is, or from the library that comes with the product."""
    _writer(request)
    if not register.was_ever_published():
        register.install_shipped(actor=request.user)
    versions = list(Policy.objects.exclude(state=PolicyState.DISCARDED).order_by("code", "-from_day", "-pk"))
    form = DraftForm(posted(request), versions=versions, initial=_suggested(request, versions))
    if form.is_valid() and (made := _begun(request, form)):
        messages.success(request, _("已起草 %(policy)s。") % {"policy": made})
        return redirect("linkage:policy_edit", pk=made.pk)
    status = 422 if form.errors else 200
    return render(request, "linkage/policy_new.html", {"form": form, "deciding": register.REFERENCE}, status=status)


def _suggested(request: AuthenticatedRequest, versions: list[Policy]) -> dict[str, Any]:
    asked = request.GET.get("from", "")
    chosen = next((p for p in versions if str(p.pk) == asked), None)
    chosen = chosen or next((p for p in versions if p.code == register.REFERENCE and p.is_published), None)
    if chosen is None:
        return {"from_day": _next_year()}
    taken = {p.version for p in versions if p.code == chosen.code}
    number = editing.next_version(chosen.version, taken)
    return {"source": f"policy:{chosen.pk}", "version": number, "from_day": _next_year()}


def _next_year() -> date:
    """Policies mostly begin with a year, so that one version judges all of it."""
    return date(timezone.localdate().year + 1, 1, 1)


def _begun(request: AuthenticatedRequest, form: DraftForm) -> Policy | None:
    """The draft; nothing where it was refused, the form then says why."""
    data = form.cleaned_data
    kind, _colon, key = data["source"].partition(":")
    source = Policy.objects.get(pk=key) if kind == "policy" else None
    text = source.text if source else editing.shipped()[key].text
    code = register.REFERENCE if data["deciding"] else ""
    text = editing.headed(text, version=data["version"], code=code)
    note = _("据 %(source)s 起草") % {"source": source or key}
    try:
        return lifecycle.draft(text, from_day=data["from_day"], actor=request.user, note=note, based_on=source)
    except (LinkageRefused, rules.PolicyError) as refused:
        form.add_error(None, _said(refused))
    except IntegrityError:
        form.add_error("version", _("这个版本号刚刚被用了，请改用另一个。"))
    return None


def _said(refused: Exception) -> str:
    """A refusal in the reader's words; of a text that cannot be read, with its place."""
    if not isinstance(refused, rules.PolicyError):
        return str(refused)
    words = refused.en if pages.language() == "en" else refused.zh
    told = {"line": refused.line, "column": refused.column, "words": words}
    return _("第 %(line)s 行第 %(column)s 列：%(words)s。没有保存。") % told


@require_http_methods(["GET", "POST"])
def bring(request: AuthenticatedRequest) -> HttpResponse:
    """Bring in a policy as a file or pasted. What cannot be read is not saved, and stays in the form."""
    _writer(request)
    form = ImportForm(posted(request), request.FILES or None, initial={"from_day": _next_year()})
    if form.is_valid():
        data = form.cleaned_data
        note = data["note"] or _("导入")
        try:
            made = lifecycle.draft(data["text"], from_day=data["from_day"], actor=request.user, note=note)
        except (LinkageRefused, rules.PolicyError) as refused:
            form.add_error(None, _said(refused))
            form = _with_text(form, data["text"])
        except IntegrityError:
            form.add_error(None, _("这个版本号刚刚被用了，请改用另一个。"))
            form = _with_text(form, data["text"])
        else:
            messages.success(request, _("已导入 %(policy)s，现为草案。") % {"policy": made})
            return redirect("linkage:policy", pk=made.pk)
    return render(request, "linkage/policy_import.html", {"form": form}, status=422 if form.errors else 200)


def _with_text(form: ImportForm, text: str) -> ImportForm:
    """A browser forgets a file it has sent: its text goes on in the box."""
    form.data = {**form.data.dict(), "text": text} if isinstance(form.data, QueryDict) else form.data
    return form


@require_http_methods(["GET", "POST"])
def edit(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Write a draft. Of two who write at once the second is shown both texts, and nothing is lost."""
    policy = _draft(request, pk)
    first = {"text": policy.text, "from_day": policy.from_day, "revision": policy.revision}
    form = EditForm(posted(request), initial=first)
    if not form.is_bound:
        return _editor(request, policy, form) if policy.state == PolicyState.DRAFT else _no_draft(request, policy)
    if not form.is_valid():
        return _editor(request, policy, form, status=422)
    try:
        saved = lifecycle.edit(policy, actor=request.user, **form.cleaned_data)
    except StaleDraft as refused:
        return _two_texts(request, policy, form, refused)
    except (LinkageRefused, IntegrityError) as refused:
        words = str(refused) if isinstance(refused, LinkageRefused) else _("这个版本号刚刚被用了，请改用另一个。")
        form.add_error(None, words)
        return _editor(request, policy, form, status=409)
    return _saved(request, saved)


def _no_draft(request: AuthenticatedRequest, policy: Policy) -> HttpResponse:
    words = _("只有草案可以修改；这个版本%(state)s。") % {"state": policy.get_state_display()}
    messages.error(request, words)
    return redirect("linkage:policy", pk=policy.pk)


def _saved(request: AuthenticatedRequest, saved: Policy) -> HttpResponse:
    errors = editing.reading(saved.text, pages.language()).errors
    if errors:
        messages.warning(request, _("已保存。条文还有 %(count)s 处错误，改好才能核对。") % {"count": errors})
    else:
        messages.success(request, _("已保存，条文没有错误。"))
    return redirect("linkage:policy" if "leave" in request.POST else "linkage:policy_edit", pk=saved.pk)


def _two_texts(request: AuthenticatedRequest, policy: Policy, form: EditForm, refused: StaleDraft) -> HttpResponse:
    """One's own text stays in the box, the other's stands below; saving again is then meant."""
    mine = form.cleaned_data["text"]
    again = EditForm({**form.cleaned_data, "revision": policy.revision})
    again.full_clean()
    again.add_error(None, str(refused))
    try:
        apart = comparing.compare(policy.text, mine, pages.language())
    except rules.PolicyError:
        apart = []
    more = {"theirs": policy.text, "differences": apart}
    return _editor(request, policy, again, status=409, more=more)


def _editor(
    request: AuthenticatedRequest,
    policy: Policy,
    form: EditForm,
    *,
    status: int = 200,
    more: dict[str, Any] | None = None,
) -> HttpResponse:
    text = unix_lines(str(form["text"].value() or ""))
    count = len(text.splitlines())
    context = {
        "policy": policy,
        "form": form,
        "reading": editing.reading(text, pages.language(), editing.base_of(policy)),
        "lines": range(1, count + SPARE + 1),
        "rows": count + SPARE,
        **(more or {}),
    }
    return render(request, "linkage/policy_edit.html", context, status=status)


@require_POST
def reading(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """What the text says as it is being written. Nothing is saved."""
    policy = _draft(request, pk)
    text = unix_lines(request.POST.get("text", ""))
    found = editing.reading(text, pages.language(), editing.base_of(policy))
    return render(request, "linkage/_reading.html", {"policy": policy, "reading": found})


@require_POST
def words(request: AuthenticatedRequest, pk: int) -> JsonResponse:
    """The words that may stand where the cursor is."""
    _draft(request, pk)
    place = [request.POST.get(name, "1") for name in ("line", "column")]
    line, column = (int(number) if number.isdecimal() and len(number) < 7 else 1 for number in place)
    start, found = editing.completions(unix_lines(request.POST.get("text", "")), line, column)
    return JsonResponse({"from": start, "words": [{"word": word.word, "note": word.note} for word in found]})
