"""A citizen's session: states, engine and one step per stage."""
