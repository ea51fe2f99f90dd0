"""The reward as the engine sees it: who must act by when, who is told, and what comes back as a fact."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from people.roles import Role
from rewards import effects, forms
from rewards.models import Award, Organ, RewardCase
from rewards.models.reward import Revocation, State
from rewards.permissions import root_of
from workflows import public_notice
from workflows.calendars import Deadline
from workflows.kinds import DecisionView, Dispatch, Duty, Foreseen, Kind

WAY = (
    State.DETECTED,
    State.SCREENED,
    State.PROPOSED,
    State.VETTED,
    State.ON_NOTICE,
    State.APPROVED,
    State.GRANTED,
)


def organ_path(case: RewardCase) -> str:
    """Where the desk of the approving organ is looked for: at the bureau, or at the nearest branch."""
    return root_of(case.unit_path) if case.organ == Organ.BUREAU else case.unit_path


def opening(decision: DecisionView) -> tuple[str, Mapping[str, Any]]:
    """An award of the policy's word; its terms are taken from the catalogue when the case opens."""
    return decision.outcome, {"award_id": decision.outcome}


def foresee(words: Collection[str]) -> Mapping[str, Foreseen]:
    """The way of an award by its terms in the catalogue; one that nobody has entered goes the strictest way."""
    known = Award.objects.in_bulk(list(words), field_name="code")
    return {word: _foreseen(known.get(word) or Award(code=word)) for word in words}


def _foreseen(award: Award) -> Foreseen:
    left_out = () if award.notice_days else (State.ON_NOTICE,)
    path = (State.DETECTED, State.APPROVED, State.GRANTED) if award.entitlement else WAY
    return Foreseen(
        path=[state for state in path if state not in left_out], fields={"organ": award.organ}, cost=award.bonus
    )


def award_fact(case: RewardCase) -> dict[str, Any]:
    return {
        "subject": {"officer": case.officer_id},
        "kind": "award",
        "level": case.award_id,
        "from": case.granted_on.isoformat() if case.granted_on else "",
        "to": None,
        "note": case.certificate,
        "source": f"reward:{case.pk}:award",
    }


def no_award_fact(case: RewardCase) -> dict[str, Any]:
    """The award that was taken back counts as never given."""
    return award_fact(case) | {
        "withdrawn": True,
        "note": case.get_revocation_display(),
        "source": f"reward:{case.pk}:revoked",
    }


# No text names the days for screening, vetting and issuing: they are the bureau's own.
DUTIES: Mapping[str, Duty] = {
    State.DETECTED: Duty(role=Role.HR, title=_("初审奖励"), due=Deadline(number=10), remind=Deadline(number=7)),
    State.SCREENED: Duty(
        role=Role.UNIT_HEAD,
        title=_("提名并写明事迹"),
        due=lambda case: case.propose_until,
        usual=effects.TO_PROPOSE,
        remind=Deadline(number=60, unit="days"),
        expiry=RewardCase.lapse,
    ),
    State.PROPOSED: Duty(
        role=Role.COMMITTEE,
        title=_("审核奖励"),
        due=Deadline(number=20),
        remind=Deadline(number=15),
        at=organ_path,
    ),
    State.VETTED: Duty(role=Role.HR, title=_("发布公示或转批准"), due=Deadline(number=5)),
    # 公安机关人民警察奖励条令, 公示: 三等功以上不少于七个工作日; the days stand in the catalogue.
    State.ON_NOTICE: Duty(
        role=Role.HR,
        title=_("公示期内受理异议"),
        due=lambda case: public_notice.due(case.notice_from, case.notice_days, case.notice_until),
        usual=Deadline(number=7),
        expiry=RewardCase.approve,
    ),
    State.APPROVED: Duty(role=Role.HR, title=_("颁发证书"), due=Deadline(number=10), remind=Deadline(number=7)),
    # An objection is reviewed in 10 working days and approved again in 5.
    State.HELD: Duty(role=Role.HR, title=_("跟进异议处理"), due=Deadline(number=15)),
    # 奖励条令 12(1): 正在接受组织调查的，应当暂停实施奖励; it names no limit, so somebody looks after three months.
    State.SUSPENDED: Duty(
        role=Role.INSPECTOR,
        title=_("跟进调查，恢复或终止"),
        due=Deadline(number=3, unit="months"),
        remind=Deadline(number=2, unit="months"),
    ),
}

