"""Materials, as their pages and the check page draw them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

from kiosk import view as v
from kiosk.model import Text
from kiosk.services import workdays
from kiosk.services.days import date_in_words, parse_date
from kiosk.services.materials import Source
from kiosk.services.needed import Need, on_file, ways
from kiosk.session.clock import today
from kiosk.session.terminal import Terminal
from kiosk.session.updates.materials import CHANGE, here, opened, to_bring_again
from kiosk.session.views_identity import text
from kiosk.session.visit import PaperJob, Visit
from kiosk.view import State
from kiosk.wire import CaseMaterial, Filed

NOTHING = Text("", "")
NOT_GIVEN = Text("还没有提交", "Not given yet")


def said(given: CaseMaterial) -> Text:
    """How it is given, in words."""
    return _SAID[Source(given.source)](given)


def check_rows(visit: Visit) -> Iterator[v.CheckRow]:
    """Only where anything had to be gathered."""
    return material_rows(visit) if visit.gathers else iter(())


def material_rows(visit: Visit) -> Iterator[v.CheckRow]:
    """What the card gives can't be changed."""
    there = visit.given
    for need in visit.needs:
        given = there.get(need.code)
        fixed = given is not None and given.source == Source.CARD
        how = said(given) if given else NOT_GIVEN
        name = text(need.material.material_name)
        yield v.CheckRow(name, how, "" if fixed else f"{CHANGE}{need.code}")


def _materials(terminal: Terminal, visit: Visit) -> v.Body:
    assert visit.item is not None
    there, need = visit.given, opened(visit)
    found = ways(need.material, here(terminal, visit)) if need else ()
    return v.MaterialsBody(
        item=text(visit.item.task_name),
        rows=tuple(_row(need, there.get(need.code)) for need in visit.needs),
        open=_row(need, there.get(need.code)) if need else None,
        ways=tuple(
            v.MaterialWay(
                way.source.value,
                f"why_not.{way.why_not}" if way.why_not else "",
                need.material.page_num,
                need.material.correction_day,
            )
            for way in (found if need else ())
            if need
        ),
        telling=visit.gathering.telling,
        later=visit.around.supplement is not None,
        printer=terminal.condition.usable("receipt"),
    )


def _row(need: Need, given: CaseMaterial | None) -> v.MaterialRow:
    material = need.material
    return v.MaterialRow(
        code=need.code,
        name=text(material.material_name),
        main=material.main,
        source=given.source if given else "",
        said=said(given) if given else NOTHING,
        stand=text(material.accept_stand),
        explain=text(material.fill_explain),
    )


def _scan(_terminal: Terminal, visit: Visit) -> v.Body:
    need, gathering = opened(visit), visit.gathering
    assert need is not None
    phase = "failed" if gathering.fault else "review" if visit.vault.page else "watching"
    phase = "turn" if gathering.arranging else phase
    return v.ScanBody(
        name=text(need.material.material_name),
        phase=phase,
        number=len(visit.vault.pages) + 1,
        total=need.material.page_num,
        hint=gathering.hint,
        fault=gathering.fault,
        explain=text(need.material.fill_explain),
    )


def _commitment(terminal: Terminal, visit: Visit) -> v.Body:
    need = opened(visit)
    assert need is not None
    assert visit.item is not None
    material, filed = need.material, None
    if visit.gathering.way is Source.EARLIER:
        filed = on_file(material, here(terminal, visit))
    due = workdays.after(today(), material.correction_day)
    return v.CommitmentBody(
        kind=str(visit.gathering.way),
        name=text(material.material_name),
        item=text(visit.item.task_name),
        text=text(material.commitment),
        days=material.correction_day,
        due=date_in_words(due),
        case_no=filed.case_no if filed else "",
        day=_day(filed),
    )


def _day(filed: Filed | None) -> Text:
    day = parse_date(filed.day) if filed else None
    return date_in_words(day) if day else NOTHING


def _notice(_terminal: Terminal, visit: Visit) -> v.Body:
    assert visit.item is not None
    job = visit.papers[0] if visit.papers else PaperJob("notice")
    trouble = "paper.trouble.notice" if job.trouble else ""
    return v.NoticeBody(
        item=text(visit.item.task_name),
        missing=tuple(_row(need, None) for need in visit.missing_materials),
        again=tuple(_row(need, None) for need in to_bring_again(visit)),
        paper=v.Paper("notice", job.rung, trouble),
        done=visit.printed,
    )


def _scanned(given: CaseMaterial) -> Text:
    count = len(given.pages)
    return Text(f"已扫描{count}页", "1 page scanned" if count == 1 else f"{count} pages scanned")


def _promised(given: CaseMaterial) -> Text:
    due = date_in_words(date.fromisoformat(given.due))
    return Text(f"承诺{due.zh}前补交", f"Promised by {due.en}")


_SAID: dict[Source, Callable[[CaseMaterial], Text]] = {
    Source.CARD: lambda _given: Text("已从您的证件读取", "From your card"),
    Source.EARLIER: lambda given: Text(
        f"取自以前的办件 {given.case_no}", f"From your earlier case {given.case_no}"
    ),
    Source.SCAN: _scanned,
    Source.PROMISE: _promised,
    Source.COMMITMENT: lambda _given: Text("已书面承诺，不用提交", "Declared instead"),
}

BODIES: dict[State, Callable[[Terminal, Visit], v.Body]] = {
    State.MATERIALS: _materials,
    State.SCAN: _scan,
    State.COMMITMENT: _commitment,
    State.NOTICE: _notice,
}
