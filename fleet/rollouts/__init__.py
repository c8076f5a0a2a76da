"""What terminals are to have and to do: rollouts in groups, and commands for one or many."""
