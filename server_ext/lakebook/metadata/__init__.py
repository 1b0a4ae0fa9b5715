"""The metadata database: its tables, its migrations, how it is opened."""
