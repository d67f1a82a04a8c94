"""Suggestions for improvement (合理化建议), their scores and awards."""
