"""The fleet for other systems: REST with an OpenAPI document. No answer holds a citizen's data.

Who may ask is not decided here: the guard before the application asks for a session or for a
token with the scope that `fleet.people.rules` names.
"""
