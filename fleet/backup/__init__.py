"""One encrypted file with everything a fleet needs to begin again: store, keys, settings.

The file is in the age format, encrypted to public keys: who holds only the backup, or only the
fleet's machine, cannot read it, and `age -d` opens it without this software.
"""
