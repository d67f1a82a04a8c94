"""Appraisal (鉴定): what is kept longer, opened, or destroyed with proof."""
