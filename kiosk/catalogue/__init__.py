"""The catalogue as it travels: built and signed in an office, checked and kept by terminals.

`build` makes one file (a bundle) of an office's item files; `shelf` is a terminal's side of it.
See docs/catalogue.md.
"""
