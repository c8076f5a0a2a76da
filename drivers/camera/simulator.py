"""A simulated camera: an MJPEG stream on loopback, driven by `camera.json`; see Simulators in the
architecture. Powered off it takes no connections, and those that were open break."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import cv2

from drivers.camera.pictures import Scene, picture
from drivers.statefile import StateFile

STATE_FILE = "camera.json"
PATH = "/stream.mjpg"
DEFAULTS = {"scene": Scene.FACE.value, "power": "on"}

_HOST = "127.0.0.1"
_RATE = 12.0  # pictures a second
_QUALITY = 88
_BOUNDARY = "frame"
_TICK = 0.05  # seconds between looks at the state file
_STOP_SECONDS = 5.0
_WRITE_SECONDS = 3.0


class CameraSimulator:
    """Serves `http://127.0.0.1:<port>/stream.mjpg`. Port 0: `start` finds a free one."""

    def __init__(self, folder: Path, port: int = 0) -> None:
        self.port = port
        self._folder = folder
        self._state = StateFile(folder / STATE_FILE, DEFAULTS)
        self._scene = Scene.FACE
        self._server: _Server | None = None
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """When it returns `port` is known and, unless switched off, connections are taken."""
        self._folder.mkdir(parents=True, exist_ok=True)
        self._stopping.clear()
        picture(self._scene, 0)
        self._plug()  # also when switched off: this is how a free port is found
        self._follow()
        self._thread = threading.Thread(target=self._run, name="camera-simulator", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(_STOP_SECONDS)
        self._unplug()

    def _run(self) -> None:
        while not self._stopping.wait(_TICK):
            self._follow()

    def _follow(self) -> None:
        """Take over what `camera.json` says; words that it can't know change nothing."""
        state = self._state.get()
        if state["scene"] != self._scene and state["scene"] in set(Scene):
            scene = Scene(state["scene"])
            picture(scene, 0)  # painted before it is shown: the stream must not stop for it
            self._scene = scene
        if state["power"] == "off":
            self._unplug()
        elif state["power"] == "on" and self._server is None:
            self._plug()

    def _plug(self) -> None:
        self._server = _Server(self.port, self._jpeg)
        self.port = self._server.server_port
        serve = threading.Thread(
            target=self._server.serve_forever, args=(_TICK,), name="camera-server", daemon=True
        )
        serve.start()

    def _unplug(self) -> None:
        server, self._server = self._server, None
        if server is not None:
            server.unplugged.set()
            server.shutdown()
            server.server_close()

    def _jpeg(self) -> bytes:
        quality = [cv2.IMWRITE_JPEG_QUALITY, _QUALITY]
        return cv2.imencode(".jpg", picture(self._scene, time.monotonic()), quality)[1].tobytes()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, port: int, jpeg: Callable[[], bytes]) -> None:
        super().__init__((_HOST, port), _Handler)
        self.jpeg = jpeg
        self.unplugged = threading.Event()


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    timeout = _WRITE_SECONDS

    def do_GET(self) -> None:
        if self.path != PATH:
            self.send_error(404)
            return
        self.send_response(200)
        self.send_header("Content-Type", f"multipart/x-mixed-replace; boundary={_BOUNDARY}")
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        try:
            while not self.server.unplugged.wait(1 / _RATE):
                self._send(self.server.jpeg())
        except OSError:
            self.close_connection = True  # whoever looked has gone

    def _send(self, jpeg: bytes) -> None:
        head = f"--{_BOUNDARY}\r\nContent-Type: image/jpeg\r\nContent-Length: {len(jpeg)}\r\n\r\n"
        self.wfile.write(head.encode() + jpeg + b"\r\n")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server's name
        """Says nothing: a stream would fill the log."""
