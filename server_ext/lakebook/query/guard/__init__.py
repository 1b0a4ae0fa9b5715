"""The guard: read, bind, checked against lists, regenerated, said in the dialect of the engine that runs it."""
