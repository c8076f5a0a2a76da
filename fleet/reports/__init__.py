"""What the fleet answers for in figures: cases, ratings and availability by day, month and year."""
