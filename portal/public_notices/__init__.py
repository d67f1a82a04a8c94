"""Public notices (公示): who is to receive what, for how long everybody may object, and answers."""
