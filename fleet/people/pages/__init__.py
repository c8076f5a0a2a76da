"""Sign-in, one's own account, everybody's accounts, tokens, the record of acts: pages of forms."""
