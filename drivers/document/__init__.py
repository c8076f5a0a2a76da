"""Certificate printers."""
