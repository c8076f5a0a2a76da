"""Sound as bytes: what espeak-ng gives, and what a player takes. Pure."""

from __future__ import annotations

import array
import io
import math
import struct
import sys
import wave
from collections.abc import Iterable
from dataclasses import dataclass, field

_LONGEST_HEADER = 256  # bytes before the samples
_CHUNK = struct.Struct("<4sI")
_FORMAT = struct.Struct("<HHIIHH")
_PCM, _BYTES = 1, 2
_FASTEST = 192_000  # samples a second
_LOUD = 24_000  # of 32,767


@dataclass(frozen=True, slots=True)
class Sound:
    """Mono, 16 bits a sample, little-endian."""

    rate: int  # samples a second
    samples: bytes = field(repr=False)

    @property
    def seconds(self) -> float:
        return len(self.samples) / _BYTES / self.rate


def decode(data: bytes) -> Sound | None:
    """None: no WAV of that kind. Lengths in a stream's header are not true, and not believed."""
    if data[:4] != b"RIFF" or data[8:12] != b"WAVE":
        return None
    at, rate = 12, 0
    while at + _CHUNK.size <= min(len(data), _LONGEST_HEADER):
        name, size = _CHUNK.unpack_from(data, at)
        at += _CHUNK.size
        if name == b"data":
            samples = data[at : len(data) - (len(data) - at) % _BYTES]
            return Sound(rate, samples) if rate else None
        if name == b"fmt " and at + _FORMAT.size <= len(data):
            kind, channels, rate, _, _, bits = _FORMAT.unpack_from(data, at)
            if (kind, channels, bits) != (_PCM, 1, 8 * _BYTES) or not 0 < rate <= _FASTEST:
                return None
        at += size + size % 2
    return None


def encode(sounds: Iterable[Sound]) -> bytes:
    """One after the other, as one WAV of the first one's rate; empty when there is none."""
    kept = list(sounds)
    if not kept:
        return b""
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(_BYTES)
        file.setframerate(kept[0].rate)
        file.writeframes(b"".join(one.samples for one in kept if one.rate == kept[0].rate))
    return out.getvalue()


def silence(seconds: float, rate: int = 22050) -> Sound:
    return Sound(rate, bytes(_BYTES * int(seconds * rate)))


def tone(hertz: float, seconds: float, rate: int = 22050) -> Sound:
    """A sine that swells and fades, so that it does not click."""
    count = int(seconds * rate)
    ramp = max(1, count // 10)
    samples = array.array("h", bytes(_BYTES * count))
    for at in range(count):
        loud = min(1.0, at / ramp, (count - at) / ramp)
        samples[at] = int(_LOUD * loud * math.sin(2 * math.pi * hertz * at / rate))
    if sys.byteorder == "big":
        samples.byteswap()
    return Sound(rate, samples.tobytes())
