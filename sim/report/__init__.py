"""Everything that prints: results as terminal tables, Markdown and files; computes nothing."""
