"""What the pages of policies show: where each version stands, what it waits for, which steps somebody may take."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.forms import Form
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django_fsm import can_proceed, has_transition_perm

from linkage import access, lifecycle, local_values, pages, register, rules, soundness
from linkage.forms_policies import EndForm, NoteForm, PublishForm, ReasonForm
from linkage.models import LocalParameter, Policy, PolicyRecord, PolicyState
from people.models import Account


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a version stands today, which its state alone does not say."""

    name: str
    label: str
    tone: str
    waits: str = ""


def standing(policy: Policy, today: date | None = None) -> Standing:
    if not policy.is_published:
        return _unpublished(policy)
    today = today or timezone.localdate()
    if policy.to_day and policy.to_day < max(today, policy.from_day):
        return Standing("ended", _("已废止"), "mute")
    if policy.from_day > today:
        return Standing("coming", _("待施行"), "info", _("%(day)s 起施行") % {"day": policy.from_day})
    waits = _("施行至 %(day)s") % {"day": policy.to_day} if policy.to_day else ""
    return Standing("in_force", _("施行中"), "ok", waits)


def _unpublished(policy: Policy) -> Standing:
    known = {
        PolicyState.DRAFT: Standing("draft", _("草案"), "mute", _("等政治处核对")),
        PolicyState.CHECKED: Standing("checked", _("已核对"), "info", _("等另一人批准")),
        PolicyState.APPROVED: Standing("approved", _("已批准"), "info", _("等政治处公布")),
        PolicyState.DISCARDED: Standing("discarded", _("已作废"), "mute"),
    }
    return known[PolicyState(policy.state)]


def standings() -> list[tuple[str, str]]:
    """Every standing with its word, in the order of a version's life."""
    return [
        ("draft", _("草案")),
        ("checked", _("已核对")),
        ("approved", _("已批准")),
        ("coming", _("待施行")),
        ("in_force", _("施行中")),
        ("ended", _("已废止")),
        ("discarded", _("已作废")),
    ]


@dataclass(frozen=True, slots=True)
class Line:
    """One version in the list."""

    policy: Policy
    standing: Standing
    last: PolicyRecord | None


def list_page(account: Account, asked: Mapping[str, str]) -> dict[str, Any]:
    """The versions of the filter; what was discarded only where it is asked for."""
    state, code = asked.get("state", ""), asked.get("code", "")
    visible = access.visible_policies(account)
    found = visible.filter(code=code) if code else visible
    lines = [line for line in _lines(found) if line.standing.name == state or (not state and _is_alive(line))]
    seen = standings() if access.may_see_drafts(account) else standings()[3:6]
    return {
        "lines": lines,
        "states": seen,
        "codes": visible.order_by("code").values_list("code", flat=True).distinct(),
        "chosen": {"state": state, "code": code},
        "may_draft": access.may_draft(account),
        "sets_local": bool(local_values.branches(account)),
        "may_see_drafts": access.may_see_drafts(account),
        "deciding": register.REFERENCE,
    }


def _is_alive(line: Line) -> bool:
    return line.standing.name != "discarded"


