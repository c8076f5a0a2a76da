"""Appointments (预约): which places are free, who holds one, for which case."""
