"""What proves somebody without a face: one-time codes to their phone, and their service PIN."""
