"""What the tests stand on: a private PostgreSQL, a quick reset of the database, a closed network."""
