"""Who decides cases: the contract, and a built-in sample platform."""
