"""Paper records of earlier years: catalogue and scans are taken over in bulk."""