def _lines(found: QuerySet[Policy]) -> list[Line]:
    today = timezone.localdate()
    records = PolicyRecord.objects.select_related("actor__officer").order_by("-pk")
    policies = found.order_by("code", "-from_day", "-pk").prefetch_related(Prefetch("records", records))
    return [Line(policy, standing(policy, today), next(iter(policy.records.all()), None)) for policy in policies]


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """Something a version needs before it can be published."""

    words: str
    met: bool
    how: str = ""
    url: str = ""
    act: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A step of the page's panel: its form, what it does, or why it is not the reader's."""

    name: str
    label: str
    consequence: str
    form: Form
    barred: str = ""
    back: bool = False  # not the way forward


STEPS = {  # address: (transition, form, is it the way forward)
    "check": ("check_text", NoteForm, True),
    "approve": ("approve", NoteForm, True),
    "publish": ("publish", PublishForm, True),
    "send-back": ("send_back", ReasonForm, False),
    "discard": ("discard", ReasonForm, False),
    "retire": ("retire", EndForm, False),
}


def _words(step: str) -> tuple[str, str]:
    return {
        "check": (_("核对通过"), _("你确认条文与文件一致。之后条文不能再改，等另一人批准。")),
        "approve": (_("批准"), _("你作为第二人对条文负责。起草、修改和核对的人不能批准。")),
        "publish": (_("公布"), _("公布后条文不能再改；施行日起按它认定，前一版本到前一日为止。已作出的认定不变。")),
        "send-back": (_("退回修改"), _("回到草案，起草人可以再改；须重新核对、批准。")),
        "discard": (_("作废草案"), _("草案留档，不再办理；版本号可以再用。")),
        "retire": (
            _("废止"),
            _("到这一天为止施行。之后的考核周期没有新版本就不能认定；已作出的认定和已开立的事项不变。"),
        ),
    }[step]


def offers(policy: Policy, account: Account, bound: Mapping[str, Form] | None = None) -> list[Offer]:
    """The steps that the version's state allows, with the reason where one is not the reader's."""
    if not access.may_see_drafts(account):
        return []
    found = []
    for name, (transition, form, forward) in STEPS.items():
        step = getattr(policy, transition)
        if not can_proceed(step, check_conditions=False):
            continue
        label, consequence = _words(name)
        found.append(
            Offer(
                name=name,
                label=label,
                consequence=consequence,
                form=(bound or {}).get(name) or form(policy=policy, auto_id=f"{name}-%s"),
                barred="" if has_transition_perm(step, account) else lifecycle.why_not(policy, transition, account),
                back=not forward,
            )
        )
    return found


def needs(policy: Policy, account: Account) -> list[Need]:
    """What the version still lacks on its way to being published, and who brings it."""
    if policy.is_published or policy.state == PolicyState.DISCARDED:
        return []
    wrong = lifecycle.faults(policy)
    mends = bool(wrong) and policy.state == PolicyState.DRAFT and access.may_draft(account)
    mend = {"url": reverse("linkage:policy_edit", args=[policy.pk]), "act": _("去修改")} if mends else {}
    place = list(PolicyState.values).index(policy.state)
    return [
        Need(words=_("条文可以读取，规则自查没有错误"), met=not wrong, how="；".join(wrong[:3]), **mend),
        Need(words=_("核对"), met=place >= 1, how="" if place >= 1 else _("由市局政治处办理，起草人可以自己核对。")),
        Need(
            words=_("另一人批准"),
            met=place >= 2,
            how="" if place >= 2 else _("由政治处的另一人或分管领导办理；起草、修改、核对的人不能批准。"),
        ),
        Need(words=_("确定施行日并公布"), met=False, how=_("由市局政治处办理，施行日不早于公布当天。")),
    ]


@dataclass(frozen=True, slots=True)
class Said:
    """A rule in words, with what the rules about rules find in it."""

    rule: rules.Rule
    sentence: str
    findings: Sequence[rules.Finding]


def policy_page(policy: Policy, account: Account, bound: Mapping[str, Form] | None = None) -> dict[str, Any]:
    """One version: its rules as sentences, its findings, its records, and what comes next."""
    context: dict[str, Any] = {
        "policy": policy,
        "standing": standing(policy),
        "offers": offers(policy, account, bound),
        "needs": needs(policy, account),
        "records": records(policy),
        "others": _others(policy, account),
        "may_draft": access.may_draft(account),
        "decides": policy.code == register.REFERENCE,
        "deciding": register.REFERENCE,
    }
    return {**context, **_reading(policy)}


def _reading(policy: Policy) -> dict[str, Any]:
    try:
        tree = register.parsed(policy)
    except rules.PolicyError as error:
        return {"error": error, "error_words": error.en if pages.language() == "en" else error.zh}
    found = soundness.findings(tree)
    named = {rule: [finding for finding in found if finding.rule == rule] for rule in tree.rules}
    said = [Said(rule, pages.sentence(tree, rule.id), named[rule.id]) for rule in tree.rules.values()]
    return {
        "tree": tree,
        "rules": said,
        "quotas": [(quota, pages.quota_sentence(tree, quota)) for quota in tree.quotas.values()],
        "params": list(tree.params.items()),
        "local_rows": _local(policy),
        "findings": found,
        "errors": [finding for finding in found if finding.level == "error"],
    }


def _local(policy: Policy) -> Sequence[LocalParameter]:
    """What branches have made of its parameters today; everybody may read that, too."""
    in_force = standing(policy).name == "in_force"
    return local_values.rows_on(policy.code, timezone.localdate()) if in_force else []


def _others(policy: Policy, account: Account) -> Iterable[Policy]:
    """The versions this one can be compared with, the likeliest first."""
    found = access.visible_policies(account).filter(code=policy.code).exclude(pk=policy.pk)
    found = found.exclude(state=PolicyState.DISCARDED).order_by("-from_day", "-pk")
    return sorted(found, key=lambda other: other.pk != policy.based_on_id)


@dataclass(frozen=True, slots=True)
class Entry:
    """A record as the timeline shows it."""

    label: str
    actor: str
    at: Any
    number: int
    note: str
    tone: str = ""


def records(policy: Policy) -> list[Entry]:
    """The history, newest first; a run of edits by one hand stays one entry per save."""
    words = {
        "draft": _("起草"),
        "edit": _("修改条文"),
        "check": _("核对通过"),
        "approve": _("批准"),
        "publish": _("公布"),
        "enact": _("随安装施行"),
        "send_back": _("退回修改"),
        "discard": _("作废"),
        "retire": _("废止"),
    }
    kept = list(policy.records.select_related("actor__officer").order_by("pk"))
    last = kept[-1].pk if kept else 0
    found = [
        Entry(
            words.get(record.step, record.step),
            record.actor.shown_name,
            record.at,
            number,
            record.note,
            "now" if record.pk == last else "",
        )
        for number, record in enumerate(kept, start=1)
    ]
    return found[::-1]
