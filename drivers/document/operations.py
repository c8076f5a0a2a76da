"""What the simulated printer answers to each IPP request (RFC 8011)."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

from pyipp.enums import IppJobState as JobState
from pyipp.enums import IppOperation as Operation
from pyipp.enums import IppStatus as Status
from pyipp.enums import IppTag as Tag

from drivers.document.mechanism import Mechanism, PrintJob
from drivers.document.messages import Attributes, Message, Tagged, encode

_BORN = time.monotonic() - 1  # printer-up-time counts from one
_VERSIONS = ((1, 0), (1, 1), (2, 0))
_LEVELS = {"full": 80, "low": 8, "out": 0}
_SUPPLY = "index=1;class=supplyThatIsConsumed;type=toner;unit=percent;maxcapacity=100;level={};"
_WHOLE = frozenset(("all", "printer-description", "job-template", "job-description"))
_JOB_LIST = ("job-id", "job-uri")

Groups = list[tuple[int, Tagged]]


class _No(Exception):  # noqa: N818 (an answer, never leaves this module)
    def __init__(self, status: Status) -> None:
        super().__init__(status.name)
        self.status = status


class Operations:
    """`uri`: the printer's own."""

    def __init__(self, mechanism: Mechanism, uri: str) -> None:
        self._mechanism = mechanism
        self._uri = uri
        self._table: Mapping[int, Callable[[Attributes, bytes], Groups]] = {
            Operation.PRINT_JOB: self._print,
            Operation.VALIDATE_JOB: self._validate,
            Operation.CANCEL_JOB: self._cancel,
            Operation.GET_JOB_ATTRIBUTES: self._job_attributes,
            Operation.GET_JOBS: self._jobs,
            Operation.GET_PRINTER_ATTRIBUTES: self._printer_attributes,
        }

    def answer(self, request: Message) -> bytes:
        said = request.first(Tag.OPERATION)
        try:
            _check(request, said)
            act = self._table.get(request.code)
            if act is None:
                raise _No(Status.ERROR_OPERATION_NOT_SUPPORTED)
            status, groups = Status.OK, act(said, request.data)
        except _No as no:
            status, groups = no.status, []
        version = request.version if request.version in _VERSIONS else _VERSIONS[-1]
        return encode(status, request.request_id, [(Tag.OPERATION, _SPEAKS), *groups], version)

    def _validate(self, said: Attributes, _data: bytes) -> Groups:
        state = self._mechanism.state
        if _one(said, "compression", "none") != "none":
            raise _No(Status.ERROR_COMPRESSION_ERROR)
        if _one(said, "document-format", "application/octet-stream") not in (
            "application/octet-stream", *state["formats"],
        ):  # fmt: skip
            raise _No(Status.ERROR_DOCUMENT_FORMAT_NOT_SUPPORTED)
        if not state["accepting"]:
            raise _No(Status.ERROR_NOT_ACCEPTING_JOBS)
        return []

    def _print(self, said: Attributes, data: bytes) -> Groups:
        self._validate(said, data)
        if self._mechanism.state["stop_at"] == "queued":
            raise _No(Status.ERROR_BUSY)
        if self._mechanism.state["fault"] == "refused":
            raise _No(Status.ERROR_CONFLICTING)
        name, user = _one(said, "job-name", "Untitled"), _user(said)
        job = self._mechanism.add(name, user, data)
        return [
            (Tag.JOB, _asked(self._of_job(job), (*_JOB_LIST, "job-state", "job-state-reasons")))
        ]

    def _cancel(self, said: Attributes, _data: bytes) -> Groups:
        job = self._job(said)
        if job.user != _user(said):
            raise _No(Status.ERROR_NOT_AUTHORIZED)
        if not self._mechanism.cancel(job):
            raise _No(Status.ERROR_NOT_POSSIBLE)
        return []

    def _job_attributes(self, said: Attributes, _data: bytes) -> Groups:
        wanted = [str(name) for name in said.get("requested-attributes", ("all",))]
        return [(Tag.JOB, _asked(self._of_job(self._job(said)), wanted))]

    def _jobs(self, said: Attributes, _data: bytes) -> Groups:
        which = _one(said, "which-jobs", "not-completed")
        if which not in ("completed", "not-completed"):
            raise _No(Status.ERROR_ATTRIBUTES_OR_VALUES)
        obeys = self._mechanism.state["answer"] != "everybodys_jobs"
        mine = obeys and said.get("my-jobs") == (True,)
        wanted = [str(name) for name in said.get("requested-attributes", _JOB_LIST)]
        limit = next(iter(said.get("limit", ())), None)
        jobs = [
            job
            for job in self._mechanism.jobs.values()
            if (job.state >= JobState.CANCELED) == (which == "completed")
            and (not mine or job.user == _user(said))
        ]
        shown = jobs[: limit if isinstance(limit, int) else None]
        return [(Tag.JOB, _asked(self._of_job(job), wanted)) for job in shown]

    def _printer_attributes(self, said: Attributes, _data: bytes) -> Groups:
        wanted = [str(name) for name in said.get("requested-attributes", ("all",))]
        return [(Tag.PRINTER, _asked(self._of_printer(), wanted))]

    def _job(self, said: Attributes) -> PrintJob:
        number = next(iter(said.get("job-id", ())), 0)
        if not number:
            number = _one(said, "job-uri", "").rpartition("/")[2]
        known = {str(one): job for one, job in self._mechanism.jobs.items()}
        if str(number) not in known:
            raise _No(Status.ERROR_NOT_FOUND)
        return known[str(number)]

    def _of_job(self, job: PrintJob) -> Tagged:
        return {
            "job-id": (Tag.INTEGER, [job.number]),
            "job-uri": (Tag.URI, [f"{self._uri}/{job.number}"]),
            "job-printer-uri": (Tag.URI, [self._uri]),
            "job-name": (Tag.NAME, [job.name]),
            "job-originating-user-name": (Tag.NAME, [job.user]),
            "job-state": (Tag.ENUM, [job.state]),
            "job-state-reasons": (Tag.KEYWORD, job.reasons),
            "job-impressions-completed": (Tag.INTEGER, [job.sheets]),
            "job-media-sheets-completed": (Tag.INTEGER, [job.sheets]),
            "job-printer-up-time": (Tag.INTEGER, [_up(time.monotonic())]),
            "time-at-creation": (Tag.INTEGER, [_up(job.created)]),
            "time-at-processing": _time(job.begun),
            "time-at-completed": _time(job.ended),
        }

    def _of_printer(self) -> Tagged:
        state = self._mechanism.state
        open_jobs = [j for j in self._mechanism.jobs.values() if j.state < JobState.CANCELED]
        level = _LEVELS.get(state["toner"], -2)
        return {
            **_FIXED,
            "printer-uri-supported": (Tag.URI, [self._uri]),
            "operations-supported": (Tag.ENUM, list(self._table)),
            "document-format-supported": (Tag.MIME_TYPE, state["formats"]),
            "media-supported": (Tag.KEYWORD, _MEDIA),
            "media-default": (Tag.KEYWORD, [state["media"]]),
            "media-ready": (Tag.KEYWORD, [state["media"]]),
            "printer-is-accepting-jobs": (Tag.BOOLEAN, [bool(state["accepting"])]),
            "printer-state": (Tag.ENUM, [self._mechanism.printer_state(state)]),
            "printer-state-reasons": (Tag.KEYWORD, self._mechanism.printer_reasons(state)),
            "printer-up-time": (Tag.INTEGER, [_up(time.monotonic())]),
            "queued-job-count": (Tag.INTEGER, [len(open_jobs)]),
            "marker-levels": (Tag.INTEGER, [level]),
            "printer-supply": (Tag.STRING, [_SUPPLY.format(level)]),
            "printer-impressions-completed": (Tag.INTEGER, [self._mechanism.sheets]),
            "printer-media-sheets-completed": (Tag.INTEGER, [self._mechanism.sheets]),
        }


