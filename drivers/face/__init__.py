"""Finding and framing a face in a picture."""
