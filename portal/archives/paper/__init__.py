"""The paper twin: where the paper of a record lies, and whether it was found there."""
