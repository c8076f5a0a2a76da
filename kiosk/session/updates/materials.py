"""Materials: which way each is given, what was scanned, and what somebody has agreed to."""

from __future__ import annotations

from kiosk import events as e
from kiosk.services import workdays
from kiosk.services.materials import Source
from kiosk.services.needed import Here, Need, on_file, text_hash, ways
from kiosk.session.clock import today
from kiosk.session.gathering import Gathering
from kiosk.session.terminal import Terminal
from kiosk.session.updates import answers
from kiosk.session.vault import Scan
from kiosk.session.visit import Visit
from kiosk.view import State
from kiosk.wire import CaseMaterial

CHANGE = "material:"  # before the code, where a material is changed on the check page


def here(terminal: Terminal, visit: Visit) -> Here:
    """What can be done now."""
    return Here(
        today=today(),
        card=visit.card is not None,
        scans=terminal.condition.usable("doccam"),
        asks=terminal.archive is not None,
        filed=visit.vault.filed or (),
    )


def opened(visit: Visit) -> Need | None:
    """The material whose ways are shown; None: none is, or it is not needed any more."""
    return next((need for need in visit.needs if need.code == visit.gathering.open), None)


def to_bring_again(visit: Visit) -> tuple[Need, ...]:
    """What was scanned here: when the visit ends without a case, it is not kept."""
    there = visit.given
    return tuple(
        need
        for need in visit.needs
        if need.code in there and there[need.code].source == Source.SCAN
    )


# ---- The list --------------------------------------------------------------------------------


def material_opened(_terminal: Terminal, visit: Visit, event: e.MaterialOpened) -> None:
    given = visit.given.get(event.code)
    fixed = given is not None and given.source == Source.CARD
    visit.gathering = Gathering("" if fixed else event.code)
    if opened(visit) is None:
        visit.gathering.open = ""


def missing_asked(_terminal: Terminal, visit: Visit, _event: e.MissingAsked) -> None:
    visit.gathering = Gathering(telling=bool(visit.missing_materials))


def confirmed(_terminal: Terminal, visit: Visit, _event: e.MaterialsConfirmed) -> None:
    visit.gathering = Gathering(telling=bool(visit.missing_materials))


def notice_wanted(terminal: Terminal, visit: Visit, _event: e.NoticeWanted) -> None:
    """Nothing is submitted: what was typed and scanned ends with the visit."""
    assert visit.item is not None
    codes = [need.code for need in visit.missing_materials]
    data = {"task_code": visit.item.task_code, "missing": codes}
    terminal.journal.append("materials.notice", data, visit.id)
    visit.papers, visit.printed, visit.outcome = [], False, "notice"


def change_asked(terminal: Terminal, visit: Visit, event: e.ChangeAsked) -> None:
    visit.gathering = Gathering()
    if not event.name.startswith(CHANGE):
        answers.change_asked(terminal, visit, event)
        return
    visit.asking = len(visit.fields)
    visit.gathering.open = event.name.removeprefix(CHANGE)


# ---- One of them -----------------------------------------------------------------------------


def way_chosen(terminal: Terminal, visit: Visit, event: e.MaterialWayChosen) -> None:
    need, gathering = opened(visit), visit.gathering
    free = ways(need.material, here(terminal, visit)) if need else ()
    gathering.way = next((w.source for w in free if w.source == event.way and not w.why_not), None)
    if gathering.way is Source.SCAN:
        visit.vault.forget_pages()
        _watch(visit)


def text_agreed(terminal: Terminal, visit: Visit, _event: e.TextAgreed) -> None:
    need, way = opened(visit), visit.gathering.way
    made = _agreed(terminal, visit, need, way) if need and way else None
    if need is None or made is None:
        visit.gathering = Gathering()
        return
    _give(visit, made)


def text_declined(terminal: Terminal, visit: Visit, _event: e.TextDeclined) -> None:
    if visit.gathering.way is Source.EARLIER:
        _note_consent(terminal, visit, given=False)
    visit.gathering.way = None


