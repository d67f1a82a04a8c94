"""Archive codes (档号): written by a template, issued once, never repeated."""
