"""What is filed and for how long: the scope and retention table and its rules."""
