"""The nouns of a visit: people, cards, devices, papers. Frozen, with no behaviour of their own.

Fields that hold a citizen's data never show in `repr`, so that no log can print them.
"""

from kiosk.model.cards import (
    CARD_ACTIONS,
    CardFault,
    CardType,
    IdCard,
)
from kiosk.model.devices import (
    DeviceState,
    DeviceStatus,
    Fault,
    FaultAction,
    SupplyLevel,
)
from kiosk.model.enquiries import (
    CaseGap,
    CasePhase,
    CaseStep,
    CaseStory,
    CollectedPaper,
    EnquiryFault,
    HandedIn,
    TooOften,
)
from kiosk.model.faces import (
    FaceCapture,
    FaceDecision,
    FaceFault,
    FaceHint,
)
from kiosk.model.keys import (
    About,
    Cut,
    Key,
    Speaking,
    Spoken,
    Utterance,
    Voice,
)
from kiosk.model.papers import (
    Align,
    PairLine,
    PrintOutcome,
    QrLine,
    Receipt,
    ReceiptLine,
    RuleLine,
    Rung,
    TextLine,
)
from kiosk.model.scans import (
    MAX_CODE,
    Code,
    Page,
    PageHint,
    ScanFault,
)
from kiosk.model.secrets import (
    CodeSent,
    SecretAnswer,
    SecretFault,
)
from kiosk.model.staff import (
    Handling,
    Level,
    Member,
    StaffRole,
)
from kiosk.model.words import (
    Language,
    Text,
    sentences,
)

__all__ = [
    "CARD_ACTIONS",
    "MAX_CODE",
    "About",
    "Align",
    "CardFault",
    "CardType",
    "CaseGap",
    "CasePhase",
    "CaseStep",
    "CaseStory",
    "Code",
    "CodeSent",
    "CollectedPaper",
    "Cut",
    "DeviceState",
    "DeviceStatus",
    "EnquiryFault",
    "FaceCapture",
    "FaceDecision",
    "FaceFault",
    "FaceHint",
    "Fault",
    "FaultAction",
    "HandedIn",
    "Handling",
    "IdCard",
    "Key",
    "Language",
    "Level",
    "Member",
    "Page",
    "PageHint",
    "PairLine",
    "PrintOutcome",
    "QrLine",
    "Receipt",
    "ReceiptLine",
    "RuleLine",
    "Rung",
    "ScanFault",
    "SecretAnswer",
    "SecretFault",
    "Speaking",
    "Spoken",
    "StaffRole",
    "SupplyLevel",
    "Text",
    "TextLine",
    "TooOften",
    "Utterance",
    "Voice",
    "sentences",
]
