"""What the tests stand on: a private PostgreSQL, a quick reset of the data, a closed network."""
