"""What is held about a person, wherever it lies: for the export (Art. 15), erasure (Art. 17) and the record (Art. 30)."""
