"""Certificates: composed, sealed and given a QR code. Sealing keys never leave the fleet."""
