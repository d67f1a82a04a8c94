"""Settings by place of use: development, test and production, over one base."""
