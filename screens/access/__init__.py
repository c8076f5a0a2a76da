"""Every page by ear and by key: what it says, where the focus is, what the keys do."""
