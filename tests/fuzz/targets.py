"""What is fuzzed: each target, and the module beside this one that has a function of that name.

The modules are imported late, so that a run pays for its own libraries only. Each has `SEEDS`: by
target, a few inputs to start from.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

BROKEN = "broken"  # the module of those that must be found out
TARGETS: Mapping[str, str] = MappingProxyType(
    {
        "sdt_frames": "idcards",
        "sdt_read": "idcards",
        "sdt_text": "idcards",
        "sdt_pictures": "idcards",
        "chip_tlv": "chipcards",
        "chip_mrz": "chipcards",
        "chip_files": "chipcards",
        "chip_messaging": "chipcards",
        "chip_trust": "chipcards",
        "chip_talk": "chipreads",
        "chip_passport": "chipreads",
        "ipp_answers": "printers",
        "escpos_answers": "printers",
        "escpos_slips": "printers",
        "escpos_streams": "printers",
        "scanner_lines": "scanners",
        "keyboards": "scanners",
        "code_pictures": "scanners",
        "certificate_codes": "certificates",
        "certificate_files": "certificates",
        "sensor_lines": "devices",
        "camera_offers": "devices",
        "paper_pictures": "devices",
        "sounds": "devices",
        "case_codes": "enquiries",
        "case_stories": "enquiries",
        "fleet_messages": "words",
        "signatures": "words",
        "form_answers": "words",
        "spoken_words": "words",
        "state_files": "words",
    }
)
