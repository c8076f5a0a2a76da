"""New software beside the old one: fetched, checked, installed, switched, and back again."""
