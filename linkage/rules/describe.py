"""A rule or quota as a paragraph, in Chinese and English, from the tree that decides."""

from . import model as m
from .gap_words import default_gaps
from .phrases import HEADINGS, OUTCOME_WORDS, OUTCOMES, PER, POPULATION, REACH, ROUNDED, STATUSES
from .say import Say
from .say_numbers import EN, ZH, plain, portion_said


def describe(policy: m.Policy, rule: m.Rule) -> tuple[str, str]:
    """The rule in Chinese and in English."""
    return Paragraph(policy, ZH, rule.cycle).rule(rule), Paragraph(policy, EN, rule.cycle).rule(rule)


def describe_quota(policy: m.Policy, quota: m.Quota) -> tuple[str, str]:
    return Paragraph(policy, ZH, quota.cycle).quota(quota), Paragraph(policy, EN, quota.cycle).quota(quota)


def outcome_said(outcome: str, lang: int) -> str:
    """reward:嘉奖 is 奖励—嘉奖."""
    kind, _, detail = outcome.partition(":")
    name = OUTCOMES.get(kind, (kind, kind))[lang]
    detail = OUTCOME_WORDS.get(detail, (detail, detail))[lang]
    return f"{name}{'—' if lang == ZH else ': '}{detail}" if detail not in ("", name) else name


