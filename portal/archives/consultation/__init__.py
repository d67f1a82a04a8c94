"""Use of records (档案利用): requests, decisions, copies with a watermark, the register."""
