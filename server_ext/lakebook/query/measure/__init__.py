"""How often answers are right: files of questions, evaluations against gold, self tests without any."""
