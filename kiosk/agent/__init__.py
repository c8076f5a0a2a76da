"""Journal and health to MQTT; acknowledgements back to the journal."""
