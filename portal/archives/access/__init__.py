"""Who reads a record (控制标识), and the sealing of what not everybody reads."""
