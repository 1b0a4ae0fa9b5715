"""The words of English that the parser knows; a word in no list, name or value is not understood."""
