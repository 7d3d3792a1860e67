"""Tables in files, whoever sends them: their rows with line numbers, what their cells mean, read ahead."""
