"""What the words of a field of work mean in the tables: semantic models in the format of Apache Ossie."""
