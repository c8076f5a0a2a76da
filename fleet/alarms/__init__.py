"""Alarms for people: rules as data, one alarm for each site and cause, and who is told of it."""
