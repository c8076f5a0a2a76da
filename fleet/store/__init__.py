"""The fleet's database: tables, and the way to them."""
