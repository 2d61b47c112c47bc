"""Results for people: words, tables, figures, progress."""
