"""Finding records."""

from portal.archives.retrieval.old_filters import filtered_records

__all__ = ["filtered_records"]