DISPATCHES: Mapping[str, Sequence[Dispatch]] = {
    State.DETECTED: [
        Dispatch(
            topic="reward.detected",
            role=Role.HR,
            title_zh="{subject}：符合{title}条件，请初审",
            title_en="{subject}: meets the conditions of {title}; please screen",
        )
    ],
    State.PROPOSED: [
        Dispatch(
            topic="reward.discipline",
            role=Role.INSPECTOR,
            title_zh="{subject}：{title}已提名，请核对有无影响奖励的问题",
            title_en="{subject}: {title} was proposed; please state any disciplinary concern",
        )
    ],
    State.ON_NOTICE: [
        Dispatch(
            topic="reward.notice",
            role=Role.UNIT_HEAD,
            title_zh="{subject}：{title}开始公示",
            title_en="{subject}: public notice of {title} has begun",
        ),
        Dispatch(
            topic="reward.notice",
            role=Role.OFFICER,
            title_zh="对你的{title}正在公示",
            title_en="Your {title} is on public notice",
        ),
    ],
    State.GRANTED: [
        Dispatch(
            topic="reward.granted",
            role=Role.OFFICER,
            title_zh="你的{title}已颁发",
            title_en="Your {title} has been granted",
        ),
        Dispatch(
            topic="fact",
            role=Role.SYSTEM,
            title_zh="{subject}：{title}已记入事实",
            title_en="{subject}: {title} recorded as a fact",
            payload=award_fact,
        ),
    ],
    State.LAPSED: [
        Dispatch(
            topic="reward.lapsed",
            role=Role.HR,
            title_zh="{subject}：{title}未在期限内提名，已失效",
            title_en="{subject}: {title} lapsed, not proposed in time",
        )
    ],
    State.REVOKED: [
        Dispatch(
            topic="reward.revoked",
            role=Role.OFFICER,
            title_zh="你的{title}已被撤销，你可以申请复核",
            title_en="Your {title} was revoked; you may ask for a review",
        ),
        Dispatch(
            topic="fact",
            role=Role.SYSTEM,
            title_zh="{subject}：{title}的事实已撤回",
            title_en="{subject}: the fact of {title} withdrawn",
            payload=no_award_fact,
        ),
    ],
}

REWARD = Kind(
    name="reward",
    title=_("奖励"),
    icon="reward",
    model=RewardCase,
    initial=State.DETECTED,
    path=WAY,
    openers=[Role.SYSTEM, Role.HR],
    readers=[Role.HR, Role.UNIT_HEAD, Role.LEADER, Role.COMMITTEE, Role.INSPECTOR, Role.AUDITOR],
    tones={
        State.DETECTED: "mute",
        State.SCREENED: "info",
        State.PROPOSED: "info",
        State.VETTED: "info",
        State.ON_NOTICE: "info",
        State.APPROVED: "ok",
        State.GRANTED: "ok",
        State.HELD: "hold",
        State.SUSPENDED: "hold",
        State.LAPSED: "mute",
        State.REJECTED: "bad",
        State.WITHDRAWN: "mute",
        State.REVOKED: "bad",
    },
    duties=DUTIES,
    effects={
        State.DETECTED: [effects.take_terms],
        State.SCREENED: [effects.date_proposal],
        State.ON_NOTICE: [effects.date_notice],
        State.GRANTED: [effects.issue_certificates],
    },
    dispatches=DISPATCHES,
    outcomes={
        State.GRANTED: "granted",
        State.LAPSED: "lapsed",
        State.REJECTED: "rejected",
        State.WITHDRAWN: "withdrawn",
        State.REVOKED: "revoked",
    },
    forms={
        "propose": forms.DeedsForm,
        "state_discipline": forms.DisciplineForm,
        "vet": forms.OpinionForm,
        "revoke": forms.RevokeForm,
    },
    hold=RewardCase.hold,
    release=RewardCase.release,
    from_decision=opening,
    foresee=foresee,
    withdraw=RewardCase.withdraw,
    suspend=RewardCase.suspend,
    resume=RewardCase.resume,
    revoke=RewardCase.revoke,
    grounds=dict(Revocation.choices),
    panel="rewards/_panel.html",
)