class Paragraph(Say):
    """Sentences in the order a reader asks: what, how much, on whom, unless what, how many, on which basis."""

    def rule(self, rule: m.Rule) -> str:
        parts = [self.decides(rule), *self.how_much(rule)]
        if rule.to:
            parts.append(self.pick(REACH[rule.to]) + self.t("。", "."))
        parts += [self.gate(gate) for gate in rule.gates]
        parts += [self.seats(rule.seats)] if rule.seats else []
        parts += [self.focus(rule.focus)] if rule.focus else []
        parts += [text for text in [default_gaps(rule)[self.lang]] if text]
        return self.t("", " ").join([*parts, *self.validity(rule.valid), *self.basis(rule.basis)])

    def decides(self, rule: m.Rule) -> str:
        who = {"officer": ("民警", "an officer"), "unit": ("单位", "a unit")}[rule.subject]
        whose, when = self.pick(who) + self.pick(POPULATION[rule.population]), self.condition(rule.when)
        if rule.ladder:
            outcome = self.t("下列各级之一", "on one of the rungs below")
        else:
            outcome = outcome_said(rule.outcome, self.lang)
        heading = self.pick(HEADINGS[self.kind])
        return self.t(
            f"{heading}，{whose}凡{when}的，认定为：{outcome}。",
            f"{heading}, {whose} is decided {outcome} when {when}.",
        )

    def how_much(self, rule: m.Rule) -> list[str]:
        parts = []
        if rule.ladder:
            by = self.number(rule.ladder.by)
            rungs = [f"{n} {outcome_said(word, self.lang)}" for n, word in rule.ladder.rungs]
            parts.append(
                self.t(f"级数依{by}，达到：{'；'.join(rungs)}。", f"The rung is {by}, from: {'; '.join(rungs)}.")
            )
        if rule.dose:
            dose, first, step = rule.dose, plain(rule.dose.first), plain(rule.dose.step)
            cap = self.t(f"，封顶{plain(dose.cap)}", f", at most {plain(dose.cap)}") if dose.cap is not None else ""
            zh = f"剂量：首次{first}{dose.unit}，依{self.number(dose.by)}每增加一次加{step}{cap}。"
            parts.append(
                self.t(
                    zh, f"Dose: {first} {dose.unit}, {step} more for each further one of {self.number(dose.by)}{cap}."
                )
            )
        return parts

    def gate(self, gate: m.Gate) -> str:
        unless = ""
        if gate.unless:
            unless = self.t(f"，但{self.condition(gate.unless)}的除外", f", unless {self.condition(gate.unless)}")
        status, when = self.pick(STATUSES[gate.status]), self.condition(gate.part)
        return self.t(f"{when}的，{status}{unless}。", f"It is {status} while {when}{unless}.")

    def seats(self, seats: m.Seats) -> str:
        way = {"highest": ("从高到低", " descending"), "lowest": ("从低到高", " ascending")}
        order = self.t("，再按", ", then ").join(
            self.number(key.number) + self.pick(way[key.way]) for key in seats.order
        )
        floors = "".join(self.floor(floor) for floor in seats.floors)
        room = self.room(seats.band)
        nested = "".join(self.nested_band(band) for band in seats.bands)
        return self.t(
            f"{room}{floors}，按{order}{nested}；其余记为超出名额。",
            f"{room}{floors}, by {order}{nested}; the others are over quota.",
        )

    def room(self, band: m.Band) -> str:
        """How many may get in, and who is in already."""
        per, taken = PER[band.per], ""
        if band.taken:
            taken = self.t(
                f"，扣除已有{self.condition(band.taken)}的人数", f", less those where {self.condition(band.taken)}"
            )
        if band.share is None:
            number = self.number(band.figure)
            return self.t(f"{per[ZH]}名额为{number}{taken}", f"Seats {per[EN]}: {number}{taken}")
        share, of = portion_said(band.share), self.base_of(band)
        rounded = self.pick(ROUNDED[band.rounding])
        return self.t(
            f"{per[ZH]}名额不超过{of}的{share}（{rounded}{taken}", f"Seats {per[EN]}: {share} of {of}, {rounded}{taken}"
        ) + self.t("）", "")

    def base_of(self, band: m.Band) -> str:
        if band.number is not None:
            return self.number(band.number)
        return self.pick(
            {"graded": ("已定等次人数", "the graded officers"), "listed": ("应参加考核人数", "the listed officers")}[
                band.out_of
            ]
        )

    def nested_band(self, band: m.Band) -> str:
        whom = self.t(f"{self.condition(band.when)}的", f" where {self.condition(band.when)}") if band.when else ""
        return self.t(f"；其中{whom}{self.room(band)}", f"; within these{whom}: {self.room(band)}")

    def floor(self, floor: m.Floor) -> str:
        when, share = self.condition(floor.when), portion_said(floor.share)
        return self.t(f"，其中{when}的不少于{share}", f", at least {share} of them where {when}")

    def focus(self, focus: str) -> str:
        if focus == "weakest":
            return self.t("重点：低于同组中位数最多的指标。", "Focus: the indicator furthest below the peers' median.")
        if focus == "failing":
            return self.t("重点：未达标的该项指标。", "Focus: the failing indicator.")
        return self.t(f"重点：{focus}。", f"Focus: {focus}.")

    def validity(self, valid: m.Validity) -> list[str]:
        if valid == m.Validity():
            return []
        start, until = valid.start, valid.until
        zh = f"有效期{f'自{start}起' if start else ''}{f'至{until}前' if until else ''}。"
        en = f"Valid{f' from {start}' if start else ''}{f' until {until}' if until else ''}."
        return [self.t(zh, en)]

    def basis(self, basis: tuple[m.Basis, ...]) -> list[str]:
        text = self.t("；", "; ").join(str(part) for part in basis)
        return [self.t(f"依据：{text}。", f"Basis: {text}.")] if text else []

    def quota(self, quota: m.Quota) -> str:
        of = {"graded": ("已定等次", "graded"), "listed": ("应参加考核", "listed")}[quota.out_of]
        per, test = PER[quota.per], self.condition(quota.test)
        lifted = "".join(
            self.t(
                f"；单位{self.condition(floor.when)}的，{portion_said(floor.share)}",
                f"; {portion_said(floor.share)} in a unit where {self.condition(floor.when)}",
            )
            for floor in quota.lifted
        )
        share, heading = portion_said(quota.share), self.pick(HEADINGS[self.kind])
        rounded = ROUNDED[quota.rounding]
        text = self.t(
            f"{heading}，{per[ZH]}{test}的人数不超过{of[ZH]}人数的{share}{lifted}（{rounded[ZH]}）。",
            f"{heading}, {per[EN]}: {test} for at most {share} of the {of[EN]} officers{lifted}, {rounded[EN]}.",
        )
        return self.t("", " ").join([text, *self.validity(quota.valid), *self.basis(quota.basis)])
