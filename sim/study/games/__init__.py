"""Games: what each side can do, and what that is worth to both."""
