"""One mail a day to each who wants it: what is wrong, what to bring, what is late."""
