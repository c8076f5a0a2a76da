"""What terminals may install: a TUF repository, kept by those who hold its keys."""