def _agreed(terminal: Terminal, visit: Visit, need: Need, way: Source) -> CaseMaterial | None:
    material, code = need.material, need.code
    if way is Source.PROMISE:
        due = workdays.after(today(), material.correction_day)
        return CaseMaterial(code, way.value, due=due.isoformat())
    if way is Source.COMMITMENT:
        read = text_hash(material.commitment, visit.language)
        return CaseMaterial(code, way.value, commitment=read)
    filed = on_file(material, here(terminal, visit))
    if filed is None:
        return None
    _note_consent(terminal, visit, given=True)
    return CaseMaterial(code, way.value, case_no=filed.case_no)


def _note_consent(terminal: Terminal, visit: Visit, *, given: bool) -> None:
    assert visit.item is not None
    data = {"code": visit.gathering.open, "purpose": visit.item.task_code, "given": given}
    terminal.journal.append("consent.material", data, visit.id)


def _give(visit: Visit, made: CaseMaterial) -> None:
    """In place of what was given before; then the list again."""
    visit.vault.forget_material(made.code)
    visit.vault.given[made.code] = made
    visit.gathering = Gathering()


# ---- Pages -----------------------------------------------------------------------------------


def page_hinted(_terminal: Terminal, visit: Visit, event: e.PageHinted) -> None:
    visit.gathering.hint = event.hint


def page_captured(_terminal: Terminal, visit: Visit, event: e.PageCaptured) -> None:
    visit.vault.page = Scan.of(event.page.jpeg)


def scan_failed(_terminal: Terminal, visit: Visit, event: e.ScanFailed) -> None:
    visit.gathering.fault = str(event.fault)


def page_again(_terminal: Terminal, visit: Visit, _event: e.PageAgain) -> None:
    """A page that still lies there would be taken as it is: first it is laid anew."""
    taken = visit.vault.page is not None
    _watch(visit)
    visit.gathering.arranging = taken


def page_laid(_terminal: Terminal, visit: Visit, _event: e.PageLaid) -> None:
    if visit.vault.page is None:
        _watch(visit)


def page_kept(_terminal: Terminal, visit: Visit, _event: e.PageKept) -> None:
    """The last page gives the material; before it, the next one is asked for."""
    vault, need = visit.vault, opened(visit)
    if vault.page is None:
        return  # a second press
    page, vault.page = vault.page, None
    vault.pages.append(page)
    _watch(visit)
    visit.gathering.arranging = True
    if need is not None and len(vault.pages) >= need.material.page_num:
        pages, vault.pages = vault.pages, []
        _give(visit, CaseMaterial(need.code, Source.SCAN, [page.digest for page in pages]))
        vault.scans[need.code] = pages


def _watch(visit: Visit) -> None:
    """For the next page."""
    visit.vault.forget_page()
    gathering = visit.gathering
    visit.gathering = Gathering(gathering.open, gathering.way)


# ---- To and from the pages of materials ---------------------------------------------------------


def service_chosen(terminal: Terminal, visit: Visit, event: e.ServiceChosen) -> None:
    before = visit.item
    answers.service_chosen(terminal, visit, event)
    visit.gathering = Gathering()
    if visit.item is not before:
        visit.vault.forget_materials()


def went_back(terminal: Terminal, visit: Visit, event: e.WentBack) -> None:
    last = len(visit.fields)
    match visit.page:
        case State.SCAN | State.COMMITMENT:
            visit.vault.forget_pages()
            visit.gathering = Gathering(visit.gathering.open)
        case State.MATERIALS:
            nested = visit.gathering.open or visit.gathering.telling
            visit.asking = last if nested else last - 1
            visit.gathering = Gathering()
        case State.CHECK:
            visit.asking = last if visit.gathers else last - 1
        case State.SIGN:
            visit.asking = last
        case _:
            answers.went_back(terminal, visit, event)
            return
    visit.error = visit.vault.attempt = ""
