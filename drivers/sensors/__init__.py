"""Doors, power, a person in front, headphones: contacts and a UPS behind one port."""
