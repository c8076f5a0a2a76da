"""Speech for people who hear better than they read."""
