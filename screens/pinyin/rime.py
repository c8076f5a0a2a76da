"""The part of librime's C interface that typing needs (rime_api.h of librime 1.8, Debian 12)."""

from __future__ import annotations

import ctypes as c
from collections.abc import Iterator
from pathlib import Path

_LIBRARY = "librime.so.1"
DATA = Path("/usr/share/rime-data")
DICTIONARY = DATA / "build" / "luna_pinyin.table.bin"

BACKSPACE, PAGE_DOWN = 0xFF08, 0xFF56  # as X11 counts keys; others are their ASCII code
_FATAL = 3  # of glog's levels: it would tell what is typed at lower ones


class MissingError(RuntimeError):
    """librime or its dictionary is not installed; the message names the package."""


class _Traits(c.Structure):
    _fields_ = (
        ("data_size", c.c_int),
        ("shared_data_dir", c.c_char_p),
        ("user_data_dir", c.c_char_p),
        ("distribution_name", c.c_char_p),
        ("distribution_code_name", c.c_char_p),
        ("distribution_version", c.c_char_p),
        ("app_name", c.c_char_p),
        ("modules", c.c_void_p),
        ("min_log_level", c.c_int),
        ("log_dir", c.c_char_p),
        ("prebuilt_data_dir", c.c_char_p),
        ("staging_dir", c.c_char_p),
    )


class _Candidate(c.Structure):
    _fields_ = (("text", c.c_char_p), ("comment", c.c_char_p), ("reserved", c.c_void_p))


class _Candidates(c.Structure):
    _fields_ = (("ptr", c.c_void_p), ("index", c.c_int), ("candidate", _Candidate))


class _Composition(c.Structure):
    _fields_ = (
        ("length", c.c_int),
        ("cursor_pos", c.c_int),
        ("sel_start", c.c_int),
        ("sel_end", c.c_int),
        ("preedit", c.c_char_p),
    )


class _Menu(c.Structure):
    _fields_ = (
        ("page_size", c.c_int),
        ("page_no", c.c_int),
        ("is_last_page", c.c_int),
        ("highlighted_candidate_index", c.c_int),
        ("num_candidates", c.c_int),
        ("candidates", c.POINTER(_Candidate)),
        ("select_keys", c.c_char_p),
    )


class _Context(c.Structure):
    _fields_ = (
        ("data_size", c.c_int),
        ("composition", _Composition),
        ("menu", _Menu),
        ("commit_text_preview", c.c_char_p),
        ("select_labels", c.c_void_p),
    )


class _Commit(c.Structure):
    _fields_ = (("data_size", c.c_int), ("text", c.c_char_p))


def _sized(made: c.Structure) -> c.Structure:
    """librime sees by it which fields its caller knows."""
    made.data_size = c.sizeof(made) - c.sizeof(c.c_int)
    return made


class Rime:
    """Opened once in a process. Sessions are numbers; texts are UTF-8.

    Raises MissingError.
    """

    def __init__(self) -> None:
        try:
            self._lib = c.CDLL(_LIBRARY)
        except OSError as error:
            raise MissingError(f"{_LIBRARY} is missing: apt-get install librime1") from error
        if not DICTIONARY.exists():
            raise MissingError(
                f"{DICTIONARY} is missing: apt-get install librime-data rime-data-luna-pinyin"
            )
        self._lib.RimeCreateSession.restype = c.c_size_t

    def deploy(self, folder: Path) -> None:
        """Make what sessions need of the schemas in `folder`; takes some tenths of a second."""
        traits = _Traits(
            shared_data_dir=bytes(DATA),
            user_data_dir=bytes(folder),
            distribution_name=b"kiosk",
            distribution_code_name=b"kiosk",
            distribution_version=b"1",
            app_name=b"rime.kiosk",
            min_log_level=_FATAL,
            log_dir=b"",  # the standard error; left out, it would be files in /tmp
        )
        _sized(traits)
        self._lib.RimeSetup(c.byref(traits))
        self._lib.RimeInitialize(c.byref(traits))
        if self._lib.RimeStartMaintenance(0):
            self._lib.RimeJoinMaintenanceThread()

    def open(self) -> int:
        return int(self._lib.RimeCreateSession())

    def close(self, session: int) -> None:
        self._lib.RimeDestroySession(c.c_size_t(session))

    def end(self) -> None:
        self._lib.RimeFinalize()

    def press(self, session: int, key: int) -> None:
        self._lib.RimeProcessKey(c.c_size_t(session), key, 0)

    def committed(self, session: int) -> str:
        """What was chosen since the last call."""
        commit = _sized(_Commit())
        if not self._lib.RimeGetCommit(c.c_size_t(session), c.byref(commit)):
            return ""
        text = str(commit.text.decode())
        self._lib.RimeFreeCommit(c.byref(commit))
        return text

    def typed(self, session: int) -> str:
        """The open letters in syllables, after what was chosen of them already."""
        context = _sized(_Context())
        if not self._lib.RimeGetContext(c.c_size_t(session), c.byref(context)):
            return ""
        text = str((context.composition.preedit or b"").decode())
        self._lib.RimeFreeContext(c.byref(context))
        return text

    def candidates(self, session: int, start: int) -> Iterator[str]:
        found = _Candidates()
        if not self._lib.RimeCandidateListFromIndex(c.c_size_t(session), c.byref(found), start):
            return
        try:
            while self._lib.RimeCandidateListNext(c.byref(found)):
                yield found.candidate.text.decode()
        finally:
            self._lib.RimeCandidateListEnd(c.byref(found))
