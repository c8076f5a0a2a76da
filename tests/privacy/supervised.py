"""Programs under the terminal's own supervisor; here, what ends is started again at once.

    python supervised.py CHILDREN.json

CHILDREN.json: `[[name, argv], ...]`. Their environment is this process's own.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from kiosk import supervisor
from kiosk.bootstrap import configure_logs
from kiosk.supervisor import Child, Supervisor

if __name__ == "__main__":
    configure_logs()
    supervisor.BACKOFF_SECONDS = (0.1, 0.1)
    said = json.loads(Path(sys.argv[1]).read_text())
    with Supervisor([Child(name, argv) for name, argv in said]) as running:
        running.run()
