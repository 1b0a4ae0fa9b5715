"""The agents' face: lakebook's verbs as tools of the Model Context Protocol."""
