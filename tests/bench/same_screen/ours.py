"""The page of services as the terminal shows it, and nothing behind it."""

import sys
import tempfile
from pathlib import Path

from kiosk import hygiene
from screens.settings import prepare

hygiene.starting()  # as `kiosk run` does
prepare(Path(tempfile.mkdtemp()), 1080, 1920, left=0, cursor=False)

from kiosk.model import Language  # noqa: E402
from kiosk.ports import FrameSlot  # noqa: E402
from screens.app import KioskApp  # noqa: E402
from screens.samples import SITE, bodies, sample  # noqa: E402

app = KioskApp(
    lambda _event: None, FrameSlot(), Path("config/locales"), Path(sys.argv[1]),
    size=(1080, 1920), site=SITE,
)  # fmt: skip
app.show(sample(*bodies()["services"], Language.ZH, 1))
hygiene.started()
app.run()
