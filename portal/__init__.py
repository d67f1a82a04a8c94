"""The site and what all four subjects share. Nothing here knows a subject."""
