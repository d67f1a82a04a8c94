"""The tree over the ledger (RFC 6962), its signed daily heads and the proofs from them."""