_SPEAKS: Tagged = {
    "attributes-charset": (Tag.CHARSET, ["utf-8"]),
    "attributes-natural-language": (Tag.LANGUAGE, ["en"]),
}
_MEDIA = ("iso_a4_210x297mm", "na_letter_8.5x11in")
_FIXED: Tagged = {
    "charset-configured": (Tag.CHARSET, ["utf-8"]),
    "charset-supported": (Tag.CHARSET, ["utf-8"]),
    "compression-supported": (Tag.KEYWORD, ["none"]),
    "copies-default": (Tag.INTEGER, [1]),
    "copies-supported": (Tag.RANGE, [(1, 1)]),
    "document-format-default": (Tag.MIME_TYPE, ["application/pdf"]),
    "generated-natural-language-supported": (Tag.LANGUAGE, ["en"]),
    "ipp-versions-supported": (Tag.KEYWORD, ["1.1", "2.0"]),
    "marker-colors": (Tag.NAME, ["#000000"]),
    "marker-high-levels": (Tag.INTEGER, [100]),
    "marker-low-levels": (Tag.INTEGER, [10]),
    "marker-names": (Tag.NAME, ["Black toner"]),
    "marker-types": (Tag.KEYWORD, ["toner"]),
    "natural-language-configured": (Tag.LANGUAGE, ["en"]),
    "pdl-override-supported": (Tag.KEYWORD, ["not-attempted"]),
    "printer-info": (Tag.TEXT, ["Simulated certificate printer"]),
    "printer-make-and-model": (Tag.TEXT, ["Sample Laser"]),
    "printer-name": (Tag.NAME, ["certificates"]),
    "sides-default": (Tag.KEYWORD, ["one-sided"]),
    "sides-supported": (Tag.KEYWORD, ["one-sided", "two-sided-long-edge"]),
    "uri-authentication-supported": (Tag.KEYWORD, ["requesting-user-name"]),
    "uri-security-supported": (Tag.KEYWORD, ["none"]),
}


def _check(request: Message, said: Attributes) -> None:
    names = list(said)
    if request.version not in _VERSIONS:
        raise _No(Status.ERROR_VERSION_NOT_SUPPORTED)
    if not request.request_id or names[:2] != list(_SPEAKS):
        raise _No(Status.ERROR_BAD_REQUEST)
    if _one(said, "attributes-charset", "").lower() not in ("utf-8", "us-ascii"):
        raise _No(Status.ERROR_CHARSET)
    if "printer-uri" not in said and "job-uri" not in said:
        raise _No(Status.ERROR_BAD_REQUEST)


def _one(said: Attributes, name: str, otherwise: str) -> str:
    return str(next(iter(said.get(name, ())), otherwise))


def _user(said: Attributes) -> str:
    return _one(said, "requesting-user-name", "anonymous")


def _asked(attributes: Tagged, wanted: Any) -> Tagged:
    names = set(wanted)
    return {name: value for name, value in attributes.items() if name in names or names & _WHOLE}


def _up(moment: float) -> int:
    return int(moment - _BORN)


def _time(moment: float) -> tuple[Tag, list[int | str]]:
    return (Tag.INTEGER, [_up(moment)]) if moment else (Tag.NO_VALUE, [""])
