"""The document camera's faults are those of any camera; see `drivers.camera.status`."""

from __future__ import annotations

from drivers.camera.status import FAULTS, CameraFault

__all__ = ["DEVICE", "FAULTS", "CameraFault"]

DEVICE = "doccam"
