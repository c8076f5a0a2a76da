"""How much paper and toner terminals use, when it ends, and what to bring where."""
