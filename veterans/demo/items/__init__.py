"""The twelve items of the demo company as rows."""
