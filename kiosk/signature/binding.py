"""Which answers a signature was given to: hashes over the answers, the pen's way, its picture."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from kiosk.signature.ink import Signature, canonical, decode, encode, image

FORMAT = "kiosk-signature/1"
DECLARED = "kiosk-declaration/1"
JOINT = "kiosk-joint/1"


def answers_digest(
    task_code: str,
    version: str,
    answers: Mapping[str, str],
    applicant: Mapping[str, str],
    materials: Sequence[Mapping[str, Any]] = (),
) -> str:
    """SHA-256 (hex) over what the check page showed, as ASCII JSON with sorted keys.

    `materials`: each as in the case. Where nothing is given, the word is not there.
    """
    said: dict[str, Any] = {
        "answers": dict(answers),
        "applicant": dict(applicant),
        "task_code": task_code,
        "task_version": version,
    }
    if materials:
        said["materials"] = [dict(one) for one in materials]
    return hashlib.sha256(canonical(said).encode()).hexdigest()


def joint_digest(digests: Sequence[str]) -> str:
    """Of a bundle's form, from the digests of what each of its cases is told.

    A case has them all beside its signature (`parts`, with commas), so that it can be checked
    without the answers of the others.
    """
    return _hash(JOINT, *digests)


def bind(signature: Signature, answers_hash: str) -> str:
    """SHA-256 (hex) over the answers' digest, the pen's way and its picture."""
    return _binding(answers_hash, encode(signature), image(signature))


def signed(signature: Signature, answers_hash: str) -> dict[str, str]:
    """What goes into the sealed case; `check` tells whether its parts belong together.

    The binding is a hash, not a key's signature: it shows a part that was changed or exchanged.
    Against rewriting all of it stand the seal of the case and the journal's chain around it.
    """
    vector, png = encode(signature), image(signature)
    return {
        "format": FORMAT,
        "answers": answers_hash,
        "vector": vector,
        "image": base64.b64encode(png).decode(),
        "binding": _binding(answers_hash, vector, png),
    }


def declared(answers_hash: str) -> dict[str, str]:
    """The same of somebody who can't sign by hand: declared to these answers, without ink."""
    binding = _hash(DECLARED, answers_hash)
    return {"format": DECLARED, "answers": answers_hash, "binding": binding}


def check(said: Mapping[str, str], answers_hash: str) -> str:
    """Why this is no signature to these answers: `malformed`, `other_answers`, `altered`; or ""."""
    binding = _binding_of(said)
    if binding is None:
        return "malformed"
    if not _covers(said, answers_hash):
        return "other_answers"
    return "" if said.get("binding") == binding else "altered"


def _covers(said: Mapping[str, str], answers_hash: str) -> bool:
    """Were these answers among what was signed?"""
    parts = said["parts"].split(",") if said.get("parts") else []
    whole = joint_digest(parts) if parts else answers_hash
    return said.get("answers") == whole and answers_hash in (parts or [answers_hash])


def _binding_of(said: Mapping[str, str]) -> str | None:
    """What the binding has to be; None when the parts are not what they should be."""
    answers, vector = said.get("answers", ""), said.get("vector", "")
    if said.get("format") == DECLARED:
        return _hash(DECLARED, answers)
    try:
        png = base64.b64decode(said.get("image", ""), validate=True)
    except ValueError:
        return None
    if said.get("format") != FORMAT or decode(vector) is None:
        return None
    return _binding(answers, vector, png)


def _binding(answers_hash: str, vector: str, png: bytes) -> str:
    return _hash(FORMAT, answers_hash, vector, hashlib.sha256(png).hexdigest())


def _hash(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode("utf-8", "replace")).hexdigest()
