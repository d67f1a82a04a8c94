"""Finding records: conditions, counts, saved searches, exports, versions on a day."""
