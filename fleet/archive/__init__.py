"""What citizens gave: scanned pages, kept sealed, and what of them serves a later case."""
