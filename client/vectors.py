"""Prints the published test vectors as JSON, by nothing but Python's own hashlib: a second opinion on bucket.ts."""

import hashlib
import json


def bucket(session_id: str) -> int:
    return int.from_bytes(hashlib.sha256(session_id.encode("utf-8")).digest()[:8], "big") % 100


def first(wanted: int) -> str:
    """The first of session-0, session-1, ... that falls into a bucket."""
    return next(name for name in (f"session-{number}" for number in range(100_000)) if bucket(name) == wanted)


GROUPS = {
    "boundaries of 0, 1, 10, 50 and 100 %": [first(wanted) for wanted in (0, 1, 9, 10, 49, 50, 98, 99)],
    "empty, blanks and control characters": ["", " ", "\n", "\0", "golden-eagle-427", "golden-eagle-427 ", "GOLDEN-EAGLE-427"],
    "not ASCII": ["größe", "gro\u0308ße", "сессия-7", "会话-42", "جلسة", "🦅-427", "👩‍👩‍👧‍👦", "\ufeffsession"],
    "as ids often are": ["00000000-0000-4000-8000-000000000000", "1", "01", "9007199254740993"],
    "long": ["x" * 64, "x" * 1_000, "é" * 500, "session-" * 125],
}

VECTORS = [
    {"about": about, "id": session_id, "bucket": bucket(session_id)}
    for about, ids in GROUPS.items()
    for session_id in ids
]

print(json.dumps({"schema": 1, "vectors": VECTORS}, ensure_ascii=True, indent=2))
