"""WAV from a stream, whose lengths are not true."""

from __future__ import annotations

import io
import struct
import wave
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.speech.wav import Sound, decode, encode, silence

SAMPLES = bytes(range(100)) * 2


def streamed(samples: bytes) -> bytes:
    """As espeak-ng writes it: it can't know the length."""
    head = struct.pack(
        "<4sI4s4sIHHIIHH", b"RIFF", 0x7FFFF024, b"WAVE", b"fmt ", 16, 1, 1, 22050, 44100, 2, 16
    )
    return head + struct.pack("<4sI", b"data", 0x7FFFF000) + samples


def test_the_samples_of_a_stream_are_what_came() -> None:
    assert decode(streamed(SAMPLES)) == Sound(22050, SAMPLES)


def test_what_espeak_ng_wrote_is_sound() -> None:
    """The first 8192 bytes of a syllable, from version 1.51 into a pipe."""
    path = Path(__file__).parents[1] / "fixtures/speech/espeak_ng_1.51.wav"
    sound = decode(path.read_bytes())
    assert sound is not None
    assert (sound.rate, len(sound.samples)) == (22050, 8192 - 44)
    assert any(sound.samples)


def test_half_a_sample_is_dropped() -> None:
    assert decode(streamed(SAMPLES + b"\x01")) == Sound(22050, SAMPLES)


def test_what_is_encoded_is_a_whole_wav() -> None:
    sound = Sound(22050, SAMPLES)
    with wave.open(io.BytesIO(encode([sound, sound]))) as file:
        assert file.getparams()[:4] == (1, 2, 22050, 200)
        assert file.readframes(200) == SAMPLES * 2
    assert encode([]) == b""


def test_silence_has_its_length() -> None:
    assert silence(0.5).seconds == 0.5
    assert not any(silence(0.5).samples)


@pytest.mark.parametrize("rate", [0, 192_001, 0xFFFFFFFF])
def test_a_rate_that_no_sound_has_is_no_sound(rate: int) -> None:
    """It could not be written again, either."""
    head = streamed(SAMPLES)
    assert decode(head[:24] + rate.to_bytes(4, "little") + head[28:]) is None


@pytest.mark.parametrize("length", range(44))
def test_a_cut_header_is_no_sound(length: int) -> None:
    assert decode(streamed(b"")[:length]) is None


@pytest.mark.parametrize(("at", "value"), [(20, 3), (22, 2), (34, 8), (24, 0)])
def test_another_kind_of_wav_is_no_sound(at: int, value: int) -> None:
    other = bytearray(streamed(SAMPLES))
    other[at : at + 2] = value.to_bytes(2, "little")
    other[at + 2 : at + 4] = b"\0\0" if at == 24 else other[at + 2 : at + 4]
    assert decode(bytes(other)) is None


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200), st.integers(0, 60))
def test_any_bytes_are_survived(noise: bytes, at: int) -> None:
    whole = streamed(SAMPLES)
    for data in (noise, b"RIFF....WAVE" + noise, whole[:at] + noise + whole[at:]):
        sound = decode(data)
        assert sound is None or (sound.rate > 0 and len(sound.samples) % 2 == 0)
