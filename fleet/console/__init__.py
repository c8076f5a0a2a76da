"""The console: what an operator sees and has to do, in the browser, as it happens."""
