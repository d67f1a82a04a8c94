"""The pool (预归档库): proposals, corrections, returns, acceptance."""
