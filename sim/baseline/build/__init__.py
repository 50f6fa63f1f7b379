"""Raw public sources -> the embedded tables; a command, never imported by a run."""
