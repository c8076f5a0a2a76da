"""Shows one QML file until it is ended; run by an interpreter that has PySide6."""

import sys

from PySide6.QtGui import QGuiApplication
from PySide6.QtQml import QQmlApplicationEngine

app = QGuiApplication(sys.argv)
engine = QQmlApplicationEngine()
engine.load(sys.argv[1])
sys.exit(app.exec())
