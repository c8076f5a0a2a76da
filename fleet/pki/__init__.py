"""Who may use the link: a small certificate authority for terminals, broker and gateway."""
